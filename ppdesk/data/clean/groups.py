"""Which rows agree in some columns."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def group_numbers(table: "pa.Table", columns: tuple[str, ...]) -> "NDArray[np.int64]":
    """(n,) int64: the same number for rows that are equal in `columns`; missing equals missing. Numbers say
    nothing but that. Exact: codes of distinct values, one column folded into the next, and no hash."""
    import numpy as np
    import pyarrow.compute as pc

    numbers = np.zeros(table.num_rows, np.int64)
    distinct = 1
    for name in columns:
        parts: Any = table.column(name).dictionary_encode().unify_dictionaries().chunks
        if not parts:
            break
        size = len(parts[-1].dictionary) + 1
        codes = np.concatenate([np.asarray(pc.fill_null(part.indices, size - 1)) for part in parts])
        if distinct * size >= 2**62:  # before it would not fit
            numbers, distinct = _dense(numbers)
        numbers = numbers * size + codes
        distinct *= size
        if distinct > 4 * table.num_rows:
            numbers, distinct = _dense(numbers)
        if distinct == table.num_rows:  # every row is alone already
            break
    return numbers


def _dense(numbers: "NDArray[np.int64]") -> "tuple[NDArray[np.int64], int]":
    """The same grouping with numbers from 0 without gaps, and how many there are."""
    import pyarrow as pa

    coded = pa.array(numbers).dictionary_encode()
    return coded.indices.to_numpy().astype("int64"), len(coded.dictionary)
