"""The distinct values of a column, bounded: what proposals are worked out from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.data.column_counts import Counted
from ppdesk.data.column_types import ColumnType

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_HEAD = 4096  # rows that tell whether a column repeats its values
_SAMPLE = 20_000  # rows that stand for a column that does not
MOST = 20_000  # distinct values looked at one by one


@dataclass(frozen=True)
class Tally:
    """`values` (d,) distinct strings without null, and `counts` (d,) of rows with each; of the whole column,
    or (`sampled`) of rows spread evenly over it."""

    name: str
    column: "pa.ChunkedArray"
    values: "pa.Array"
    counts: "NDArray[np.int64]"
    sampled: bool
    decimal: DecimalMark
    type: ColumnType | None = None  # what all values of the column parse as, if known

    @cached_property
    def floats(self) -> "NDArray[np.float64]":
        """(d,) the values as numbers, NaN for what is none."""
        return numbers(self.values, self.decimal)

    @cached_property
    def cells(self) -> int:
        """Rows with a value that were looked at."""
        return int(self.counts.sum())

    def share(self, mask: "NDArray[np.bool_]") -> float:
        """Of the rows looked at, how many have a value that `mask` (d,) picks."""
        return float(self.counts[mask].sum()) / self.cells if self.cells else 0.0

    def exactly(self, test: Callable[[Any], Any]) -> int:
        """How many rows of the whole column pass `test`, a function of single values."""
        import pyarrow.compute as pc

        if self.sampled:
            return int(pc.sum(test(self.column)).as_py() or 0)
        return int(self.counts[flat(test(self.values))].sum())

    def seems(self, test: Callable[[Any], Any]) -> bool:
        """Whether any of the values looked at passes `test`."""
        return bool(flat(test(self.values)).any())


def flat(mask: Any) -> "NDArray[np.bool_]":
    """An Arrow mask as (d,) bool."""
    from ppdesk.data.clean.counts import flags

    return flags(mask)


def tally(
    name: str, column: "pa.ChunkedArray", decimal: DecimalMark, counted: Counted | None = None
) -> Tally:
    """The distinct values of `column`, or of a sample where it hardly repeats any. `counted`: what is known
    of it already."""
    import numpy as np
    import pyarrow.compute as pc

    kind = None if counted is None else counted.type
    if counted is not None and counted.values is not None and counted.counts is not None:
        return Tally(name, column, counted.values, counted.counts, False, decimal, kind)
    first = column.slice(0, _HEAD)
    sampled = 2 * int(pc.count_distinct(first).as_py() or 0) > len(first) and len(column) > _SAMPLE
    if not sampled:
        found = column.value_counts()
        if len(found) <= MOST or len(column) <= _SAMPLE:
            return _made(name, column, found, decimal, kind, sampled=False)
    some = column.take(np.linspace(0, len(column) - 1, _SAMPLE).astype(np.int64))
    return _made(name, column, some.value_counts(), decimal, kind, sampled=True)


def _made(
    name: str,
    column: "pa.ChunkedArray",
    found: Any,
    decimal: DecimalMark,
    kind: ColumnType | None,
    *,
    sampled: bool,
) -> Tally:
    import numpy as np

    valid = np.asarray(found.field("values").is_valid())
    return Tally(
        name,
        column,
        found.field("values").filter(valid),
        np.asarray(found.field("counts"))[valid],
        sampled,
        decimal,
        kind,
    )
