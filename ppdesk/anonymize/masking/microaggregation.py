"""Groups of at least k similar records, for an aggregate to stand for each.

Univariate: the partition with the least sum of squares, by Hansen and Mukherjee's dynamic program
(IEEE TKDE 15(4), 2003). Multivariate: MDAV (Domingo-Ferrer and Mateo-Sanz, IEEE TKDE 14(1), 2002; generic
form in Domingo-Ferrer and Torra, Data Mining and Knowledge Discovery 11, 2005) over columns scaled to mean 0
and variance 1. Groups have k to 2k - 1 members. Only where the columns are all that tells persons apart does
this give k-anonymity; applied to other columns it is perturbation and no privacy model.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.errors import CancelledRunError

MOST_RECORDS = 250_000  # MDAV takes n^2 / k steps
_ASK = 256  # groups between two questions whether to go on


def univariate(values: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """(n,) int64: the group of each of n >= `size` numbers, none of them NaN; groups are numbered
    by value."""
    from ppdesk.anonymize.masking.grouping_kernels import optimal_cuts

    order = np.argsort(values, kind="stable")
    cuts = optimal_cuts(values[order], size)
    groups = np.zeros(len(values), np.int64)
    end, number = len(values), 0
    while end > 0:
        groups[order[cuts[end] : end]] = number
        end, number = int(cuts[end]), number + 1
    return number - 1 - groups


def mdav(
    columns: Sequence[NDArray[np.float64]], size: int, cancelled: Callable[[], bool]
) -> NDArray[np.int64]:
    """(n,) int64: the group of each of n >= `size` records, columns (n,) without NaN. Of equally far records
    the first is taken. CancelledRunError."""
    from ppdesk.anonymize.masking.grouping_kernels import farthest, nearest

    points = np.ascontiguousarray(np.column_stack([scaled(one) for one in columns]))
    active = np.arange(len(points))
    groups = np.zeros(len(points), np.int64)
    total = points.sum(axis=0)
    number = 0

    def gather(at: int) -> None:
        nonlocal active, total, number
        places = nearest(points, active, at, size)
        members = active[places]
        groups[members] = number
        number += 1
        total = total - points[members].sum(axis=0)
        active = np.delete(active, places)

    while len(active) >= 2 * size:
        if number % _ASK < 2 and cancelled():
            raise CancelledRunError()
        two = len(active) >= 3 * size
        first = int(active[farthest(points, active, total / len(active))])
        opposite = int(active[farthest(points, active, points[first])]) if two else -1
        gather(int(np.flatnonzero(active == first)[0]))
        if two:
            left = np.flatnonzero(active == opposite)
            at = int(left[0]) if len(left) else farthest(points, active, points[first])
            gather(at)
    groups[active] = number
    return groups


def scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean 0 and variance 1; a constant column becomes 0."""
    spread = float(values.std())
    centered = values - values.mean()
    return centered / spread if spread > 0 else np.zeros_like(values)
