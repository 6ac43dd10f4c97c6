"""Transformations spread over the whole lattice, each with its loss and its mean risk: what a person can
choose from. A sample, in counts: the search knows better which of them is the best."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from ppdesk.core.errors import CancelledRunError
from ppdesk.workflow.data import anonymize_search, quality_settings
from ppdesk.workflow.data.anonymize_params import AnonymizeParams

if TYPE_CHECKING:
    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.workflow.data.anonymize_prepared import Prepared
    from ppdesk.workflow.step import Context

_WORK = 20_000_000  # groups that are grouped again in all: about a second
_LEAST, _MOST = 24, 1000  # transformations
_STRIDE = (math.sqrt(5) - 1) / 2  # golden: places that follow each other lie far apart on every axis


class SpacePoint(BaseModel):
    """One transformation: its levels in the order of the quasi-identifiers, its score, how many records it
    suppresses, and of the others the number of classes and the mean risk, 0..1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: tuple[int, ...]
    score: float
    suppressed: int
    classes: int
    risk: float


class Space(BaseModel):
    """`size` counts all transformations that the settings allow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...]
    size: float
    points: tuple[SpacePoint, ...]


def space(params: AnonymizeParams, data: "Prepared", needs: "Requirements", ctx: "Context") -> Space:
    """Up to 1,000 transformations of `data`, fewer where it has many groups; always the same ones.
    CancelledRunError; what the search raises of wrong settings."""
    import numpy as np

    from ppdesk.anonymize.apply import classes
    from ppdesk.anonymize.heuristics.problem import Problem
    from ppdesk.anonymize.risk import risk

    frequencies = data.frequencies
    problem = Problem(
        frequencies, params.k, params.suppression_limit,
        quality_settings.model(params, data.roles, data.rows, frequencies), data.names, needs,
        quality=params.quality,
    )  # fmt: skip
    checker = problem.checker(limit=frequencies.records)  # whatever it suppresses, it has a score
    bounds = anonymize_search.plan(params).constraints.box(data.names, problem.shape)
    size = math.prod(high - low + 1 for low, high in bounds)
    most = min(_MOST, max(_LEAST, _WORK // max(1, len(frequencies.counts))))
    found = []
    for levels in spread(bounds, min(size, most)):
        if ctx.cancelled():
            raise CancelledRunError
        suppressed, _, score = checker.details(np.array(levels, np.int64))
        made = classes(frequencies, levels, params.k, needs)
        if not math.isfinite(score):
            continue  # nothing is released, and the measure says nothing of that
        kept = risk(made.sizes[~made.hidden], params.k)
        found.append(
            SpacePoint(
                levels=levels, score=score, suppressed=suppressed, classes=kept.classes, risk=kept.marketer
            )
        )
    return Space(columns=tuple(data.names), size=float(size), points=tuple(found))


def spread(bounds: Sequence[tuple[int, int]], count: int) -> Iterator[tuple[int, ...]]:
    """`count` different transformations within `bounds` (lowest and highest level of each column), evenly
    spread; `count` is at most how many there are."""
    sizes = [high - low + 1 for low, high in bounds]
    size = math.prod(sizes)
    stride = max(1, round(size * _STRIDE))
    while math.gcd(stride, size) > 1:
        stride += 1
    for at in range(count):
        place, levels = at * stride % size, []
        for (low, _), wide in zip(reversed(bounds), reversed(sizes), strict=True):
            levels.append(low + place % wide)
            place //= wide
        yield tuple(reversed(levels))
