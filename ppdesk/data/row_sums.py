"""The sums that the fingerprint of a table's content is made of (see `content`).

Each value is hashed (the sum of its bytes, each times a weight of its place), the values of a row are mixed
with their column's name and summed in two lanes of 64 bits, and so are the rows: a sum does not depend on
the order. This holds against accidents. Whoever works out a collision gains nothing: two tables that look
alike share one budget.
"""

import hashlib
from typing import TYPE_CHECKING

from ppdesk.core.canonical import digest
from ppdesk.data.readers.text_bytes import missing_as_empty, no_space_around, text_bytes

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

_LANES = 2  # words of 64 bits that a row is summed in
_STEP = 0x9E3779B97F4A7C15  # SplitMix64's
_AT_ONCE = 1 << 16  # texts hashed, or rows summed, at a time: what stays near the processor
_NEAR = 1 << 13  # words mixed at a time
_PADDED = 64  # bytes up to which texts are hashed side by side


class RowSums:
    """The sums of a table's rows, which columns are added to in any order, one after the other."""

    def __init__(self, rows: int) -> None:
        import numpy as np

        self._lanes = [np.zeros(rows, dtype=np.uint64) for _ in range(_LANES)]
        self._rows = rows

    def add(self, name: str, first: int, hashes: "Words", codes: "NDArray[np.integer] | None" = None) -> None:
        """Rows from `first` on of the column `name`: a hash for each, or for each of `codes` the one it
        points to. Callers in several threads take turns."""
        import numpy as np

        for lane, sums in enumerate(self._lanes):
            seed = hashlib.sha256(f"{lane}/{_tidy(name)}".encode()).digest()[:8]
            word = np.uint64(int.from_bytes(seed, "little"))
            if codes is not None:
                sums[first : first + len(codes)] += _mixed(hashes ^ word)[codes]
                continue
            for start in range(0, len(hashes), _NEAR):
                some = hashes[start : start + _NEAR]
                sums[first + start : first + start + len(some)] += _mixed(some ^ word)

    def fingerprint(self, names: "list[str]") -> str:
        """The table's, when all its columns, called `names`, are in."""
        import numpy as np

        sums = [
            sum(
                int(_mixed(row[start : start + _NEAR]).sum(dtype=np.uint64))
                for start in range(0, self._rows, _NEAR)
            )
            % (1 << 64)
            for row in self._lanes
        ]
        tidy = sorted(_tidy(name) for name in names)
        return digest({"columns": tidy, "rows": self._rows, "sums": [f"{one:016x}" for one in sums]})


def trimmed_hashes(values: "pa.Array", plain: "Words | None" = None) -> "Words":
    """One word for each text without white space around it; `plain`: the words with it, if known."""
    import pyarrow.compute as pc

    if no_space_around(values):
        return plain if plain is not None else text_hashes(values)
    return text_hashes(pc.utf8_trim_whitespace(values))


def text_hashes(values: "pa.Array") -> "Words":
    """One word for each text, the word of a missing one being that of an empty one, 0."""
    import numpy as np

    values = missing_as_empty(values)
    found = np.empty(len(values), dtype=np.uint64)
    for start in range(0, len(values), _AT_ONCE):
        some = values.slice(start, _AT_ONCE)
        ends, data = text_bytes(some)
        longest, length = int(np.diff(ends).max(initial=0)), int(ends[-1] - ends[0])
        weights = _mixed(np.arange(1, longest + 1, dtype=np.uint64) * np.uint64(_STEP))
        target = found[start : start + len(some)]
        if 0 < longest <= _PADDED and np.count_nonzero(full := np.diff(ends) == longest) * longest == length:
            square = data[ends[0] : ends[-1]].reshape(-1, longest)  # all others are empty
            sums = np.full(len(square), weights.sum(dtype=np.uint64))
            _add_columns(sums, square, weights)
            target[:] = 0
            target[full] = sums
        elif 0 < longest <= _PADDED and len(some) * longest <= 4 * length:
            target[:] = _padded(some, ends, weights)
        else:
            target[:] = _running(ends, data, weights)
    return found


def _padded(values: "pa.Array", ends: "NDArray[np.int64]", weights: "Words") -> "Words":
    """Column by column over the texts as a rectangle of bytes, less what its zeros at the ends add."""
    import numpy as np
    import pyarrow.compute as pc

    width = len(weights)
    even = pc.ascii_rpad(values, width, "\0")
    starts, data = text_bytes(even)
    square = data[starts[0] : starts[-1]].reshape(-1, width)
    after = np.append(np.cumsum(weights[::-1])[::-1], np.uint64(0))  # the weights from a place on
    sums: Words = weights.sum(dtype=np.uint64) - after[np.diff(ends)]
    _add_columns(sums, square, weights)
    return sums


def _add_columns(sums: "Words", square: "NDArray[np.uint8]", weights: "Words") -> None:
    """Add to each of `sums` its row of bytes, each byte times the weight of its place."""
    import numpy as np

    for start in range(0, len(sums), _NEAR):
        part, total = square[start : start + _NEAR], sums[start : start + _NEAR]
        for place, weight in enumerate(weights):
            total += part[:, place].astype(np.uint64) * weight


def _running(ends: "NDArray[np.int64]", data: "NDArray[np.uint8]", weights: "Words") -> "Words":
    """By the differences of a running sum over all bytes."""
    import numpy as np

    starts, lengths = ends[:-1] - ends[0], np.diff(ends)
    letters = data[ends[0] : ends[-1]].astype(np.uint64) + np.uint64(1)
    sums = np.zeros(len(letters) + 1, dtype=np.uint64)
    np.cumsum(letters * weights[np.arange(len(letters)) - np.repeat(starts, lengths)], out=sums[1:])
    found: Words = sums[starts + lengths] - sums[starts]
    return found


def _mixed(words: "Words") -> "Words":
    """The finalizer of SplitMix64 (Steele and others 2014): every bit of a word moves all of its image."""
    import numpy as np

    words = words ^ (words >> np.uint64(30))  # a new array, which the rest may change
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


def _tidy(name: str) -> str:
    return name.strip().casefold()
