"""Whole-number sums with noise, or without for the twin."""

from dataclasses import dataclass

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending, Whole

UNIT = COUNT_UNIT  # the most that one record adds to one cell


@dataclass(frozen=True)
class Noisy:
    """Sums in units, and the standard deviation of the noise on each."""

    values: Floats
    noise: float


def whole(parts: Floats) -> Whole:
    """Each record's parts, (n, m) in -1..1, as whole numbers in -UNIT..UNIT, rounded towards zero: so
    squares, and sums of absolute values, only shrink. What is no number is 0."""
    units: Whole = np.clip(np.trunc(np.nan_to_num(parts) * UNIT), -UNIT, UNIT).astype(np.int64)
    return units


def released(exact: Whole, squared: int, spending: Spending | None, share: float) -> Noisy:
    """`exact`, (m,), with noise. `squared`: the squared norm of one record's part is at most so many
    UNIT^2."""
    if spending is None:
        return Noisy(exact / UNIT, 0.0)
    sensitivity = squared * UNIT**2
    found = spending.noisy(exact, sensitivity, share)
    return Noisy(found / UNIT, spending.scale(sensitivity, share) / UNIT)
