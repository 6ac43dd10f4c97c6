"""One answer for all ways to find a transformation, against brute force on small random tables."""

import itertools
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.apply import classes
from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.criteria.models import DistinctLDiversity, EqualTCloseness
from ppdesk.anonymize.errors import (
    ChosenLevelsError,
    ConstraintError,
    NoSolutionError,
    NothingFoundError,
    UnachievableError,
)
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.heuristics import solve as solve_module
from ppdesk.anonymize.heuristics.names import Algorithm
from ppdesk.anonymize.heuristics.nearest import nearest
from ppdesk.anonymize.heuristics.points import REASONS
from ppdesk.anonymize.heuristics.problem import Problem
from ppdesk.anonymize.heuristics.solve import Plan, solve
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.core.entropy import TestEntropy

NAMES = ("a", "b", "c")
SEARCHES = (Algorithm.EXACT, Algorithm.BEST_FIRST, Algorithm.TOP_DOWN, Algorithm.GENETIC)


def tree(name, depth):
    """2 ** depth leaves, halved at each level."""
    rows = [
        [f"{leaf:0{depth}b}"[: depth - level] + "." * level for level in range(depth)]
        for leaf in range(2**depth)
    ]
    return validated(name, [[*row, "*"] for row in rows])


@st.composite
def problems(draw):
    """A problem on a random table, with levels to keep to."""
    columns = [tree(name, draw(st.integers(1, 3))) for name in NAMES[: draw(st.integers(1, 3))]]
    row = st.tuples(*(st.sampled_from(one.leaves) for one in columns), st.sampled_from("xyz"))
    rows = draw(st.lists(row, min_size=1, max_size=25))
    names = [one.column for one in columns]
    table = pa.table({name: [row[d] for row in rows] for d, name in enumerate([*names, "ill"])})
    frequencies = frequency_set(table, columns)
    wanted = draw(st.sampled_from([(), (), (DistinctLDiversity(2),), (EqualTCloseness(0.3),)]))
    needs = requirements(table, frequencies, [("ill", one) for one in wanted]) if wanted else None
    problem = Problem(
        frequencies,
        draw(st.integers(2, 7)),
        draw(st.sampled_from([0.0, 0.1, 0.3])),
        LossModel(),
        names,
        needs,
    )
    low = tuple(draw(st.integers(0, one.levels - 1)) for one in columns)
    high = tuple(draw(st.integers(least, one.levels - 1)) for least, one in zip(low, columns, strict=True))
    return problem, low, high


def within(low, high):
    return itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))


def suppressed(problem, levels, k):
    made = classes(problem.frequencies, levels, k, problem.needs)
    return int(made.sizes[made.hidden].sum())


def constrained(problem, low, high):
    return Constraints(
        dict(zip(problem.columns, low, strict=True)), dict(zip(problem.columns, high, strict=True))
    )


@settings(max_examples=40, deadline=None)
@given(drawn=problems(), algorithm=st.sampled_from(SEARCHES))
def test_the_best_and_the_next_best_within_the_levels(drawn, algorithm):
    problem, low, high = drawn
    checker = problem.checker(limit=problem.records)
    possible = sorted(
        (checker.details(np.array(levels))[2], sum(levels), levels)
        for levels in within(low, high)
        if suppressed(problem, levels, problem.k) <= problem.limit
    )
    plan = Plan(algorithm, constrained(problem, low, high), alternatives=3, steps=500)
    if not possible:
        with pytest.raises((UnachievableError, NothingFoundError)):
            solve(problem, plan, entropy=TestEntropy(1))
        return
    found = solve(problem, plan, entropy=TestEntropy(1))
    told = [(found.score, found.levels), *((score, levels) for levels, score, _ in found.others)]
    scores = {levels: score for score, _, levels in possible}
    assert all(scores[levels] == pytest.approx(score, rel=1e-9, abs=1e-12) for score, levels in told)
    assert len({levels for _, levels in told}) == len(told)
    assert found.bound <= possible[0][0] + 1e-9
    assert found.undecided == 0 or not found.optimal
    if found.optimal:
        assert found.score == pytest.approx(possible[0][0], rel=1e-9, abs=1e-12)
    if algorithm is Algorithm.EXACT:
        assert found.optimal
        wanted = [score for score, _, _ in possible[:4]]
        assert [score for score, _ in told] == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    for point in found.points:
        assert point.status in REASONS
        assert point.score is None or scores[point.levels] == pytest.approx(point.score, rel=1e-6, abs=1e-9)
        assert point.levels not in scores or point.bound <= scores[point.levels] * (1 + 1e-6) + 1e-9
        assert point.status not in {"fails", "implied"} or point.levels not in scores
    assert found.levels == next(point.levels for point in found.points if point.status == "best")


@settings(max_examples=40, deadline=None)
@given(drawn=problems())
def test_the_nearest_setting_is_that_of_brute_force(drawn):
    problem, low, high = drawn
    fewest = {
        k: min(suppressed(problem, levels, k) for levels in within(low, high))
        for k in range(1, problem.k + 1)
    }
    found = nearest(problem, low, high, lambda: False)
    assert found.needed <= fewest[problem.k] <= found.suppressed
    assert found.suppressed == fewest[problem.k]  # small enough to be settled
    fine = [k for k, least in fewest.items() if least <= problem.limit and k < problem.k]
    if fewest[problem.k] > problem.limit:
        assert found.k_proved
        assert found.k == max(fine, default=None)


ROWS = [("000", "0"), ("000", "1"), ("001", "0"), ("010", "0"), ("100", "1"), ("101", "1"), ("110", "1")]


def small(k=2, limit=0.0):
    columns = [tree("a", 3), tree("b", 1)]
    table = pa.table({"a": [one for one, _ in ROWS], "b": [other for _, other in ROWS]})
    return Problem(frequency_set(table, columns), k, limit, LossModel(), ["a", "b"])


def test_what_cannot_be_reached_names_what_can():
    plan = Plan(constraints=Constraints(highest={"a": 2, "b": 0}))
    with pytest.raises(NoSolutionError) as caught:
        solve(small(k=3), plan, entropy=TestEntropy(1))
    assert "k = 1" not in caught.value.message
    assert caught.value.message.endswith(
        "Nearest achievable: no k above 1, or a suppression limit of 14.29 % (1 of 7 records)."
    )
    with pytest.raises(UnachievableError, match="Nearest achievable: k = 7"):
        solve(small(k=8), Plan(), entropy=TestEntropy(1))


def test_chosen_levels_are_applied_as_they_are():
    found = solve(small(), Plan(levels={"a": 2, "b": 1}), entropy=TestEntropy(1))
    assert (found.levels, found.algorithm, found.optimal, found.suppressed) == ((2, 1), "chosen", False, 0)
    with pytest.raises(ChosenLevelsError) as caught:
        solve(small(), Plan(levels={"a": 0, "b": 0}), entropy=TestEntropy(1))
    assert caught.value.values["suppressed"] == 7
    for wrong in ({"a": 2}, {"a": 2, "b": 1, "c": 0}, {"a": 9, "b": 0}):
        with pytest.raises(ConstraintError):
            solve(small(), Plan(levels=wrong), entropy=TestEntropy(1))


def test_auto_is_exact_while_the_lattice_allows_it(monkeypatch):
    assert solve(small(), Plan(), entropy=TestEntropy(1)).algorithm == "exact"
    monkeypatch.setattr(solve_module, "LARGEST_LATTICE", 5)
    found = solve(small(), Plan(), entropy=TestEntropy(1))
    assert (found.algorithm, found.optimal) == ("top-down", True)


def test_points_can_be_said_in_json():
    found = solve(small(), Plan(alternatives=2), entropy=TestEntropy(1))
    assert len(found.points) == 8
    json.dumps([[one.levels, one.status, one.score, one.suppressed, one.bound] for one in found.points])
