"""What the step synthesize shows."""

import re
from collections.abc import Iterator

from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance, percent
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import sentence
from ppdesk.workflow import guarantee
from ppdesk.workflow.data.covered import stamped
from ppdesk.workflow.data.synthesize_facts import FidelityFact, SynthesizeFacts

CLAIM = (
    "The privacy claim covers the synthetic records, their number, the chosen pairs and all that is computed "
    "from them alone."
)
OUTSIDE = (
    "It does not cover the comparison with the table: those figures are exact. They stay in the project and "
    "its report, and settings that somebody chooses after reading them are not covered either."
)
_NONE = "-"
_INTERVALS = re.compile(r"(\S+) to (\S+) in (.+)")


def section(title: str, facts: SynthesizeFacts) -> Section:
    """Key figures, what was measured, fidelity and privacy beside those of the release, the claim's edges."""
    neighbours = Neighbours(facts.neighbours)
    blocks: list[Block] = [
        *stamped(facts),
        Words(
            said(
                "{records:,} synthetic records of {columns} columns were drawn with differential privacy at "
                "ε {epsilon:g}, δ {delta}, from noisy counts alone.",
                records=facts.records,
                columns=len(facts.columns),
                epsilon=facts.epsilon,
                delta=chance(facts.delta),
            )
        ),
        Figures(
            (
                KeyFigure(
                    said("Privacy loss ε"),
                    f"{facts.epsilon:g}",
                    said(
                        "δ {delta}, {neighbours}, {per}",
                        delta=chance(facts.delta),
                        neighbours=facts.neighbours,
                        per=facts.unit.per,
                    ),
                ),
                KeyFigure(
                    said("Records"),
                    f"{facts.records:,}",
                    said("{records:,} counted with noise", records=facts.measured_records),
                ),
                KeyFigure(said("Pairs measured"), f"{len(facts.edges)}", said("a tree over all columns")),
            )
        ),
        Words(sentence(facts.epsilon, facts.delta, neighbours, person=facts.unit_column is not None), "info"),
        *guarantee.words(facts),
        *_beside(facts),
        Table(
            said("Columns"),
            (said("Column"), said("Declared domain"), said("Cells")),
            [
                (name, _domain(words), str(cells))
                for name, words, cells in zip(facts.columns, facts.domains, facts.cells, strict=True)
            ],
            right=(2,),
            caption=said(
                "One cell of each column takes what is not declared, and missing values; it is drawn as"
                " missing. Domains are those that Roles declares."
            ),
        ),
        Table(said("How"), ("", ""), list(_how(facts))),
        Words(f"{CLAIM} {OUTSIDE}", "caution"),
    ]
    return Section(title, tuple(blocks))


def _domain(words: str) -> str:
    """A number's bounds and intervals, as the record has them in English, to be said again."""
    found = _INTERVALS.fullmatch(words)
    if found is None:
        return words
    low, high, intervals = found.groups()
    return said("{low} to {high} in {intervals}", low=low, high=high, intervals=intervals)


def _how(facts: SynthesizeFacts) -> Iterator[tuple[str, str]]:
    yield (
        said("Method"),
        said("MST (McKenna, Miklau and Sheldon 2021): marginals of a spanning tree of pairs")
        if facts.around is None
        else said("Marginals of the pairs with {column}, as in MST", column=facts.around),
    )
    pairs = [said("{first} with {second}", first=first, second=second) for first, second in facts.edges]
    yield said("Pairs"), said_all(pairs, by="; ") or said("none: one column")
    yield (
        said("Noise"),
        said("discrete Laplace, by {library}", library=facts.library)
        if facts.rho is None
        else said("discrete Gaussian, by {library}", library=facts.library),
    )
    yield (
        said("Deviation in a cell"),
        said(
            "{one:.4g} of one column, {two:.4g} of a pair", one=facts.one_way_noise, two=facts.two_way_noise
        ),
    )
    parts = said("a third each for columns, choice of pairs, pairs")
    if facts.around is not None or not facts.edges:
        parts = said("half for columns, half for pairs") if facts.edges else said("all for the column")
    how = said("pure ε, basic composition") if facts.rho is None else said("zCDP, ρ {rho:.4g}", rho=facts.rho)
    yield said("Accounting"), said("{how}: {parts}", how=how, parts=parts)
    yield (
        said("Records one unit can change"),
        said("{records:,} out and {records:,} in, at most", records=facts.group),
    )


def _beside(facts: SynthesizeFacts) -> Iterator[Block]:
    """Fidelity and privacy of the synthetic records and of the release."""
    made, release = facts.synthetic, facts.release
    if made is None:
        yield Words(said("The synthetic records were not compared with the table."), "info")
        return
    yield Table(
        said("Fidelity and privacy, side by side"),
        (said("Measure"), said("Synthetic records"), said("Release")),
        list(_measures(facts, made, release)),
        right=(1, 2),
        caption=said(
            "Exact figures of private records: ε does not cover them. Distances are total variation in"
            " declared cells, 0 is alike and 1 has nothing in common. A value of the release is spread evenly"
            " over what it stands for."
        ),
    )
    yield Plot(
        said("Distance of each column"),
        "utility",
        {"columns": list(facts.columns), "distance": list(made.columns)},
        said("Total variation of synthetic records from the table."),
    )
    if release is not None:
        yield Table(
            said("Distance of each column"),
            (said("Column"), said("Synthetic records"), said("Release")),
            [
                (name, f"{one:.4f}", f"{other:.4f}")
                for name, one, other in zip(facts.columns, made.columns, release.columns, strict=True)
            ],
            right=(1, 2),
        )
    if facts.release_note:
        yield Words(facts.release_note, "info")
    if facts.close is not None and facts.close_own is not None:
        yield Words(
            said(
                "Closest records: of {records:,} synthetic records {same} are the same as an original one in "
                "all cells, of {own_records:,} original records {own_same} are the same as another. This is "
                "a weak check: a far larger share than among the original ones would look like copies, and "
                "nothing follows for what can be inferred. The guarantee is ε.",
                records=facts.close.records,
                same=percent(facts.close.same),
                own_records=facts.close_own.records,
                own_same=percent(facts.close_own.same),
            ),
            "info",
        )


def _measures(
    facts: SynthesizeFacts, made: FidelityFact, release: FidelityFact | None
) -> Iterator[tuple[str, str, str]]:
    named = (
        (said("Distance of a column, mean"), "column_mean"),
        (said("Distance of a pair, mean"), "pair_mean"),
        (said("Distance of a pair, largest"), "pair_worst"),
        (said("Association of a pair (Cramér's V) off by, mean"), "association"),
    )
    for words, name in named:
        yield (
            words,
            f"{getattr(made, name):.4f}",
            _NONE if release is None else f"{getattr(release, name):.4f}",
        )
    if facts.target:
        own = _NONE if facts.auroc_original is None else f"{facts.auroc_original:.3f}"
        yield (
            said(
                "Classifier of {target}, AUROC on original records ({own} where it learnt from them)",
                target=facts.target,
                own=own,
            ),
            _auroc(made),
            _NONE if release is None else _auroc(release),
        )
    if facts.close is not None:
        words = said("Columns in which the closest original differs, median")
        yield words, f"{facts.close.median:g}", _NONE
    k, epsilon = facts.release_k, facts.release_epsilon
    kind = said("k-anonymity, k = {k}", k=k) if k else said("none stated")
    if epsilon is not None:
        kind = said("ε {epsilon:g} by SafePub, one record added or removed", epsilon=epsilon)
    yield (
        said("Guarantee"),
        said(
            "ε {epsilon:g}, δ {delta}, {per}",
            epsilon=facts.epsilon,
            delta=chance(facts.delta),
            per=facts.unit.per,
        ),
        _NONE if release is None else kind,
    )
    yield (
        said("Holds against"),
        said("any knowledge of others"),
        _NONE if release is None else _knowledge(epsilon),
    )


def _knowledge(epsilon: float | None) -> str:
    """What somebody may know whom the release holds against."""
    if epsilon is None:
        return said("who knows quasi-identifiers; no ε")
    return said("any knowledge of others")


def _auroc(found: FidelityFact) -> str:
    return _NONE if found.auroc is None else f"{found.auroc:.3f}"
