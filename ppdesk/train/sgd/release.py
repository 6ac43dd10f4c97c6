"""How a clipped sum gets its noise.

Claim. One step is the Gaussian mechanism with noise multiplier sigma on the sum over a Poisson sample, for
neighbours that differ in one unit (a record, or a person), added or removed.

- *Sensitivity.* A unit changes the sum by at most D in L2 norm: the clip C, times 1 + `margin` for float32,
  plus 6 s sqrt(d) for rounding to multiples of s (proof at the head of `kernel`). A person with at most m
  records has each clipped to C/m, and 6 m s sqrt(d).
- *Noise.* The sum is a vector of multiples of s; discrete Gaussian noise of standard deviation sigma D / s,
  at least 2^24, is added to its whole numbers (Canonne, Kamath, Steinke 2020; drawn exactly by
  `ppdesk.privacy.gaussian`), so floating point cannot betray what the noise hides (Mironov 2012). s is a
  power of two and public: it depends on sigma and C.
- *Accountant.* PoissonSampled(rate, Gaussian(sigma)), steps times (Abadi and others 2016; Zhu, Dong, Wang
  2022), by privacy loss distributions. The accountant takes the continuous Gaussian; what the discrete one
  may cost above it is proved in `ppdesk.privacy.gaussian.slack` and taken off epsilon before.
- The divisor is rate times declared rows: dividing is post-processing, and so is all that follows. An empty
  batch adds the same noise to zeros.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ppdesk.privacy.gaussian.source import GaussianSource

    Whole = npt.NDArray[np.int64]

_FINE = 24
LEAST_SCALE = 2.0**_FINE  # sigma C is at least that many grid steps, and below twice as many
_AHEAD = 1 << 16  # noise values drawn at a time


def grid_step(sigma: float, clip: float) -> float:
    """s, a power of two."""
    return 2.0 ** (math.floor(math.log2(sigma * clip)) - _FINE)


def sensitivity(clip: float, margin: float, step: float, size: int, most: int = 1) -> float:
    """D: see the head of this file. `clip` is that of a unit, `most` its records."""
    return clip * (1 + margin) + 6 * most * step * math.sqrt(size)


@dataclass
class StepNoise:
    """Noise for sums of `size` coordinates with a standard deviation of `scale` grid steps, drawn ahead for
    many steps at once. Each value is used once."""

    source: "GaussianSource"
    scale: float
    size: int
    _ready: "Whole" = field(init=False)
    _next: int = field(init=False)

    def __post_init__(self) -> None:
        if self.scale < LEAST_SCALE:
            raise ValueError("the grid is too coarse")
        self._ready = np.zeros((max(1, _AHEAD // self.size), self.size), np.int64)
        self._next = self._ready.shape[0]

    def take(self) -> "Whole":
        """(size,) int64, valid until the next call."""
        if self._next == self._ready.shape[0]:
            self.source.fill(self._ready.reshape(-1), self.scale)
            self._next = 0
        self._next += 1
        values: Whole = self._ready[self._next - 1]
        return values
