"""The response variable of classification accuracy: what somebody wants to predict from the release."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.frequency import FrequencySet


@dataclass(frozen=True)
class Response:
    """`groups` int32 and `values` int32 of each distinct pair of a group of the frequency set and a value of
    the column, by value; `counts` int64 its records."""

    groups: NDArray[np.int32]
    values: NDArray[np.int32]
    counts: NDArray[np.int64]


class Majorities(NamedTuple):
    """(classes,) int64 each: the records of the most frequent value, and of the second most frequent one, 0
    where there is none."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]


def response(table: "pa.Table", frequencies: "FrequencySet", column: str) -> Response:
    """The values of `column` in the groups of the table's frequency set. Missing is a value of its own.
    ResponseError where the table has no such column."""
    import pyarrow as pa

    from ppdesk.anonymize.criteria.histograms import sensitive
    from ppdesk.anonymize.errors import ResponseError

    if column not in table.column_names:
        raise ResponseError()
    held = sensitive(
        table.column(column).cast(pa.string()), frequencies.row_groups, len(frequencies.counts)
    ).histogram
    groups = np.repeat(np.arange(len(frequencies.counts), dtype=np.int32), np.diff(held.start))
    order = np.argsort(held.values, kind="stable")
    return Response(groups[order], held.values[order], held.counts[order])


@compiled
def majorities(ids: Any, classes: int, groups: Any, values: Any, counts: Any) -> Any:
    """The two largest counts of a value in each class; `ids` (groups,) is the class of each group, and the
    pairs come by value."""
    first, second = np.zeros(classes, np.int64), np.zeros(classes, np.int64)
    held, seen = np.zeros(classes, np.int64), np.full(classes, -1, np.int64)
    for i in range(groups.shape[0]):
        c = ids[groups[i]]
        if seen[c] != values[i]:
            _enter(held[c], c, first, second)
            held[c], seen[c] = 0, values[i]
        held[c] += counts[i]
    for c in range(classes):
        _enter(held[c], c, first, second)
    return Majorities(first, second)


@compiled
def _enter(count: int, c: int, first: Any, second: Any) -> None:
    if count > first[c]:
        first[c], second[c] = count, first[c]
    elif count > second[c]:
        second[c] = count
