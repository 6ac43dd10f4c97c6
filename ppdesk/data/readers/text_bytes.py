"""The bytes of Arrow texts as numpy arrays, without a copy.

Arrow's own fill_null and to_numpy load pandas where there are missing values: half a second and 50 MB.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def text_bytes(values: "pa.Array") -> "tuple[NDArray[np.int64], NDArray[np.uint8]]":
    """(where each text begins, and where the last one ends, (n + 1,); all bytes) of a string array."""
    import numpy as np

    _, offsets, data = values.buffers()
    if offsets is None or len(values) == 0:
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    width = np.int64 if str(values.type).startswith("large") else np.int32
    ends = np.frombuffer(offsets, dtype=width)[values.offset : values.offset + len(values) + 1]
    return ends.astype(np.int64), np.frombuffer(data or b"", dtype=np.uint8)


def no_space_around(values: "pa.Array") -> bool:
    """Whether surely no text begins or ends with white space: each begins and ends with a printable ASCII
    character. Missing and empty texts have none."""
    import numpy as np

    ends, data = text_bytes(values)
    body = data[ends[0] : ends[-1]]
    if np.count_nonzero(body - np.uint8(0x21) < 0x5E) == len(body):  # none at all: the quick answer
        return True
    full = np.diff(ends) > 0
    edges = np.concatenate([data[ends[:-1][full]], data[ends[1:][full] - 1]])
    return bool(((edges > 0x20) & (edges < 0x7F)).all())


def missing_as_empty(values: "pa.Array") -> "pa.Array":
    """The texts with an empty one for each missing one."""
    import pyarrow as pa

    if values.null_count == 0:
        return values
    ends, _ = text_bytes(values)
    gone = _missing(values)
    if (ends[1:] - ends[:-1])[gone].any():
        return values.fill_null("")
    _, offsets, data = values.buffers()
    return pa.Array.from_buffers(values.type, len(values), [None, offsets, data], 0, values.offset)


def present(values: "pa.Array") -> "pa.Array":
    """The texts without the missing ones, as drop_null gives them."""
    import numpy as np
    import pyarrow as pa

    if values.null_count == 0:
        return values
    _, offsets, data = values.buffers()
    if offsets is None or data is None:
        return values.drop_null()
    width = np.int64 if str(values.type).startswith("large") else np.int32
    ends = np.frombuffer(offsets, dtype=width)[values.offset : values.offset + len(values) + 1]
    held = ~_missing(values)
    if np.diff(ends)[~held].any():
        return values.drop_null()
    kept = ends[np.append(held, True)]  # a missing text has no bytes, so that the others lie side by side
    return pa.Array.from_buffers(values.type, len(kept) - 1, [None, pa.py_buffer(kept), data])


def codes_of(indices: "pa.Array", missing: int) -> "NDArray[np.int32]":
    """The indices of a dictionary, int32, with `missing` where there is none."""
    import numpy as np

    _, data = indices.buffers()
    codes = np.frombuffer(data, dtype=np.int32)[indices.offset : indices.offset + len(indices)]
    if indices.null_count == 0:
        return codes
    codes = codes.copy()
    codes[_missing(indices)] = missing
    return codes


def _missing(values: "pa.Array") -> "NDArray[np.bool_]":
    """Which values of an array that has missing ones are missing."""
    import numpy as np

    bits = np.frombuffer(values.buffers()[0], dtype=np.uint8)
    first, last = values.offset, values.offset + len(values)
    valid = np.unpackbits(bits[first // 8 : -(-last // 8)], bitorder="little")
    gone: NDArray[np.bool_] = valid[first % 8 : first % 8 + len(values)] == 0
    return gone


def flags(mask: "pa.Array") -> "NDArray[np.bool_]":
    """An Arrow mask without missing values as (n,) bool."""
    import numpy as np

    if len(mask) == 0:
        return np.zeros(0, dtype=bool)
    bits = np.frombuffer(mask.buffers()[1], dtype=np.uint8)
    first, last = mask.offset, mask.offset + len(mask)
    found: NDArray[np.bool_] = np.unpackbits(bits[first // 8 : -(-last // 8)], bitorder="little")[
        first % 8 : first % 8 + len(mask)
    ].astype(bool)
    return found
