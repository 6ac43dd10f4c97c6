"""Which numbers a cost may be made of, and what is said about others."""

import math
from typing import TypeGuard

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class ImpossibleCostError(CodedError):
    """A privacy cost must be a finite number of at least zero, with delta below one; {name} is not."""

    code = "PP-PRIVACY-002"
    exit = Exit.REFUSED
    todo = "Correct epsilon or delta. Nothing was spent."


def is_finite(value: object) -> TypeGuard[float]:
    """Whether `value` is a number in the range of floats; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond that range
        return False


def positive(value: object, name: str) -> None:
    """ImpossibleCostError unless `value` is a finite number above 0."""
    if not (is_finite(value) and value > 0):
        raise ImpossibleCostError(name=name)


def whole(value: object, name: str, *, most: int = 2**53) -> None:
    """ImpossibleCostError unless `value` is a whole number of 1..most."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ImpossibleCostError(name=name)
