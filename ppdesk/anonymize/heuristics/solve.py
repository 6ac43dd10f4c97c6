"""Find a transformation: exactly, by a heuristic, or as a person chose it. One answer for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.errors import (
    ChosenLevelsError,
    ConstraintError,
    NoneWithinConstraintsError,
    NoProtectionError,
    NoSolutionError,
    NothingFoundError,
    RankSearchError,
    UnachievableError,
)
from ppdesk.anonymize.heuristics.boxes import volume
from ppdesk.anonymize.heuristics.explore import Explored, explore
from ppdesk.anonymize.heuristics.explorer import Levels, Limits
from ppdesk.anonymize.heuristics.names import Algorithm
from ppdesk.anonymize.heuristics.nearest import nearest
from ppdesk.anonymize.heuristics.points import Point, of_seen, of_statuses
from ppdesk.anonymize.heuristics.problem import Problem
from ppdesk.anonymize.populations.errors import NoProtectedReleaseError
from ppdesk.anonymize.quality_names import AGGREGATE, SETTINGS, aggregated_by
from ppdesk.anonymize.search import LARGEST_LATTICE, search
from ppdesk.anonymize.solution import Solution
from ppdesk.core.entropy import Entropy
from ppdesk.core.said import said

CHOSEN = "chosen"
SECONDS = 60.0  # a heuristic's time limit where none is given


@dataclass(frozen=True)
class Plan:
    """How to search. `alternatives` is how many of the next best are wanted beside the best. `levels`: take
    these, per column, and search for nothing."""

    algorithm: Algorithm = Algorithm.AUTO
    constraints: Constraints = field(default_factory=Constraints)
    alternatives: int = 0
    seconds: float | None = None  # None: no limit for the exact search, SECONDS for the others
    steps: int | None = None  # checks of a heuristic
    levels: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Solved(Solution):
    """A Solution, and how it came about. Of a heuristic, `suppress_too_much` and `bounded` count what is
    proved so with the checked ones among it, and add up to `lattice_size` with `undecided`."""

    algorithm: str = Algorithm.EXACT.value
    ended: str = ""  # which limit ended the search, in words
    undecided: int = 0
    points: tuple[Point, ...] = ()


def solve(
    problem: Problem,
    plan: Plan,
    *,
    entropy: Entropy,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Solved:
    """The best transformation that `plan` finds. Beside the errors of `search`: UnachievableError (proved),
    NothingFoundError, ChosenLevelsError, RankSearchError."""
    box = plan.constraints.box(problem.columns, problem.shape)
    low, high = tuple(one for one, _ in box), tuple(one for _, one in box)
    if plan.levels is not None:
        return _chosen(problem, plan.levels, low, high)
    algorithm = plan.algorithm
    if algorithm is Algorithm.AUTO:
        algorithm = Algorithm.EXACT if volume(low, high) <= LARGEST_LATTICE else Algorithm.TOP_DOWN
    if algorithm is not Algorithm.EXACT and _by_rank(problem):
        raise RankSearchError()
    try:
        if algorithm is Algorithm.EXACT:
            return _exact(problem, plan, progress, cancelled)
        limits = Limits(plan.steps, SECONDS if plan.seconds is None else plan.seconds)
        checker = problem.checker()
        found = explore(
            checker, low, high, algorithm,
            limits=limits, entropy=entropy, keep=plan.alternatives + 1,
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
        if not found.best and found.optimal:
            raise checker.refusal(found.seen[high].floor, volume(low, high))
    except (NoneWithinConstraintsError, NoSolutionError, NoProtectionError, NoProtectedReleaseError):
        raise UnachievableError(
            models=problem.names, limit=problem.limit, size=_many(volume(low, high)),
            nearest=nearest(problem, low, high, cancelled).words,
        ) from None  # fmt: skip
    if not found.best:
        raise NothingFoundError(ended=found.ended or said("it came to its own end"), models=problem.names)
    return _heuristic(problem, found, algorithm, low, high)


def _by_rank(problem: Problem) -> bool:
    by = aggregated_by(problem.model.aggregate, problem.quality)
    return AGGREGATE in SETTINGS[problem.quality] and by is Aggregate.RANK


def _many(count: int) -> str:
    return f"{count:,}" if count < 10**15 else f"{count:.3g}"


def _exact(
    problem: Problem, plan: Plan, progress: Callable[[float, str], None], cancelled: Callable[[], bool]
) -> Solved:
    found = search(
        problem.frequencies, problem.k, problem.suppression_limit, problem.model, problem.columns,
        needs=problem.needs, quality=problem.quality, populations=problem.populations,
        constraints=plan.constraints, keep=plan.alternatives + 1, seconds=plan.seconds,
        progress=progress, cancelled=cancelled,
    )  # fmt: skip
    named = [found.levels, *(levels for levels, _, _ in found.others)]
    told = {one.name: getattr(found, one.name) for one in fields(Solution)}
    decided = found.checked + found.suppress_too_much + found.bounded
    return Solved(
        **told,
        ended="" if found.optimal else said("the time limit of {seconds:g} s", seconds=plan.seconds or 0.0),
        undecided=found.lattice_size - decided,
        points=tuple(of_statuses(problem.checker(), found.box, found.statuses, named)),
    )


def _heuristic(problem: Problem, found: Explored, algorithm: Algorithm, low: Levels, high: Levels) -> Solved:
    checker = problem.checker()
    best = found.best[0]
    suppressed, losses, score = checker.details(np.array(best.levels, np.int64))
    named = [one.levels for one in found.best]
    seen = of_seen(checker, found.seen, low, high, named, optimal=found.optimal)
    return Solved(
        levels=best.levels,
        score=score,
        losses=losses,
        suppressed=suppressed,
        limit=problem.limit,
        lattice_size=volume(low, high),
        checked=found.checked,
        suppress_too_much=found.failed,
        bounded=found.beaten,
        optimal=found.optimal,
        bound=score if found.optimal else min(score, checker.scored(found.bound)),
        others=tuple(
            (one.levels, checker.details(np.array(one.levels, np.int64))[2], one.suppressed)
            for one in found.best[1:]
        ),
        box=tuple(zip(low, high, strict=True)),
        algorithm=algorithm.value,
        ended=found.ended,
        undecided=found.open,
        points=tuple(seen),
    )


def _chosen(problem: Problem, wanted: Mapping[str, int], low: Levels, high: Levels) -> Solved:
    """The transformation that a person chose, checked for the privacy models and the limit."""
    for name in (*wanted, *problem.columns):
        if name not in wanted or name not in problem.columns:
            raise ConstraintError(column=name)
    levels = tuple(wanted[name] for name in problem.columns)
    for name, level, least, most in zip(problem.columns, levels, low, high, strict=True):
        if not least <= level <= most:
            raise ConstraintError(column=name)
    checker = problem.checker(limit=problem.records)  # so that the suppressed are counted to the end
    suppressed, losses, score = checker.details(np.array(levels, np.int64))
    if suppressed > problem.limit:
        raise ChosenLevelsError(
            suppressed=suppressed, records=problem.records, models=problem.names, limit=problem.limit
        )
    return Solved(
        levels=levels,
        score=score,
        losses=losses,
        suppressed=suppressed,
        limit=problem.limit,
        lattice_size=volume(low, high),
        checked=1,
        suppress_too_much=0,
        bounded=0,
        optimal=False,
        bound=min(score, checker.scored(checker.least(np.array(low, np.int64), 0))),
        box=tuple(zip(low, high, strict=True)),
        algorithm=CHOSEN,
        undecided=volume(low, high) - 1,
    )
