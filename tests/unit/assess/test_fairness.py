"""Fairness between groups, and what small groups are spared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.assess.fairness import by_group, is_fair

NAMES = ("A", "B", "C", "D")


def groups(*sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def test_rates_against_the_largest_group():
    predicted = np.array([True] * 60 + [False] * 40 + [True] * 100 + [False] * 100)
    labels = np.array([True] * 50 + [False] * 50 + [True] * 100 + [False] * 100)
    found = by_group("sex", NAMES[:2], groups(100, 200), predicted, labels)
    assert found.reference == "B"
    first, reference = found.groups
    assert first.selected.value == 0.6
    assert first.impact_ratio == pytest.approx(1.2)
    assert first.parity_difference.value == pytest.approx(0.1)
    assert first.opportunity_difference.value == 0.0
    assert first.odds_difference == pytest.approx(0.2)  # false alarms: 10 of 50 against none
    assert reference.impact_ratio is None
    assert found.lowest_ratio == pytest.approx(0.5 / 0.6, abs=1e-6)


def test_the_four_fifths_rule_is_read_both_ways():
    assert is_fair(0.80)
    assert is_fair(1.25)
    assert not is_fair(0.79)
    assert not is_fair(1.26)


def test_small_groups_are_pooled():
    found = by_group("c", NAMES, groups(200, 100, 30, 25), np.arange(355) % 2 == 0)
    assert [group.group for group in found.groups] == ["A", "B", "pooled (2 groups)"]
    assert found.pooled == 2


def test_a_pool_that_stays_small_takes_in_the_next_group():
    # showing A and B would give away D by subtraction from the total
    found = by_group("c", NAMES, groups(200, 100, 80, 3), np.arange(383) % 2 == 0)
    assert [group.group for group in found.groups] == ["A", "B", "pooled (2 groups)"]
    assert found.groups[-1].n == 83


def test_one_group_left_is_nothing_to_compare():
    assert by_group("c", NAMES[:2], groups(200, 20), np.arange(220) % 2 == 0) is None


def test_without_outcomes_only_parity_is_measured():
    found = by_group("c", NAMES[:2], groups(100, 100), np.arange(200) % 2 == 0)
    assert found.groups[0].found is None
    assert found.opportunity_span is None
    assert found.parity_span == 0


def test_a_rate_on_few_outcomes_is_withheld_though_the_group_is_large():
    labels = np.array([True] + [False] * 99 + [True] * 100 + [False] * 100)
    found = by_group("c", NAMES[:2], groups(100, 200), labels, labels)
    first, reference = found.groups
    assert first.found is None  # one person with the outcome: the rate would be that person's
    assert reference.found is None  # with the total it would tell the other
    assert first.false_alarm is None  # with the accuracy of the group it would tell the other
    assert (first.opportunity_difference, first.odds_difference, found.odds_span) == (None, None, None)
    assert found.withheld == 2


def test_a_withheld_rate_cannot_be_found_by_subtraction():
    labels = np.concatenate([np.arange(200) < count for count in (10, 80, 90, 100)])
    found = by_group("c", NAMES, groups(200, 200, 200, 200), labels, labels)
    assert [group.found is None for group in found.groups] == [True, True, False, False]
    assert found.opportunity_span == 0.0


@given(st.lists(st.integers(0, 120), min_size=1, max_size=6))
def test_no_shown_group_is_under_the_floor_and_none_is_lost(sizes):
    codes = groups(*sizes)
    found = by_group("c", [str(i) for i in range(len(sizes))], codes, codes % 2 == 0)
    if found is not None:
        assert min(group.n for group in found.groups) >= 50
        assert sum(group.n for group in found.groups) == sum(sizes)
