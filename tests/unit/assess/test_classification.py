"""Measures of a classifier and their intervals."""

import numpy as np
import pytest

from ppdesk.assess.classification import CALIBRATION_FLOOR, calibration, measure, trivial_scores
from ppdesk.assess.intervals import difference, f_measure, mean_of_two, wilson

LABELS = np.array([True] * 40 + [False] * 60)
SCORES = np.array([0.9] * 30 + [0.2] * 10 + [0.7] * 15 + [0.1] * 45)


def test_wilson_meets_the_published_value():
    # Anonymeter's documentation: 850 of 1000 -> 0.849 +- 0.022
    found = wilson(850, 1000)
    assert (found.low + found.high) / 2 == pytest.approx(0.849, abs=5e-4)
    assert (found.high - found.low) / 2 == pytest.approx(0.022, abs=5e-4)


def test_wilson_stays_within_0_and_1():
    assert (wilson(0, 10).low, wilson(10, 10).high) == (0, 1)
    assert wilson(0, 10).high > 0.2
    assert wilson(0, 0) is None


def test_newcombes_published_example():
    # Newcombe 1998, table II, example a: 56/70 - 48/80 = 0.2000, method 10: 0.0524 to 0.3339
    found = difference(wilson(56, 70), wilson(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_f1_lies_in_its_interval_and_is_undefined_without_positives():
    found = f_measure(30, 15, 10)
    assert found.value == pytest.approx(2 * 30 / (2 * 30 + 15 + 10), abs=1e-6)
    assert found.low < found.value < found.high
    assert f_measure(0, 0, 0) is None


def test_balanced_accuracy_is_the_mean_of_both_rates():
    found = mean_of_two(wilson(30, 40), wilson(45, 60))
    assert found.value == 0.75
    assert wilson(75, 100).low - 0.02 < found.low < found.value < found.high


def test_all_measures_from_one_table():
    found = measure(LABELS, SCORES)
    assert (found.n, found.positives) == (100, 40)
    cells = found.confusion
    assert (cells.tp, cells.fp, cells.fn, cells.tn) == (30, 15, 10, 45)
    assert found.accuracy.value == 0.75
    assert found.precision.value == pytest.approx(30 / 45, abs=1e-6)
    assert found.recall.value == 0.75
    assert found.specificity.value == 0.75
    assert found.brier.value == pytest.approx(np.mean((SCORES - LABELS) ** 2), abs=1e-6)


def test_the_threshold_moves_the_cells_and_not_the_area():
    low, high = measure(LABELS, SCORES, threshold=0.15), measure(LABELS, SCORES, threshold=0.8)
    assert low.recall.value == 1.0
    assert high.confusion.fp == 0
    assert low.auroc == high.auroc


def test_a_classifier_that_learnt_nothing_says_no_to_all():
    found = measure(LABELS, trivial_scores(LABELS, 100))
    assert found.auroc.value == 0.5
    assert found.accuracy.value == 0.6
    assert found.precision is None
    assert found.recall.value == 0


def test_calibration_bins_are_never_under_the_floor():
    rng = np.random.default_rng(5)
    scores = rng.beta(1, 6, size=1_000)  # hardly any in the upper bins
    labels = rng.random(1_000) < scores
    bins = calibration(labels, scores)
    assert sum(one.n for one in bins) == 1_000
    assert min(one.n for one in bins) >= CALIBRATION_FLOOR
    assert all(abs(one.p - one.observed) < 0.12 for one in bins)


def test_too_few_records_have_no_calibration():
    assert calibration(LABELS[:20], SCORES[:20]) == []
