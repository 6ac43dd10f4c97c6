"""Coding by declared rules: bounds, rounding, intervals, masked signs. Nothing is read off the data."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ppdesk.anonymize.masking.numerals import Numerals


def rounded(values: NDArray[np.float64], base: float) -> NDArray[np.float64]:
    """To the nearest multiple of `base`; halves to the even one."""
    found: NDArray[np.float64] = np.rint(values / base) * base
    return found


def decimals_of(number: float) -> int:
    """How many decimals a declared number is written with: 0.25 -> 2, 10 -> 0."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def interval_labels(bounds: Sequence[float], found: "Numerals") -> list[str]:
    """The names of the intervals that ascending `bounds` make: below 10, [10, 20), 20 or more."""
    texts = [f"{one:.{decimals_of(one)}f}".replace(".", found.mark.sign) for one in bounds]
    between = [f"[{low}, {high})" for low, high in pairwise(texts)]
    return [f"below {texts[0]}", *between, f"{texts[-1]} or more"]


def masked(value: str, first: int, last: int, sign: str, length: int | None) -> str:
    """`value` with all signs but the `first` and `last` ones masked. A value that has no more signs than
    stay is masked as a whole. `length`: how many masking signs stand in any case, so that the length of the
    value does not show; None: one for each sign."""
    if len(value) <= first + last:
        return sign * (len(value) if length is None else length)
    hidden = len(value) - first - last if length is None else length
    return value[:first] + sign * hidden + value[len(value) - last :]
