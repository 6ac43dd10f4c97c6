"""How well a model tells several classes apart, or estimates a number, beside one that learnt nothing."""

import numpy as np
import numpy.typing as npt

from ppdesk.assess import intervals
from ppdesk.assess.arrays import Floats
from ppdesk.assess.errors import LengthMismatchError, NothingToCompareError
from ppdesk.assess.means import LEAST, deviation, mean
from ppdesk.assess.results import ClassMeasures, Estimate, Measure, Measured
from ppdesk.core.said import said

Codes = npt.NDArray[np.int32]


def classes(found: Codes, chances: Floats, names: tuple[str, ...]) -> Measured:
    """Measures of `chances`, (n, classes) float64 whose rows sum to one, on records of the classes
    `found`, (n,).

    Accuracy with Wilson's interval; macro recall, the mean recall over the classes that the records hold,
    with the normal interval of a sum of independent shares; log loss (natural, lower is better) with the
    normal interval of a mean. NothingToCompareError, LengthMismatchError.
    """
    _same(found.size, chances.shape[0])
    predicted = chances.argmax(axis=1)
    right = predicted == found
    rows, spread, recalls = [], 0.0, []
    for place, name in enumerate(names):
        own, answered = found == place, predicted == place
        recall = intervals.wilson(int((right & own).sum()), int(own.sum()))
        rows.append(
            ClassMeasures(
                name,
                int(own.sum()),
                recall,
                intervals.wilson(int((right & answered).sum()), int(answered.sum())),
            )
        )
        if recall is not None:
            recalls.append(recall.value)
            spread += recall.value * (1 - recall.value) / float(own.sum())
    middle = float(np.mean(recalls))
    half = intervals.Z95 * float(np.sqrt(spread)) / len(recalls)
    accuracy = intervals.wilson(int(right.sum()), int(found.size))
    if accuracy is None:  # _same has refused no records
        raise NothingToCompareError(what="The held-out part of the table")
    losses = -np.log(np.clip(chances[np.arange(found.size), found], LEAST, None))
    return Measured(
        int(found.size),
        (
            Measure("accuracy", said("Accuracy"), accuracy),
            Measure(
                "macro_recall",
                said("Macro recall"),
                intervals.estimate(middle, max(0.0, middle - half), min(1.0, middle + half)),
            ),
            Measure("log_loss", said("Log loss"), mean(losses, least=0.0), lower=True),
        ),
        tuple(rows),
    )


def untaught_classes(trained: Codes, rows: int, count: int) -> Floats:
    """What a model without any feature says: the shares of the classes it was trained on, for all, (rows,
    count)."""
    shares = np.bincount(trained, minlength=count) / max(1, trained.size)
    return np.tile(shares, (rows, 1))


def quantity(found: Floats, predicted: Floats, middle: float) -> Measured:
    """Measures of the values `predicted` beside the true ones, (n,) float64 both, in the target's unit.

    Root mean squared error (its interval is the root of that of the mean square), mean absolute error, and
    R^2 against saying `middle` for all (1: exact, 0: no better; the interval by the delta method on the
    paired squares). NothingToCompareError, LengthMismatchError.
    """
    _same(found.size, predicted.size)
    squares, plain = (found - predicted) ** 2, (found - middle) ** 2
    square = mean(squares, least=0.0)
    root = intervals.estimate(*(float(np.sqrt(one)) for one in (square.value, square.low, square.high)))
    return Measured(
        int(found.size),
        (
            Measure("rmse", said("Root mean squared error"), root, lower=True),
            Measure(
                "mae", said("Mean absolute error"), mean(np.abs(found - predicted), least=0.0), lower=True
            ),
            Measure("r2", said("R²"), _explained(squares, plain)),
        ),
    )


def _explained(squares: Floats, plain: Floats) -> Estimate | None:
    """1 - mean(squares) / mean(plain); None where all true values are the middle."""
    below = float(plain.mean())
    if below == 0:
        return None
    ratio = float(squares.mean()) / below
    errors = (squares - ratio * plain) / below
    half = intervals.Z95 * deviation(errors)
    return intervals.estimate(1 - ratio, 1 - ratio - half, min(1.0, 1 - ratio + half))


def _same(left: int, right: int) -> None:
    if left != right:
        raise LengthMismatchError(what="The held-out records", left=left, right=right)
    if not left:
        raise NothingToCompareError(what="The held-out part of the table")
