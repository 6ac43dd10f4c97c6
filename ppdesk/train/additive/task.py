"""The three tasks in one form: K scores, a residual of bounded length, a target that starts every fit.

- two classes: one score, logistic; residual p - y, cut to 1/2.
- K classes: K scores, softmax; residual p - e_y, cut to length sqrt(1/2) (the same cut, seen from both
  classes).
- quantity: one score, squared loss, in units of the target's noisy spread; residual f - y, cut to 2 of them.

The one-way release counts, for every cell of every column, the records by class (a one in one place), or for
a quantity (1, t) / sqrt(2) with t the target on -1 to 1: both are one vector of length at most one for each
record and column. It says the counts and the gradient at a constant model at once. Of _MANY classes or more
it is a one over the root of two at the class and another beside all classes: their sum would be nothing but
noise. Two such vectors have no negative product, so replacing a record moves it by sqrt(2) lengths at most.
"""

import math

import numpy as np
import numpy.typing as npt

from ppdesk.train.additive import kernel
from ppdesk.train.schema import Classes, Quantity, Target

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_HALF = math.floor(kernel.CLIP / math.sqrt(2))  # 2 _HALF^2 <= CLIP^2
_MANY = 4


def kind_of(target: Target) -> int:
    if isinstance(target, Quantity):
        return kernel.IDENTITY
    return kernel.LOGISTIC if target.binary else kernel.SOFTMAX


def outputs_of(target: Target) -> int:
    """K, the number of scores."""
    return len(target.values) if isinstance(target, Classes) and not target.binary else 1


def clip_of(target: Target) -> float:
    """The length to which residuals are cut, in the unit of the score."""
    if isinstance(target, Quantity):
        return 2.0
    return 0.5 if target.binary else math.sqrt(0.5)


def one_way(cells: "npt.NDArray[np.int32]", width: int, y: Floats, target: Target) -> Whole:
    """(width, classes), or (width, 2) for a quantity: sums of whole-number vectors of length CLIP at most.
    y: codes, or the quantity on -1 to 1."""
    if isinstance(target, Classes):
        classes = len(target.values)
        found = np.bincount(cells * classes + y.astype(np.int64), minlength=width * classes)
        table = found.reshape(width, classes).astype(np.int64)
        if apart(target):
            table = np.concatenate([table, table.sum(axis=1, keepdims=True)], axis=1)
        return table * unit_of(target)
    out = np.zeros((width, 2), dtype=np.int64)
    np.add.at(out[:, 1], cells, (np.clip(y, -1.0, 1.0) * _HALF).astype(np.int64))
    out[:, 0] = np.bincount(cells, minlength=width) * _HALF
    return out


def apart(target: Target) -> bool:
    """Whether records are counted beside their classes too, in a last column."""
    return isinstance(target, Classes) and len(target.values) >= _MANY


def unit_of(target: Target) -> int:
    """What one record counts for in `one_way`."""
    return kernel.CLIP if isinstance(target, Classes) and not apart(target) else _HALF


def counts_of(noisy: Floats, target: Target) -> Floats:
    """The number of records in each cell, (width,), of a noisy one-way table over `unit_of`."""
    if apart(target):
        return noisy[:, -1]
    return np.asarray(noisy.sum(axis=1)) if isinstance(target, Classes) else noisy[:, 0]


def count_terms(target: Target) -> int:
    """Of how many noisy figures a count is the sum."""
    return len(target.values) if isinstance(target, Classes) and not apart(target) else 1


def pull(noisy: Floats, mean: Floats, target: Target) -> tuple[Floats, Floats]:
    """(gradient (width, K) at a constant model whose mean is `mean`, the squares (K,) by which the noise's
    variance is multiplied). mean: the classes' chances, or (1, the mean of t)."""
    if isinstance(target, Classes):
        loads = mean[:, None] - np.eye(mean.size)  # [k, l]: a record of class l pulls on score k
        if target.binary:
            loads = loads[1:]
    else:
        loads = np.array([[mean[1], -1.0]])
    return noisy[:, : loads.shape[1]] @ loads.T, (loads**2).sum(axis=1)


def bent(table: Floats, mean: Floats, noise: Floats, curvature: Floats, target: Target) -> Floats:
    """The mean second derivative of a record's loss in each bin, (bins, K), from the noisy one-way table: p
    (1 - p) of the bin's own share p of each class, which many noisy or few records draw to the table's
    `mean`; times FLATTER. `noise`, (bins,): the sd of a bin's count. A quantity's is one."""
    if isinstance(target, Quantity):
        return np.ones((table.shape[0], 1)) * curvature
    found = np.maximum(table[:, : mean.size], 0.0)
    count = found.sum(axis=1, keepdims=True) if not apart(target) else table[:, -1:]
    count = np.maximum(count, 1.0)
    # what a class would have here by the mean, against what noise and chance do to it
    likely = count * mean
    trust = likely**2 / (likely**2 + noise[:, None] ** 2 / mean.size + likely)
    share = np.minimum(mean + trust * (found / count - mean), 1.0)
    if target.binary:
        share = share[:, 1:]
    return np.asarray(FLATTER * share * (1 - share))


FLATTER = 0.7  # how much less p (1 - p) is on average where other columns tell the records of a bin apart
