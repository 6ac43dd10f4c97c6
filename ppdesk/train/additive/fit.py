"""The engine of the additive model: counts, bins, steps, last release. Proof: the package's docstring."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.privacy.events import DpEvent, Gaussian
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.privacy.gaussian.source import MOST_SCALE, GaussianSource
from ppdesk.train.additive import descent, kernel, layout, pairs, prior, releases, rule, task, threshold
from ppdesk.train.additive.interaction import Pair, Part
from ppdesk.train.additive.model import KEY, AdditiveModel, Shape
from ppdesk.train.additive.releases import Floats, Purse, Source, Whole
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Trained, claim
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Column, Numeric, Quantity, Schema, Target
from ppdesk.train.spread import settle
from ppdesk.train.spread.cells import LENGTH
from ppdesk.train.spread.narrow import MOST_NUMBERS, Narrow, narrow

MECHANISM = "full-batch additive model, exact discrete Gaussian noise"
_LEAST_SPREAD = 1 / 64  # of a quantity, on -1 to 1
_MOST_EPSILON = 30.0  # a larger one is served with the noise of this one
_TWIN = Asked(_MOST_EPSILON, 1e-5)  # what the twin's filters believe of the noise that is not there


class Silence:
    """The twin's noise: none."""

    def draw(self, scale: float, size: int) -> Whole:  # noqa: ARG002 - a Source's signature
        return np.zeros(size, dtype=np.int64)


def cost(asked: Asked) -> DpEvent:
    """What a fit costs, whatever the data: one Gaussian mechanism. ImpossibleCostError where delta is 0."""
    return Gaussian(1 / gaussian_mu(asked.epsilon, asked.delta), asked.neighbours)


def fit(
    records: Records,
    y: Any,
    asked: Asked,
    target: Target,
    *,
    options: Mapping[str, Any] | None = None,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train on `records` and y, (n,): codes for Classes, numbers for Quantity, under the guarantee `asked`.

    options: "policy" (of threshold.POLICIES), "rows" (declared number of records), and any setting of
    `rule.Rule` in place of the rule's.
    """
    event = cost(asked)
    given = dict(options or {})
    model, notes = _run(records, y, asked, target, options=given, source=GaussianSource(entropy), tick=tick)
    return Trained(replace(model, privacy=claim(asked, MECHANISM, entropy)), event, notes)


def fit_twin(
    records: Records,
    y: Any,
    target: Target,
    *,
    options: Mapping[str, Any] | None = None,
    tick: Callable[[], None],
) -> AdditiveModel:
    """The same steps without noise. Outside every privacy claim; for comparison, never released."""
    model, _ = _run(records, y, _TWIN, target, options=dict(options or {}), source=Silence(), tick=tick)
    return replace(model, privacy={"private": False})


def _run(
    records: Records,
    y: Any,
    asked: Asked,
    target: Target,
    *,
    options: dict[str, Any],
    source: Source,
    tick: Callable[[], None],
) -> tuple[AdditiveModel, dict[str, Any]]:
    policy = str(options.pop("policy", None) or threshold.DEFAULT)
    if policy not in threshold.POLICIES:
        raise ValueError(f"the threshold's policy is one of {', '.join(threshold.POLICIES)}")
    declared = options.pop("rows", None)
    own = {name: value for name, value in options.items() if value is not None}
    settings = replace(rule.Rule(), **own)
    mu = _paying(asked, records.schema, target, settings)
    purse = Purse(asked, mu * mu, source)
    many = releases.factor(asked, counted=False)  # records by which neighbours differ
    found_range = _narrowed(y, target, purse)
    learnt = target if found_range is None else found_range.quantity
    last = 0.0 if found_range is None else settle.share_by_rule(found_range.rows, mu / many)
    left = 1 - last - purse.spent / purse.squared
    settings = replace(settings, counts=settings.counts * left)
    labels = _labels(y, learnt)
    public, places, spread, positive = _counts(records, labels, learnt, purse, settings, found_range)
    rows = public.rows if declared is None else float(declared)
    ruled = rule.choose(len(public.blocks), public.outputs, rows)
    settings = replace(
        settings, **{"steps": ruled.steps, "damping": ruled.damping, "momentum": ruled.momentum, **own}
    )
    if isinstance(target, Quantity):
        labels = (labels - spread[0]) / spread[1]
    share = left - settings.counts - settings.last * _has_last(target)
    data = descent.Data(places, labels)
    found = descent.descend(data, public, purse, purse.squared * share, rule=settings, tick=tick)
    scale, offset, cuts = 1.0, found.offset, {}
    if isinstance(learnt, Quantity):
        half = learnt.high / 2 - learnt.low / 2
        scale = spread[1] * half
        offset = found.offset * scale + (spread[0] * half + (learnt.high / 2 + learnt.low / 2))
    elif isinstance(target, Classes) and target.binary:
        noisy, sd = _scored(found, purse, settings)
        shift, scale = threshold.calibrate(noisy, sd)
        offset = found.offset * scale + shift
        cuts = threshold.thresholds(noisy, sd, shift, scale, positive)
    features, both = _functions(found, scale)
    model = AdditiveModel(
        records.schema,
        target,
        tuple(offset.tolist()),
        features,
        {},
        cuts,
        policy,
        learnt=None if found_range is None else found_range.quantity,
        pairs=both,
    )
    if found_range is not None:
        prior = settle.prior_by_rule(found_range.rows, mu / many, sure=True)
        answer = _last(purse)
        predicted = model.predict(records)
        values = np.asarray(y, np.float64)
        said = settle.settle(predicted, values, found_range, answer, share=last, prior=prior)
        model = replace(model.settled(said.slope, said.intercept), learnt=said.within(found_range.quantity))
    return model, _notes(found, purse, mu, settings)


def _functions(found: descent.Found, scale: float) -> tuple[tuple[Shape, ...], tuple[Pair, ...]]:
    """What was found, as the model has it; pairs that turned out to say nothing are left out."""
    blocks = found.public.blocks
    shapes, both = [], []
    for block, belief, table, sds in zip(blocks, found.beliefs, found.tables, found.sds, strict=True):
        values, unsure = table * scale, sds * scale
        if block.sides is None:
            at = _listed(block)
            shapes.append(
                Shape(block.column, tuple(block.edges.tolist()), _rows(values[at]), _rows(unsure[at]))
            )
        elif belief.amplitude > prior.NOTHING:
            first, second = (_part(side, blocks[side.place]) for side in block.sides)
            both.append(Pair((first, second), _rows(values), _rows(unsure)))
    return tuple(shapes), tuple(both)


def _paying(asked: Asked, schema: Schema, target: Target, settings: rule.Rule) -> float:
    """The mu that may be spent, so that the discrete noise keeps `asked`. UnsuitableGuaranteeError where it
    is so small that the noise would not fit into whole numbers."""
    mu = gaussian_mu(asked.epsilon, asked.delta)
    outputs = len(target.values) + 1 if isinstance(target, Classes) else 2
    # more noisy numbers than are ever given out, at less noise than ever: known before any data
    widths = sum(layout.cells_of(column) + settings.steps * _widest(column) for column in schema.columns)
    widths += pairs.numbers(len(schema.columns), settings.steps)
    numbers = outputs * (widths + threshold.SCORE_CELLS) + MOST_NUMBERS + settle.SIZE
    steps = 4.0 * settings.steps * len(schema.columns)
    if releases.factor(asked, counted=False) * kernel.CLIP * steps**0.5 / mu > MOST_SCALE / 16:
        raise UnsuitableGuaranteeError(
            estimator="The additive model", reason="so much noise does not fit into whole numbers"
        )
    try:
        epsilon, delta = slack_of(kernel.CLIP / mu, numbers, 1).target(
            min(asked.epsilon, _MOST_EPSILON), asked.delta
        )
    except ValueError as error:
        raise UnsuitableGuaranteeError(
            estimator="The additive model", reason="discrete noise cannot be proved for so small a delta"
        ) from error
    return min(mu, gaussian_mu(epsilon, delta))


def _widest(column: Column) -> int:
    """The most sums that a step gives out of it."""
    if not isinstance(column, Numeric):
        return layout.cells_of(column)
    return layout.FINE + layout.COARSE + 2


def _listed(block: layout.Block) -> Whole:
    """The bin of each entry of the model's lists: bins of numbers, categories each for itself."""
    return np.arange(block.bins) if isinstance(block.column, Numeric) else block.fine


def _part(side: layout.Side, block: layout.Block) -> Part:
    """A side of a pair in the column's own terms."""
    if not isinstance(block.column, Numeric):
        return Part(side.place, (), tuple(side.of[block.fine].tolist()))
    changes = np.flatnonzero(np.diff(side.of[:-1]))
    return Part(side.place, tuple(block.edges[changes].tolist()), ())


def _labels(y: Any, target: Target) -> Floats:
    """Codes as they are; a quantity on -1 to 1."""
    values = np.asarray(y, dtype=np.float64)
    if isinstance(target, Quantity):
        half = target.high / 2 - target.low / 2
        values = np.clip((values / 2 - target.low / 2) / half * 2 - 1, -1.0, 1.0)
    return values


def _has_last(target: Target) -> bool:
    return isinstance(target, Classes) and target.binary


def _last(purse: Purse) -> settle.Answer4:
    """The last sums of a quantity, paid from `purse`."""
    length = math.isqrt(settle.SQUARED * kernel.CLIP**2) + 1
    unit = kernel.CLIP // settle.GRID

    def answer(sums: Whole, share: float) -> tuple[Floats, float]:
        scale = purse.scale(length, [1], purse.squared * share * (1 - 1e-12))
        noisy = purse.release([sums * unit], length, [1], scale)[0]
        return noisy / kernel.CLIP, scale / kernel.CLIP

    return answer


def _narrowed(y: Any, target: Target, purse: Purse) -> Narrow | None:
    """A quantity's narrower bounds, paid from `purse`; None for classes."""
    if not isinstance(target, Quantity):
        return None

    def answer(counts: Whole, share: float) -> tuple[Floats, float]:
        length = LENGTH * kernel.CLIP
        scale = purse.scale(length, [1], purse.squared * share, counted=True)
        noisy = purse.release([counts * kernel.CLIP], length, [1], scale, counted=True)[0]
        return noisy / kernel.CLIP, scale / kernel.CLIP

    return narrow(np.asarray(y, dtype=np.float64), target, answer)


def _counts(  # noqa: PLR0917 - what a release needs
    records: Records,
    labels: Floats,
    target: Target,
    purse: Purse,
    settings: rule.Rule,
    found_range: Narrow | None,
) -> tuple[descent.Public, kernel.Places, tuple[float, float], float]:
    """The one-way release and all that follows from it: (what is published, places (n, F), mean and spread of
    a quantity, the share of positives of two classes)."""
    columns = records.schema.columns
    cells = [layout.cells(one, column) for one, column in zip(records.values, columns, strict=True)]
    widths = [layout.cells_of(column) for column in columns]
    sums = [task.one_way(one, width, labels, target) for one, width in zip(cells, widths, strict=True)]
    classes = not isinstance(target, Quantity)
    ones = [1] * len(columns)
    scale = purse.scale(kernel.CLIP, ones, purse.squared * settings.counts, counted=classes)
    noisy = purse.release(sums, kernel.CLIP, ones, scale, counted=classes)
    unit = task.unit_of(target)
    sd = scale / unit
    tables = [one / unit for one in noisy]
    total_sd = sd * task.count_terms(target) ** 0.5
    blocks = [
        layout.block(column, task.counts_of(table, target), total_sd)
        for column, table in zip(columns, tables, strict=True)
    ]
    width = sum(block.bins for block in blocks)
    places = kernel.no_places(records.rows, len(columns), width)
    start = 0
    for place, (block, one) in enumerate(zip(blocks, cells, strict=True)):
        places[:, place] = (block.fine + start).astype(places.dtype)[one]
        start += block.bins
    merged = [_merge(block, one) for block, one in zip(blocks, tables, strict=True)]
    own = [np.bincount(block.fine, minlength=block.bins) * sd**2 for block in blocks]  # variances, (bins,)
    weight = np.array([1 / one.sum() for one in own])
    each = np.array([one.sum(axis=0) for one in merged])  # every column counts all records
    totals = np.maximum((each * weight[:, None]).sum(axis=0) / weight.sum(), 1.0)
    rows, mean, offset, curvature, spread = _middle(totals, target, found_range)
    counts, first, first_noise, bends, first_bends = [], [], [], [], []
    for block, table, variance in zip(blocks, merged, own, strict=True):
        noise = np.sqrt(task.count_terms(target) * variance)
        count = np.maximum(task.counts_of(table, target), 0.3 * noise + 1.0)
        counts.append(count * rows / count.sum())
        first_bends.append(counts[-1][:, None] * curvature)
        bends.append(counts[-1][:, None] * task.bent(table, mean, noise, curvature, target))
        gradient, factor = task.pull(table, mean, target)
        first.append(-prior.observe(block, gradient) / spread[1])
        first_noise.append(prior.observe(block, variance[:, None] * factor[None, :]) / spread[1] ** 2)
    public = descent.Public(
        kind=task.kind_of(target),
        clip=task.clip_of(target),
        blocks=blocks,
        counts=counts,
        rows=rows,
        bends=bends,
        offset=offset,
        first=first,
        first_noise=first_noise,
        first_bends=first_bends,
    )
    return public, places, spread, float(mean[-1])


def _merge(block: layout.Block, table: Floats) -> Floats:
    """(bins, terms) of (cells, terms)."""
    out = np.zeros((block.bins, table.shape[1]))
    np.add.at(out, block.fine, table)
    return out


def _middle(
    totals: Floats, target: Target, found_range: Narrow | None
) -> tuple[float, Floats, Floats, Floats, tuple[float, float]]:
    """(rows, mean, offset, curvature, (mean, spread) of a quantity on -1 to 1, else (0, 1))."""
    if isinstance(target, Classes):
        rows = float(task.counts_of(totals[None, :], target)[0])
        mean = np.clip(totals[: len(target.values)] / rows, 1e-3, None)
        mean = mean / mean.sum()
        offset = np.log(mean[1:] / mean[:1]) if target.binary else np.log(mean)
        curvature = (mean * (1 - mean))[1:] if target.binary else mean * (1 - mean)
        return rows, mean, offset, curvature, (0.0, 1.0)
    rows = float(totals[0])
    middle = float(np.clip(totals[1] / rows, -1.0, 1.0))
    whole = target.high / 2 - target.low / 2
    spread = 1.0 if found_range is None else found_range.scale / whole
    return (
        rows,
        np.array([1.0, middle]),
        np.zeros(1),
        np.ones(1),
        (middle, min(max(spread, _LEAST_SPREAD), 1.0)),
    )


def _scored(found: descent.Found, purse: Purse, settings: rule.Rule) -> tuple[Floats, float]:
    """The noisy histogram of scores by class, and its sd."""
    scores = np.empty((found.data.y.size, 1))
    table = np.ascontiguousarray(np.concatenate(found.tables))
    kernel.scores(found.data.places, table, found.offset, scores)
    sums = threshold.histogram(scores[:, 0], found.data.y) * kernel.CLIP
    scale = purse.scale(kernel.CLIP, [1], purse.squared * settings.last * (1 - 1e-12), counted=True)
    noisy = purse.release([sums], kernel.CLIP, [1], scale, counted=True)[0]
    return noisy / kernel.CLIP, scale / kernel.CLIP


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())


def _name(block: layout.Block, public: descent.Public) -> str:
    if block.sides is None:
        return block.column.name
    return " and ".join(public.blocks[side.place].column.name for side in block.sides)


def _notes(found: descent.Found, purse: Purse, mu: float, settings: rule.Rule) -> dict[str, Any]:
    """What the rule chose, and what was spent. No value of the data but noisy ones already paid for."""
    return {
        "rule": dict(settings.to_json()),
        "mu": mu,
        "mu_spent": purse.spent**0.5,
        "rows_noisy": round(found.public.rows),
        "columns": [
            {
                "name": _name(block, found.public),
                "bins": block.bins,
                "amplitude": belief.amplitude,
                "weights": [round(float(one), 4) for one in weight],
            }
            for block, belief, weight in zip(found.public.blocks, found.beliefs, found.weights, strict=True)
        ],
        "estimator": KEY,
    }
