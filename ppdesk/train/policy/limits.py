"""Limits on actions as prices: "this treatment for at most a fifth of the people".

A price is taken off the reward of a limited action, so that only those get it whom it helps most: the
Lagrangian of the problem to earn most within the limits. The price is found from noisy counts of margins: how
far the limited action's estimated reward lies above the best of the others, less their prices.

**Sensitivity.** A record has one margin, in one cell between fixed edges: 1 (squared), 2 where it is
replaced; margins come from the noisy reward models only. Each answer has its own share of mu^2.

The price is a fixed edge above which the noisy share of records, plus 1.645 standard deviations of its noise,
is within the limit. Between it and the edge below, a draw decides, with the chance `mix` that fills what is
left: where many people have the same margin, some of them get the action. Several limited actions are
priced in turn, twice; they share the smallest `mix`. That the shares are kept is measured on the evaluation
side, for people like those logged; nobody can promise it for a handful of others.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending
from ppdesk.train.policy.learn import Bools

EDGES = np.concatenate([[0.0], np.geomspace(0.002, 1.0, 32)])
_SURE = 1.645


@dataclass(frozen=True)
class Prices:
    """Prices of each action, (K,), as shares of the reward's bounds: `low` is used with chance `mix`."""

    high: Floats
    low: Floats
    mix: float


def free(actions: int) -> Prices:
    """No action has a price."""
    return Prices(np.zeros(actions), np.zeros(actions), 0.0)


def rounds_of(shares: tuple[float, ...]) -> int:
    """How many noisy answers the prices take."""
    limited = sum(one < 1 for one in shares)
    return limited * (2 if limited > 1 else 1)


def priced(
    earned: Floats,
    supported: Bools,
    shares: tuple[float, ...],
    *,
    spending: Spending | None,
    share: float,
    tick: Callable[[], None],
) -> Prices:
    """`earned`, (n, K): the estimated rewards of the learning side; `share` of mu^2 is spent."""
    count = earned.shape[1]
    low, high, mixes = np.zeros(count), np.zeros(count), np.ones(count)
    turns = rounds_of(shares)
    limited = [place for place in range(count) if shares[place] < 1]
    for turn in range(turns):
        tick()
        place = limited[turn % len(limited)]
        others = np.where(supported, earned - high, -np.inf)
        others[:, place] = -np.inf
        margins = earned[:, place] - others.max(axis=1, initial=-np.inf)
        cells = np.searchsorted(EDGES, margins, side="left")
        exact = np.bincount(cells, minlength=len(EDGES) + 1).astype(np.int64)
        noise, counts = 0.0, exact.astype(np.float64)
        if spending is not None:
            own = share / turns
            counts = spending.noisy(exact * COUNT_UNIT, COUNT_UNIT**2, own, disjoint=True) / COUNT_UNIT
            noise = spending.scale(COUNT_UNIT**2, own, disjoint=True) / COUNT_UNIT
        low[place], high[place], mixes[place] = _edge(counts, noise, shares[place])
    return Prices(high, low, float(min((mixes[place] for place in limited), default=0.0)))


def _edge(counts: Floats, noise: float, share: float) -> tuple[float, float, float]:
    """(low, high, mix) from the counts of margins at most 0, between the edges, and above the last."""
    total = max(float(counts.sum()), 1.0)
    above = np.cumsum(counts[::-1])[::-1]  # above[i]: of the cells from i on
    cells = np.arange(len(counts), 0, -1)
    taken = (np.maximum(above, 0.0) + _SURE * noise * np.sqrt(cells)) / total
    fits = np.flatnonzero(taken[1:] <= share)  # from edge i on: cells i + 1 and up
    if not fits.size:
        return 2.0, 2.0, 0.0  # nobody
    first = int(fits[0])
    high = float(EDGES[first])
    if first == 0:
        return 0.0, 0.0, 1.0
    left, more = share - taken[first + 1], taken[first] - taken[first + 1]
    return float(EDGES[first - 1]), high, float(np.clip(left / more, 0.0, 1.0)) if more > 0 else 0.0
