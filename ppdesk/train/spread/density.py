"""Where the records are, from noisy counts of a tree of cells alone: post-processing, nothing here sees one.

From the top down, the records of a cell are shared out among its BRANCH children. How much their noisy
counts are believed follows from how far they differ beyond what the known noise does (James and Stein 1961):
children that do not stand out get even shares, so where noise drowns a level, the one above holds. A child
below _SURE standard deviations of what is left of the noise (_FIRST in the first level, whose cells lie
farthest apart; _BESIDE next to one that stands out) gets nothing: else noise would put records at the far
ends of wide bounds.
"""

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.spread.cells import BRANCH, levels

_FIRST, _SURE, _BESIDE = 4.0, 3.3, 2.0


def density(noisy: Floats, sd: float) -> Floats:
    """The records in each finest cell, (CELLS,), none below zero; their sum is at least one. `noisy`,
    (SIZE,): the counts of all levels with noise of `sd` each."""
    steps = levels(noisy)
    mass = np.array([max(float(steps[0].sum()), 1.0)])
    for place, step in enumerate(steps):
        sure = _SURE if place else _FIRST
        seen = step.reshape(-1, BRANCH)
        even = mass[:, None] / BRANCH
        apart = seen - even
        power = (apart**2).sum(axis=1, keepdims=True)
        keep = np.maximum(0.0, 1 - BRANCH * sd**2 / np.maximum(power, 1e-12))
        found = even + keep * apart
        loud = sd * keep
        sees = (found > sure * loud).ravel()
        beside = np.zeros_like(sees)
        if place:
            beside[1:] |= sees[:-1]
            beside[:-1] |= sees[1:]
        kept = sees.reshape(found.shape) | (beside.reshape(found.shape) & (found > _BESIDE * loud))
        found = np.where(kept, found, 0.0)
        whole = found.sum(axis=1, keepdims=True)
        shared = np.where(whole > 0, found / np.where(whole > 0, whole, 1.0), 1 / BRANCH)
        mass = (mass[:, None] * shared).ravel()
    return mass
