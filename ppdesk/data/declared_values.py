"""How many records of a column have values that were not declared. Counts only, no values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa


def outside_categories(column: "pa.ChunkedArray", categories: Sequence[str]) -> int:
    """Records whose value is none of `categories`. Missing values are not counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.is_in(column, value_set=pa.array(categories, pa.string()))
    return int(pc.sum(pc.and_(pc.is_valid(column), pc.invert(known))).as_py() or 0)


def outside_bounds(
    column: "pa.ChunkedArray",
    low: float | None,
    high: float | None,
    decimal: DecimalMark = DecimalMark.POINT,
) -> int:
    """Records whose text is no finite number, or one below `low` or above `high`. Missing values are not
    counted. `decimal` is the table's declared mark."""
    import numpy as np

    values = numbers(column.drop_null(), decimal)
    within = np.isfinite(values)
    within &= True if low is None else values >= low
    within &= True if high is None else values <= high
    return int(values.size - within.sum())
