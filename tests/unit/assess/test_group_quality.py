"""What a model is worth in each group, and fairness for every outcome."""

import numpy as np
import pytest
from sklearn import metrics

from ppdesk.assess import group_quality as quality
from ppdesk.assess.errors import LengthMismatchError
from ppdesk.assess.fairness import by_group

NAMES = ("A", "B", "C")


def world(n=900):
    rng = np.random.default_rng(1)
    groups = rng.choice(3, n, p=[0.6, 0.3, 0.1])
    scores = rng.random(n)
    labels = rng.random(n) < scores * 0.9
    return groups, labels, scores


def test_each_group_is_measured_on_its_own_records():
    groups, labels, scores = world()
    found = quality.binary("c", NAMES, groups, labels, scores, threshold=0.5, floor=30)
    assert [one.group for one in found.groups] == ["A", "B", "C"]
    for place, one in enumerate(found.groups):
        own = groups == place
        told = {item.name: item.estimate for item in one.measures}
        assert one.n == own.sum()
        assert told["accuracy"].value == pytest.approx(
            metrics.accuracy_score(labels[own], scores[own] >= 0.5), abs=1e-6
        )
        assert told["auroc"].value == pytest.approx(metrics.roc_auc_score(labels[own], scores[own]), abs=1e-6)
        assert told["brier"].value == pytest.approx(
            metrics.brier_score_loss(labels[own], scores[own]), abs=1e-6
        )
        assert told["mean_gap"].value == pytest.approx((scores[own] - labels[own]).mean(), abs=1e-6)
        assert told["precision"].value == pytest.approx(
            metrics.precision_score(labels[own], scores[own] >= 0.5), abs=1e-6
        )


def test_small_groups_are_pooled_and_few_outcomes_withhold_the_area():
    groups, labels, scores = world()
    labels[groups == 1] = False
    labels[np.flatnonzero(groups == 1)[:5]] = True
    found = quality.binary("c", NAMES, groups, labels, scores, threshold=0.5, floor=50)
    areas = [one.measures[1].estimate for one in found.groups]
    assert areas[1] is None
    assert areas[0] is not None
    pooled = quality.binary("c", NAMES, groups, labels, scores, threshold=0.5, floor=200)
    assert [one.group for one in pooled.groups] == ["A", "pooled (2 groups)"]
    assert quality.binary("c", NAMES, groups, labels, scores, threshold=0.5, floor=800) is None


def test_pairs_of_columns_are_groups_too():
    sexes, letters = np.repeat([0, 1], 60), np.tile([0, 1, 2], 40)
    names, codes = quality.crossed((("F", "M"), sexes), (("x", "y", "z"), letters), 20)
    assert sorted({names[one] for one in codes}) == ["F × x", "F × y", "F × z", "M × x", "M × y", "M × z"]


@pytest.mark.parametrize("seed", range(8))
def test_no_pair_and_no_sum_of_pairs_is_under_the_floor(seed):
    rng, floor = np.random.default_rng(seed), 50
    first = rng.choice(2, 3_000, p=[0.7, 0.3])
    second = rng.choice(6, 3_000, p=[0.5, 0.3, 0.1, 0.05, 0.03, 0.02])
    made = quality.crossed((("F", "M"), first), (tuple("uvwxyz"), second), floor)
    names, codes = made
    sizes = np.bincount(codes, minlength=len(names))
    assert sizes[sizes > 0].min() >= floor
    cells = np.bincount(first * 6 + second, minlength=12).reshape(2, 6)
    together = [place for place in range(6) if f"F × {'uvwxyz'[place]}" not in names]
    assert together == [] or len(together) > 1
    if together:  # what follows for one group and the rest by subtraction
        assert cells[:, together].sum(axis=1).min() >= floor


def test_pairs_that_tell_nothing_more_are_not_told():
    first, second = np.repeat([0, 1], 60), np.repeat([0, 1], 60)
    second[:3] = 1  # three people stand across
    assert quality.crossed((("F", "M"), first), (("x", "y"), second), 20) is None


def test_what_rests_on_outcomes_is_told_of_pairs_only_where_nothing_is_withheld():
    groups, labels = np.repeat([0, 1], 100), np.tile([True, False], 100)
    assert quality.outcomes_of_pairs(("a", "b"), groups, labels, 50) is labels
    assert quality.outcomes_of_pairs(("a", "b"), groups, labels, 51) is None


def test_the_other_outcome_as_the_good_one_turns_the_shares():
    groups, labels, scores = world()
    chosen = scores >= 0.8
    there = quality.summary("high", "c", NAMES, groups, predicted=chosen, labels=labels, floor=30)
    other = quality.summary("low", "c", NAMES, groups, predicted=~chosen, labels=~labels, floor=30)
    assert (there.lowest_group, there.highest_group) == (other.highest_group, other.lowest_group)
    assert there.parity_span == pytest.approx(other.parity_span, abs=2e-6)
    assert there.lowest_ratio != pytest.approx(other.lowest_ratio, abs=0.01)
    assert there.odds_span == pytest.approx(other.odds_span, abs=2e-6)  # both count both errors
    assert there == quality.summed_up("high", by_group("c", NAMES, groups, chosen, labels, floor=30))
    assert quality.summary("high", "c", NAMES, groups, predicted=chosen, labels=labels, floor=900) is None


def test_numbers_of_groups_are_held_against_the_largest():
    rng = np.random.default_rng(3)
    groups, actual = rng.choice(3, 900, p=[0.6, 0.3, 0.1]), rng.normal(50, 10, 900)
    said = actual + np.where(groups == 1, 4.0, 0.0) + rng.normal(0, 1, 900)
    found = quality.numbers("c", NAMES, groups, actual, said, floor=30)
    assert found.reference == "A"
    second = found.groups[1]
    assert second.bias_difference.value == pytest.approx(4, abs=0.3)
    assert found.groups[0].bias_difference is None
    assert second.error.value == pytest.approx(
        metrics.mean_absolute_error(actual[groups == 1], said[groups == 1]), abs=1e-6
    )
    assert found.bias_span == pytest.approx(4, abs=0.3)
    assert quality.numbers("c", NAMES, groups, actual, said, floor=899) is None


def test_classes_of_groups():
    rng = np.random.default_rng(5)
    groups, held = rng.integers(0, 3, 600), rng.integers(0, 4, 600)
    chances = rng.dirichlet(np.ones(4), 600)
    found = quality.classes("c", NAMES, groups, held, chances, floor=30)
    own = groups == 2
    told = {item.name: item.estimate for item in found.groups[2].measures}
    assert told["log_loss"].value == pytest.approx(
        metrics.log_loss(held[own], chances[own], labels=range(4)), abs=1e-6
    )
    assert told["accuracy"].value == pytest.approx(
        (chances[own].argmax(axis=1) == held[own]).mean(), abs=1e-6
    )


def test_lengths_must_agree():
    with pytest.raises(LengthMismatchError):
        quality.numbers("c", NAMES, np.zeros(2, dtype=np.int64), np.zeros(3), np.zeros(3), floor=1)
