"""How a vector of real numbers is put on whole numbers, and what that adds to its sensitivity.

A sum of clipped contributions is a double vector; noise made of doubles leaks through its low bits (Mironov
2012). So the vector is rounded to whole steps, and noise is drawn among whole numbers, exactly.

Proof of `sensitivity`. Let x and x' be what a computer sums up for two neighbours, z and z' the exact sums,
with norm(z - z') <= D, norm(x - z) <= e and the same for x' (e = `summing`). Rounding to the nearest step
moves each number by at most half a step, so norm(rint(x / step) - x / step) <= sqrt(d) / 2. By the triangle
inequality

    norm(rint(x / step) - rint(x' / step)) <= (D + 2 e) / step + sqrt(d).

Dividing by the step is exact, as it is a power of two (short of underflow, far below half a step). Numbers
beyond 2^52 steps are held there, before rounding: a projection on a box, which brings no two vectors farther
apart.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ppdesk.privacy.errors import NotANumberError

_MOST = 2.0**52


def summing(terms: int, bound: float, *, roundings: int = 4) -> float:
    """An upper bound of norm(x - z), where x is the double sum of `terms` vectors (size,), each of norm at
    most `bound`, in any order, and each of its terms came about by at most `roundings` roundings of its own.

    |x_i - z_i| <= gamma sum_j |v_ji| with gamma = k u / (1 - k u), k = terms + roundings, u = 2^-53 (Higham,
    "Accuracy and stability of numerical algorithms", section 4.2); and the norm over i of sum_j |v_ji| is at
    most terms * bound. `terms` must be public, or bounded by something public.
    """
    unit = (terms + roundings) * 2.0**-53
    return unit / (1 - unit) * terms * bound * (1 + 2.0**-40)


@dataclass(frozen=True)
class Grid:
    """Steps of 2^k, chosen so that `distance`, the most that neighbours' exact vectors differ in L2 norm, is
    between 2^bits and 2^(bits + 1) steps. `summing` bounds the error of a computed vector (0: it is
    exact)."""

    distance: float
    bits: int = 24
    summing: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.distance) and self.distance > 0 and self.summing >= 0):
            raise ValueError("the distance of neighbours is a number above 0")
        if not 0 <= self.bits <= 40:
            raise ValueError("a distance has from 2^0 to 2^40 steps")

    @property
    def step(self) -> float:
        """A power of two."""
        return math.ldexp(1.0, math.frexp(self.distance)[1] - 1 - self.bits)

    def sensitivity(self, size: int) -> int:
        """Bounds the L2 norm of the change of `put` of a vector (size,), in steps, rounded up."""
        exact = (Fraction(self.distance) + 2 * Fraction(self.summing)) / Fraction(self.step)
        return math.ceil(exact) + math.isqrt(size) + (math.isqrt(size) ** 2 < size)

    def scale(self, size: int, multiplier: float) -> float:
        """The scale of noise in steps at which noise / sensitivity is at least `multiplier`."""
        return math.nextafter(self.sensitivity(size) * multiplier, math.inf)

    def put(self, vector: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Whole steps, of the same shape. NotANumberError where a value is not finite: a bound does not
        hold."""
        if not np.isfinite(vector).all():
            raise NotANumberError
        with np.errstate(over="ignore"):  # what overflows is held like all that is large
            steps = vector / self.step
        return np.rint(np.clip(steps, -_MOST, _MOST)).astype(np.int64)

    def back(self, steps: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Steps as real numbers; of noisy steps, this is post-processing."""
        return np.multiply(steps, self.step, dtype=np.float64)
