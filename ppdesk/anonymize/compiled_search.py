"""The compiled search from Python: its arrays, and a way back for progress, a stop and the time limit."""

import math
import time
from collections.abc import Callable, Sequence

import numpy as np

from ppdesk.anonymize import exploring, opening, pricing
from ppdesk.anonymize import tables as table
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.criteria.dense import Needs
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.objective import column_loss
from ppdesk.anonymize.quality import QualityChecker
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.solution import Found, State
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said

_CHECKS = 64  # between two returns to Python
_SAMPLE = 2048  # groups
_WORK = 1_000_000  # groups read between two returns
_KINDS = {
    Quality.DISCERNIBILITY: pricing.DISCERNIBILITY,
    Quality.AECS: pricing.AECS,
    Quality.PRECISION: pricing.PRECISION,
    Quality.HEIGHT: pricing.HEIGHT,
    Quality.AMBIGUITY: pricing.AMBIGUITY,
    Quality.ENTROPY: pricing.ENTROPY,
}


def box(bounds: Sequence[tuple[int, int]], spread: Sequence[float]) -> opening.Box:
    """The transformations between (lowest, highest) levels; `spread` of the values orders the columns of
    prefixes."""
    shape = [high - low + 1 for low, high in bounds]
    shifts, masks, guards, at = [], [], 0, 0
    for levels in shape:
        bits = (levels - 1).bit_length()
        shifts.append(at)
        masks.append(((1 << bits) - 1) << at)
        at += bits + 1
        guards |= 1 << (at - 1)
    prefixes, mask = [], 0
    for d in sorted(range(len(shape)), key=lambda d: -spread[d]):
        if masks[d]:
            mask |= masks[d]
            prefixes.append(mask)
    return opening.Box(
        low=np.array([low for low, _ in bounds], np.int64),
        shape=np.array(shape, np.int64),
        strides=np.array([math.prod(shape[d + 1 :]) for d in range(len(shape))], np.int64),
        shifts=np.array(shifts, np.int64),
        guards=guards,
        prefixes=np.array(prefixes[:-1], np.int64),
    )


def _spread(frequencies: FrequencySet) -> list[float]:
    """How evenly values are spread, per column, in a sample: the more, the rarer are two equal ones."""
    finest = frequencies.maps.finest
    sample = frequencies.codes[:, :: 1 + frequencies.codes.shape[1] // _SAMPLE]
    found = [0.0] * len(frequencies.maps.shape)
    for b in range(len(finest.sizes)):
        for d in finest.columns[finest.first[b] : finest.first[b + 1]].tolist():
            leaves = sample[b] if finest.at[d] < 0 else finest.leaves[finest.at[d] :][sample[b]]
            tally = np.bincount(leaves)
            found[d] = -float(tally @ tally)
    return found


def fits(bounds: Sequence[tuple[int, int]]) -> bool:
    """Whether the levels of a transformation fit into one word."""
    return sum((high - low).bit_length() + 1 for low, high in bounds) <= 62


def prices(checker: Checker) -> pricing.Prices:
    """What the checker minimizes, for the kernels."""
    other = None
    if isinstance(checker, QualityChecker):
        other = pricing.Other(_KINDS[checker.quality], checker.lost, checker.whole, checker.domains)
    return pricing.Prices(
        costs=checker.costs, other=other, k=checker.k, limit=checker.limit, slack=checker.slack
    )


def explore(
    checker: Checker,
    needs: Needs,
    bounds: Sequence[tuple[int, int]],
    *,
    keep: int,
    seconds: float,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> State:
    """Search to the end, or until time is up. Raises CancelledRunError."""
    until = time.monotonic() + seconds
    data = table.source(checker.frequencies)
    at = exploring.Setting(
        box=box(bounds, _spread(checker.frequencies)),
        prices=prices(checker),
        from_=data,
        tables=table.make(checker.frequencies, data, needs.cells.shape[1]),
        needs=needs if len(needs.numbers) else None,
    )
    state = _state(at.box, keep)
    size = len(state.status)
    if not getattr(exploring.run, "signatures", ()):  # nothing was searched in this process
        progress(0.0, said("Preparing the search for this computer: up to a minute, once"))
    opening.begin(at.box, state, at.prices)
    checks = 1  # the most general one alone, at first
    while exploring.run(at, state, checks, _WORK):
        checks = _CHECKS
        if cancelled():
            raise CancelledRunError()
        closed = size - int(state.counts[opening.OPEN_NOW])
        told = said("{closed:,} of {size:,} transformations decided", closed=closed, size=size)
        progress(closed / size, told)
        if time.monotonic() >= until:
            break
    still = int(state.counts[opening.OPEN_NOW])
    least = float(state.least[:still].min()) * checker.slack if still else math.inf
    found = [_found(checker, at.box, state, i) for i in range(int(state.counts[opening.FOUND]))]
    return State(tuple(found), state.status, least, int(state.counts[opening.TOP_FLOOR]))


def _state(space: opening.Box, keep: int) -> opening.Exploration:
    size, m = int(space.shape.prod()), len(space.shape)
    return opening.Exploration(
        status=np.zeros(size, np.uint8),
        place=np.empty(size, np.int32),
        nodes=np.empty(size, np.int32),
        words=np.empty(size, np.int64),
        least=np.empty(size, np.float64),
        floors=np.zeros(size, np.int64),
        seen=np.zeros(size, np.int64),
        mixed=np.zeros(size, np.float64),
        heap=np.empty(size, np.int32),
        keys=np.empty(size, np.float64),
        chain=np.empty(int(space.shape.sum()) + 2, np.int64),
        counts=np.zeros(9, np.int64),
        values=np.full(keep, math.inf),
        totals=np.zeros(keep, np.int64),
        best=np.full(keep, -1, np.int64),
        suppressed=np.zeros(keep, np.int64),
        removed=np.zeros((keep, m), np.int64),
        scratch=np.zeros((2, m), np.int64),
        levels=np.zeros(m, np.int64),
    )


def _found(checker: Checker, space: opening.Box, state: opening.Exploration, rank: int) -> Found:
    costs, m = checker.costs, len(space.shape)
    at = np.unravel_index(int(state.best[rank]), tuple(space.shape.tolist()))
    levels = np.array(at, np.int64).reshape(m) + space.low
    total = costs.totals[np.arange(m), levels]
    kept, suppressed = total - state.removed[rank], int(state.suppressed[rank])
    losses = tuple(
        float(column_loss(part, whole, suppressed, domain, costs))
        for part, whole, domain in zip(kept, total, costs.domain, strict=True)
    )
    value = float(state.values[rank])
    if isinstance(checker, QualityChecker):
        score = checker.scored(value)
    else:
        score = checker.model.score(losses, costs.weights)
    return Found(tuple(levels.tolist()), value, score, losses, suppressed)
