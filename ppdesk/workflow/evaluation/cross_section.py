"""What Evaluate shows of cross-validation."""

from ppdesk.assess.model_results import CrossValidation
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workflow.evaluation.worded import graded, interval, number, words


def blocks(found: CrossValidation | None, note: str) -> list[Block]:
    """A table, or why there is none."""
    if found is None:
        return [Words(note, "caution")] if note else []
    if found.mode == "paid":
        return _paid(found)
    return [
        Table(
            said("Cross-validation on held-out records, {folds} folds", folds=found.folds),
            (
                said("Measure"),
                said("Mean"),
                said("95 % interval"),
                said("Spread of the folds"),
                said("Least"),
                said("Most"),
            ),
            [
                (
                    graded(one),
                    words(one.mean),
                    interval(one.mean),
                    number(one.sd),
                    number(min(one.folds)),
                    number(max(one.folds)),
                )
                for one in found.measures
            ],
            right=(1, 2, 3, 4, 5),
            caption=said_all(
                (
                    found.words,
                    said(
                        "The spread counts the noise of training and the draw of records. Interval: "
                        "corrected t (Nadeau and Bengio 2003). Outside the claim."
                    ),
                )
            ),
        )
    ]


def _paid(found: CrossValidation) -> list[Block]:
    one = found.measures[0]
    spent = "" if found.epsilon is None else said("ε {epsilon:g}", epsilon=found.epsilon)
    if found.delta:
        spent = said("{spent}, δ {delta}", spent=spent, delta=chance(found.delta))
    return [
        Table(
            said("Paid cross-validation, {folds} folds", folds=found.folds),
            (said("Measure"), said("Noisy mean"), said("95 % interval"), said("Records"), said("Spent")),
            [(one.label, words(one.mean), interval(one.mean), f"{found.records:,}", spent)],
            right=(1, 2, 3, 4),
            caption=said_all((found.words, said("Of all figures here this one alone is inside the claim."))),
        )
    ]
