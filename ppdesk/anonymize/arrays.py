"""From Python or numpy to Arrow and back without `pyarrow.array` and `pyarrow.scalar`, which load pandas at
their first call: 0.25 s, 40 MB."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def texts(values: Sequence[str]) -> "pa.StringArray":
    """The same as strings, none missing. Up to 2 GiB of UTF-8."""
    import pyarrow as pa

    encoded = [value.encode() for value in values]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=ends[1:])
    if ends[-1] > np.iinfo(np.int32).max:
        raise OverflowError
    buffers = [None, pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def numbers(values: NDArray[Any]) -> "pa.Array":
    """The same memory as an Arrow array, none missing. `values` (n,) of a number type, contiguous."""
    import pyarrow as pa

    types = {"u1": pa.uint8(), "i4": pa.int32(), "i8": pa.int64()}
    return pa.Array.from_buffers(types[values.dtype.str[1:]], len(values), [None, pa.py_buffer(values)])


def filled(array: "pa.Array | pa.ChunkedArray", default: int) -> NDArray[Any]:
    """The numbers, with `default` where one is missing."""
    import pyarrow as pa

    found = []
    for one in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        kind = np.dtype(one.type.to_pandas_dtype())
        values = np.frombuffer(one.buffers()[1] or b"", kind)[one.offset : one.offset + len(one)]
        found.append(np.where(missing(one), kind.type(default), values) if one.null_count else values)
    return found[0] if len(found) == 1 else np.concatenate([np.zeros(0, np.int32), *found])


def missing(array: "pa.Array | pa.ChunkedArray") -> NDArray[np.bool_]:
    """(n,) bool: where a value is missing."""
    import pyarrow as pa

    if not array.null_count:
        return np.zeros(len(array), np.bool_)
    found: NDArray[np.bool_] = filled(array.is_null().cast(pa.uint8()), 1).view(np.bool_)
    return found


def coded(codes: NDArray[np.int32], labels: "pa.StringArray") -> "pa.DictionaryArray":
    """`labels` by their `codes`, (n,) int32."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(codes), labels)
