"""One value for a group of values: means, median, mode, interval."""

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.masking.errors import TreatmentError

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.masking.numerals import Numerals


class By(StrEnum):
    """What stands for a group."""

    MEAN = "mean"
    GEOMETRIC_MEAN = "geometric-mean"
    MEDIAN = "median"
    MODE = "mode"
    INTERVAL = "interval"


def group_texts(found: "Numerals", groups: NDArray[np.int64], by: By, column: str) -> "pa.Array":
    """(n,) strings: for each record the aggregate of its group's values that are not missing, and missing
    where a group has none.

    groups: (n,) int64, numbered from 0; negative: no group, missing. The geometric mean is, as in ARX, that
    of the values plus 1, minus 1, so that 0 is allowed; -1 and less are refused (TreatmentError). The median
    of an even number is the mean of the two in the middle. Of equally frequent values the smallest is the
    mode. An interval is "[least, greatest]".
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = found.values
    if by is By.GEOMETRIC_MEAN and (values[found.present] <= -1).any():
        reason = "the geometric mean needs numbers above -1"
        raise TreatmentError(column=column, technique="a geometric mean", reason=reason)
    count = int(groups.max(initial=-1)) + 1
    inside = found.present & (groups >= 0)
    order = np.flatnonzero(inside)
    order = order[np.lexsort((values[order], groups[order]))]
    sizes = np.bincount(groups[order], minlength=count)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    sorted_values = values[order]
    if by is By.INTERVAL:
        low, high = _picked(sorted_values, starts, sizes), _picked(sorted_values, starts + sizes - 1, sizes)
        texts = pc.binary_join_element_wise("[", found.written(low), ", ", found.written(high), "]", "")
    else:
        texts = found.written(_aggregated(sorted_values, groups[order], starts, sizes, by))
    where = pa.array(np.where(groups >= 0, groups, 0), mask=groups < 0)
    return texts.take(where) if count else pa.nulls(len(groups), pa.string())


def _picked(
    values: NDArray[np.float64], at: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(groups,) float64: the value at each place, NaN for an empty group."""
    found = np.full(len(sizes), np.nan)
    filled = sizes > 0
    found[filled] = values[at[filled]]
    return found


def _aggregated(
    values: NDArray[np.float64],
    groups: NDArray[np.int64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    by: By,
) -> NDArray[np.float64]:
    """(groups,) float64 of values that are sorted by group and value; NaN for an empty group."""
    if by is By.MEDIAN:
        low = _picked(values, starts + np.maximum(sizes - 1, 0) // 2, sizes)
        return (low + _picked(values, starts + sizes // 2, sizes)) / 2
    if by is By.MODE:
        return _modes(values, groups, len(sizes))
    logarithms = by is By.GEOMETRIC_MEAN
    # a value that is alone in its group, or equal to all of it, stays as it is: no rounding of sums
    sums = np.bincount(groups, np.log1p(values) if logarithms else values, minlength=len(sizes))
    with np.errstate(invalid="ignore"):
        means = sums / np.where(sizes > 0, sizes, np.nan)
    means = np.expm1(means) if logarithms else means
    low, high = _picked(values, starts, sizes), _picked(values, starts + sizes - 1, sizes)
    found: NDArray[np.float64] = np.where(low == high, low, means)
    return found


def _modes(values: NDArray[np.float64], groups: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    found = np.full(count, np.nan)
    if not len(values):
        return found
    first = np.flatnonzero(
        np.concatenate(([True], (values[1:] != values[:-1]) | (groups[1:] != groups[:-1])))
    )
    runs = np.diff(np.append(first, len(values)))
    best = np.lexsort((values[first], -runs, groups[first]))
    chosen, at = np.unique(groups[first][best], return_index=True)
    found[chosen] = values[first][best][at]
    return found
