"""Searches that may stop early, against brute force on small random tables."""

import itertools
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.checkers import checker_of
from ppdesk.anonymize.criteria.make import Requirements, requirements
from ppdesk.anonymize.criteria.models import DistinctLDiversity, EqualTCloseness
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.heuristics.explore import explore
from ppdesk.anonymize.heuristics.explorer import Limits
from ppdesk.anonymize.heuristics.names import Algorithm
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError

NAMES = ("a", "b", "c")
HEURISTICS = (Algorithm.BEST_FIRST, Algorithm.TOP_DOWN, Algorithm.GENETIC)
_WITHOUT_RESPONSE = [one for one in Quality if one is not Quality.CLASSIFICATION]


def tree(name, depth):
    """2 ** depth leaves, halved at each level."""
    rows = [
        [f"{leaf:0{depth}b}"[: depth - level] + "." * level for level in range(depth)]
        for leaf in range(2**depth)
    ]
    return validated(name, [[*row, "*"] for row in rows])


@st.composite
def problems(draw):
    """A checker of a random table, its shape, and a box to keep to."""
    columns = [tree(name, draw(st.integers(1, 3))) for name in NAMES[: draw(st.integers(1, 3))]]
    row = st.tuples(*(st.sampled_from(one.leaves) for one in columns), st.sampled_from("xyz"))
    rows = draw(st.lists(row, min_size=1, max_size=25))
    names = [one.column for one in columns]
    table = pa.table({name: [row[d] for row in rows] for d, name in enumerate([*names, "ill"])})
    frequencies = frequency_set(table, columns)
    wanted = draw(st.sampled_from([(), (DistinctLDiversity(2),), (EqualTCloseness(0.4),)]))
    needs = requirements(table, frequencies, [("ill", one) for one in wanted]) if wanted else Requirements()
    limit = math.floor(draw(st.sampled_from([0.0, 0.1, 0.3, 1.0])) * len(rows))
    quality = draw(st.sampled_from([Quality.LOSS, Quality.LOSS, *_WITHOUT_RESPONSE]))
    model = LossModel(gs_factor=draw(st.sampled_from([0.5, 0.5, 0.25, 0.75])))
    k = draw(st.integers(1, 6))

    def fresh():
        return checker_of(frequencies, k, limit, model, names, needs=needs, quality=quality)

    low = tuple(draw(st.integers(0, one.levels - 1)) for one in columns)
    high = tuple(draw(st.integers(least, one.levels - 1)) for least, one in zip(low, columns, strict=True))
    return fresh, low, high


def brute(checker, low, high):
    """All transformations of the box within the limit, best first."""
    found = []
    for levels in itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True))):
        suppressed, _, value = checker.check(np.array(levels, np.int64))
        if suppressed <= checker.limit:
            found.append((value, sum(levels), levels))
    return sorted(found)


@settings(max_examples=40, deadline=None)
@given(problem=problems(), steps=st.sampled_from([1, 3, 10, 1000]), algorithm=st.sampled_from(HEURISTICS))
def test_what_is_found_is_sound_and_what_is_claimed_is_true(problem, steps, algorithm):
    fresh, low, high = problem
    possible = brute(fresh(), low, high)
    found = explore(fresh(), low, high, algorithm, limits=Limits(steps), entropy=TestEntropy(1), keep=3)
    assert found.failed + found.beaten + found.open == math.prod(
        b - a + 1 for a, b in zip(low, high, strict=True)
    )
    best = [(one.value, one.total, one.levels) for one in found.best]
    assert best == sorted(best)
    assert set(best) <= set(possible)
    if possible:
        assert found.bound <= possible[0][0] * (1 + 1e-9)
    if found.best:
        assert found.bound <= found.best[0].value
    if found.optimal:
        assert best[:1] == possible[:1]
    if steps == 1000 and algorithm is not Algorithm.GENETIC:
        assert found.optimal


@pytest.mark.parametrize("algorithm", HEURISTICS)
@pytest.mark.parametrize("limit", [0.0, 0.02, 1.0])
def test_adult_reaches_the_optimum(adult_frequencies, adult, algorithm, limit):
    names = [one.column for one in adult[1]]
    best = {0.0: (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.02: 11.654793494470754, 1.0: (0, 3, 0, 0, 2, 1, 1, 1, 0)}
    checker = checker_of(adult_frequencies, 5, math.floor(limit * 30162), LossModel(), names)
    high = tuple(one.levels - 1 for one in adult[1])
    found = explore(checker, (0,) * 9, high, algorithm, limits=Limits(1000), entropy=TestEntropy(1))
    wanted = best[limit]
    if isinstance(wanted, tuple):
        assert found.best[0].levels == wanted
    else:
        assert found.best[0].value == pytest.approx(wanted, rel=1e-9)
    if algorithm is Algorithm.TOP_DOWN:
        assert found.optimal
        assert found.checked < 700


def wide(columns):
    """A table of so many columns of two values and three levels."""
    generator = np.random.default_rng(5)
    bits = generator.integers(0, 4, (300, columns))
    table = pa.table({f"c{d}": [f"{value:02b}" for value in bits[:, d].tolist()] for d in range(columns)})
    trees = [tree(f"c{d}", 2) for d in range(columns)]
    frequencies = frequency_set(table, trees)
    checker = checker_of(frequencies, 3, 30, LossModel(), [one.column for one in trees])
    return checker, (0,) * columns, (2,) * columns


@pytest.mark.parametrize("algorithm", HEURISTICS)
def test_sixty_four_columns_have_an_answer_with_a_bound(algorithm):
    checker, low, high = wide(64)
    found = explore(checker, low, high, algorithm, limits=Limits(400), entropy=TestEntropy(1))
    assert found.best
    assert not found.optimal
    assert found.checked == 400
    assert 1.0 < found.bound < found.best[0].value
    assert found.failed + found.beaten + found.open == 3**64
    again = explore(wide(64)[0], low, high, algorithm, limits=Limits(400), entropy=TestEntropy(1))
    assert again.best == found.best


def test_time_ends_a_search_and_is_told():
    checker, low, high = wide(20)
    ticks = itertools.count()
    found = explore(
        checker, low, high, Algorithm.BEST_FIRST, limits=Limits(seconds=50), entropy=TestEntropy(1),
        now=lambda: float(next(ticks)),
    )  # fmt: skip
    assert found.ended == "the time limit of 50 s"
    assert found.checked <= 50


def test_it_can_be_cancelled():
    checker, low, high = wide(20)
    with pytest.raises(CancelledRunError):
        explore(
            checker, low, high, Algorithm.GENETIC, limits=Limits(5000), entropy=TestEntropy(1),
            cancelled=lambda: True,
        )  # fmt: skip
