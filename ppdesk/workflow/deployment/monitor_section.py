"""The words, tables and figures of a comparison with a new batch, from its facts alone."""

from ppdesk.core.said import kept, said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow import batch_checks
from ppdesk.workflow.batches import read_words
from ppdesk.workflow.deployment.monitor_facts import MonitorFacts
from ppdesk.workflow.evaluation.evaluate_section import fairness_blocks
from ppdesk.workflow.evaluation.worded import words

_SIGN = {
    "steady": said("steady"),
    "watch": said("watch"),
    "drifted": said("drifted"),
    "unclear": said("too few records to tell"),
}


def build(facts: MonitorFacts) -> Section:
    """The section of one comparison."""
    blocks: list[Block] = [_banner(facts), _figures(facts), *_drift(facts)]
    if facts.not_compared:
        names = ", ".join(facts.not_compared)
        blocks.append(
            Words(
                said(
                    "Not compared, without declared values or not in the batch: {names}.", names=kept(names)
                ),
                "caution",
            )
        )
    blocks += batch_checks.blocks(facts.checks)
    if facts.performance is not None:
        blocks.append(_performance(facts))
    elif facts.performance_note:
        blocks.append(Words(facts.performance_note, "info"))
    for found in facts.fairness:
        blocks += fairness_blocks(found)
    if facts.not_measured:
        blocks.append(
            Words(
                said(
                    "Fairness was not measured for {not_measured}: fewer than two groups of the "
                    "batch have {floor} records.",
                    not_measured=kept(", ".join(facts.not_measured)),
                    floor=facts.floor,
                ),
                "caution",
            )
        )
    blocks.append(
        Words(
            said(
                "These figures compare records with records and are outside the differential "
                "privacy claim. Nothing was trained, so no budget was spent."
            ),
            "info",
        )
    )
    if facts.reading is not None:
        blocks.append(Words(read_words(facts.reading, facts.form, facts.cleaned), "info"))
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section("Monitor", tuple(blocks))


def _banner(facts: MonitorFacts) -> Words:
    drifted = [one for one in facts.drift if one.verdict == "drifted"]
    fell = facts.auroc_change is not None and facts.auroc_change.high < 0
    if not drifted and not fell:
        return Words(said("No column of {file} has drifted.", file=kept(facts.file)), "ok")
    columns = [f"{one.column} {one.psi:.2f}" for one in drifted]
    parts = (
        [
            said(
                "Drifted, stability index over {limit:.2f}: {columns}.",
                limit=facts.limit,
                columns=kept(", ".join(columns)),
            )
        ]
        if columns
        else []
    )
    if fell and facts.auroc_change is not None:
        parts.append(
            said(
                "AUROC fell by {fall:.3f} ({interval}).",
                fall=-facts.auroc_change.value,
                interval=facts.auroc_change.interval(),
            )
        )
    return Words(said_all(parts), "risk")


def _figures(facts: MonitorFacts) -> Figures:
    worst = max(facts.drift, key=lambda one: one.psi, default=None)
    items = [
        KeyFigure(
            said("Records"),
            f"{facts.rows:,}",
            said("compared with {reference_rows:,}", reference_rows=facts.reference_rows),
        )
    ]
    if worst is not None:
        items.append(
            KeyFigure(
                said("Largest drift"),
                f"{worst.psi:.2f}",
                said("{column}, limit {limit:.2f}", column=kept(worst.column), limit=facts.limit),
            )
        )
    if facts.scores is not None:
        items.append(
            KeyFigure(said("Drift of the scores"), f"{facts.scores.psi:.2f}", _SIGN[facts.scores.verdict])
        )
    if facts.performance is not None:
        note = facts.performance.auroc.interval()
        if facts.auroc_before is not None:
            note = said("{interval}; at evaluation {before}", interval=note, before=words(facts.auroc_before))
        items.append(KeyFigure("AUROC", words(facts.performance.auroc), note))
    return Figures(tuple(items))


def _drift(facts: MonitorFacts) -> list[Block]:
    return [
        Plot(
            said("Drift by column"),
            "drift",
            {
                "columns": [one.column for one in facts.drift],
                "psi": [one.psi for one in facts.drift],
                "limit": facts.limit,
            },
            said(
                "Below {watch:.2f} steady, {watch:.2f} to {limit:.2f} watch, over {limit:.2f} drifted.",
                watch=facts.watch,
                limit=facts.limit,
            ),
        ),
        Table(
            said("Drift by column"),
            (
                said("Column"),
                said("Index"),
                said("Noise"),
                said("Jensen-Shannon"),
                said("Total variation"),
                said("Unseen"),
                said("Outside"),
                said("Missing"),
                "",
            ),
            tuple(
                (
                    kept(one.column),
                    f"{one.psi:.3f}",
                    f"{one.noise:.3f}",
                    f"{one.js:.3f}",
                    f"{one.tv:.3f}",
                    f"{one.unseen:,}",
                    f"{one.outside:,}",
                    percent(one.missing),
                    _SIGN[one.verdict],
                )
                for one in facts.drift
            ),
            right=(1, 2, 3, 4, 5, 6, 7),
            caption=(
                said(
                    "Index: population stability index over declared categories, or ten bins over "
                    "declared bounds; limits after Siddiqi (2006), a convention of credit scoring "
                    "and not a test. Noise: what 99 of 100 batches of this size without drift stay "
                    "under (Yurdakul 2018); an index under it says nothing. Unseen: values that "
                    "are not declared, or no number. Outside: beyond the declared bounds."
                )
            ),
        ),
    ]


def _performance(facts: MonitorFacts) -> Table:
    rows = []
    if facts.performance is not None:
        for label, name in (
            ("AUROC", "auroc"),
            (said("Accuracy"), "accuracy"),
            (said("Precision"), "precision"),
            (said("Recall"), "recall"),
            (said("Brier score"), "brier"),
        ):
            own = getattr(facts.performance, name)
            before = facts.before.get(name)
            rows.append(
                (
                    label,
                    words(own),
                    "" if own is None else own.interval(),
                    said("not measured") if before is None else f"{before:.3f}",
                )
            )
    change = facts.auroc_change
    caption: str = ""
    if facts.performance is not None:
        caption = said_count(
            "{count:,} records with an outcome.", "{count:,} records with an outcome.", facts.performance.n
        )
    if change is not None:
        changed = said(
            "AUROC changed by {change:+.3f} ({interval}, 95 %).",
            change=change.value,
            interval=change.interval(),
        )
        caption = said_all((caption, changed))
    return Table(
        said("Performance on the batch"),
        (said("Measure"), said("Batch"), said("95 % interval"), said("At evaluation")),
        tuple(rows),
        right=(1, 2, 3),
        caption=caption,
    )
