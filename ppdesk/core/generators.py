"""Random choices that protect nobody: which records to try, how to split, where to start a search.

Noise never comes from here; it comes from `privacy`.
"""

from typing import TYPE_CHECKING

from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import numpy as np


def generator(entropy: Entropy) -> "np.random.Generator":
    """NumPy's PCG64, started from 32 bytes of `entropy`."""
    import numpy as np

    return np.random.default_rng(int.from_bytes(entropy.take(32), "big"))
