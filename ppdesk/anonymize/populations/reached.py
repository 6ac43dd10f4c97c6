"""What a release has of what was demanded, and the risks that a population tells of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.apply import Classes
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.populations import estimators, shrinking, thresholds
from ppdesk.anonymize.populations.estimators import Sizes
from ppdesk.anonymize.populations.judging import Populations
from ppdesk.anonymize.populations.models import (
    AverageRisk,
    DeltaPresence,
    EstimatedKMap,
    Estimator,
    KMap,
    Model,
    PopulationUniqueness,
    Profitability,
    SampleUniqueness,
)
from ppdesk.anonymize.risk import Journalist, journalist
from ppdesk.core.said import Said, said, said_all


@dataclass(frozen=True)
class Reached:
    """Per model what it counts and how much of it the kept classes have (NaN where none is kept). With a
    table of the population its size, and the journalist risk before and after."""

    models: tuple[tuple[str, float], ...]
    people: int | None = None
    before: Journalist | None = None
    after: Journalist | None = None


def reached(
    populations: Populations, frequencies: FrequencySet, levels: Sequence[int], found: Classes, k: int
) -> Reached:
    """`found` are the classes at `levels`, with what is hidden."""
    wanted, kept = np.asarray(levels, np.int64), ~found.hidden
    sizes = found.sizes[kept]
    if populations.people is None:
        return Reached(tuple(_has(one, sizes, sizes, frequencies.records) for one in populations.models))
    of_leaf, _ = populations.people.counts(np.zeros_like(wanted), frequencies.codes)
    codes = np.ascontiguousarray(frequencies.codes[:, found.first])
    people = populations.people.counts(wanted, codes)[0][kept]
    return Reached(
        models=tuple(_has(one, sizes, people, frequencies.records) for one in populations.models),
        people=populations.people.size,
        before=journalist(frequencies.counts, of_leaf, k),
        after=journalist(sizes, people, k),
    )


def _has(
    model: Model, sizes: NDArray[np.int64], people: NDArray[np.int64], records: int
) -> tuple[str, float]:
    if len(sizes) == 0:
        return said("no class is kept"), math.nan
    if isinstance(model, AverageRisk | SampleUniqueness | PopulationUniqueness):
        return _has_together(model, sizes)
    counted = people if isinstance(model, KMap) or getattr(model, "journalist", False) else sizes
    least = float(counted.min())
    match model:
        case DeltaPresence():
            chances = sizes / people
            told = (
                said("largest chance to be in the table; least {least:.4g}", least=float(chances.min())),
                float(chances.max()),
            )
        case EstimatedKMap():
            told = _smallest(thresholds.estimated(model, records)), least
        case Profitability(no_attack=True):
            told = _smallest(thresholds.no_attack(model)), least
        case Profitability():
            told = said("largest chance of an attack"), 1.0 / least
        case KMap():
            told = said("people in the smallest class"), least
        case _:
            told = said("records selected"), float(records)
    return told


def _smallest(limit: int) -> Said:
    return said("smallest class; not below {limit:,}", limit=limit)


def _has_together(
    model: AverageRisk | SampleUniqueness | PopulationUniqueness, sizes: NDArray[np.int64]
) -> tuple[str, float]:
    """Of models on the whole sample."""
    total = int(sizes.sum())
    if isinstance(model, AverageRisk):
        at_risk = (
            said(
                "records in classes below {size:,}: {records:,}",
                size=size,
                records=int(sizes[sizes < size].sum()),
            )
            for size, _ in shrinking.shares(model)
        )
        return said_all((said("mean risk"), *at_risk), by="; "), len(sizes) / total
    if isinstance(model, SampleUniqueness):
        return said("share of records alone in their class"), int((sizes == 1).sum()) / total
    found = estimators.uniques(Sizes.of(sizes), model.population, model.estimator)
    return said("estimated share of unique people"), found / model.population


def estimated_uniques(
    populations: Populations, frequencies: FrequencySet, found: Classes
) -> tuple[int, float, float] | None:
    """(people, estimated share of unique people before, after) by Dankar's rule, for the first population
    that a model is given the size of; NaN where nothing can be estimated, None where no model says a size."""
    sizes = [
        one.population for one in populations.models if isinstance(one, EstimatedKMap | PopulationUniqueness)
    ]
    if not sizes:
        return None
    shares = []
    for held in (frequencies.counts, found.sizes[~found.hidden]):
        if len(held) == 0:
            shares.append(0.0)
            continue
        shares.append(
            estimators.uniques(Sizes.of(held), sizes[0], Estimator.DANKAR, fallback=True) / sizes[0]
        )
    return sizes[0], shares[0], shares[1]
