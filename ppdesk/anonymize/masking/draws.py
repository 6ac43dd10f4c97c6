"""Random numbers for the treatments, all from the run's entropy."""

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.entropy import Entropy


def uniforms(count: int, entropy: Entropy) -> NDArray[np.float64]:
    """(count,) float64 in (0, 1): the middles of 2^52 equal cells, so that neither 0 nor 1 is drawn."""
    bits = np.frombuffer(entropy.take(8 * count), np.uint64) >> np.uint64(12)
    found: NDArray[np.float64] = (bits.astype(np.float64) + 0.5) * 2.0**-52
    return found


def normals(count: int, entropy: Entropy) -> NDArray[np.float64]:
    """(count,) float64, standard normal, by inversion."""
    from scipy.special import ndtri

    found: NDArray[np.float64] = ndtri(uniforms(count, entropy))
    return found


def sample(count: int, size: int, entropy: Entropy) -> NDArray[np.int64]:
    """(size,) int64, ascending: a simple random sample of 0..count-1 without replacement."""
    keys = np.frombuffer(entropy.take(8 * count), np.uint64)
    return np.sort(np.argsort(keys, kind="stable")[:size]).astype(np.int64)
