"""A table read by its schema: numbers and codes, once, for every estimator.

A numeric column becomes float64 with NaN where the cell is missing or holds no number; values are cut to the
declared bounds. A categorical one becomes int32 codes, 0..k - 1 in the declared order, and k for any other
value and for none. Each cell is read by itself: what one record holds never changes how another is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.train import loose_cells
from ppdesk.train.errors import MissingColumnError
from ppdesk.train.schema import Classes, Column, Numeric, Quantity, Schema

if TYPE_CHECKING:
    import pyarrow as pa

Values = npt.NDArray[np.float64] | npt.NDArray[np.int32]


@dataclass(frozen=True)
class Records:
    """`values[j]`, (n,): column j of `schema`; float64 for a numeric one, int32 for a categorical one."""

    schema: Schema
    values: tuple[Values, ...]

    @property
    def rows(self) -> int:
        """n."""
        return int(self.values[0].shape[0])

    def take(self, which: "npt.NDArray[np.bool_] | npt.NDArray[np.int64]") -> "Records":
        """The records that a mask (n,) or places (m,) choose."""
        return Records(self.schema, tuple(one[which] for one in self.values))

    @classmethod
    def read(cls, table: Any, schema: Schema, decimal: DecimalMark = DecimalMark.POINT) -> "Records":
        """Records of an Arrow table (strings, or typed columns), a pandas frame, a mapping of arrays, or a
        matrix (n, columns) whose columns stand in the schema's order. MissingColumnError."""
        columns = _columns(table, schema)
        return cls(schema, tuple(read_column(columns[one.name], one, decimal) for one in schema.columns))


def read_column(column: Any, declared: Column, decimal: DecimalMark = DecimalMark.POINT) -> Values:
    """One column, (n,): see the head of this file."""
    if isinstance(declared, Numeric):
        return np.clip(_numbers(column, decimal), declared.low, declared.high)
    return _codes(column, declared.categories)


def read_classes(column: Any, target: Classes) -> "tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]":
    """(codes, known), (n,) each: the place of each cell among the declared classes; known where it is one."""
    codes = _codes(column, target.values)
    known = codes < len(target.values)
    return np.where(known, codes, 0).astype(np.int32), known


def read_quantity(
    column: Any, target: Quantity, decimal: DecimalMark = DecimalMark.POINT
) -> "tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]":
    """(values, known), (n,) each: the numbers cut to the declared bounds; known where the cell is one."""
    values = _numbers(column, decimal)
    known = ~np.isnan(values)
    return np.clip(np.where(known, values, target.low), target.low, target.high), known


def _columns(table: Any, schema: Schema) -> Mapping[str, Any]:
    import pyarrow as pa

    if isinstance(table, pa.Table):
        present: Any = set(table.column_names)
        found = {name: table.column(name) for name in schema.names if name in present}
    elif isinstance(table, np.ndarray):
        if table.ndim != 2 or table.shape[1] != len(schema.columns):
            raise MissingColumnError(column=f"{len(schema.columns)} in all")
        found = {name: table[:, place] for place, name in enumerate(schema.names)}
    else:
        found = {name: table[name] for name in schema.names if name in table}
    for name in schema.names:
        if name not in found:
            raise MissingColumnError(column=name)
    return found


def _arrow(column: Any) -> "pa.ChunkedArray | pa.Array":
    import pyarrow as pa

    cells = column if isinstance(column, pa.ChunkedArray | pa.Array) else pa.array(column, from_pandas=True)
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type):
        cells = loose_cells.texts(cells.to_pylist())  # one that is no text must not stop the others
    return cells


def _numbers(column: Any, decimal: DecimalMark) -> "npt.NDArray[np.float64]":
    import pyarrow as pa

    if isinstance(column, np.ndarray) and column.dtype.kind in "fiub":
        return np.asarray(column, dtype=np.float64)
    if loose_cells.is_loose(column):
        return loose_cells.values(column, decimal)
    cells = _arrow(column)
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        return numbers(cells, decimal)
    found = cells.cast(pa.float64(), safe=False)  # a whole number beyond 2^53 is rounded
    whole = found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])
    values: npt.NDArray[np.float64] = np.asarray(whole.to_numpy(), dtype=np.float64)
    return values


def _codes(column: Any, categories: tuple[str, ...]) -> "npt.NDArray[np.int32]":
    import pyarrow as pa
    import pyarrow.compute as pc

    loose = loose_cells.is_loose(column)
    cells = loose_cells.texts(column) if loose else loose_cells.typed_texts(_arrow(column))
    place = pc.index_in(cells, value_set=pa.array(categories, pa.string()))
    codes: npt.NDArray[np.int32] = np.asarray(pc.fill_null(place, len(categories)).to_numpy(), dtype=np.int32)
    return codes
