"""The compiled loops: quick draws by a table, and decisions on the rare rest."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ppdesk.core.compiling import compiled

Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

COLUMNS = 2048
_COLUMN = 2**32


class Bars(NamedTuple):
    """What the loops read of a table (`table`)."""

    entries: Words
    sure: Whole
    bands: Whole
    bits: int
    first: int
    number: int
    stride: int
    shift: int  # a word without its last `shift` bits is below the least power of two that `slow` fits in
    slow: int  # the weight of the rare outcome
    most: float
    rate: float


@compiled
def alias(weights: Whole, entries: Words) -> None:
    """Vose's alias table (1991) of whole `weights`, (2048,), that sum to 2048 columns of 2^32 each.

    entries[j]: low half how much of column j is j's own, high half whose the rest is. All of it is exact.
    """
    left = weights.copy()
    waiting = np.empty(COLUMNS, np.int64)
    low, high = 0, COLUMNS
    for j in range(COLUMNS):
        if left[j] < _COLUMN:
            waiting[low] = j
            low += 1
        else:
            high -= 1
            waiting[high] = j
    while low > 0:
        low -= 1
        small = waiting[low]
        large = waiting[high]
        entries[small] = np.uint64(left[small]) | (np.uint64(large) << np.uint64(32))
        left[large] -= _COLUMN - left[small]
        if left[large] < _COLUMN:
            high += 1
            waiting[low] = large
            low += 1
    for place in range(high, COLUMNS):
        full = waiting[place]
        entries[full] = np.uint64(full) << np.uint64(32)


@compiled
def quick(out: Whole, words: Words, table: Any, rare: Whole) -> int:
    """Fill `out`, (n,), with `table.stride` words each. The places that fell on the rare outcome, whose
    values mean nothing yet, go to `rare`, (n + 1,); their number is returned."""
    entries, bits, first, count, stride = table.entries, table.bits, table.first, table.number, table.stride
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    found = 0
    for i in range(out.size):
        word = words[i * stride]
        column = word & np.uint64(COLUMNS - 1)
        entry = entries[column]
        own = (word >> np.uint64(32)) < (entry & np.uint64(0xFFFFFFFF))
        bar = np.int64(column) if own else np.int64(entry >> np.uint64(32))
        inside = (words[i * stride + stride - 1] >> np.uint64(11)) & mask
        out[i] = first + (bar << bits) + np.int64(inside)
        rare[found] = i
        found += bar == count
    return found


@compiled
def decide(out: Whole, words: Words, table: Any, rare: Whole, doubts: Whole) -> tuple[int, int]:
    """Settle the rare places, (m,), as far as words and room for doubts go.

    doubts   (d, 4), filled with (place, bar, height, y): what doubles cannot tell, or a tail (no height, no
    y) returns  (places settled or in doubt, number of doubts)
    """
    bands, count, stride = table.bands, table.number, table.stride
    total = bands[bands.size - 1]
    mask = (np.uint64(1) << np.uint64(table.bits)) - np.uint64(1)
    used, doubtful, at = 0, 0, 0
    again = np.empty(2, np.int64)
    # an attempt takes at most four words
    while at < rare.size and used + 4 <= words.size and doubtful < doubts.shape[0]:
        height = np.int64(words[used] >> np.uint64(table.shift))
        used += 1
        if height >= table.slow:
            continue  # still on the rare outcome
        if height < total:
            bar = np.searchsorted(bands, height, side="right") - 1
            inside = (words[used] >> np.uint64(11)) & mask
            used += 1
            y = table.first + (bar << table.bits) + np.int64(inside)
            height -= bands[bar]
            told = 0
            if bar < count:
                height += table.sure[bar]
                if table.rate > 0:
                    curve = table.most * np.exp(-table.rate * np.float64(y) * np.float64(y))
                    told = 1 if height + 2 <= curve else (-1 if height >= curve + 1 else 0)
            if told >= 0:
                if told == 1:
                    out[rare[at]] = y
                else:
                    doubts[doubtful, 0] = rare[at]
                    doubts[doubtful, 1] = bar
                    doubts[doubtful, 2] = height
                    doubts[doubtful, 3] = y
                    doubtful += 1
                at += 1
                continue
        # refused: a new draw
        if quick(out[rare[at] : rare[at] + 1], words[used : used + stride], table, again) == 0:
            at += 1
        used += stride
    return at, doubtful
