"""The Loss quality model of ARX: how much of the hierarchies' resolution a transformation gives away.

Source: ARX 3.9.2, MetricMDNMLoss (Prasser, Kohlmayer et al.). Per column, a kept record costs the share of
the hierarchy's rows that its label covers, a suppressed one costs 1; scaled so that 0 keeps all and 1
keeps nothing, rounded down to ten decimals.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.errors import WeightsError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.objective import ARITHMETIC, GEOMETRIC, Costs
from ppdesk.anonymize.quality_names import Quality, aggregated_by
from ppdesk.anonymize.response import Response


@dataclass(frozen=True)
class Money:
    """What publishing a record brings at most, what an attack on it costs the publisher, and what it brings
    and costs the attacker. ARX's defaults (Wan et al., PLOS ONE 2015)."""

    benefit: float = 1200.0
    loss: float = 300.0
    gain: float = 300.0
    cost: float = 4.0


@dataclass(frozen=True)
class LossModel:
    """The settings of loss, and of the other quality models that have them (`quality_names.SETTINGS`).

    `gs_factor` in 0..1 weighs generalization against suppression: 0.5 both alike, 0 suppression costs
    no more than the generalization it hides, 1 generalization costs nothing. `weights` per column, 1
    where not named; they are divided by the largest. `monotone`: the variant that only grows with
    generalization, without a price of suppression. `response`: what classification accuracy predicts;
    `money`: what publisher payout counts in."""

    aggregate: Aggregate = Aggregate.DEFAULT
    gs_factor: float = 0.5
    weights: Mapping[str, float] = field(default_factory=dict)
    monotone: bool = False
    response: Response | None = None
    money: Money = Money()

    @property
    def suppression_factor(self) -> float:
        return min(1.0, 2 * self.gs_factor)

    @property
    def generalization_factor(self) -> float:
        return 1.0 - 2 * max(0.0, self.gs_factor - 0.5)

    def column_weights(self, columns: Sequence[str]) -> NDArray[np.float64]:
        """(columns,) float64 in 0..1. Raises WeightsError."""
        for name, weight in self.weights.items():
            if name not in columns or not (math.isfinite(weight) and weight >= 0):
                raise WeightsError(column=name)
        found = np.array([self.weights.get(name, 1.0) for name in columns], np.float64)
        if found.max() == 0:
            raise WeightsError(column="all")
        scaled: NDArray[np.float64] = found / found.max()
        return scaled

    def score(self, losses: Sequence[float], weights: NDArray[np.float64]) -> float:
        """The score that ARX names for these losses; by rank, the largest."""
        return combined(losses, weights, aggregated_by(self.aggregate, Quality.LOSS))


def combined(losses: Sequence[float], weights: NDArray[np.float64], by: Aggregate) -> float:
    """What ARX makes of (columns,) losses. By rank, their largest, which is compared first."""
    m = len(losses)
    each = [float(weight) * float(loss) for weight, loss in zip(weights.tolist(), losses, strict=True)]
    if by is Aggregate.GEOMETRIC_MEAN:
        return math.prod(math.pow(one + 1.0, 1.0 / m) for one in each) - 1.0
    if by in {Aggregate.MAXIMUM, Aggregate.RANK}:
        return max(each)
    return math.fsum(each) if by is Aggregate.SUM else math.fsum(each) / m


def tallies(frequencies: FrequencySet) -> list[NDArray[np.int64]]:
    """Per column, (leaves,) int64: the records with each leaf. One pass over the groups per block."""
    maps = frequencies.maps
    finest = maps.finest
    found = [np.zeros(0, np.int64)] * len(maps.shape)
    for b, size in enumerate(finest.sizes.tolist()):
        held = np.bincount(frequencies.codes[b], weights=frequencies.counts, minlength=size)
        for d in finest.columns[finest.first[b] : finest.first[b + 1]].tolist():
            at, leaves = int(finest.at[d]), int(maps.domain[d])
            if at >= 0:
                own = np.bincount(finest.leaves[at : at + size], weights=held, minlength=leaves)
                found[d] = own.astype(np.int64)
            else:
                found[d] = held.astype(np.int64)
    return found


def costs(frequencies: FrequencySet, model: LossModel, columns: Sequence[str]) -> Costs:
    """What the kernels need to price transformations of a frequency set. No grouping of tuples."""
    maps = frequencies.maps
    geometric = aggregated_by(model.aggregate, Quality.LOSS) is Aggregate.GEOMETRIC_MEAN
    totals = np.zeros(maps.starts.shape, np.int64)
    runs = np.zeros((*maps.starts.shape, 2), np.int64)
    values, counts, offset = [], [], 0
    for d, records in enumerate(tallies(frequencies)):
        leaves = int(maps.domain[d])
        for level in range(maps.shape[d]):
            start = maps.starts[d, level]
            weight = maps.finest.weights[start : start + leaves]
            totals[d, level] = weight @ records
            distinct = np.flatnonzero(np.bincount(weight))[::-1]
            held = np.bincount(weight, weights=records).astype(np.int64)
            values.append(distinct)
            counts.append(held[distinct])
            runs[d, level] = offset, offset + len(distinct)
            offset += len(distinct)
    return Costs(
        totals=totals,
        runs=runs,
        values=np.concatenate(values),
        counts=np.concatenate(counts),
        records=frequencies.records,
        domain=maps.domain,
        weights=model.column_weights(columns),
        # floats always: kernels are compiled anew for a whole number
        generalization=float(model.generalization_factor),
        suppression=float(model.suppression_factor),
        aggregate=GEOMETRIC if geometric else ARITHMETIC,
    )
