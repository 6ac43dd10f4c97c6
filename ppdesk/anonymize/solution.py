"""What a search finds."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Found(NamedTuple):
    """One transformation within the limit."""

    levels: tuple[int, ...]
    value: float  # of the objective
    score: float
    losses: tuple[float, ...]
    suppressed: int


class State(NamedTuple):
    """Where a search ended: the best found, the best first; why each node is closed; the least value of those
    still open (infinity: none); records that the most general node suppresses at least."""

    found: tuple[Found, ...]
    status: NDArray[np.uint8]
    least: float
    floor: int


@dataclass(frozen=True)
class Solution:
    """The optimum and its proof. `checked`, `suppress_too_much` and `bounded` add up to `lattice_size` where
    it is `optimal`; else the search was stopped, and no transformation scores less than `bound`.

    `statuses` has a `lattice` status per transformation of the `box` of levels, in column order: 0 open (only
    where not optimal), 1 checked, 2 suppresses too much, 3 cannot beat the best by its bound.
    """

    levels: tuple[int, ...]  # per column, in the order of the hierarchies
    score: float
    losses: tuple[float, ...]
    suppressed: int  # records
    limit: int  # records that may be suppressed
    lattice_size: int
    checked: int
    suppress_too_much: int  # a checked, more general transformation proves it to suppress too many records
    bounded: int  # the least it can cost does not beat the optimum
    optimal: bool = True
    bound: float = 0.0  # the score, where optimal
    others: tuple[
        tuple[tuple[int, ...], float, int], ...
    ] = ()  # (levels, score, suppressed) of the next best
    box: tuple[tuple[int, int], ...] = ()  # (lowest, highest level) per column
    ranked: tuple[float, ...] = ()  # by rank: the columns' weighted costs, falling; score is the first
    statuses: NDArray[np.uint8] = field(
        default_factory=lambda: np.zeros(0, np.uint8), compare=False, repr=False
    )
