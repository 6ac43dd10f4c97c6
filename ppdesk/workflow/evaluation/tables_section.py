"""What Evaluate shows of release and synthetic records, from its facts alone."""

from collections.abc import Sequence

from ppdesk.assess.tables.results import (
    Association,
    ColumnKept,
    Marginals,
    TableKept,
)
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.release_quality_section import tables as quality_tables
from ppdesk.workflow.evaluation.tables_facts import TablesFacts
from ppdesk.workflow.evaluation.tables_learnt import downstream, learnt_on, propensity
from ppdesk.workflow.evaluation.worded import NONE, decimal

_WORST = 10
_COLUMNS = 30  # columns that are shown: those that changed most; the record keeps all


def blocks(facts: TablesFacts | None) -> list[Block]:
    """Release first, then synthetic records; nothing where there are none."""
    found: list[Block] = []
    if facts is None:
        return found
    if facts.release is not None:
        found += _table(facts.release, said("release"), said("Release"), facts.release_words)
        names = [one.column for one in facts.release.columns]
        found += quality_tables(facts.quality, names)
    elif facts.why_no_release:
        found.append(Words(said("The release: {why}", why=facts.why_no_release), "caution"))
    if facts.left_out:
        names_left = ", ".join(facts.left_out)
        found.append(
            Words(
                said(
                    "Not compared, as the release holds codes in them: {names_left}.", names_left=names_left
                ),
                "info",
            )
        )
    if facts.synthetic is not None:
        found += _table(facts.synthetic, said("synthetic records"), said("Synthetic"), facts.synthetic_words)
    elif facts.why_no_synthetic:
        found.append(
            Words(
                said("The synthetic records: {why}", why=facts.why_no_synthetic),
                "caution",
            )
        )
    return found


def _table(kept: TableKept, what: str, whose: str, made: str) -> list[Block]:
    found: list[Block] = [_headline(kept, what, made), _figures(kept, whose)]
    coarse, shown = _coarse(kept), _changed(kept.columns)
    spread = said(
        "Total variation distance to the original column, each generalized value spread "
        "evenly over the values it stands for, suppressed ones over all."
    )
    found.append(
        Plot(
            said("What the {what} changed, by column", what=what),
            "utility",
            {"columns": [one.column for one in shown], "distance": [one.tv for one in shown]},
            spread if coarse else said("Total variation distance to the original column."),
        )
    )
    found.append(_by_column(shown, what, coarse=coarse))
    numbers = [one for one in shown if one.ks is not None]
    if numbers:
        found.append(_numbers(numbers, what, coarse=coarse))
    if len(shown) < len(kept.columns):
        told = said(
            "Of {columns} columns the {shown} that changed most are shown. The record keeps all.",
            columns=len(kept.columns),
            shown=len(shown),
        )
        found.append(Words(told, "info"))
    if kept.pairs:
        found.append(_pairs(kept, coarse=coarse))
    if kept.associations:
        found += _associations(kept, what, coarse=coarse)
    found += [_sampling(one, what) for one in kept.marginals if one.order == 3]
    if kept.marginals:
        found.append(_marginals(kept.marginals, coarse=coarse))
    if kept.propensity:
        found.append(propensity(kept.propensity, what, coarse=coarse))
    if kept.downstream is not None:
        found.append(downstream(kept.downstream, what))
    found += [Words(said("The {what}: {note}", what=what, note=note), "info") for note in kept.notes]
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
    how = said_all(made.split(", "), by=", ")  # each is looked up alone, where the record gives plain words
    subject = said("The {what} ({made})", what=what, made=how) if made else said("The {what}", what=what)
    if kept.suppressed:
        text = said(
            "{subject} against the table: {after:,} records beside {before:,}, {suppressed:,} of "
            "them suppressed ({share}).",
            subject=subject,
            after=kept.rows_after,
            before=kept.rows_before,
            suppressed=kept.suppressed,
            share=percent(kept.suppressed / kept.rows_after),
        )
    else:
        text = said(
            "{subject} against the table: {after:,} records beside {before:,}.",
            subject=subject,
            after=kept.rows_after,
            before=kept.rows_before,
        )
    score = next((one for one in kept.marginals if one.order == 3), None)
    if score is None:
        return Words(text)
    alike = said(
        "Three columns at a time it scores {score:.0f} of 1,000, as close as a random sample "
        "of {share} of the original records would be.",
        score=score.score,
        share=_sample_words(score),
    )
    return Words(said_all((text, alike)))


def _sample_words(score: Marginals) -> str:
    least = score.samples[0]
    if score.score < least[1]:
        return said("less than {share}", share=percent(least[0]))
    return percent(score.equivalent)


def _figures(kept: TableKept, whose: str) -> Figures:
    items = []
    if kept.marginals:
        one = kept.marginals[-1]
        own = one.generalized is not None and abs(one.generalized - one.score) >= 1
        note = (
            said("at its own levels {score:.0f}", score=one.generalized)
            if own and one.generalized is not None
            else said("of 1,000")
        )
        items.append(
            KeyFigure(
                said("{whose}: {order}-marginal score", whose=whose, order=one.order),
                f"{one.score:.0f}",
                note,
            )
        )
    detail = sum(one.detail for one in kept.columns) / len(kept.columns)
    distance = sum(one.tv for one in kept.columns) / len(kept.columns)
    if detail < 1:
        items.append(
            KeyFigure(
                said("{whose}: detail kept", whose=whose), percent(detail, 0), said("mean of the columns")
            )
        )
    else:
        items.append(
            KeyFigure(
                said("{whose}: columns off by", whose=whose), f"{distance:.3f}", said("mean total variation")
            )
        )
    if kept.association_mean is not None:
        note = said("mean of pairs, 0 to 1")
        items.append(
            KeyFigure(said("{whose}: associations off by", whose=whose), f"{kept.association_mean:.3f}", note)
        )
    if kept.downstream is not None:
        best, beside = (
            learnt_on(kept.downstream, "generalized", "spread"),
            learnt_on(kept.downstream, "original"),
        )
        if best is not None and beside is not None:
            label = said("R²") if kept.downstream.task == "number" else said("accuracy")
            note = said("trained on original records {score}", score=beside.score.words())
            items.append(
                KeyFigure(
                    said("{whose}: {label} of a model", whose=whose, label=label), best.score.words(), note
                )
            )
    return Figures(tuple(items))


def _by_column(columns: Sequence[ColumnKept], what: str, *, coarse: bool) -> Table:
    header: tuple[str, ...] = (
        said("Column"),
        said("Cells"),
        said("TV"),
        said("By chance"),
        said("JS, bits"),
        said("Hellinger"),
    )
    caption = said(
        "Distances of the two columns' shares, 0 to 1: total variation, Jensen-Shannon divergence, "
        "Hellinger. By chance: the total variation of two samples of these sizes."
    )
    if coarse:
        header = (*header, said("Generalized"), said("Told"), said("Detail kept"))
        more = said(
            "Generalized values are spread evenly over what they stand for. Generalized: total variation in "
            "the finest cells of which no released value is split, of records that are not suppressed. Told: "
            "cells that are not suppressed. Detail: entropy that the cells keep; it tells how fine they are, "
            "not whether they are right."
        )
        caption = said_all((caption, more))
    return Table(
        said("Columns of the {what}", what=what),
        header,
        tuple(_column(one)[: len(header)] for one in columns),
        right=tuple(range(1, len(header))),
        caption=caption,
    )


def _column(one: ColumnKept) -> tuple[str, ...]:
    generalized = (
        NONE
        if one.generalized is None
        else said("{value:.3f} ({cells:,})", value=one.generalized, cells=one.generalized_cells)
    )
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
            (said("original"), one.mean_before, one.deviation_before, one.quantiles_before),
            (what, one.mean_after, one.deviation_after, one.quantiles_after),
        ):
            mine = name == what
            rows.append(
                (
                    "" if mine else one.column,
                    name,
                    decimal(mean),
                    decimal(deviation),
                    *(decimal(value) for value in quantiles),
                    _distance(one.ks) if mine else "",
                    _distance(one.wasserstein) if mine else "",
                )
            )
    known = (
        said("Of known numbers, intervals spread evenly over the numbers inside.")
        if coarse
        else said("Of known numbers.")
    )
    return Table(
        said("Numbers of the {what}", what=what),
        (
            said("Column"),
            said("Table"),
            said("Mean"),
            said("SD"),
            "5 %",
            "25 %",
            said("Median"),
            "75 %",
            "95 %",
            said("KS"),
            said("Wasserstein"),
        ),
        tuple(rows),
        right=tuple(range(2, 11)),
        caption=said_all(
            (
                known,
                said(
                    "KS: largest difference of the distribution functions, 0 to 1. Wasserstein: mean "
                    "distance that numbers would have to be moved, in standard deviations of the "
                    "original."
                ),
            )
        ),
    )


def _distance(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _pairs(kept: TableKept, *, coarse: bool) -> Table:
    header = (said("Pair"), said("TV"), said("Generalized"))[: 3 if coarse else 2]
    return Table(
        said("Pairs of columns that changed most"),
        header,
        tuple(
            (" × ".join(one.columns), f"{one.spread:.3f}", _distance(one.generalized))[: len(header)]
            for one in kept.pairs
        ),
        right=tuple(range(1, len(header))),
        caption=said(
            "Total variation of two-way tables. Mean of {pair_count} pairs: {pair_mean:.3f}.",
            pair_count=kept.pair_count,
            pair_mean=kept.pair_mean or 0.0,
        ),
    )


_KINDS = {
    "pearson": said("Pearson's correlation"),
    "cramers-v": said("Cramér's V"),
    "correlation-ratio": said("correlation ratio"),
}


def _associations(kept: TableKept, what: str, *, coarse: bool) -> list[Block]:
    compared = {name for one in kept.associations for name in one.columns}
    entries: list[Json] = [
        {"first": one.columns[0], "second": one.columns[1], "before": one.before, "after": one.after}
        for one in kept.associations
    ]
    worst = sorted(kept.associations, key=lambda one: (-_change(one), one.columns))[:_WORST]
    header: tuple[str, ...] = (said("Pair"), said("Measure"), said("Original"), said("Now"))
    captions = []
    if coarse:
        captions.append(
            said(
                "With generalized values spread evenly, which makes every association weaker: what "
                "somebody without the original can see."
            )
        )
    if any(one.rank_before is not None or one.rank_after is not None for one in worst):
        header = (*header, said("Ranks, original"), said("Ranks, now"))
        captions.append(said("Ranks: Spearman's correlation, of two columns of numbers."))
    return [
        Plot(
            said("How columns hang together in the {what}", what=what),
            "associations",
            {"columns": [one.column for one in kept.columns if one.column in compared], "pairs": entries},
            said(
                "Below the diagonal the original table, above it the other one: Pearson's "
                "correlation, Cramér's V or correlation ratio, without its sign."
            ),
        ),
        Table(
            said("Associations that changed most"),
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
            caption=said_all(captions),
        ),
    ]


def _change(one: Association) -> float:
    return 0.0 if one.before is None or one.after is None else abs(one.after - one.before)


def _sampling(one: Marginals, what: str) -> Plot:
    samples: list[Json] = [{"share": share, "score": score} for share, score in one.samples]
    return Plot(
        said("The {what} beside random samples of the original", what=what),
        "sampling",
        {"samples": samples, "score": one.score, "label": what},
        said(
            "Score of {order} columns at a time, 1,000 is alike: of random samples of the "
            "original records, and of the {what}.",
            order=one.order,
            what=what,
        ),
    )


def _marginals(found: Sequence[Marginals], *, coarse: bool) -> Table:
    header: list[str] = [
        said("Columns at a time"),
        said("Tables"),
        said("Score"),
        said("Generalized"),
        said("Like a sample of"),
    ]
    rows = [
        [
            str(one.order),
            said("{number:,} of {all:,}", number=one.tables, all=one.possible),
            f"{one.score:.1f}",
            NONE if one.generalized is None else f"{one.generalized:.1f}",
            _sample_words(one),
        ]
        for one in found
    ]
    own = said("Generalized: in the finest cells of which no released value is split.")
    if not coarse:
        for row in (header, *rows):
            del row[3]
    return Table(
        said("k-marginal scores"),
        tuple(header),
        tuple(tuple(row) for row in rows),
        right=tuple(range(1, len(header))),
        caption=said_all(
            (
                said(
                    "1000 × (1 - mean total variation of the tables), as SDNist; numbers in ten bins, at "
                    "most 24 categories of a column."
                ),
                own if coarse else "",
                said(
                    "Like a sample of: the share of the original "
                    "records of which a random sample scores the same."
                ),
            )
        ),
    )
