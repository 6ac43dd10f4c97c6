"""Numbers into intervals: a rule for `hierarchy_builders.build`. Exact, as the decimals are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.said import said

MOST_DECLARED = 100_000  # leaves; a wider range of whole numbers is taken as its values come
MOST_LEVELS = 64


@dataclass(frozen=True)
class Intervals:
    """Numbers from `low` to `high`, both included, in intervals of `widths`, each a multiple of the one
    before. They begin at multiples of the width. `whole`: the values are whole numbers, written plainly."""

    low: float
    high: float
    widths: Sequence[float]
    whole: bool = True
    mark: DecimalMark = DecimalMark.POINT

    def unsound(self) -> str:
        if not self.low < self.high:
            return said("its lowest value must be below its highest")
        if not self.widths or len(self.widths) > MOST_LEVELS:
            return said("it needs 1 to {most} widths", most=MOST_LEVELS)
        widths = self._exact_widths
        if widths[0] <= 0:
            return said("a width must be above 0")
        if self.whole and any(width.denominator != 1 for width in widths):
            return said("widths of whole numbers must be whole numbers")
        for finer, coarser in pairwise(widths):
            if coarser <= finer or (coarser / finer).denominator != 1:
                return said("each width must be a multiple of the one before, and larger")
        return ""

    def declared(self) -> Sequence[str] | None:
        low, high = ceil(self.low), floor(self.high)
        if not self.whole or high - low >= MOST_DECLARED:
            return None
        return [str(number) for number in range(low, high + 1)]

    def wants(self) -> str:
        low, high = self.low, self.high
        if self.whole:
            return said(
                "a plain whole number from {low:g} to {high:g}, its declared bounds", low=low, high=high
            )
        return said("a number from {low:g} to {high:g}, its declared bounds", low=low, high=high)

    def height(self) -> int:
        return len(self.widths)

    def levels(self, value: str) -> tuple[str, ...] | None:
        number = _number(value, self.mark)
        if number is None or not self.low <= number <= self.high:
            return None
        over, under = number.as_integer_ratio()
        if self.whole and under != 1:
            return None
        finest = self._exact_widths[0]
        place = over * finest.denominator // (under * finest.numerator)
        return tuple(self._label(level, place // ratio) for level, ratio in enumerate(self._ratios))

    @cached_property
    def _exact_widths(self) -> tuple[Fraction, ...]:
        return tuple(_exact(width) for width in self.widths)

    @cached_property
    def _ratios(self) -> tuple[int, ...]:
        """Of each width to the finest."""
        return tuple(int(width / self._exact_widths[0]) for width in self._exact_widths)

    @cached_property
    def _labels(self) -> dict[tuple[int, int], str]:
        return {}

    def _label(self, level: int, place: int) -> str:
        if (level, place) not in self._labels:
            width = self._exact_widths[level]
            low, high = place * width, (place + 1) * width
            if not self.whole:
                words = f"[{_plain(low)}, {_plain(high)})"
            else:
                words = f"{low}" if width == 1 else f"{low} to {high - 1}"
            self._labels[level, place] = words
        return self._labels[level, place]


_NUMBER = {
    mark: re.compile(rf"^[+-]?([0-9]+\{mark.sign}?[0-9]*|\{mark.sign}[0-9]+)([eE][+-]?[0-9]{{1,3}})?$")
    for mark in DecimalMark
}  # as in core.cell_numbers


def _number(text: str, mark: DecimalMark) -> Decimal | None:
    text = text.strip()
    return Decimal(text.replace(mark.sign, ".")) if _NUMBER[mark].match(text) else None


def _exact(number: float) -> Fraction:
    """The decimal number that a person wrote: 0.1 is a tenth."""
    return Fraction(repr(float(number)))


def _plain(number: Fraction) -> str:
    """A number of finitely many decimals, all of them."""
    scale = 0
    while (number * 10**scale).denominator != 1:
        scale += 1
    digits = f"{abs(int(number * 10**scale)):0{scale + 1}d}"
    text = f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits
    return f"-{text}" if number < 0 else text
