"""What epsilon one record gets, so that a larger unit has the epsilon that is claimed. Light: no arrays.

The proof stands at the head of `contribution`.
"""

import math
from fractions import Fraction


def group(unit: int | None, stability: int) -> int:
    """g for `unit`: at most that many records of one person, or None where the unit is a record."""
    if unit is None:
        return stability
    return unit if stability == 1 else 2 * unit * stability


def mechanism_epsilon(epsilon: float, factor: int) -> float:
    """The largest double e with e * factor <= epsilon, as exact numbers: never above what is claimed."""
    found = epsilon / factor
    while Fraction(found) * factor > Fraction(epsilon):
        found = math.nextafter(found, 0.0)
    return found
