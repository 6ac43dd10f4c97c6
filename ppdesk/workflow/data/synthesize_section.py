"""What the step synthesize shows."""

from collections.abc import Iterator

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


def section(title: str, facts: SynthesizeFacts) -> Section:
    """Key figures, what was measured, fidelity and privacy beside those of the release, the claim's edges."""
    neighbours = Neighbours(facts.neighbours)
    blocks: list[Block] = [
        *stamped(facts),
        Words(
            f"{facts.records:,} synthetic records of {len(facts.columns)} columns were drawn with "
            f"differential privacy at ε {facts.epsilon:g}, δ {chance(facts.delta)}, from noisy counts alone."
        ),
        Figures(
            (
                KeyFigure(
                    "Privacy loss ε",
                    f"{facts.epsilon:g}",
                    f"δ {chance(facts.delta)}, {facts.neighbours}, {facts.unit.per}",
                ),
                KeyFigure("Records", f"{facts.records:,}", f"{facts.measured_records:,} counted with noise"),
                KeyFigure("Pairs measured", f"{len(facts.edges)}", "a tree over all columns"),
            )
        ),
        Words(sentence(facts.epsilon, facts.delta, neighbours, person=facts.unit_column is not None), "info"),
        *guarantee.words(facts),
        *_beside(facts),
        Table(
            "Columns",
            ("Column", "Declared domain", "Cells"),
            [
                (name, words, str(cells))
                for name, words, cells in zip(facts.columns, facts.domains, facts.cells, strict=True)
            ],
            right=(2,),
            caption="One cell of each column takes what is not declared, and missing values; it is drawn as"
            " missing. Domains are those that Roles declares.",
        ),
        Table("How", ("", ""), list(_how(facts))),
        Words(f"{CLAIM} {OUTSIDE}", "caution"),
    ]
    return Section(title, tuple(blocks))


def _how(facts: SynthesizeFacts) -> Iterator[tuple[str, str]]:
    noise = "discrete Laplace" if facts.rho is None else "discrete Gaussian"
    method = "MST (McKenna, Miklau and Sheldon 2021): marginals of a spanning tree of pairs"
    yield (
        "Method",
        method if facts.around is None else f"Marginals of the pairs with {facts.around}, as in MST",
    )
    yield "Pairs", "; ".join(f"{first} with {second}" for first, second in facts.edges) or "none: one column"
    yield "Noise", f"{noise}, by {facts.library}"
    yield (
        "Deviation in a cell",
        f"{facts.one_way_noise:.4g} of one column, {facts.two_way_noise:.4g} of a pair",
    )
    parts = "a third each for columns, choice of pairs, pairs"
    if facts.around is not None or not facts.edges:
        parts = "half for columns, half for pairs" if facts.edges else "all for the column"
    how = "pure ε, basic composition" if facts.rho is None else f"zCDP, ρ {facts.rho:.4g}"
    yield "Accounting", f"{how}: {parts}"
    yield "Records one unit can change", f"{facts.group:,} out and {facts.group:,} in, at most"


def _beside(facts: SynthesizeFacts) -> Iterator[Block]:
    """Fidelity and privacy of the synthetic records and of the release."""
    made, release = facts.synthetic, facts.release
    if made is None:
        yield Words("The synthetic records were not compared with the table.", "info")
        return
    yield Table(
        "Fidelity and privacy, side by side",
        ("Measure", "Synthetic records", "Release"),
        list(_measures(facts, made, release)),
        right=(1, 2),
        caption="Exact figures of private records: ε does not cover them. Distances are total variation in"
        " declared cells, 0 is alike and 1 has nothing in common. A value of the release is spread evenly"
        " over what it stands for.",
    )
    yield Plot(
        "Distance of each column",
        "utility",
        {"columns": list(facts.columns), "distance": list(made.columns)},
        "Total variation of synthetic records from the table.",
    )
    if release is not None:
        yield Table(
            "Distance of each column",
            ("Column", "Synthetic records", "Release"),
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
            f"Closest records: of {facts.close.records:,} synthetic records {percent(facts.close.same)} are "
            f"the same as an original one in all cells, of {facts.close_own.records:,} original records "
            f"{percent(facts.close_own.same)} are the same as another. This is a weak check: a far "
            "larger share than among the original ones would look like copies, and nothing follows for what "
            "can be inferred. The guarantee is ε.",
            "info",
        )


def _measures(
    facts: SynthesizeFacts, made: FidelityFact, release: FidelityFact | None
) -> Iterator[tuple[str, str, str]]:
    named = (
        ("Distance of a column, mean", "column_mean"),
        ("Distance of a pair, mean", "pair_mean"),
        ("Distance of a pair, largest", "pair_worst"),
        ("Association of a pair (Cramér's V) off by, mean", "association"),
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
            f"Classifier of {facts.target}, AUROC on original records ({own} where it learnt from them)",
            _auroc(made),
            _NONE if release is None else _auroc(release),
        )
    if facts.close is not None:
        yield "Columns in which the closest original differs, median", f"{facts.close.median:g}", _NONE
    k, epsilon = facts.release_k, facts.release_epsilon
    kind = f"k-anonymity, k = {k}" if k else "none stated"
    if epsilon is not None:
        kind = f"ε {epsilon:g} by SafePub, one record added or removed"
    yield (
        "Guarantee",
        f"ε {facts.epsilon:g}, δ {chance(facts.delta)}, {facts.unit.per}",
        _NONE if release is None else kind,
    )
    yield (
        "Holds against",
        "any knowledge of others",
        _NONE if release is None else _knowledge(epsilon),
    )


def _knowledge(epsilon: float | None) -> str:
    """What somebody may know whom the release holds against."""
    return "who knows quasi-identifiers; no ε" if epsilon is None else "any knowledge of others"


def _auroc(found: FidelityFact) -> str:
    return _NONE if found.auroc is None else f"{found.auroc:.3f}"
