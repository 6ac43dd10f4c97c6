"""Which rows agree in some columns."""

from typing import TYPE_CHECKING, Any

_FITS = 2**62  # codes below it can be multiplied and added

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def group_numbers(table: "pa.Table", columns: tuple[str, ...]) -> "NDArray[np.int64]":
    """(n,) int64: the same number for rows that are equal in `columns`; missing equals missing. Numbers say
    nothing but that. Exact: codes of distinct values, one column folded into the next, and no hash."""
    import numpy as np

    numbers, most = np.zeros(table.num_rows, np.int64), 1  # no more than so many groups
    for name in columns:
        codes, size = _codes(table.column(name))
        if most * size >= _FITS:
            numbers, most = _dense(numbers)
        numbers, most = (codes, size) if most == 1 else (numbers * size + codes, most * size)
        if most > 4 * table.num_rows:
            numbers, most = _dense(numbers)
            if most == table.num_rows:  # every row is alone already
                break
        elif most == table.num_rows and name == columns[0]:
            break
    return numbers


def _codes(column: "pa.ChunkedArray") -> "tuple[NDArray[np.int64], int]":
    """A number for each value, from 0, a missing one being a value; and how many there are."""
    import numpy as np
    import pyarrow.compute as pc

    parts: Any = column.dictionary_encode().unify_dictionaries().chunks
    if not parts:
        return np.zeros(0, np.int64), 1
    size = len(parts[-1].dictionary)
    codes = [np.asarray(pc.fill_null(part.indices, size), np.int64) for part in parts]
    return np.concatenate(codes), size + (column.null_count > 0)


def _dense(numbers: "NDArray[np.int64]") -> "tuple[NDArray[np.int64], int]":
    """The same grouping with numbers from 0 without gaps, and how many there are."""
    import pyarrow as pa

    coded = pa.array(numbers).dictionary_encode()
    return coded.indices.to_numpy().astype("int64"), len(coded.dictionary)
