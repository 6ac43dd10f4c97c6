"""The words, tables and figures of a comparison with a new batch, from its facts alone."""

from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow import batch_checks
from ppdesk.workflow.batches import read_words
from ppdesk.workflow.deployment.monitor_facts import MonitorFacts
from ppdesk.workflow.evaluation.evaluate_section import fairness_blocks
from ppdesk.workflow.evaluation.worded import words

_SIGN = {"steady": "steady", "watch": "watch", "drifted": "drifted", "unclear": "too few records to tell"}


def build(facts: MonitorFacts) -> Section:
    """The section of one comparison."""
    blocks: list[Block] = [_banner(facts), _figures(facts), *_drift(facts)]
    if facts.not_compared:
        names = ", ".join(facts.not_compared)
        blocks.append(
            Words(f"Not compared, without declared values or not in the batch: {names}.", "caution")
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
                f"Fairness was not measured for {', '.join(facts.not_measured)}: fewer than two groups of "
                f"the batch have {facts.floor} records.",
                "caution",
            )
        )
    blocks.append(
        Words(
            "These figures compare records with records and are outside the differential privacy claim. "
            "Nothing was trained, so no budget was spent.",
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
        return Words(f"No column of {facts.file} has drifted.", "ok")
    said = [f"{one.column} {one.psi:.2f}" for one in drifted]
    parts = [f"Drifted, stability index over {facts.limit:.2f}: {', '.join(said)}."] if said else []
    if fell and facts.auroc_change is not None:
        parts.append(f"AUROC fell by {-facts.auroc_change.value:.3f} ({facts.auroc_change.interval()}).")
    return Words(" ".join(parts), "risk")


def _figures(facts: MonitorFacts) -> Figures:
    worst = max(facts.drift, key=lambda one: one.psi, default=None)
    items = [KeyFigure("Records", f"{facts.rows:,}", f"compared with {facts.reference_rows:,}")]
    if worst is not None:
        items.append(
            KeyFigure("Largest drift", f"{worst.psi:.2f}", f"{worst.column}, limit {facts.limit:.2f}")
        )
    if facts.scores is not None:
        items.append(KeyFigure("Drift of the scores", f"{facts.scores.psi:.2f}", _SIGN[facts.scores.verdict]))
    if facts.performance is not None:
        note = facts.performance.auroc.interval()
        if facts.auroc_before is not None:
            note += f"; at evaluation {words(facts.auroc_before)}"
        items.append(KeyFigure("AUROC", words(facts.performance.auroc), note))
    return Figures(tuple(items))


def _drift(facts: MonitorFacts) -> list[Block]:
    return [
        Plot(
            "Drift by column",
            "drift",
            {
                "columns": [one.column for one in facts.drift],
                "psi": [one.psi for one in facts.drift],
                "limit": facts.limit,
            },
            f"Below {facts.watch:.2f} steady, {facts.watch:.2f} to {facts.limit:.2f} watch, over "
            f"{facts.limit:.2f} drifted.",
        ),
        Table(
            "Drift by column",
            (
                "Column",
                "Index",
                "Noise",
                "Jensen-Shannon",
                "Total variation",
                "Unseen",
                "Outside",
                "Missing",
                "",
            ),
            tuple(
                (
                    one.column,
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
                "Index: population stability index over declared categories, or ten bins over declared "
                "bounds; limits after Siddiqi (2006), a convention of credit scoring and not a test. Noise: "
                "what 99 of 100 batches of this size without drift stay under (Yurdakul 2018); an index "
                "under it says nothing. Unseen: values that are not declared, or no number. Outside: beyond "
                "the declared bounds."
            ),
        ),
    ]


def _performance(facts: MonitorFacts) -> Table:
    rows = []
    if facts.performance is not None:
        for label, name in (
            ("AUROC", "auroc"),
            ("Accuracy", "accuracy"),
            ("Precision", "precision"),
            ("Recall", "recall"),
            ("Brier score", "brier"),
        ):
            own = getattr(facts.performance, name)
            before = facts.before.get(name)
            rows.append(
                (
                    label,
                    words(own),
                    "" if own is None else own.interval(),
                    "not measured" if before is None else f"{before:.3f}",
                )
            )
    change = facts.auroc_change
    caption = f"{facts.performance.n:,} records with an outcome." if facts.performance is not None else ""
    if change is not None:
        caption += f" AUROC changed by {change.value:+.3f} ({change.interval()}, 95 %)."
    return Table(
        "Performance on the batch",
        ("Measure", "Batch", "95 % interval", "At evaluation"),
        tuple(rows),
        right=(1, 2, 3),
        caption=caption,
    )
