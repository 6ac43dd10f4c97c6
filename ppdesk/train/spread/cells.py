"""The public cells that a target is counted in: a tree over one axis of the declared bounds.

The axis is the mean of two: the even place of a value between its bounds, and its place by orders of
magnitude, sign(v) log(1 + |v| / u) with u a millionth of the bounds' distance. So a cell of the axis is at
most two even cells wide, and at most two signed-log cells: ages in 0 to 10,000 are told apart by the one,
incomes in -20,000 to 1.5 million by the other, in one set of cells. Nothing here is read off the data.

CELLS = BRANCH^LEVELS finest cells; BRANCH of them side by side are one cell of the level above, and so on. A
record touches one cell of each level: LEVELS ones in a vector of SIZE whole numbers.
"""

import math

import numpy as np
import numpy.typing as npt

from ppdesk.train.fitted import Floats
from ppdesk.train.schema import Quantity

Whole = npt.NDArray[np.int64]

BRANCH, LEVELS = 8, 4
CELLS = BRANCH**LEVELS
SIZE = sum(BRANCH**level for level in range(1, LEVELS + 1))
SQUARED = LEVELS  # squared sensitivity of `counted` to one record added or removed
LENGTH = math.isqrt(SQUARED)  # and its root, a whole number
_UNIT = 1e6  # the distance of the bounds, in units where the log begins
_HALVINGS = 60
_FLAT = 1e-6  # a log axis shorter than that has no digits left: the even one alone


def edges(target: Quantity) -> Floats:
    """The cells' edges, (CELLS + 1,), in the target's unit: from low to high, never falling."""
    half = target.high / 2 - target.low / 2
    start = target.low / 2 / half  # the bounds are start and start + 1, in distances of theirs

    def logs(place: Floats) -> Floats:
        here = start + place
        return np.asarray(np.sign(here) * np.log1p(np.abs(here) * _UNIT))

    first, last = (float(logs(np.array([end]))[0]) for end in (0.0, 1.0))
    reach = last - first
    goal = np.arange(CELLS + 1) / CELLS
    low, high = np.zeros(CELLS + 1), np.ones(CELLS + 1)
    for _ in range(_HALVINGS):  # the axis rises, so halving finds the place
        middle = (low + high) / 2
        axis = (middle + (logs(middle) - first) / reach) / 2 if reach > _FLAT else middle
        below = axis < goal
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    place = (low + high) / 2
    place[0], place[-1] = 0.0, 1.0
    return np.maximum.accumulate(
        np.clip(target.low * (1 - place) + target.high * place, target.low, target.high)
    )


def counted(y: Floats, target: Quantity, bounds: Floats) -> Whole:
    """The records in each cell of each level, (SIZE,), the coarsest first. `y`, (n,) in the target's unit;
    what is outside the bounds is in the first or the last cell. `bounds`: `edges(target)`.

    Sensitivity. A record is one in one cell of each level, whatever it is: added or removed it moves the
    vector by LEVELS ones, squared L2 norm LEVELS = SQUARED exactly. g records: at most g^2 times that.
    Replaced: in each level two ones at right angles or the same one, so at most 2 g^2 SQUARED.
    """
    values = np.clip(np.asarray(y, dtype=np.float64), target.low, target.high)
    found = np.searchsorted(bounds[1:-1], values, side="right")
    finest = np.bincount(found, minlength=CELLS).astype(np.int64)
    return np.concatenate([finest.reshape(BRANCH**level, -1).sum(axis=1) for level in range(1, LEVELS + 1)])


def levels(vector: Floats) -> list[Floats]:
    """The counts of each level, the coarsest first."""
    sizes = np.cumsum([BRANCH**level for level in range(1, LEVELS + 1)])
    return np.split(vector, sizes[:-1])
