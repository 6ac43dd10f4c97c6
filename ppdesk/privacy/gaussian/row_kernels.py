"""The compiled loops of sampling: distinct rows, whole numbers below a bound, shuffles.

A number below r comes from the upper half of a word times r, without the values that would bias it (Lemire,
"Fast random integer generation in an interval", 2019); r is at most 2^32.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.compiling import compiled

Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

# a De Bruijn sequence: the upper six bits of its product with 2^k are another number for each k (Leiserson,
# Prokop and Randall 1998)
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, np.int64)
_PLACES[[((int(_SEQUENCE) << k) % 2**64) >> 58 for k in range(64)]] = range(64)


@compiled
def distinct(chosen: Words, wanted: int, rows: int, words: Words, taken: int) -> int:
    """Mark distinct uniform rows in the bitmap `chosen` until `wanted` are, or words run out; `taken` are.

    One word a try; its upper half times rows, without the values that would bias it (Lemire 2019).
    """
    biased = np.uint64(2**32) % np.uint64(rows)
    for place in range(words.size):
        if taken == wanted:
            break
        product = (words[place] >> np.uint64(32)) * np.uint64(rows)
        if (product & np.uint64(0xFFFFFFFF)) < biased:
            continue
        row = product >> np.uint64(32)
        bit = np.uint64(1) << (row & np.uint64(63))
        cell = np.int64(row >> np.uint64(6))
        if chosen[cell] & bit == 0:
            chosen[cell] |= bit
            taken += 1
    return taken


@compiled
def gather(chosen: Words, flipped: bool, out: Whole) -> None:
    """The rows whose bit is set (or not, where `flipped`), ascending, to `out` until it is full; clears
    all."""
    found = 0
    every = np.uint64(0xFFFFFFFFFFFFFFFF)
    for cell in range(chosen.size):
        bits = chosen[cell]
        if flipped:
            bits ^= every
        elif bits == 0:
            continue
        base = cell * 64
        while bits != 0 and found < out.size:
            lowest = bits & (~bits + np.uint64(1))
            out[found] = base + _log2(lowest)
            found += 1
            bits ^= lowest
        chosen[cell] = 0


@compiled
def _log2(bit: Any) -> int:
    """k of 2^k."""
    found: int = _PLACES[(bit * _SEQUENCE) >> np.uint64(58)]
    return found


@compiled
def below(out: Whole, start: int, high: int, words: Words) -> int:
    """Uniform whole numbers below `high` <= 2^32 to out[start:], until words run out; how far it came."""
    biased = np.uint64(2**32) % np.uint64(high)
    for place in range(words.size):
        if start == out.size:
            break
        product = (words[place] >> np.uint64(32)) * np.uint64(high)
        if (product & np.uint64(0xFFFFFFFF)) >= biased:
            out[start] = np.int64(product >> np.uint64(32))
            start += 1
    return start


@compiled
def shuffle(rows: Whole, left: int, words: Words) -> int:
    """Fisher and Yates: settle rows[left - 1] and below, until words run out; how many are left."""
    for place in range(words.size):
        if left <= 1:
            break
        product = (words[place] >> np.uint64(32)) * np.uint64(left)
        if (product & np.uint64(0xFFFFFFFF)) < np.uint64(2**32) % np.uint64(left):
            continue
        other = np.int64(product >> np.uint64(32))
        left -= 1
        rows[left], rows[other] = rows[other], rows[left]
    return left
