"""The area under the curve, its interval, and the points that are drawn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.assess.errors import LengthMismatchError, OneClassError
from ppdesk.assess.roc import MAX_POINTS, auroc, auroc_difference, midranks, roc_curve

RNG = np.random.default_rng(7)
LABELS = RNG.random(400) < 0.3
SCORES = np.round(np.clip(LABELS * 0.3 + RNG.random(400) * 0.7, 0, 1), 2)  # rounded, so that there are ties


def naive_delong(labels, scores):
    """DeLong, DeLong and Clarke-Pearson as printed: all pairs."""
    positive, negative = scores[labels], scores[~labels]
    psi = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    return psi.mean(), v10.var(ddof=1) / v10.size + v01.var(ddof=1) / v01.size


def test_midranks_share_ties():
    assert midranks(np.array([1.0, 2.0, 2.0, 5.0])).tolist() == [1.0, 2.5, 2.5, 4.0]


def test_the_fast_form_equals_all_pairs():
    area, variance = naive_delong(LABELS, SCORES)
    found, error = auroc(LABELS, SCORES)
    assert found.value == pytest.approx(area, abs=1e-6)
    assert error == pytest.approx(math.sqrt(variance), abs=1e-8)
    assert found.low == pytest.approx(area - 1.959964 * math.sqrt(variance), abs=1e-5)


def test_the_area_equals_scikit_learns():
    from sklearn.metrics import roc_auc_score

    assert auroc(LABELS, SCORES)[0].value == pytest.approx(roc_auc_score(LABELS, SCORES), abs=1e-6)


def test_the_interval_covers_the_truth_about_95_times_in_100():
    # binormal scores, one standard deviation apart: area = Phi(1 / sqrt 2) = 0.76025
    rng, inside = np.random.default_rng(1), 0
    for _ in range(300):
        labels = np.arange(200) < 80
        found, _ = auroc(labels, rng.normal(size=200) + labels)
        inside += found.low <= 0.76025 <= found.high
    assert 0.91 <= inside / 300 <= 0.985


def test_the_same_scores_do_not_differ():
    found = auroc_difference(LABELS, SCORES, SCORES)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_difference_against_guessing_is_the_area_minus_a_half():
    found = auroc_difference(LABELS, SCORES, np.full(400, 0.2))
    assert found.value == pytest.approx(auroc(LABELS, SCORES)[0].value - 0.5, abs=2e-6)
    assert found.low > 0


def test_one_outcome_is_refused():
    with pytest.raises(OneClassError, match="3 records"):
        auroc(np.array([True, True, True]), np.array([0.1, 0.2, 0.3]))


def test_other_lengths_are_refused():
    with pytest.raises(LengthMismatchError):
        auroc(np.array([True, False]), np.array([0.1]))


def test_a_long_curve_is_thinned_and_keeps_its_ends_and_its_area():
    rng = np.random.default_rng(3)
    labels = rng.random(20_000) < 0.25
    scores = rng.normal(size=20_000) + labels
    curve = roc_curve(labels, scores)
    assert len(curve.fpr) == len(curve.tpr) <= MAX_POINTS
    assert (curve.fpr[0], curve.tpr[0], curve.fpr[-1], curve.tpr[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(auroc(labels, scores)[0].value, abs=1e-3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_curve_rises_and_has_the_area(pairs):
    labels = np.array([label for label, _ in pairs])
    scores = np.array([float(score) for _, score in pairs])
    if labels.all() or not labels.any():
        return
    curve = roc_curve(labels, scores)
    assert np.all(np.diff(curve.fpr) >= 0)
    assert np.all(np.diff(curve.tpr) >= 0)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(auroc(labels, scores)[0].value, abs=2e-3)
