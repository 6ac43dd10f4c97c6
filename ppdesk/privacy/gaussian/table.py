"""One distribution on whole numbers as a table of integer weights, from which draws are exact.

Let w be the weights (log-concave, at most 1) and M = `most` a whole number: the histogram M w(y) is what must
be drawn from, each y with probability in proportion. The line is cut into bars of 2^bits numbers, from
`first`.

    sure[k]   a whole number at most M w(y) for each y of bar k
    top[k]    a whole number at least M w(y) for each y of bar k
    tails     beyond the bars: stretch j = 0, 1, ... of 2^c numbers below the height T 2^-j. T >= M w(edge)
    and
              w(edge + 2^c) <= w(edge) / 2, so by log-concavity the histogram lies below them; they hold
              2 T 2^(c - bits) per side, in units of 2^bits

A point is drawn uniformly below this staircase, and its y is given out where the point lies below M w(y);
otherwise all is drawn anew. This is rejection from a region that holds the histogram: y has probability in
proportion to M w(y), exactly. A point below sure[k] is given out without a look at w. These two cases are
outcomes of one alias table over whole numbers that sum to 2^43: the bars with the weights sure[k], and one
rare outcome with all the rest, 1 to 2 % for a Gaussian. The rest is, in order, the bands top[k] - sure[k],
the two tails, and nothing (draw anew). Each step uses uniform bits without rounding, so each is exact.

Below M w(y)? A height is h + v, h whole, v uniform in [0, 1). Doubles give M w(y) within one unit (`error` is
proved with the weights): where h + 2 is at most that value, or h is one unit above it, the answer is certain.
Otherwise (some 1e-9 of the draws) v is drawn bit by bit, and w is bounded by integer arithmetic, until the
answer is certain (`Table.under`). It is after finitely many bits with probability one.

Sources: rejection and lazy comparison as in Karney, "Sampling exactly from the normal distribution" (2016),
and Canonne, Kamath and Steinke, "The discrete Gaussian for differential privacy" (2020), whose distribution
it is.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ppdesk.privacy.gaussian.kernels import COLUMNS, Bars, alias
from ppdesk.privacy.gaussian.weights import Weights

_TOTAL = COLUMNS * 2**32
_ONE_WORD = 21  # bits of a word that neither column nor threshold use


@dataclass(frozen=True)
class Table:
    """Made by `table_of`."""

    weights: Weights
    bars: Bars
    most: int
    margin: int  # units that a height by doubles may be off
    tail_bits: tuple[int, int]  # c, below and above
    tail_top: tuple[int, int]  # T, below and above

    def under(self, bar: int, height: int, place: int, word: Callable[[], int]) -> int | None:
        """The number to give out, or None to draw anew. `bar` below count: `place` at `height` + v, v uniform
        in [0, 1). The two bars above are the tails; what is drawn for them is drawn here."""
        start, width = Fraction(height), Fraction(1)
        bars = self.bars
        if bar < bars.number:
            curve = self.most * float(self.weights.near(np.array([place]))[0])
            if height + 1 + self.margin <= curve or height >= curve + self.margin:
                return place if height < curve else None
        else:
            side = bar - bars.number
            stretch = _heads(word)
            offset = (stretch << self.tail_bits[side]) + _uniform(self.tail_bits[side], word)
            end = bars.first + (bars.number << bars.bits)
            place = end + offset if side else bars.first - 1 - offset
            start, width = Fraction(0), Fraction(self.tail_top[side], 2**stretch)
        drawn, precision = 0, 0
        while True:
            drawn, precision = (drawn << 64) | word(), precision + 64
            fine = precision + 64
            low, high = self.weights.between(place, fine)
            if start + width * Fraction(drawn + 1, 2**precision) <= Fraction(self.most * low, 2**fine):
                return place
            if start + width * Fraction(drawn, 2**precision) >= Fraction(self.most * high, 2**fine):
                return None


def table_of(weights: Weights) -> Table:
    """The table of a distribution; a few milliseconds."""
    bits, first, count = weights.bars()
    left = first + (np.arange(count, dtype=np.int64) << bits)
    right = left + ((1 << bits) - 1)
    ends = weights.near(left), weights.near(right)
    lowest, highest = np.minimum(*ends), np.maximum(*ends)
    highest[(weights.mode - first) >> bits] = 1.0
    sides = ((first, -1), (first + (count << bits) - 1, 1))
    tail_bits = (_tail(weights, bits, *sides[0]), _tail(weights, bits, *sides[1]))
    most = int(_TOTAL / float(highest.sum()))
    while True:
        # the error, and one unit for rounding here
        margin = 1 + math.ceil(most * weights.error)
        sure = np.maximum(0, np.floor(most * lowest).astype(np.int64) - margin)
        top = np.ceil(most * highest).astype(np.int64) + margin
        low, high = (int(top[0]), int(top[-1]))
        tails = [2 * low << (tail_bits[0] - bits), 2 * high << (tail_bits[1] - bits)]
        bands = np.concatenate(([0], np.cumsum(np.concatenate((top - sure, tails)))))
        taken = int(sure.sum()) + int(bands[-1])
        if taken <= _TOTAL:
            break
        most = min(most - 1, int(most * (_TOTAL / taken) * (1 - 2.0**-20)))
    outcomes = np.zeros(COLUMNS, dtype=np.int64)
    outcomes[:count] = sure
    outcomes[count] = _TOTAL - int(sure.sum())
    entries = np.empty(COLUMNS, dtype=np.uint64)
    alias(outcomes, entries)
    slow, stride = int(outcomes[count]), (1 if bits <= _ONE_WORD else 2)
    shift = 64 - (slow - 1).bit_length()
    bars = Bars(entries, sure, bands, bits, first, count, stride, shift, slow, float(most), weights.rate)
    return Table(weights, bars, most, margin, tail_bits, (low, high))


def _tail(weights: Weights, bits: int, edge: int, way: int) -> int:
    """The least c, at least `bits`, where 2^c steps from the first number beyond the bars halve the
    weight."""
    beyond = edge + way
    while not weights.halves(beyond, way << bits):
        bits += 1
    return bits


def _heads(word: Callable[[], int]) -> int:
    """j with probability 2^-(j + 1)."""
    found = 0
    while (drawn := word()) == 0:
        found += 64
    return found + (drawn & -drawn).bit_length() - 1


def _uniform(bits: int, word: Callable[[], int]) -> int:
    """Below 2^bits."""
    found = 0
    for _ in range(0, bits, 64):
        found = (found << 64) | word()
    return found & ((1 << bits) - 1)
