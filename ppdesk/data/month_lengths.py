"""How many days months have, without a loop over the rows."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def last_days(year: "NDArray[np.int64]", month: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """The last day of each month of the proleptic Gregorian calendar, (n,) int64; 0 for a month below 1."""
    import numpy as np

    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.asarray(lengths[np.clip(month, 0, 12)] + (leap & (month == 2)))
