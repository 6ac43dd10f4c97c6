"""Narrower bounds for a target, its centre and its spread, for a share of the guarantee.

A model's noise is in proportion to the distance of the target's bounds. Declared ones are often a hundred
times as wide as what occurs, and with them noise drowns any model. So a part of mu^2 buys noisy counts of
the target (`cells`: whole numbers, sensitivity sqrt(LEVELS), proved there), with the exact discrete Gaussian;
all else here is post-processing of them. The share comes off the mu^2 of the fit.

**Claim.** Counts with noise sd in records are (sqrt(LEVELS) / sd)-GDP for one record added or removed; the
caller's `Answer` draws the noise and books the share of mu^2. Shares are asked for in turn, ROUNDS at most:
the first always, the next where noise still hides where the target lies. Whether to ask is decided by noisy
figures alone, and all shares together are part of one fixed mu^2: fully adaptive composition of Gaussian
mechanisms is the sum of their mu^2 (Dong, Roth and Su 2022, corollary 3.3; Smith and Thakurta 2022).

**The rule.** With r the records per noise of one count: CLEAR or more is enough. Cut off is a share of
0.07 / sqrt(r) of the records at each end, from 0.2 to 2 per cent; bounds are rounded outwards to cells.

**Bias.** A model learns on values cut to the narrow bounds and predicts between them: what lies beyond is
predicted as the bound at most, and the mean of a long tail comes out a little low. The narrower the share cut
off the smaller; it falls with r.

Papers: Balle and Wang 2018; Canonne, Kamath and Steinke 2020; Amin, Kulesza, Munoz and Vassilvitskii 2019
("Bounding user contributions": the same trade of bias for noise).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.train.fitted import Floats
from ppdesk.train.schema import Quantity
from ppdesk.train.spread.cells import SIZE, Whole, counted, edges
from ppdesk.train.spread.density import density

ROUNDS = (0.05, 0.1, 0.2)  # shares of mu^2
MOST_NUMBERS = SIZE * len(ROUNDS)  # noisy ones that are given out
CLEAR = 60.0
_FIGURES = ("centre", "scale", "rows", "sd", "share")
_CENTRE = 5.0
_NO_NOISE = 1e-3
_LEAST_TAIL, _MOST_TAIL, _TAIL = 0.002, 0.02, 0.07

# given (counts (SIZE,), share of mu^2): the counts with noise, and its standard deviation, in records
Answer = Callable[[Whole, float], tuple[Floats, float]]


@dataclass(frozen=True)
class Narrow:
    """`quantity`: the target with its narrow bounds. `centre`, `scale`: mean and standard deviation between
    them, in the target's unit. `rows`: how many records, `sd`: the noise of a count. `share`: of mu^2, what
    was paid."""

    quantity: Quantity
    centre: float
    scale: float
    rows: float
    sd: float
    share: float

    @property
    def unsure(self) -> float:
        """The standard error of the centre, about: found on made-up targets."""
        return self.scale * min(1.0, _CENTRE * self.sd / self.rows)

    def to_json(self) -> dict[str, Json]:
        """Noisy figures all, for a run that goes on after a kill."""
        figures: dict[str, Json] = {name: float(getattr(self, name)) for name in _FIGURES}
        return figures | {"low": float(self.quantity.low), "high": float(self.quantity.high)}

    @classmethod
    def from_json(cls, target: Quantity, untrusted: Mapping[str, Any]) -> "Narrow":
        """What `to_json` wrote. KeyError, TypeError, ValueError or a coded error."""
        quantity = Quantity(target.name, float(untrusted["low"]), float(untrusted["high"]))
        figures = {name: float(untrusted[name]) for name in _FIGURES}
        if not (all(map(math.isfinite, figures.values())) and figures["scale"] > 0 and figures["rows"] > 0):
            raise ValueError("a figure is no number")
        return cls(quantity, **figures)


def exactly(y: Floats, target: Quantity) -> Narrow:
    """The same without noise, for a twin."""
    return narrow(y, target, lambda counts, _: (counts.astype(np.float64), _NO_NOISE), (0.0,))


def narrow(y: Floats, target: Quantity, answer: Answer, shares: tuple[float, ...] = ROUNDS) -> Narrow:
    """Pay, and choose. `y`, (n,) in the target's unit."""
    bounds = edges(target)
    counts = counted(y, target, bounds)
    paid, total, weight = 0.0, np.zeros(SIZE), 0.0
    for share in shares:
        noisy, sd = answer(counts, share)
        paid += share
        total, weight = total + noisy / sd**2, weight + 1 / sd**2
        found = chosen(total / weight, 1 / math.sqrt(weight), target, bounds)
        if found[3] >= CLEAR * found[4]:
            break
    return Narrow(*found, paid)


def chosen(
    noisy: Floats, sd: float, target: Quantity, bounds: Floats
) -> tuple[Quantity, float, float, float, float]:
    """What the noisy counts say; no record is seen: see `Narrow`."""
    mass = density(noisy, sd)
    rows = float(mass.sum())
    tail = tail_of(rows / sd)
    run = np.cumsum(mass) / rows
    first = int(np.searchsorted(run, tail, side="right"))
    last = int(np.searchsorted(run, 1 - tail, side="left"))
    low, high = float(bounds[first]), float(bounds[min(max(last, first), mass.size - 1) + 1])
    if not low < high:  # cells of no width: bounds with few digits between them
        low, high = target.low, target.high
    middle = np.clip(bounds[:-1] / 2 + bounds[1:] / 2, low, high)
    width = np.minimum(bounds[1:], high) - np.maximum(bounds[:-1], low)
    share = mass / rows
    centre = float((share * middle).sum())
    within = (share * ((middle - centre) ** 2 + np.maximum(width, 0.0) ** 2 / 12)).sum()
    scale = max(math.sqrt(within), (high - low) * 1e-6)
    return Quantity(target.name, low, high), centre, scale, rows, sd


def tail_of(clear: float) -> float:
    """The share of records cut off at each end; `clear`: records per noise of a count."""
    return min(max(_TAIL / math.sqrt(max(clear, 1.0)), _LEAST_TAIL), _MOST_TAIL)
