"""What Evaluate shows of cross-validation."""

from ppdesk.assess.model_results import CrossValidation
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workflow.evaluation.worded import interval, number, words


def blocks(found: CrossValidation | None, note: str) -> list[Block]:
    """A table, or why there is none."""
    if found is None:
        return [Words(note, "caution")] if note else []
    if found.mode == "paid":
        return _paid(found)
    return [
        Table(
            f"Cross-validation on held-out records, {found.folds} folds",
            ("Measure", "Mean", "95 % interval", "Spread of the folds", "Least", "Most"),
            [
                (
                    one.label + (" (lower is better)" if one.lower else ""),
                    words(one.mean),
                    interval(one.mean),
                    number(one.sd),
                    number(min(one.folds)),
                    number(max(one.folds)),
                )
                for one in found.measures
            ],
            right=(1, 2, 3, 4, 5),
            caption=f"{found.words} The spread counts the noise of training and the draw of "
            "records. Interval: corrected t (Nadeau and Bengio 2003). Outside the claim.",
        )
    ]


def _paid(found: CrossValidation) -> list[Block]:
    one = found.measures[0]
    spent = "" if found.epsilon is None else f"ε {found.epsilon:g}"
    if found.delta:
        spent += f", δ {chance(found.delta)}"
    return [
        Table(
            f"Paid cross-validation, {found.folds} folds",
            ("Measure", "Noisy mean", "95 % interval", "Records", "Spent"),
            [(one.label, words(one.mean), interval(one.mean), f"{found.records:,}", spent)],
            right=(1, 2, 3, 4),
            caption=f"{found.words} Of all figures here this one alone is inside the claim.",
        )
    ]
