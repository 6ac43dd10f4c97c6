"""Where little is known: what is withheld cannot be worked out, and no interval pretends to be sure."""

import numpy as np
import pytest
from scipy.special import expit

from ppdesk.assess import calibration, group_quality, numbers, roc
from ppdesk.assess.fairness import by_group

FLOOR = 50


def told(found, name):
    return [next(one.estimate for one in group.measures if one.name == name) for group in found.groups]


def test_what_fairness_withholds_does_not_follow_from_precision():
    rng = np.random.default_rng(3)
    groups = np.repeat([0, 1, 2], [3_000, 200, 150])
    labels = rng.random(groups.size) < np.array([0.4, 0.2, 0.2])[groups]
    scores = np.clip(0.55 + 0.3 * labels + rng.normal(0, 0.2, groups.size) - 0.1 * (groups == 0), 0, 1)
    rates = by_group("c", ("A", "B", "C"), groups, scores >= 0.5, labels, floor=FLOOR)
    found = group_quality.binary("c", ("A", "B", "C"), groups, labels, scores, threshold=0.5, floor=FLOOR)
    hidden = [one.found is None or one.false_alarm is None for one in rates.groups]
    assert hidden == [False, True, True]
    assert [one is None for one in told(found, "precision")] == hidden


def test_no_withheld_rate_follows_from_what_is_told():
    rng = np.random.default_rng(6)
    groups = np.repeat([0, 1], [2_000, 140])
    labels = rng.random(groups.size) < np.where(groups == 1, 0.2, 0.4)  # few positives, many negatives
    chosen = rng.random(groups.size) < np.where(labels, 0.7, 0.2)
    for good, outcome in ((chosen, labels), (~chosen, ~labels)):
        found = by_group("c", ("A", "B"), groups, good, outcome, floor=FLOOR)
        for one in found.groups:  # with accuracy and the share selected, either rate gives the other
            assert one.found is None
            assert one.false_alarm is None
        assert found.opportunity_span is found.odds_span is None


def test_of_pairs_precision_is_told_only_where_all_outcomes_are():
    rng = np.random.default_rng(4)
    groups = np.repeat([0, 1], [1_000, 120])
    labels = rng.random(groups.size) < np.where(groups == 1, 0.1, 0.5)
    found = group_quality.binary(
        "c", ("A", "B"), groups, labels, np.full(groups.size, 0.9), threshold=0.5, floor=FLOOR, paired=True
    )
    assert told(found, "precision") == [None, None]


@pytest.mark.parametrize("slope", [1.0, 1.6])
def test_the_interval_of_the_calibration_error_holds_the_true_one(slope):
    rng = np.random.default_rng(5)

    def drawn(n):
        odds = rng.normal(-1, 1.3, n)
        return rng.random(n) < expit(odds), expit(slope * odds)

    true, held = calibration.expected_error(*drawn(400_000)), 0
    for _ in range(40):
        found = calibration.with_ends(*drawn(1_000), rng, rounds=80)
        held += found.low <= true + 0.002 and true - 0.002 <= found.high
    assert held >= 30  # 38 are expected; of a calibrated model it was none when ends were not mirrored


def test_without_a_full_bin_there_is_no_largest_error():
    found = calibration.calibrated(np.array([True, False]), np.array([0.1, 0.9]), np.random.default_rng(1))
    assert found.largest_error is None


def test_a_perfect_order_of_few_records_is_not_certain():
    labels, scores = np.array([False] * 4 + [True] * 4), np.arange(8.0) / 8
    found, error = roc.auroc(labels, scores)
    assert found.value == found.high == 1
    assert 0.4 < found.low < 0.6
    assert error > 0.1
    turned, _ = roc.auroc(~labels, scores)
    assert (turned.low, turned.high) == (0.0, pytest.approx(1 - found.low, abs=1e-6))


def test_no_end_of_an_interval_is_the_error_of_one_of_few_records():
    errors = np.array([*np.linspace(0, 1, 30), 1_234.5])
    said = np.zeros(errors.size)
    rng = np.random.default_rng(2)
    for n in (3, 10, 31):
        measures, _ = numbers.study(errors[-n:], said[-n:], rng)
        ends = [
            end
            for one in measures
            if one.estimate and one.name in ("medae", "width_90")
            for end in (one.estimate.low, one.estimate.high, one.estimate.value)
        ]
        assert 1_234.5 not in ends
    measures, _ = numbers.study(np.append(np.zeros(59), 1_234.5), np.zeros(60), rng)
    assert all(
        one.estimate is None or one.estimate.high < 1_234 for one in measures if one.name == "width_90"
    )


def test_a_column_of_one_group_makes_no_pairs():
    groups = np.repeat([0, 1, 2], 60)
    assert group_quality.crossed((("A", "B", "C"), groups), (("all", "none"), groups * 0), FLOOR) is None
