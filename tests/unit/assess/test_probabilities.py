"""Probabilities of two classes: against scikit-learn, by brute force, and where little is defined."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from ppdesk.assess import bootstrap, calibration, probabilities, thresholds
from ppdesk.assess.errors import LengthMismatchError, OneClassError
from ppdesk.assess.model_results import Costs
from ppdesk.assess.ranked import Ranked, precision_recall


def made(n=400, seed=1, digits=None):
    rng = np.random.default_rng(seed)
    odds = rng.normal(-0.5, 1.5, n)
    scores = 1 / (1 + np.exp(-odds))
    labels = rng.random(n) < 1 / (1 + np.exp(-0.7 * odds - 0.3))
    return labels, scores if digits is None else np.round(scores, digits)


def study(labels, scores, **more):
    return probabilities.study(labels, scores, np.random.default_rng(5), rounds=60, **more)


CASES = {
    "plain": made(),
    "ties": made(digits=1),
    "constant": (made()[0], np.full(400, 0.3)),
    "zeros and ones": (made()[0], np.tile([0.0, 1.0], 200)),
    "two records": (np.array([True, False]), np.array([0.2, 0.8])),
    "one positive": (np.arange(50) == 7, made(50)[1]),
}


@pytest.mark.parametrize("name", CASES)
def test_as_scikit_learn_measures(name):
    labels, scores = CASES[name]
    found = study(labels, scores)
    area = found.average_precision
    assert area.value == pytest.approx(metrics.average_precision_score(labels, scores), abs=1e-6)
    assert found.log_loss.value == pytest.approx(metrics.log_loss(labels, scores), abs=1e-6)
    assert area.low <= area.value <= area.high
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    ours = set(zip(found.curve.recall, found.curve.precision, strict=True))
    assert ours <= set(zip(np.round(recall, 4).tolist(), np.round(precision, 4).tolist(), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_parts_of_the_brier_score_add_up(name):
    labels, scores = CASES[name]
    parts = study(labels, scores).calibration
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(metrics.brier_score_loss(labels, scores), abs=3e-6)
    if name in ("constant", "zeros and ones"):
        assert parts.within == pytest.approx(0, abs=2e-6)  # one score in each bin


def test_the_calibration_error_by_hand():
    labels, scores = made(digits=2)
    total = 0.0
    for low in range(10):
        held = (scores >= low / 10) & ((scores < (low + 1) / 10) | (low == 9))
        if held.any():
            total += held.sum() / scores.size * abs(scores[held].mean() - labels[held].mean())
    found = study(labels, scores).calibration
    assert found.expected_error.value == pytest.approx(total, abs=1e-6)
    assert found.mean_gap.value == pytest.approx(scores.mean() - labels.mean(), abs=1e-6)


def test_slope_and_intercept_are_those_of_a_logistic_regression():
    labels, scores = made(3_000)
    odds = np.log(scores / (1 - scores))
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(odds[:, None], labels)
    found = calibration.slope(labels, scores)
    assert found.value == pytest.approx(fitted.coef_[0, 0], abs=1e-5)
    assert found.low < 0.7 < found.high < 1
    shift = calibration.intercept(labels, scores).value
    assert (1 / (1 + np.exp(-odds - shift))).mean() == pytest.approx(labels.mean(), abs=1e-5)


def test_right_probabilities_have_slope_one_and_intercept_nought():
    rng = np.random.default_rng(2)
    scores = rng.beta(1, 3, 20_000)
    labels = rng.random(20_000) < scores
    assert calibration.slope(labels, scores).value == pytest.approx(1, abs=0.1)
    assert calibration.intercept(labels, scores).value == pytest.approx(0, abs=0.12)
    assert calibration.expected_error(labels, scores) < 0.02


def test_a_slope_that_is_not_there_is_none():
    labels = np.arange(100) >= 50
    assert calibration.slope(labels, np.linspace(0, 1, 100)) is None  # separated: the slope has no end
    assert calibration.slope(labels, np.full(100, 0.4)) is None
    assert calibration.intercept(labels, np.full(100, 0.5)).value == pytest.approx(0)
    assert calibration.intercept(np.ones(9, dtype=bool), np.full(9, 0.5)) is None


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(OneClassError):
        study(np.ones(5, dtype=bool), np.full(5, 0.5))
    with pytest.raises(OneClassError):
        study(np.ones(0, dtype=bool), np.zeros(0))
    with pytest.raises(LengthMismatchError):
        study(np.array([True, False]), np.full(3, 0.5))


@pytest.mark.parametrize("name", CASES)
def test_a_threshold_gives_what_it_selects(name):
    labels, scores = CASES[name]
    rows = study(labels, scores, threshold=0.3, costs=Costs(1, 4)).thresholds
    assert 0.3 in {row.threshold for row in rows}
    n = labels.size
    for row in rows:
        chosen = scores >= row.threshold
        tp, fp = (chosen & labels).sum(), (chosen & ~labels).sum()
        odds = row.threshold / (1 - row.threshold)
        assert row.selected.value == pytest.approx(chosen.mean(), abs=1e-6)
        assert row.recall.value == pytest.approx(tp / labels.sum(), abs=1e-6)
        assert row.net_benefit.value == pytest.approx(tp / n - fp / n * odds, abs=1e-6)
        assert row.cost.value == pytest.approx((fp + 4 * (labels & ~chosen).sum()) / n, abs=1e-6)
        assert (row.precision is None) == (not chosen.any())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("costs", [Costs(1, 1), Costs(1, 5), Costs(3, 0), Costs(0, 2)])
def test_the_best_threshold_is_the_best_of_all(name, costs):
    labels, scores = CASES[name]
    found = study(labels, scores, costs=costs).costs

    def cost(cut):
        chosen = scores >= cut
        return ((chosen & ~labels).sum() * costs.false_alarm + (~chosen & labels).sum() * costs.miss) / 1.0

    least = min(cost(cut) for cut in [*scores, 2.0]) / labels.size
    assert found.best_cost.value - found.optimism == pytest.approx(least, abs=2e-6)
    assert found.optimism >= 0
    assert found.best_cost.low <= found.best_cost.value <= found.best_cost.high
    assert found.own.value == pytest.approx(cost(0.5) / labels.size, abs=1e-6)
    assert found.all_positive == pytest.approx(cost(0.0) / labels.size, abs=1e-6)
    assert found.all_negative == pytest.approx(cost(2.0) / labels.size, abs=1e-6)
    right = costs.false_alarm / (costs.false_alarm + costs.miss)
    assert found.right_threshold == pytest.approx(right, abs=1e-6)
    assert found.curve[50] == pytest.approx(cost(0.5) / labels.size, abs=1e-6)


def test_a_threshold_that_is_a_score_selects_its_record():
    labels, scores = made()
    cut = float(np.sort(scores)[123])  # many digits
    own = thresholds.table(Ranked.of(labels, scores), None, (cut,), ())[0]
    assert own.selected.value == pytest.approx((400 - 123) / 400, abs=1e-6)


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    labels, scores = made(5_000)
    curve = precision_recall(Ranked.of(labels, scores))
    assert len(curve.recall) <= 202
    assert curve.recall[-1] == 1.0
    assert list(curve.recall) == sorted(curve.recall)


def test_bootstrap_ends_hold_the_mean_as_often_as_they_say():
    rng, inside = np.random.default_rng(7), 0
    for _ in range(60):
        values = rng.exponential(1.0, 80)
        drawn = bootstrap.replicates(
            lambda weights, values=values: np.array([(weights * values).sum() / 80]), 80, rng, rounds=200
        )
        low, high = bootstrap.ends(drawn)
        inside += low[0] <= 1.0 <= high[0]
    assert inside >= 43  # 60 at 0.92: fewer has a chance under 1e-6


def test_a_round_where_nothing_is_defined_is_left_out():
    low, high = bootstrap.ends(np.array([[np.nan, np.nan], [1.0, np.nan]]))
    assert (low[0], high[0]) == (1.0, 1.0)
    assert np.isnan(low[1])


def test_two_runs_agree_to_the_last_digit():
    assert study(*made(), costs=Costs(1, 2)) == study(*made(), costs=Costs(1, 2))
