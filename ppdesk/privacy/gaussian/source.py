"""The discrete Gaussian in bulk.

N_Z(0, scale^2): y has probability exp(-y^2 / (2 scale^2)) / sum. Added to a vector of whole numbers whose
change between neighbours has L2 norm at most D, with independent noise per number, it is rho-zCDP with rho =
D^2 / (2 scale^2) (Canonne, Kamath and Steinke 2020, Theorem 4; Renyi divergences of independent numbers add
up). For accountants of the continuous Gaussian, subsampled ones too, see `slack`.

Draws are exact (`table`); what they rest on is the generator (`keystream`).
"""

import math
from functools import lru_cache

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.gaussian.keystream import Keystream
from ppdesk.privacy.gaussian.sampler import Sampler
from ppdesk.privacy.gaussian.table import Table, table_of
from ppdesk.privacy.gaussian.weights import GaussianWeights, Whole

LEAST_SCALE, MOST_SCALE = 2.0**-6, 2.0**40


class GaussianSource:
    """Independent exact draws of N_Z(0, scale^2), keyed once by 32 bytes of `entropy`.

    With entropy from the operating system it is fit for private data; in the test mode it repeats, and
    protects nobody. One per thread. It cannot be copied.
    """

    def __init__(self, entropy: Entropy) -> None:
        self.private = entropy.private
        self._sampler = Sampler(Keystream(entropy))
        self._table = lru_cache(maxsize=16)(_table)

    def draw(self, scale: float, size: int) -> Whole:
        """(size,) int64 draws. ValueError for a scale outside 2^-6 to 2^40."""
        out = np.empty(size, dtype=np.int64)
        self.fill(out, scale)
        return out

    def fill(self, out: Whole, scale: float) -> None:
        """The same into `out`, (n,) int64. TypeError for any other array, which could not hold them."""
        if out.dtype != np.int64 or out.ndim != 1:
            raise TypeError("noise is drawn into an array (n,) of int64")
        self._sampler.fill(out, self._table(float(scale)))


def _table(scale: float) -> Table:
    if not (math.isfinite(scale) and LEAST_SCALE <= scale <= MOST_SCALE):
        raise ValueError("the scale of the discrete Gaussian lies between 2^-6 and 2^40")
    return table_of(GaussianWeights(scale))
