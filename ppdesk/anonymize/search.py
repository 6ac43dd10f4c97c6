"""The exact search: full-domain generalization with record suppression, the best by a quality model.

Nothing is left out without a reason: each transformation is checked, or suppresses too much because a more
general one does, or has a lower bound that does not beat the best. Ties go to the smaller sum of levels, then
to the first in column order. `exploring` is the compiled loop; `stepwise` takes all other checkers.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.anonymize import lattice
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.checkers import checker_of
from ppdesk.anonymize.compiled_search import explore, fits
from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.criteria.dense import Needs, dense
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.errors import (
    LatticeTooLargeError,
    NoneWithinConstraintsError,
    NothingFoundInTimeError,
)
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.model_checker import ModelChecker
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.solution import Solution, State
from ppdesk.anonymize.stepwise import Stepwise
from ppdesk.anonymize.tables import MOST_RECORDS

if TYPE_CHECKING:
    from ppdesk.anonymize.populations.judging import Populations

LARGEST_LATTICE = 10_000_000  # nodes; up to 60 bytes each are held while searching


def search(
    frequencies: FrequencySet,
    k: int,
    suppression_limit: float,
    model: LossModel,
    columns: Sequence[str],
    *,
    needs: Requirements | None = None,
    quality: Quality = Quality.LOSS,
    populations: "Populations | None" = None,
    constraints: Constraints | None = None,
    keep: int = 1,
    seconds: float | None = None,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Solution:
    """The optimal transformation. At most floor(suppression_limit * records) records are suppressed.

    `needs` are models that each class must meet on sensitive attributes besides k-anonymity; a class that
    violates any is suppressed as a whole. A `quality` other than Loss is minimized by those settings of
    `model` that it has.
    `populations` are models on the population and the whole sample, which suppress further classes.
    `constraints` bound the levels. The `keep` best transformations are found, in the order of score, total
    level and column order; the others stand in `Solution.others`. After `seconds` the search stops with the
    best so far, not `optimal`, and the proved `bound` of any score.
    Raises NoSolutionError, NoProtectionError, NoneWithinConstraintsError (proved: all fail), ConstraintError,
    NothingFoundInTimeError, LatticeTooLargeError, CancelledRunError, WeightsError,
    ResponseError.
    """
    shape = frequencies.maps.shape
    box = (constraints or Constraints()).box(columns, shape)
    size = math.prod(high - low + 1 for low, high in box)
    if size > LARGEST_LATTICE:
        raise LatticeTooLargeError(size=size, limit=LARGEST_LATTICE)
    limit = math.floor(suppression_limit * frequencies.records)
    checker = checker_of(
        frequencies, k, limit, model, columns, needs=needs, quality=quality, populations=populations
    )
    plain = populations is None and checker.compiled and fits(box) and frequencies.records < MOST_RECORDS
    ready = dense(needs or Requirements(), len(frequencies.counts)) if plain else None
    state = _run(
        checker, ready, box, keep=max(1, keep), seconds=math.inf if seconds is None else seconds,
        progress=progress, cancelled=cancelled,
    )  # fmt: skip
    if not state.found:
        if state.least < math.inf:
            raise NothingFoundInTimeError(seconds=seconds or 0.0)
        if size < math.prod(shape):
            raise NoneWithinConstraintsError(limit=limit, size=size)
        raise checker.refusal(state.floor, size)
    return _solution(checker, state, box, size)


def _run(
    checker: Checker, needs: Needs | None, box: Sequence[tuple[int, int]], *, keep: int, seconds: float,
    progress: Callable[[float, str], None], cancelled: Callable[[], bool],
) -> State:  # fmt: skip
    """Search with the compiled loop, where the `needs` are there for it."""
    if needs is None:
        return Stepwise(
            checker, box, keep=keep, seconds=seconds, progress=progress, cancelled=cancelled
        ).run()
    return explore(checker, needs, box, keep=keep, seconds=seconds, progress=progress, cancelled=cancelled)


def _ranked(checker: Checker, levels: tuple[int, ...]) -> tuple[float, ...]:
    if isinstance(checker, ModelChecker) and checker.ranked:
        return checker.falling(np.array(levels, np.int64))
    return ()


def _solution(checker: Checker, state: State, box: tuple[tuple[int, int], ...], size: int) -> Solution:
    reasons = np.bincount(state.status, minlength=4)
    best, optimal = state.found[0], not reasons[lattice.OPEN]
    bound = best.score
    if state.least < best.value:
        bound = min(bound, checker.scored(state.least))
    return Solution(
        levels=best.levels,
        score=best.score,
        losses=best.losses,
        suppressed=best.suppressed,
        limit=checker.limit,
        lattice_size=size,
        checked=int(reasons[lattice.CHECKED]),
        suppress_too_much=int(reasons[lattice.SUPPRESSES]),
        bounded=int(reasons[lattice.BOUNDED]),
        optimal=optimal,
        bound=bound,
        others=tuple((one.levels, one.score, one.suppressed) for one in state.found[1:]),
        box=box,
        statuses=state.status,
        ranked=_ranked(checker, best.levels),
    )
