"""The epsilon for a quality that one wants: a curve read the other way round."""

import math
from collections.abc import Sequence
from itertools import pairwise

from ppdesk.train.advice.curve import Line


def rising(values: Sequence[float]) -> list[float]:
    """The closest values (least squares) that do not fall: noise makes a measured curve fall here and there
    (pool adjacent violators; Barlow and others 1972)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, count = (mean * count + before * many) / (count + many), count + many
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]


def epsilon_for(line: Line, wanted: float) -> float | None:
    """The least epsilon at which `line` reaches `wanted` (its measure), between its points along ln epsilon,
    rounded up to two digits. None where it is not reached within the curve. At the lowest epsilon of the
    curve where that is enough: less may do, but was not looked at."""
    means = rising([one.mean for one in line.points])
    epsilons = [one.epsilon for one in line.points]
    if means[0] >= wanted:
        return epsilons[0]
    for place in range(1, len(means)):
        if means[place] >= wanted:
            low, high = math.log(epsilons[place - 1]), math.log(epsilons[place])
            share = (wanted - means[place - 1]) / (means[place] - means[place - 1])
            return min(_up(math.exp(low + share * (high - low))), epsilons[place])
    return None


def _up(value: float) -> float:
    """Rounded up to two digits."""
    power = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(value / power * (1 - 1e-12)) * power, 12)


def at(line: Line, epsilon: float) -> float:
    """What the line shows at `epsilon`, between its points along ln epsilon, its ends beyond them."""
    points = line.points
    if epsilon <= points[0].epsilon:
        return points[0].mean
    for before, after in pairwise(points):
        if epsilon <= after.epsilon:
            low, high = math.log(before.epsilon), math.log(after.epsilon)
            share = (math.log(epsilon) - low) / (high - low)
            return before.mean + share * (after.mean - before.mean)
    return points[-1].mean
