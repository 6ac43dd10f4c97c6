"""A fingerprint of what a table says, not of the file that says it.

The same rows in another order, with the columns in another order, or written with another delimiter, quoting
or encoding have the same fingerprint. A changed cell, a row or column more or less is another one.

Each value is hashed (the sum of its bytes, each times a weight of its place), the values of a row are mixed
with their column's name and summed in two lanes of 64 bits, and so are the rows: a sum does not depend on
the order. This holds against accidents. Whoever works out a collision gains nothing: two tables that look
alike share one budget.
"""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ppdesk.core.canonical import digest
from ppdesk.core.errors import CancelledRunError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

_LANES = 2  # words of 64 bits that a row is summed in
_STEP = 0x9E3779B97F4A7C15  # SplitMix64's
_SAMPLE = 4096  # rows that tell whether a column repeats its values
_AT_ONCE = 1 << 16  # distinct values hashed at a time, to bound the memory


def content_fingerprint(table: "pa.Table", *, cancelled: Callable[[], bool] = lambda: False) -> str:
    """64 hexadecimal digits for a table of string columns. White space around a value or a name does not
    count, nor the case of a name, and a missing value is an empty one. CancelledRunError when asked to stop.
    """
    import numpy as np

    rows = [np.zeros(table.num_rows, dtype=np.uint64) for _ in range(_LANES)]
    for name, column in zip(table.column_names, table.columns, strict=True):
        if cancelled():
            raise CancelledRunError()
        hashes = _of_column(column)
        for lane, row in enumerate(rows):
            seed = hashlib.sha256(f"{lane}/{_tidy(name)}".encode()).digest()[:8]
            row += _mixed(hashes ^ np.uint64(int.from_bytes(seed, "little")))  # noqa: PLW2901  in place
    sums = [int(_mixed(row).sum(dtype=np.uint64)) for row in rows]
    names = sorted(_tidy(name) for name in table.column_names)
    return digest({"columns": names, "rows": table.num_rows, "sums": [f"{one:016x}" for one in sums]})


def _of_column(column: "pa.ChunkedArray") -> "Words":
    """One word for each row: the hash of its value without white space around it."""
    import numpy as np
    import pyarrow.compute as pc

    nothing = np.zeros(1, dtype=np.uint64)  # the hash of an empty text: a sum of no bytes
    first = column.slice(0, _SAMPLE)
    if 2 * int(pc.count_distinct(first).as_py()) > len(first):  # hardly a value twice: no detour
        texts = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
        return np.concatenate([nothing[:0], *map(_hashes, texts.chunks)])
    parts: Any = column.dictionary_encode().chunks
    if not parts:
        return nothing[:0]
    # one table of values grows along the chunks, so that the last one has them all
    values = parts[-1].dictionary
    hashes = np.concatenate([_hashes(pc.utf8_trim_whitespace(values)), nothing])
    codes = [pc.fill_null(part.indices, len(values)).to_numpy() for part in parts]
    return np.take(hashes, np.concatenate(codes))


def _hashes(values: "pa.StringArray") -> "Words":
    """One word for each text."""
    import numpy as np

    ends, data = _bytes(values)
    found = np.empty(len(values), dtype=np.uint64)
    for start in range(0, len(values), _AT_ONCE):
        some = ends[start : start + _AT_ONCE + 1]
        starts, lengths = some[:-1] - some[0], np.diff(some)
        weights = _mixed(np.arange(1, int(lengths.max(initial=0)) + 1, dtype=np.uint64) * np.uint64(_STEP))
        letters = data[some[0] : some[-1]].astype(np.uint64) + np.uint64(1)
        sums = np.zeros(len(letters) + 1, dtype=np.uint64)
        np.cumsum(letters * weights[np.arange(len(letters)) - np.repeat(starts, lengths)], out=sums[1:])
        found[start : start + len(lengths)] = sums[starts + lengths] - sums[starts]
    return found


def _bytes(values: "pa.StringArray") -> "tuple[NDArray[np.int64], NDArray[np.uint8]]":
    """(where each text begins, and where the last one ends; all bytes)."""
    import numpy as np

    _, offsets, data = values.buffers()
    width = np.int64 if str(values.type).startswith("large") else np.int32
    ends = np.frombuffer(offsets, dtype=width)[values.offset : values.offset + len(values) + 1]
    return ends.astype(np.int64), np.frombuffer(data or b"", dtype=np.uint8)


def _mixed(words: "Words") -> "Words":
    """The finalizer of SplitMix64 (Steele and others 2014): every bit of a word moves all of its image."""
    import numpy as np

    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _tidy(name: str) -> str:
    return name.strip().casefold()
