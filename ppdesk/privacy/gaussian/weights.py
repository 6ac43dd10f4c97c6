"""Two distributions on whole numbers by their weights: discrete Gaussian and binomial.

Both are log-concave with their highest weight, 1, at `mode`. `near` gives weights in double precision with a
proved bound of its error; `between` gives whole numbers around a weight, as closely as asked, by integer
arithmetic alone.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOST_BARS = 2046


class Weights(Protocol):
    """Log-concave weights on the whole numbers."""

    @property
    def mode(self) -> int:
        """Where the weight is highest: 1."""
        ...

    @property
    def rate(self) -> float:
        """r where weight(y) = exp(-r y^2), to be used by the compiled loop; 0 where it is of another kind."""
        ...

    @property
    def error(self) -> float:
        """Bounds the absolute error of `near`."""
        ...

    def bars(self) -> tuple[int, int, int]:
        """(bits, first, count): `count` bars of 2^bits numbers each, from `first`, hold all but rare
        draws."""
        ...

    def near(self, places: Whole) -> Doubles:
        """Weights at `places` inside the bars, (n,), each within `error`."""
        ...

    def between(self, place: int, precision: int) -> tuple[int, int]:
        """(low, high) with low <= weight * 2^precision <= high; high - low is a few units."""
        ...

    def halves(self, edge: int, step: int) -> bool:
        """Proves weight(edge + step) <= weight(edge) / 2, for a step away from the mode."""
        ...


@dataclass(frozen=True)
class GaussianWeights:
    """exp(-y^2 / (2 scale^2)) on all whole numbers; `scale` is the double as it stands, a fraction."""

    scale: float

    mode = 0
    # the exponent a is off by at most 4 a 2^-53, exp by a few units: a exp(-a) <= 1/e, so this is 8 x too
    # much
    error = 2.0**-47

    @property
    def rate(self) -> float:
        return 0.5 / (self.scale * self.scale)

    def bars(self) -> tuple[int, int, int]:
        bits = max(0, math.frexp(self.scale)[1] - 7)  # 64 to 128 bars are one scale
        half = min(MOST_BARS // 2, math.ceil(8 * self.scale / 2**bits) + 1)
        return bits, -half << bits, 2 * half

    def near(self, places: Whole) -> Doubles:
        return np.exp(-self.rate * np.square(places.astype(np.float64)))

    def between(self, place: int, precision: int) -> tuple[int, int]:
        return exp_between(Fraction(place * place) / (2 * Fraction(self.scale) ** 2), precision)

    def halves(self, edge: int, step: int) -> bool:
        # the weight falls by exp(-x), and x >= 0.7 > ln 2
        return Fraction((edge + step) ** 2 - edge**2) / (2 * Fraction(self.scale) ** 2) >= Fraction(7, 10)


@dataclass(frozen=True)
class BinomialWeights:
    """P(y) / P(mode) of Binomial(n, q), 0 < q <= 1/2; `q` is the double as it stands, a fraction."""

    n: int
    q: float

    rate = 0.0

    @cached_property
    def mode(self) -> int:
        return math.floor((self.n + 1) * Fraction(self.q))

    @property
    def error(self) -> float:
        # each step from the mode adds at most five roundings, relative, and no weight is above 1
        _, _, width = self._span
        return (width + 4) * 2.0**-50

    @cached_property
    def _span(self) -> tuple[int, int, int]:
        """(bits, first, width): whole bars, nine standard deviations and 40 to either side; beyond n,
        nothing."""
        reach = math.ceil(9 * math.sqrt(self.n * self.q * (1 - self.q))) + 40
        first = max(0, self.mode - reach)
        width = min(self.n, self.mode + reach) - first + 1
        bits = (width - 1).bit_length() - 10 if width > MOST_BARS else 0
        return bits, first, -(-width >> bits) << bits

    def bars(self) -> tuple[int, int, int]:
        bits, first, width = self._span
        return bits, first, width >> bits

    @cached_property
    def _table(self) -> Doubles:
        """Weights of the whole span, by the ratios of neighbours."""
        _, first, width = self._span
        odds = self.q / (1 - self.q)
        up = np.arange(self.mode, first + width - 1, dtype=np.float64)
        down = np.arange(self.mode, first, -1, dtype=np.float64)
        above = np.cumprod(np.maximum(self.n - up, 0) / (up + 1) * odds)
        below = np.cumprod(down / (self.n - down + 1) / odds)
        return np.concatenate((below[::-1], [1.0], above))

    def near(self, places: Whole) -> Doubles:
        return self._table[places - self._span[1]]

    def between(self, place: int, precision: int) -> tuple[int, int]:
        if not 0 <= place <= self.n:
            return 0, 0
        yes = Fraction(self.q)
        one, other = yes.numerator, yes.denominator - yes.numerator
        low = high = 1 << (precision + 64)
        if place > self.mode:
            steps = (((self.n - j) * one, (j + 1) * other) for j in range(self.mode, place))
        else:
            steps = ((j * other, (self.n - j + 1) * one) for j in range(self.mode, place, -1))
        for above, below in steps:
            low, high = low * above // below, -(-high * above // below)
        return low >> 64, -(-high >> 64)

    def halves(self, edge: int, step: int) -> bool:
        if not 0 <= edge + step <= self.n:
            return True
        # ratios fall on the way out (log-concave), so the first one bounds each
        yes, j = Fraction(self.q), edge
        ratio = (
            Fraction(self.n - j, j + 1) * yes / (1 - yes)
            if step > 0
            else Fraction(j, self.n - j + 1) * (1 - yes) / yes
        )
        return math.log(ratio) * abs(step) <= -0.7 if ratio < 1 else False


def exp_between(power: Fraction, precision: int) -> tuple[int, int]:
    """(low, high) with low <= exp(-power) 2^precision <= high, for power >= 0, by whole numbers alone.

    Power is halved h times until it is below 1/2, the alternating series is summed there, and the sum is
    squared h times. Each term is below its true value by less than four units of the last place.
    """
    if power == 0:
        return 1 << precision, 1 << precision
    if power >= precision + 1:
        return 0, 1  # exp(-power) < 2^-precision
    halvings = max(0, math.ceil(power).bit_length() + 1)
    place = precision + halvings + 32
    small = (power.numerator << place) // (power.denominator << halvings)
    term, total, terms = 1 << place, 1 << place, 0
    while term:
        terms += 1
        term = (term * small // terms) >> place
        total += -term if terms % 2 else term
    low, high = total - 4 * terms - 4, total + 4 * terms + 4
    for _ in range(halvings):
        low, high = (low * low) >> place, ((high * high) >> place) + 1
    shift = place - precision
    return low >> shift, -(-high >> shift)
