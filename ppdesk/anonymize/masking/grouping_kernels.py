"""The loops of microaggregation and rank swapping, compiled."""

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled

_TRIES = 64


@compiled
def optimal_cuts(values: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """(n + 1,) int64: for each prefix of the ascending (n,) `values` where its last group begins, in the
    partition into groups of `size` to 2 * `size` - 1 with the least sum of squares within groups.

    Hansen and Mukherjee, "A polynomial algorithm for optimal univariate microaggregation", IEEE TKDE 15(4),
    2003: the shortest path over prefixes. Sums of squares are taken from the middle of the window, so that
    large values do not cancel.
    """
    count = len(values)
    best = np.full(count + 1, np.inf)
    cut = np.full(count + 1, -1, np.int64)
    best[0] = 0.0
    for end in range(size, count + 1):
        total, squares, members = 0.0, 0.0, 0
        shift = values[end - size]
        first = end
        while first > 0 and members < 2 * size - 1:
            first -= 1
            members += 1
            value = values[first] - shift
            total += value
            squares += value * value
            if members >= size and best[first] < np.inf:
                within = max(squares - total * total / members, 0.0)
                if best[first] + within < best[end]:
                    best[end] = best[first] + within
                    cut[end] = first
    return cut


@compiled
def farthest(points: NDArray[np.float64], active: NDArray[np.int64], center: NDArray[np.float64]) -> int:
    """The place in `active` of the record of (n, d) `points` that is farthest from (d,) `center`."""
    best, at = -1.0, 0
    for place in range(len(active)):
        distance = 0.0
        for column in range(points.shape[1]):
            gap = points[active[place], column] - center[column]
            distance += gap * gap
        if distance > best:
            best, at = distance, place
    return at


@compiled
def nearest(points: NDArray[np.float64], active: NDArray[np.int64], at: int, size: int) -> NDArray[np.int64]:
    """(size,) int64: the places in `active` of the record at place `at` and of the `size` - 1 nearest to it;
    of equally near ones the first. `at` comes first."""
    chosen = np.full(size, -1, np.int64)
    distances = np.full(size, np.inf)
    chosen[0], distances[0] = at, -1.0
    for place in range(len(active)):
        if place == at:
            continue
        distance = 0.0
        for column in range(points.shape[1]):
            gap = points[active[place], column] - points[active[at], column]
            distance += gap * gap
        if distance >= distances[size - 1]:
            continue
        slot = size - 1
        while distances[slot - 1] > distance:
            distances[slot], chosen[slot] = distances[slot - 1], chosen[slot - 1]
            slot -= 1
        distances[slot], chosen[slot] = distance, place
    return chosen


@compiled
def free_partner(partner: NDArray[np.int64], rank: int, last: int, draw: float) -> int:
    """Of the ranks after `rank` up to `last` that have no partner yet, the one that `draw` in (0, 1) picks,
    each as likely; -1 where there is none."""
    free = 0
    for other in range(rank + 1, last + 1):
        free += partner[other] < 0
    place = min(int(draw * free), free - 1)
    for other in range(rank + 1, last + 1):
        if partner[other] < 0:
            if place == 0:
                return other
            place -= 1
    return -1


@compiled
def swap_partners(count: int, window: int, draws: NDArray[np.float64]) -> NDArray[np.int64]:
    """(count,) int64: for each rank the rank whose value it gets; a permutation made of swaps, no rank
    farther than `window`. In order, each rank that has no partner yet takes one of the following `window`
    that have none, each as likely (Moore 1996). `draws`: uniform numbers in (0, 1), used in turn from the
    start; 4 * count are plenty."""
    partner = np.full(count, -1, np.int64)
    used = 0
    for rank in range(count):
        if partner[rank] >= 0:
            continue
        last = min(count - 1, rank + window)
        span = last - rank
        found, tries = -1, 0
        while found < 0 and span > 0 and tries < _TRIES:
            other = rank + 1 + min(int(draws[used % len(draws)] * span), span - 1)
            used += 1
            tries += 1
            if partner[other] < 0:
                found = other
        if found < 0:  # nearly all have one
            found = free_partner(partner, rank, last, draws[used % len(draws)])
            used += 1
        if found < 0:
            found = rank
        partner[rank], partner[found] = found, rank
    return partner
