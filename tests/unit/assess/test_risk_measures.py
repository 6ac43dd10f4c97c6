"""Individual risk, wildcards, journalist risk, limits and context."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from ppdesk.assess.reidentification import context, people
from ppdesk.assess.reidentification.classes import record_risk
from ppdesk.assess.reidentification.individual import individual, weighted_risk
from ppdesk.assess.reidentification.limits import DEFAULT, THRESHOLDS
from ppdesk.assess.reidentification.wildcards import alike


@pytest.mark.parametrize(("f", "people_like"), [(1, 4.0), (2, 7.5), (3, 108.0), (7, 20.0), (40, 55.0)])
def test_individual_risk_is_the_mean_of_one_over_people(f, people_like):
    p = f / people_like
    more = np.arange(20_000)  # people beyond the f of the sample
    expected = float((nbinom.pmf(more, f, p) / (f + more)).sum())
    assert individual(np.array([f]), np.array([people_like]))[0] == pytest.approx(expected, rel=1e-6)


def test_individual_risk_of_large_classes_and_of_a_census():
    f = np.array([5000.0, 1e6, 4.0, 4.0, 1.0])
    whole = np.array([5e6, 1e9, 4.0, 3.0, 1e12])
    found = individual(f, whole)
    assert np.isfinite(found).all()
    p = f[:2] / whole[:2]
    assert found[:2] == pytest.approx(p / (f[:2] - 1 + p), rel=1e-3)
    assert found[2:4].tolist() == [0.25, 0.25]
    assert 0 < found[4] < 1e-10


def test_weighted_risk_counts_each_record():
    told = weighted_risk(
        np.array([1.0, 2.0]), np.array([1.0, 2.0]), np.array([1, 2]), 0.5, weights=3.0, unweighable=4
    )
    assert (told.records, told.highest, told.mean, told.expected) == (3, 1.0, 0.666667, 2.0)
    assert (told.at_risk, told.people, told.unweighable) == (0.333333, 3.0, 4)


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=20, unique=True))
def test_alike_is_what_comparing_all_pairs_finds(rows):
    codes = np.array(rows, np.int32).T.copy()
    wild = codes >= 2  # two ways to say nothing
    values = np.arange(1.0, len(rows) + 1)
    found = alike(codes, (4, 4, 4), wild, values[None])[0]
    for mine, theirs in [(one, one) for one in range(len(rows))]:
        expected = sum(
            values[other]
            for other in range(len(rows))
            if ((codes[:, mine] == codes[:, other]) | wild[:, mine] | wild[:, other]).all()
        )
        assert found[theirs] == expected


def test_risk_of_classes():
    told = record_risk(np.array([1, 2, 5, 20]), np.array([1, 2, 5, 20]), 0.2, left_out=3)
    assert (told.records, told.left_out, told.classes, told.smallest) == (28, 3, 4, 1)
    assert (told.uniques, told.highest, told.mean) == (1, 1.0, round(4 / 28, 6))
    assert told.at_risk == round(3 / 28, 6)  # a risk of exactly the limit is within it
    assert told.above[-1] == round(1 / 28, 6)
    assert told.histogram == (1, 2, 0, 5, 0, 20, 0, 0, 0)


def test_journalist_counts_people_and_names_no_strangers_as_found():
    codes = np.array([[0, 1, 2]], np.int32)
    persons = np.array([[0] * 10 + [1] * 2 + [3] * 5], np.int32)
    like = people.people_like(codes, (4,), persons)
    assert like.tolist() == [10, 2, 0]
    told = people.journalist(like, np.array([3, 4, 1]), 0.2, 17)
    # two people are listed and four records are there: the list is not complete, so four are counted
    assert (told.people, told.k, told.strangers, told.highest) == (17, 0, 1, 0.25)
    assert told.mean == round((3 / 10 + 4 / 4) / 8, 6)
    assert told.at_risk == 0.5
    nobody = people.journalist(np.array([0]), np.array([2]), 0.2, 5)
    assert (nobody.k, nobody.highest, nobody.strangers) == (0, 0.0, 2)


def test_every_limit_has_a_source_with_its_year():
    assert THRESHOLDS[DEFAULT].limit == 0.09
    for one in THRESHOLDS.values():
        assert 0 < one.limit <= 1 / 3
        assert any(year in one.source for year in ("2013", "2016", "2019", "2022", "2025"))
        assert (one.never is not None) == (one.limit_of == "mean")
    cells = {key: one.limit for key, one in THRESHOLDS.items() if key.startswith("cell-")}
    assert cells == {f"cell-{size}": 1 / size for size in (3, 5, 10, 11, 20)}


def test_the_chance_of_an_attempt_grows_with_motives_and_falls_with_controls():
    for controls, motives in product(context.LEVELS, ("low", "medium")):
        row = context.ATTEMPT[controls]
        assert row[motives] < row["high"]
    for motives in context.LEVELS:
        assert context.ATTEMPT["high"][motives] < context.ATTEMPT["low"][motives]
    assert context.ATTEMPT["high"]["low"] == 0.05
    assert context.ATTEMPT["low"]["high"] == 0.6


def test_three_attacks_in_context():
    found = context.in_context(0.2, "low", "medium", prevalence=0.01, known=150, breach=0.27)
    assert [one.attack for one in found] == ["Deliberate attempt", "Chance recognition", "Breach"]
    assert found[0].overall == 0.1  # 0.2 x 0.5, the example of the guidelines
    assert found[1].chance == round(1 - 0.99**150, 6)
    assert found[2].overall == pytest.approx(0.054)
    assert len(context.in_context(0.2, "low", "medium", prevalence=None, known=150, breach=None)) == 1
    public = context.in_context(0.2, context.PUBLIC, "low", prevalence=0.5, known=150, breach=0.1)
    assert [(one.chance, one.overall) for one in public] == [(1.0, 0.2)]
