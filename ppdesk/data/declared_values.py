"""How many records of a column have values that were not declared. Counts only, no values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def outside_categories(column: "pa.ChunkedArray", categories: Sequence[str]) -> int:
    """Records whose value is none of `categories`. Missing values are not counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.is_in(column, value_set=pa.array(categories, pa.string()))
    return int(pc.sum(pc.and_(pc.is_valid(column), pc.invert(known))).as_py() or 0)


def outside_bounds(column: "pa.ChunkedArray", low: float | None, high: float | None) -> int:
    """Records whose text is no finite number, or one below `low` or above `high`. Missing values are not
    counted."""
    tally = column.drop_null().value_counts()
    count = 0
    for text, records in zip(
        tally.field("values").to_pylist(), tally.field("counts").to_pylist(), strict=True
    ):
        count += 0 if _within(text, low, high) else records
    return count


def _within(text: str, low: float | None, high: float | None) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    finite = value - value == 0.0
    return finite and (low is None or value >= low) and (high is None or value <= high)
