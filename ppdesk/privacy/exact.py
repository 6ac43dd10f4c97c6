"""Exact arithmetic for budgets: no rounding may let a cost slip through.

A float stands for the decimal number that a person typed (the shortest one that reads back as that float),
so ten times 0.1 is exactly 1. Sums are fractions; a fraction becomes a float again only upwards.
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from ppdesk.privacy.events import ImpossibleCostError, is_finite


def exact(value: float, name: str) -> Fraction:
    """`value` as the decimal number it is written as. ImpossibleCostError unless finite and at least 0."""
    if not is_finite(value) or value < 0:
        raise ImpossibleCostError(name=name)
    return Fraction(Decimal(repr(float(value))))


def up(value: Fraction) -> float:
    """The smallest float whose decimal number is not below `value`; infinity where there is none."""
    try:
        found = float(value)
    except OverflowError:
        return math.inf
    while math.isfinite(found) and Fraction(Decimal(repr(found))) < value:
        found = math.nextafter(found, math.inf)
    return found


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum."""
    return sum(values, Fraction(0))


def exp_up(value: Fraction) -> Fraction | None:
    """A fraction not below e to the `value`; None where it is beyond the range of floats."""
    try:
        found = math.exp(up(value))
    except OverflowError:
        return None
    # libm's exp is good to 1 ulp (2.3e-16), and up() moved its argument by less than 1 ulp of itself
    return Fraction(found) * Fraction(10**12 + 1, 10**12) if math.isfinite(found) else None
