"""The bytes of Arrow texts as numpy arrays, without a copy."""

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
    if len(data) == 0:
        return True
    full = np.diff(ends) > 0
    edges = np.concatenate([data[ends[:-1][full]], data[ends[1:][full] - 1]])
    return bool(((edges > 0x20) & (edges < 0x7F)).all())
