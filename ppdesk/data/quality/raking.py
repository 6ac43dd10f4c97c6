"""Weights that make a sample agree with all its margins at once: raking (Deming and Stephan 1940)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDS = 200
_NEAR = 1e-6  # largest difference of a share that counts as none


@dataclass(frozen=True)
class Raked:
    """`weights`: (n,) float64, mean 1 over the records that have a value in every margin, 0 for the others.
    `effective`: Kish's effective number of records, sum(w)**2 / sum(w**2) (Kish 1965)."""

    weights: "NDArray[np.float64]"
    records: int
    effective: float
    largest: float


def rake(places: "Sequence[NDArray[np.int64]]", shares: "Sequence[NDArray[np.float64]]") -> Raked | None:
    """Weights under which each margin is met, by iterative proportional fitting.

    `places`: for each margin the category of each record, (n,) int64, below 0 for none; `shares`: the margin,
    adding up to 1. None where no weights do it: a category that the sample lacks, or margins that contradict
    each other in this sample.
    """
    there = np.logical_and.reduce([place >= 0 for place in places])
    inside = [place[there] for place in places]
    size = int(there.sum())
    if not size:
        return None
    weight = np.ones(size)
    for _ in range(_ROUNDS):
        furthest = 0.0
        for place, share in zip(inside, shares, strict=True):
            now = np.bincount(place, weight, share.size) / weight.sum()
            furthest = max(furthest, float(np.abs(now - share).max()))
            if ((now == 0) & (share > 0)).any():
                return None
            weight = weight * np.divide(share, now, out=np.zeros(share.size), where=now > 0)[place]
        if furthest < _NEAR:
            break
    else:
        return None
    weight *= size / weight.sum()
    whole = np.zeros(there.size)
    whole[there] = weight
    return Raked(whole, size, float(weight.sum() ** 2 / (weight**2).sum()), float(weight.max()))
