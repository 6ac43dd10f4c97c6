"""How well scores tell members from others: the curve, its area, rates and advantage, each with an interval.

Intervals take the units as independent draws of one population, given the model. What one model says of
different units hangs together through the model's own noise, which no interval from one model can show; the
bound on epsilon (`bound`) does not rest on that.

- Area: DeLong's (`assess.roc`).
- Advantage: tpr - fpr at a threshold chosen on one half of the units and used on the other, both ways round,
  so that nothing is gained by choosing; Newcombe's interval of the counts together. (That each half chooses
  for the other ties both a little: without any signal 2.9 % of 3,000 lower ends of 2.5 % were above 0.)
- True positives at a false-positive rate f: the share of members above the threshold that lets the share f of
  the others through, by Clopper and Pearson (1934). The threshold is estimated too: that of the k-th largest
  of n others lets Beta(k, n - k + 1) through. The lower end takes one that lets through more than f with
  chance 1.25 % at most, the upper end one that lets through less with chance 1.25 % at most, and the share
  above either has an error of 1.25 %: 95 % for all together, whatever the scores' distribution.
"""

import math
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.auditing.bounds import interval
from ppdesk.assess.intervals import difference, estimate, wilson
from ppdesk.assess.membership.results import AtRate
from ppdesk.assess.results import Curve, Estimate

POINTS = 160
_QUARTER = 0.0125  # of the total error of 5 % that four one-sided statements share
_FOUR_IN_FIVE = 0.8416212335729143  # 80 % point of the standard normal


@dataclass(frozen=True)
class Ranked:
    """Scores of members and of others, ascending."""

    members: Floats
    others: Floats

    @classmethod
    def of(cls, scores: Floats, member: Bools) -> "Ranked":
        """scores, member: (u,)."""
        return cls(np.sort(scores[member]), np.sort(scores[~member]))

    def hits(self, most: int, *, ties: bool) -> int:
        """Members above the threshold that at most `most` others are above; with `ties` also those on it."""
        if most >= self.others.size:
            return int(self.members.size)
        threshold = self.others[self.others.size - 1 - most]
        return int(
            self.members.size - np.searchsorted(self.members, threshold, side="left" if ties else "right")
        )


def at_rate(ranked: Ranked, rate: float, allowed: float | None) -> AtRate:
    """True positives at the false-positive `rate`; see the head of this file."""
    from scipy.special import betainc

    m, n = ranked.members.size, ranked.others.size
    value = ranked.hits(math.floor(rate * n + 1e-9), ties=False) / m
    passed = np.arange(n)  # a threshold that so many are above lets Beta(passed + 1, n - passed) through
    less = betainc(passed + 1.0, n - passed, rate)
    strict = np.flatnonzero(1.0 - less <= _QUARTER)
    loose = np.flatnonzero(less <= _QUARTER)
    low = interval(ranked.hits(int(strict[-1]), ties=False), m, 2 * _QUARTER)[0] if strict.size else 0.0
    high = interval(ranked.hits(int(loose[0]), ties=True), m, 2 * _QUARTER)[1] if loose.size else 1.0
    return AtRate(rate, estimate(value, min(low, value), max(high, value)), allowed)


def advantage(scores: Floats, member: Bools, half: Bools, z: float) -> Estimate:
    """tpr - fpr with an interval of `z` deviations to each side. scores, member, half: (u,); `half` and the
    rest choose the threshold for each other."""
    hits = alarms = 0
    for side in (half, ~half):
        over = scores[~side] >= best_threshold(scores[side], member[side])
        hits += int((over & member[~side]).sum())
        alarms += int((over & ~member[~side]).sum())
    found, false = wilson(hits, int(member.sum()), z), wilson(alarms, int((~member).sum()), z)
    if found is None or false is None:
        return estimate(0.0, -1.0, 1.0)
    return difference(found, false)


def best_threshold(scores: Floats, member: Bools) -> float:
    """The score from which on tpr - fpr is largest."""
    values, places = np.unique(scores, return_inverse=True)
    if not values.size:
        return math.inf
    inside = np.bincount(places, weights=member, minlength=values.size)
    outside = np.bincount(places, weights=~member, minlength=values.size)
    tpr = np.cumsum(inside[::-1])[::-1] / max(1.0, inside.sum())
    fpr = np.cumsum(outside[::-1])[::-1] / max(1.0, outside.sum())
    return float(values[int(np.argmax(tpr - fpr))])


def power(members: int, others: int, z: float) -> float:
    """The advantage that `advantage` finds (its lower end above 0) with a chance of four in five, by the
    normal approximation where it is widest. At most 1."""
    if members < 1 or others < 1:
        return 1.0
    return min(1.0, (z + _FOUR_IN_FIVE) * math.sqrt(0.25 / members + 0.25 / others))


def log_curve(ranked: Ranked) -> Curve:
    """The curve at false-positive rates evenly apart in log scale, from one over the number of others to 1,
    both ends kept."""
    m, n = ranked.members.size, ranked.others.size
    most = np.unique(np.floor(np.geomspace(1.0, n, POINTS) + 1e-9).astype(np.int64))
    counts = np.concatenate([[0], most])
    tpr = [ranked.hits(int(one), ties=False) / m for one in counts]
    return Curve(tuple(round(float(one) / n, 8) for one in counts), tuple(round(one, 8) for one in tpr))
