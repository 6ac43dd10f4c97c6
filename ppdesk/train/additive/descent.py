"""The steps: noisy gradients of all records, and what is believed after each. See the package's docstring."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ppdesk.privacy.gaussian.source import MOST_SCALE
from ppdesk.train.additive import kernel, pairs, prior, sharing
from ppdesk.train.additive.layout import Block
from ppdesk.train.additive.prior import Belief, Gain
from ppdesk.train.additive.releases import Purse, factor
from ppdesk.train.additive.rule import Rule, pace

Floats = npt.NDArray[np.float64]
WEIGHT = 64  # the whole number that stands for a weight of one
_LOUD = 0.06  # weights are shared out as if every column had at least this amplitude


@dataclass(frozen=True)
class Data:
    """The private side: places (n, F) in the long table of all bins, and y (n,); met by the passes over
    records alone."""

    places: kernel.Places
    y: Floats


@dataclass(frozen=True)
class Public:
    """What is published: blocks, noisy counts (bins,), the curvature of a bin's loss (bins, K), first noisy
    figures z (observed, K) with variances and the curvature at a constant model, the offset (K,) of the
    best constant."""

    kind: int
    clip: float
    blocks: list[Block]
    counts: list[Floats]
    rows: float
    bends: list[Floats]
    offset: Floats
    first: list[Floats]
    first_noise: list[Floats]
    first_bends: list[Floats]

    @property
    def starts(self) -> "npt.NDArray[np.int64]":
        return np.cumsum([0, *(one.bins for one in self.blocks)])[:-1].astype(np.int64)

    @property
    def outputs(self) -> int:
        return int(self.offset.size)

    @property
    def width(self) -> int:
        """How many bins there are in all."""
        return sum(one.bins for one in self.blocks)


@dataclass(frozen=True)
class Found:
    """The functions (bins, K) of each block, the columns' first, then those of pairs; their sds, and the
    offset (K,). `data`, `public`: with the pairs."""

    data: Data
    public: Public
    tables: list[Floats]
    sds: list[Floats]
    offset: Floats
    beliefs: list[Belief]
    weights: list[Floats]


def gains(
    public: Public, beliefs: list[Belief], bends: list[Floats], noise: list[Floats]
) -> list[list[Gain]]:
    """[column][output]; noise[column] (observed, K)."""
    return [
        [prior.solve(block, count, belief, bend[:, k], one[:, k]) for k in range(public.outputs)]
        for block, count, belief, bend, one in zip(
            public.blocks, public.counts, beliefs, bends, noise, strict=True
        )
    ]


def apply(filters: list[list[Gain]], z: list[Floats]) -> list[Floats]:
    """The functions (bins, K) that z (observed, K) says."""
    return [
        np.stack([gain.filter @ one[:, k] for k, gain in enumerate(row)], axis=1)
        for row, one in zip(filters, z, strict=True)
    ]


def choose(
    public: Public, z: list[Floats], noise: list[Floats], bends: list[Floats], beliefs: list[Belief]
) -> list[Belief]:
    """V of each column by the evidence."""
    return [
        prior.evidence(block, count, one, bend=bend, noise=own, before=belief)
        for block, count, one, own, bend, belief in zip(
            public.blocks, public.counts, z, noise, bends, beliefs, strict=True
        )
    ]


def share_out(public: Public, beliefs: list[Belief], variance: float) -> list[Floats]:
    """The weights of all parts."""
    loud = [replace(one, amplitude=max(one.amplitude, _LOUD)) for one in beliefs]
    return sharing.allocate(
        public.blocks, public.counts, loud, [one.mean(axis=1) for one in public.bends], variance
    )


def descend(
    data: Data, public: Public, purse: Purse, squared: float, *, rule: Rule, tick: Callable[[], None]
) -> Found:
    """`rule.steps` noisy gradients for mu^2 = `squared` in all, the look for pairs included."""
    steps, before, squared = rule.steps, purse.spent, squared * (1 - 1e-12)
    reach = factor(purse.asked, counted=False)
    paired = rule.pairs and pairs.worthwhile(len(public.blocks), public.rows, squared, reach)
    ramp = 1 + rule.ramp * np.arange(steps) / steps
    costs = squared * (1 - paired * (rule.screen + rule.cells)) * ramp / ramp.sum()
    likely = 2 * _variance(purse, public, squared)  # of an average of about half the budget
    beliefs = choose(
        public, public.first, public.first_noise, public.first_bends, [Belief()] * len(public.blocks)
    )
    filters = gains(public, beliefs, public.first_bends, public.first_noise)
    # columns overlap: what each says alone is too much together
    tables = [one / 2 for one in apply(filters, public.first)]
    weights = share_out(public, beliefs, likely)
    offset = public.offset.copy()
    whole = np.mean([one.sum(axis=0) for one in public.bends], axis=0)  # of the offset, (K,)
    current = _pictures(public, tables)
    speed = [np.zeros_like(one) for one in current]
    looks = {round(one * steps) for one in rule.looks}
    join = round(rule.join * steps) if paired else -1
    first = round(steps * (1 - rule.average))
    gathered = _Average(offset)
    kept = _kept(rule)
    for step in range(steps):
        tick()
        if step == join:
            more = _join(data, public, purse, tables, offset, squared=squared, rule=rule)
            if more is not None:
                data, public, rule = more.data, more.public, more.rule
                beliefs, tables = [*beliefs, *more.beliefs], [*tables, *more.tables]
                current = [*current, *_pictures(public, tables)[len(current) :]]
                speed = [*speed, *(np.zeros_like(one) for one in current[len(speed) :])]
                weights = share_out(public, beliefs, likely)
                kept = _kept(rule)
                filters = []
            costs[step:] *= (squared - (purse.spent - before)) / costs[step:].sum() * (1 - 1e-12)
        seen, noise = _look(
            data, public, purse, tables=tables, offset=offset, weights=weights, cost=float(costs[step])
        )
        total, unsure = _totals(public.blocks, seen, noise)
        offset = offset - 1.5 * rule.damping * total / (whole + np.sqrt(unsure))
        fresh = [
            prior.observe(block, one * (table + total / one.sum(axis=0))) - got
            for block, one, table, got in zip(public.blocks, public.bends, tables, seen, strict=True)
        ]
        if step == 0 or not filters:
            filters = gains(public, beliefs, public.bends, [kept * one for one in noise])
        speed = [
            rule.momentum * rate + rule.damping * (new - old)
            for rate, new, old in zip(speed, fresh, current, strict=True)
        ]
        current = [old + rate for old, rate in zip(current, speed, strict=True)]
        if step in looks:
            running = [kept * one for one in noise]
            beliefs = choose(public, current, running, public.bends, beliefs)
            weights = share_out(public, beliefs, likely)
            filters = gains(public, beliefs, public.bends, running)
        if step >= first:
            gathered.add(fresh, noise, offset, float(costs[step]))
        tables = apply(filters, current)
    return _last(data, public, gathered, beliefs, weights)


def _last(
    data: Data, public: Public, gathered: "_Average", beliefs: list[Belief], weights: list[Floats]
) -> Found:
    """The functions from the averaged figures."""
    z, noise = gathered.mean()
    beliefs = choose(public, z, noise, public.bends, beliefs)
    filters = gains(public, beliefs, public.bends, noise)
    sds = [
        np.stack([gain.posterior_sd(block) for gain in row], axis=1)
        for block, row in zip(public.blocks, filters, strict=True)
    ]
    return Found(data, public, apply(filters, z), sds, gathered.offset, beliefs, weights)


def _kept(rule: Rule) -> float:
    """Of a step's variance in the running figures: of a heavy ball on a parabola of curvature one."""
    return rule.damping * (1 + rule.momentum) / (1 - rule.momentum) / (2 * (1 + rule.momentum) - rule.damping)


def _pictures(public: Public, tables: list[Floats]) -> list[Floats]:
    """What gradients would say if `tables` were the best functions, (observed, K) each."""
    return [
        prior.observe(block, one * table)
        for block, one, table in zip(public.blocks, public.bends, tables, strict=True)
    ]


@dataclass(frozen=True)
class _More:
    """What goes on with the pairs: data, public and rule with them, and their own beliefs and tables."""

    data: Data
    public: Public
    rule: Rule
    beliefs: list[Belief]
    tables: list[Floats]


def _join(
    data: Data,
    public: Public,
    purse: Purse,
    tables: list[Floats],
    offset: Floats,
    *,
    squared: float,
    rule: Rule,
) -> _More | None:
    """Look at the pairs of columns, in two releases; None where none stands out."""
    loud = [float((table**2 * bend).sum()) for table, bend in zip(tables, public.bends, strict=True)]
    seen = pairs.look_at(public.blocks, public.counts, public.bends, loud)
    starts = public.starts
    groups = pairs.groups_of(seen, data.places, starts)
    score = np.empty((data.y.size, public.outputs))
    kernel.scores(data.places, np.ascontiguousarray(np.concatenate(tables)), offset, score)
    found = pairs.sums(pairs.Residuals(public.kind, data.y, score, public.clip), groups, seen)
    ones = [1] * len(found)
    scale = purse.scale(kernel.CLIP, ones, squared * rule.screen)
    unit = public.clip / kernel.CLIP
    noisy = [np.asarray(one * unit) for one in purse.release(found, kernel.CLIP, ones, scale)]
    chosen = pairs.choose(seen, noisy, (scale * unit) ** 2)
    if not chosen:
        return None
    codes = pairs.codes(chosen, seen, groups)
    counts = pairs.count(chosen, codes, purse, squared * rule.cells)
    counts = [one * public.rows / one.sum() for one in counts]
    bends = [one[:, None] * seen.curvature(*kept.among) for one, kept in zip(counts, chosen, strict=True)]
    blocks = [kept.block for kept in chosen]
    beliefs, first = [], []
    for kept, count, bend in zip(chosen, counts, bends, strict=True):
        noise = np.full(kept.first.shape, kept.noise)
        belief = prior.evidence(kept.block, count, kept.first, bend=bend, noise=noise, before=Belief(loose=0))
        beliefs.append(belief)
        row = [prior.solve(kept.block, count, belief, bend[:, k], noise[:, k]) for k in range(public.outputs)]
        first.append(apply([row], [kept.first])[0] / 2)
    more = replace(
        public,
        blocks=[*public.blocks, *blocks],
        counts=[*public.counts, *counts],
        bends=[*public.bends, *bends],
    )
    begins = more.starts[len(public.blocks) :]
    joined = kernel.no_places(data.y.size, len(more.blocks), more.width)
    joined[:, : len(public.blocks)] = data.places
    joined[:, len(public.blocks) :] = codes + begins.astype(joined.dtype)
    damping, momentum = pace(len(more.blocks))
    return _More(
        Data(joined, data.y),
        more,
        replace(rule, damping=min(rule.damping, damping), momentum=max(rule.momentum, momentum)),
        beliefs,
        first,
    )


class _Average:
    """Figures of several steps, each weighted by its cost, so by one over its variance. Blocks may join."""

    def __init__(self, offset: Floats) -> None:
        self._z: list[Floats] = []
        self._noise: list[Floats] = []
        self._weights: list[float] = []
        self._offset = np.zeros_like(offset)

    def add(self, z: list[Floats], noise: list[Floats], offset: Floats, weight: float) -> None:
        for new in z[len(self._z) :]:
            self._z.append(np.zeros_like(new))
            self._noise.append(np.zeros_like(new))
            self._weights.append(0.0)
        self._z = [old + weight * new for old, new in zip(self._z, z, strict=True)]
        self._noise = [old + weight**2 * new for old, new in zip(self._noise, noise, strict=True)]
        self._weights = [old + weight for old in self._weights]
        self._offset = self._offset + weight * offset

    def mean(self) -> tuple[list[Floats], list[Floats]]:
        pairs = zip(self._z, self._noise, self._weights, strict=True)
        both = [(z / weight, noise / weight**2) for z, noise, weight in pairs]
        return [z for z, _ in both], [noise for _, noise in both]

    @property
    def offset(self) -> Floats:
        return np.asarray(self._offset / self._weights[0])


def _variance(purse: Purse, public: Public, squared: float) -> float:
    """Of a gradient with even weights for mu^2 = `squared`."""
    scale = purse.scale(kernel.CLIP, [1] * sum(one.parts for one in public.blocks), squared)
    return float((scale * public.clip / kernel.CLIP) ** 2)


def _look(
    data: Data,
    public: Public,
    purse: Purse,
    *,
    tables: list[Floats],
    offset: Floats,
    weights: list[Floats],
    cost: float,
) -> tuple[list[Floats], list[Floats]]:
    """The noisy gradient of each column, (observed, K), and its variances: one pass, one release."""
    table = np.ascontiguousarray(np.concatenate(tables))
    sums = np.zeros(table.shape, dtype=np.int64)
    starts = public.starts
    kernel.gradient(public.kind, data.places, data.y, table, offset, public.clip, sums)
    parts = []
    for block, start in zip(public.blocks, starts, strict=True):
        own = sums[start : start + block.bins]
        if block.coarse is not None:
            parts.append(np.add.reduceat(own, block.begins, axis=0))
        parts.append(own)
    flat = [float(one) ** 0.5 for weight in weights for one in weight]
    wholes = [max(1, round(WEIGHT * one)) for one in flat]
    scale = purse.scale(kernel.CLIP, wholes, cost)
    if scale > MOST_SCALE:  # a tiny epsilon or a large group: coarser weights, as sound
        wholes = [max(1, round(one)) for one in flat]
        scale = purse.scale(kernel.CLIP, wholes, cost)
    noisy = purse.release(parts, kernel.CLIP, wholes, scale)
    unit = public.clip / kernel.CLIP
    seen, noise, place = [], [], 0
    for block in public.blocks:
        mine = slice(place, place + block.parts)
        own = np.array(wholes[mine])
        pairs = zip(noisy[mine], wholes[mine], strict=True)
        seen.append(np.concatenate([part * (unit / weight) for part, weight in pairs]))
        one = prior.spread(block, (scale * unit / own) ** 2)
        noise.append(np.repeat(one[:, None], public.outputs, axis=1))
        place += block.parts
    return seen, noise


def _totals(blocks: list[Block], seen: list[Floats], noise: list[Floats]) -> tuple[Floats, Floats]:
    """The sum of all residuals (K,), the best mean of what each part's total says, and its variance."""
    values, precisions = [], []
    for block, got, one in zip(blocks, seen, noise, strict=True):
        cuts = [slice(None)] if block.coarse is None else [slice(0, block.groups), slice(block.groups, None)]
        for cut in cuts:
            values.append(got[cut].sum(axis=0))
            precisions.append(1 / one[cut].sum(axis=0))
    precision = np.sum(precisions, axis=0)
    return np.sum([a * b for a, b in zip(values, precisions, strict=True)], axis=0) / precision, 1 / precision
