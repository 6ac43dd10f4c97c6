"""What Evaluate shows of release and synthetic records, from its facts alone."""

from collections.abc import Sequence

from ppdesk.assess.results import Estimate
from ppdesk.assess.tables.results import (
    Association,
    ColumnKept,
    Downstream,
    Learnt,
    Marginals,
    Propensity,
    TableKept,
)
from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.release_quality_section import tables as quality_tables
from ppdesk.workflow.evaluation.tables_facts import TablesFacts

_WORST = 10
_COLUMNS = 30  # columns that are shown: those that changed most; the record keeps all
_NONE = "-"


def blocks(facts: TablesFacts | None) -> list[Block]:
    """Release first, then synthetic records; nothing where there are none."""
    found: list[Block] = []
    if facts is None:
        return found
    if facts.release is not None:
        found += _table(facts.release, "release", facts.release_words)
        names = [one.column for one in facts.release.columns]
        found += quality_tables(facts.quality, names)
    elif facts.why_no_release:
        found.append(Words(f"The release: {facts.why_no_release}", "caution"))
    if facts.left_out:
        names_left = ", ".join(facts.left_out)
        found.append(Words(f"Not compared, as the release holds codes in them: {names_left}.", "info"))
    if facts.synthetic is not None:
        found += _table(facts.synthetic, "synthetic records", facts.synthetic_words)
    elif facts.why_no_synthetic:
        found.append(Words(f"The synthetic records: {facts.why_no_synthetic}", "caution"))
    return found


def _table(kept: TableKept, what: str, made: str) -> list[Block]:
    found: list[Block] = [_headline(kept, what, made), _figures(kept, what)]
    coarse, shown = _coarse(kept), _changed(kept.columns)
    spread = ", each generalized value spread evenly over the values it stands for, suppressed ones over all"
    found.append(
        Plot(
            f"What the {what} changed, by column",
            "utility",
            {"columns": [one.column for one in shown], "distance": [one.tv for one in shown]},
            f"Total variation distance to the original column{spread if coarse else ''}.",
        )
    )
    found.append(_by_column(shown, what, coarse=coarse))
    numbers = [one for one in shown if one.ks is not None]
    if numbers:
        found.append(_numbers(numbers, what, coarse=coarse))
    if len(shown) < len(kept.columns):
        told = f"Of {len(kept.columns)} columns the {len(shown)} that changed most are shown."
        found.append(Words(f"{told} The record keeps all.", "info"))
    if kept.pairs:
        found.append(_pairs(kept, coarse=coarse))
    if kept.associations:
        found += _associations(kept, what, coarse=coarse)
    found += [_sampling(one, what) for one in kept.marginals if one.order == 3]
    if kept.marginals:
        found.append(_marginals(kept.marginals, coarse=coarse))
    if kept.propensity:
        found.append(_propensity(kept.propensity, what, coarse=coarse))
    if kept.downstream is not None:
        found.append(_downstream(kept.downstream, what))
    found += [Words(f"The {what}: {note}", "info") for note in kept.notes]
    return found


def _coarse(kept: TableKept) -> bool:
    """Whether any cell says less than it did: else the generalized domain is the original one."""
    return any(one.told < 1 or one.detail < 1 for one in kept.columns)


def _changed(columns: Sequence[ColumnKept]) -> Sequence[ColumnKept]:
    """All columns, or the few that changed most, in their order."""
    if len(columns) <= _COLUMNS:
        return columns
    order = sorted(range(len(columns)), key=lambda at: (-columns[at].tv, at))[:_COLUMNS]
    return [columns[at] for at in sorted(order)]


def _headline(kept: TableKept, what: str, made: str) -> Words:
    how = f" ({made})" if made else ""
    text = f"The {what}{how} against the table: {kept.rows_after:,} records beside {kept.rows_before:,}"
    if kept.suppressed:
        text += f", {kept.suppressed:,} of them suppressed ({percent(kept.suppressed / kept.rows_after)})"
    score = next((one for one in kept.marginals if one.order == 3), None)
    if score is not None:
        text += (
            f". Three columns at a time it scores {score.score:.0f} of 1,000, as close as a random sample of "
            f"{_sample_words(score)} of the original records would be"
        )
    return Words(f"{text}.")


def _sample_words(score: Marginals) -> str:
    least = score.samples[0]
    if score.score < least[1]:
        return f"less than {percent(least[0])}"
    return percent(score.equivalent)


def _figures(kept: TableKept, what: str) -> Figures:
    whose = what.split(maxsplit=1)[0].capitalize()
    items = []
    if kept.marginals:
        one = kept.marginals[-1]
        own = one.generalized is not None and abs(one.generalized - one.score) >= 1
        note = f"at its own levels {one.generalized:.0f}" if own else "of 1,000"
        items.append(KeyFigure(f"{whose}: {one.order}-marginal score", f"{one.score:.0f}", note))
    detail = sum(one.detail for one in kept.columns) / len(kept.columns)
    distance = sum(one.tv for one in kept.columns) / len(kept.columns)
    if detail < 1:
        items.append(KeyFigure(f"{whose}: detail kept", percent(detail, 0), "mean of the columns"))
    else:
        items.append(KeyFigure(f"{whose}: columns off by", f"{distance:.3f}", "mean total variation"))
    if kept.association_mean is not None:
        note = "mean of pairs, 0 to 1"
        items.append(KeyFigure(f"{whose}: associations off by", f"{kept.association_mean:.3f}", note))
    if kept.downstream is not None:
        best, beside = _of(kept.downstream, "generalized", "spread"), _of(kept.downstream, "original")
        if best is not None and beside is not None:
            label = "R²" if kept.downstream.task == "number" else "accuracy"
            note = f"trained on original records {beside.score.words()}"
            items.append(KeyFigure(f"{whose}: {label} of a model", best.score.words(), note))
    return Figures(tuple(items))


def _of(found: Downstream, *names: str) -> Learnt | None:
    return next((one for name in names for one in found.models if one.trained_on == name), None)


def _by_column(columns: Sequence[ColumnKept], what: str, *, coarse: bool) -> Table:
    header: tuple[str, ...] = ("Column", "Cells", "TV", "By chance", "JS, bits", "Hellinger")
    caption = (
        "Distances of the two columns' shares, 0 to 1: total variation, Jensen-Shannon divergence, "
        "Hellinger. By chance: the total variation of two samples of these sizes."
    )
    if coarse:
        header = (*header, "Generalized", "Told", "Detail kept")
        caption += (
            " Generalized values are spread evenly over what they stand for. Generalized: total variation in "
            "the finest cells of which no released value is split, of records that are not suppressed. Told: "
            "cells that are not suppressed. Detail: entropy that the cells keep; it tells how fine they are, "
            "not whether they are right."
        )
    return Table(
        f"Columns of the {what}",
        header,
        tuple(_column(one)[: len(header)] for one in columns),
        right=tuple(range(1, len(header))),
        caption=caption,
    )


def _column(one: ColumnKept) -> tuple[str, ...]:
    generalized = _NONE if one.generalized is None else f"{one.generalized:.3f} ({one.generalized_cells:,})"
    return (
        one.column,
        f"{one.cells:,}",
        f"{one.tv:.3f}",
        f"{one.chance:.3f}",
        f"{one.js:.3f}",
        f"{one.hellinger:.3f}",
        generalized,
        percent(one.told, 0 if one.told in (0, 1) else 1),
        percent(one.detail, 0),
    )


def _numbers(columns: list[ColumnKept], what: str, *, coarse: bool) -> Table:
    rows = []
    for one in columns:
        for name, mean, deviation, quantiles in (
            ("original", one.mean_before, one.deviation_before, one.quantiles_before),
            (what, one.mean_after, one.deviation_after, one.quantiles_after),
        ):
            mine = name == what
            rows.append(
                (
                    "" if mine else one.column,
                    name,
                    _number(mean),
                    _number(deviation),
                    *(_number(value) for value in quantiles),
                    _distance(one.ks) if mine else "",
                    _distance(one.wasserstein) if mine else "",
                )
            )
    spread = ", intervals spread evenly over the numbers inside" if coarse else ""
    return Table(
        f"Numbers of the {what}",
        ("Column", "Table", "Mean", "SD", "5 %", "25 %", "Median", "75 %", "95 %", "KS", "Wasserstein"),
        tuple(rows),
        right=tuple(range(2, 11)),
        caption=f"Of known numbers{spread}. KS: largest difference of the distribution functions, 0 to 1. "
        "Wasserstein: mean distance that numbers would have to be moved, in standard deviations of the "
        "original.",
    )


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.6g}"


def _distance(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _pairs(kept: TableKept, *, coarse: bool) -> Table:
    header = ("Pair", "TV", "Generalized")[: 3 if coarse else 2]
    return Table(
        "Pairs of columns that changed most",
        header,
        tuple(
            (" × ".join(one.columns), f"{one.spread:.3f}", _distance(one.generalized))[: len(header)]
            for one in kept.pairs
        ),
        right=tuple(range(1, len(header))),
        caption=f"Total variation of two-way tables. Mean of {kept.pair_count} pairs: {kept.pair_mean:.3f}.",
    )


_KINDS = {
    "pearson": "Pearson's correlation",
    "cramers-v": "Cramér's V",
    "correlation-ratio": "correlation ratio",
}


def _associations(kept: TableKept, what: str, *, coarse: bool) -> list[Block]:
    compared = {name for one in kept.associations for name in one.columns}
    entries: list[Json] = [
        {"first": one.columns[0], "second": one.columns[1], "before": one.before, "after": one.after}
        for one in kept.associations
    ]
    worst = sorted(kept.associations, key=lambda one: (-_change(one), one.columns))[:_WORST]
    header: tuple[str, ...] = ("Pair", "Measure", "Original", "Now")
    captions = []
    if coarse:
        captions.append(
            "With generalized values spread evenly, which makes every association weaker: what somebody "
            "without the original can see."
        )
    if any(one.rank_before is not None or one.rank_after is not None for one in worst):
        header = (*header, "Ranks, original", "Ranks, now")
        captions.append("Ranks: Spearman's correlation, of two columns of numbers.")
    return [
        Plot(
            f"How columns hang together in the {what}",
            "associations",
            {"columns": [one.column for one in kept.columns if one.column in compared], "pairs": entries},
            "Below the diagonal the original table, above it the other one: Pearson's correlation, "
            "Cramér's V or correlation ratio, without its sign.",
        ),
        Table(
            "Associations that changed most",
            header,
            tuple(
                (
                    " × ".join(one.columns),
                    _KINDS[one.kind],
                    _distance(one.before),
                    _distance(one.after),
                    _distance(one.rank_before),
                    _distance(one.rank_after),
                )[: len(header)]
                for one in worst
            ),
            right=tuple(range(2, len(header))),
            caption=" ".join(captions),
        ),
    ]


def _change(one: Association) -> float:
    return 0.0 if one.before is None or one.after is None else abs(one.after - one.before)


def _sampling(one: Marginals, what: str) -> Plot:
    samples: list[Json] = [{"share": share, "score": score} for share, score in one.samples]
    return Plot(
        f"The {what} beside random samples of the original",
        "sampling",
        {"samples": samples, "score": one.score, "label": what},
        f"Score of {one.order} columns at a time, 1,000 is alike: of random samples of the original "
        f"records, and of the {what}.",
    )


def _marginals(found: Sequence[Marginals], *, coarse: bool) -> Table:
    header = ["Columns at a time", "Tables", "Score", "Generalized", "Like a sample of"]
    rows = [
        [
            str(one.order),
            f"{one.tables:,} of {one.possible:,}",
            f"{one.score:.1f}",
            _NONE if one.generalized is None else f"{one.generalized:.1f}",
            _sample_words(one),
        ]
        for one in found
    ]
    own = " Generalized: in the finest cells of which no released value is split."
    if not coarse:
        own = ""
        for row in (header, *rows):
            del row[3]
    return Table(
        "k-marginal scores",
        tuple(header),
        tuple(tuple(row) for row in rows),
        right=tuple(range(1, len(header))),
        caption="1000 × (1 - mean total variation of the tables), as SDNist; numbers in ten bins, at most 24 "
        f"categories of a column.{own} Like a sample of: the share of the original records of which a random "
        "sample scores the same.",
    )


_CLASSIFIERS = {"logistic": "logistic, single columns", "tree": "tree, columns together"}
_DOMAINS = {"spread": "drawn among what it stands for", "generalized": "as released"}


def _propensity(found: Sequence[Propensity], what: str, *, coarse: bool) -> Table:
    header = ["Classifier", "Values", "Records", "pMSE", "pMSE, null", "Ratio", "SPECKS", "SPECKS, null"]
    rows = [
        [
            _CLASSIFIERS[one.classifier],
            _DOMAINS[one.domain],
            f"{one.records:,}",
            f"{one.pmse:.5f}",
            f"{one.null:.5f}",
            _NONE if one.ratio is None else f"{one.ratio:,.1f}",
            f"{one.specks:.3f}",
            f"{one.specks_null:.3f}",
        ]
        for one in found
    ]
    if not coarse:
        for row in (header, *rows):
            del row[1]
    return Table(
        f"Telling the {what} from the original",
        tuple(header),
        tuple(tuple(row) for row in rows),
        right=tuple(range(2 if coarse else 1, len(header))),
        caption="pMSE: mean square by which a classifier's chance that a record is of the other table is "
        "off from the share of such records; null: what it is for two samples of the same people, by "
        "theory for the logistic classifier where records are many, else by mixing the tables at random. "
        "Ratio 1 is as good as a new sample; it is below 1 for the same records. SPECKS: largest "
        "difference of the two tables' chances, 0 to 1. Of large tables, at most 20,000 random records each; "
        "fewer of wide ones.",
    )


_TRAINED = {
    "original": "original records",
    "spread": "it, values drawn among what they stand for",
    "plain": "it",
    "generalized": "it, values as they are",
    "nothing": "nothing: the most frequent class, or the mean",
}


def _downstream(found: Downstream, what: str) -> Table:
    number = found.task == "number"
    plain = _of(found, "generalized") is None
    rows = []
    for one in found.models:
        rows.append(
            (
                _TRAINED["plain" if plain and one.trained_on == "spread" else one.trained_on],
                f"{one.records:,}",
                one.score.words(),
                one.score.interval(),
                _signed(one.gap),
                (_number(one.error) if number else _words(one.auroc)),
            )
        )
    how = "ridge regression" if number else "logistic regression"
    apart = (
        "The tested records were kept out of what each model learnt from."
        if found.apart
        else "It is not known which of its records are the tested ones, so that some of them may be among "
        "those it learnt from; that flatters it a little."
    )
    return Table(
        f"Trained on the {what}, tested on original records: {found.target}",
        (
            "Trained on",
            "Records",
            "R²" if number else "Accuracy",
            "95 % interval",
            "Beside original",
            "RMSE" if number else "AUROC",
        ),
        tuple(rows),
        right=(1, 2, 3, 4, 5),
        caption=f"The same {how} of all other columns, tested on {found.tested:,} original records. "
        f"{apart} Beside original: the paired difference to the first row, with its 95 % interval.",
    )


def _words(estimate: Estimate | None) -> str:
    return _NONE if estimate is None else estimate.words()


def _signed(estimate: Estimate | None) -> str:
    return "" if estimate is None else f"{estimate.value:+.3f} ({estimate.low:+.3f} to {estimate.high:+.3f})"
