"""Columns whose cells may be of several types (lists, object arrays), read cell by cell.

A library that finds one type for such a column reads a cell by what stands in the others: 1.0 beside a text
becomes "1.0", and "1" without it. One record could then change how all others are read, which no sensitivity
covers; and a cell that no type holds would stop the run. So each cell is read by itself here: the quick ways
are taken only where they read every cell as `_text` and `_number` do.
"""

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT = 2.0**53  # whole numbers below are exact doubles, and are written as whole numbers
_REFUSED = (ValueError, TypeError, NotImplementedError, OverflowError)  # Arrow finds no type for all cells


def is_loose(column: Any) -> bool:
    """Whether its cells may be of several types."""
    if isinstance(column, list | tuple):
        return True
    kind = getattr(column, "dtype", None)
    return isinstance(kind, np.dtype) and kind.kind in "OUS"


def texts(column: Any) -> "pa.Array":
    """Each cell as text, null where there is none."""
    import pyarrow as pa

    found = _inferred(column)
    if found is not None:
        return found if pa.types.is_string(found.type) else typed_texts(found)
    return pa.array([_text(one) for one in column], pa.string())


def values(column: Any, decimal: DecimalMark) -> "npt.NDArray[np.float64]":
    """Each cell as a number, NaN where it is none."""
    import pyarrow as pa

    found = _inferred(column)
    if found is not None and pa.types.is_string(found.type):
        return numbers(found, decimal)
    if found is not None:
        return np.asarray(found.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
    out = np.array([_number(one) for one in column], np.float64)
    written = [place for place, one in enumerate(column) if isinstance(one, str | bytes)]
    if written:
        cells = pa.array([_text(column[place]) for place in written], pa.string())
        out[written] = numbers(cells, decimal)
    return out


def typed_texts(cells: "pa.Array | pa.ChunkedArray") -> "pa.Array | pa.ChunkedArray":
    """A typed column as text. A whole number is written the same in a column of doubles: which of the two it
    is may hang on a single missing cell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = cells.cast(pa.string())
    if not (pa.types.is_float32(cells.type) or pa.types.is_float64(cells.type)):
        return plain
    wide = cells.cast(pa.float64())
    whole = pc.and_(pc.less(pc.abs(wide), _EXACT), pc.equal(pc.trunc(wide), wide))
    return pc.if_else(
        whole, pc.if_else(whole, wide, 0.0).cast(pa.int64(), safe=False).cast(pa.string()), plain
    )


def _inferred(column: Any) -> "pa.Array | None":
    """The column with one type, where that reads each cell as if it stood alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        found = pa.array(column, from_pandas=True)
    except _REFUSED:
        return None
    if isinstance(found, pa.ChunkedArray):
        found = pa.concat_arrays(found.chunks) if found.num_chunks else pa.array([], found.type)
    if pa.types.is_null(found.type):
        return found.cast(pa.string())
    if pa.types.is_string(found.type):
        return found
    if not (pa.types.is_int64(found.type) or pa.types.is_float64(found.type)):
        return None
    if {bool, np.bool_}.intersection(map(type, column)):  # beside numbers Arrow takes true for 1
        return None
    # doubles beyond may have been whole numbers
    far = pa.types.is_float64(found.type) and pc.any(pc.greater_equal(pc.abs(found), _EXACT)).as_py()
    return None if far else found


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, float | np.floating):
        return None if cell is None or cell != cell else _float_text(float(cell))  # noqa: PLR0124 - NaN
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    try:
        found = cell.decode() if isinstance(cell, bytes) else str(cell)
        found.encode()
    except ValueError:  # no text in any encoding, or a whole number of thousands of digits
        return None
    return found


def _float_text(cell: float) -> str:
    import pyarrow as pa

    return str(typed_texts(pa.array([cell], pa.float64()))[0])


def _number(cell: Any) -> float:
    if not isinstance(cell, int | float | np.bool_ | np.integer | np.floating | Decimal):
        return math.nan
    try:
        return float(cell)
    except OverflowError:
        return math.inf if cell > 0 else -math.inf
    except ValueError:  # a signalling NaN
        return math.nan
