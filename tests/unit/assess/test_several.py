"""Several classes and numbers, more deeply: against scikit-learn and SciPy."""

import numpy as np
import pytest
from scipy.stats import bootstrap as scipy_bootstrap
from sklearn import metrics
from sklearn.preprocessing import label_binarize

from ppdesk.assess import numbers, several
from ppdesk.assess.results import Estimate


def made(n=500, count=4, seed=2, digits=None):
    rng = np.random.default_rng(seed)
    found = rng.choice(count, n, p=np.arange(1, count + 1) / np.arange(1, count + 1).sum()).astype(np.int32)
    chances = rng.dirichlet(np.ones(count), n)
    chances[np.arange(n), found] += 0.4
    chances /= chances.sum(axis=1, keepdims=True)
    return found, chances if digits is None else np.round(chances, digits)


def study(found, chances, floor=20):
    names = tuple("abcdefgh"[: chances.shape[1]])
    measures, more = several.study(found, chances, names, np.random.default_rng(3), floor=floor, rounds=40)
    return {one.name: one.estimate for one in measures}, more


@pytest.mark.parametrize("digits", [None, 1])
def test_as_scikit_learn_measures(digits):
    found, chances = made(digits=digits)
    told, more = study(found, chances)
    predicted = chances.argmax(axis=1)
    hot = label_binarize(found, classes=range(4))
    expected = {
        "macro_f1": metrics.f1_score(found, predicted, average="macro"),
        "kappa": metrics.cohen_kappa_score(found, predicted),
        "macro_auroc": np.mean([metrics.roc_auc_score(hot[:, k], chances[:, k]) for k in range(4)]),
        "brier": ((chances - hot) ** 2).sum(axis=1).mean(),
    }
    for name, value in expected.items():
        assert told[name].value == pytest.approx(value, abs=1e-6), name
        assert told[name].low < told[name].value < told[name].high
    assert more.confusion == metrics.confusion_matrix(found, predicted).tolist()
    for one in more.curves:
        k = "abcd".index(one.name)
        assert one.auroc.value == pytest.approx(metrics.roc_auc_score(hot[:, k], chances[:, k]), abs=1e-6)
        assert one.average_precision.value == pytest.approx(
            metrics.average_precision_score(hot[:, k], chances[:, k]), abs=1e-6
        )
    assert [one.name for one in more.curves] == ["d", "c", "b", "a"]  # the most frequent first


def test_the_macro_area_has_the_interval_that_resampling_gives():
    found, chances = made(300)
    told = several.macro_auroc(found, chances, range(4))
    rng, values = np.random.default_rng(1), []
    for _ in range(80):
        some = rng.integers(0, 300, 300)
        values.append(
            np.mean([metrics.roc_auc_score(found[some] == k, chances[some][:, k]) for k in range(4)])
        )
    assert (told.high - told.low) / (2 * 1.96) == pytest.approx(np.std(values), rel=0.25)


def test_small_classes_stand_together_and_have_no_curve():
    found, chances = made()
    small = np.flatnonzero(found == 0)
    told, more = study(np.delete(found, small[5:]), np.delete(chances, small[5:], axis=0), floor=20)
    assert "a" not in more.names
    assert more.names[-1] == several.REST  # with the next smallest, or the difference would tell the five
    assert min(sum(row) for row in more.confusion) >= 20
    assert "a" not in {one.name for one in more.curves}
    assert told["macro_f1"] is not None


def test_one_class_alone_has_no_area_and_no_kappa():
    found = np.zeros(60, dtype=np.int32)
    told, more = study(found, np.tile([0.8, 0.1, 0.1], (60, 1)))
    assert told["macro_auroc"] is None
    assert told["kappa"] is None
    assert told["macro_f1"].value == 1.0
    assert more.curves == ()


def test_numbers_as_scikit_learn_measures():
    rng = np.random.default_rng(4)
    found = rng.gamma(2, 10, 800)
    said = found * 0.8 + rng.normal(3, 5, 800)
    measures, more = numbers.study(found, said, np.random.default_rng(0))
    told: dict[str, Estimate] = {one.name: one.estimate for one in measures}
    assert told["medae"].value == pytest.approx(metrics.median_absolute_error(found, said), abs=1e-6)
    assert told["explained_variance"].value == pytest.approx(
        metrics.explained_variance_score(found, said), abs=1e-6
    )
    assert told["bias"].value == pytest.approx((said - found).mean(), abs=1e-6)
    for one in told.values():
        assert one.low <= one.value <= one.high
    assert sum(one.n for one in more.bins) == 800
    assert 0.84 < told["coverage_90"].value < 0.96  # 400 others at 0.9


def test_the_median_has_the_interval_that_resampling_gives():
    values = np.random.default_rng(6).exponential(1, 200)
    told = numbers.median(values)
    drawn = scipy_bootstrap(
        (values,), np.median, n_resamples=400, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert told.low == pytest.approx(drawn.low, abs=0.08)
    assert told.high == pytest.approx(drawn.high, abs=0.08)
    assert numbers.median(np.array([3.0, 1.0, 2.0])) is None


def test_intervals_cover_as_often_as_wanted():
    rng, shares = np.random.default_rng(8), []
    for _ in range(200):
        _, covered = numbers.coverage(rng.standard_t(3, 400), rng)
        shares.append(covered.value)
    assert np.mean(shares) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("n", [1, 2, 39])
def test_few_or_equal_numbers_are_not_defined_or_exact(n):
    same = np.full(n, 7.0)
    told = {one.name: one.estimate for one in numbers.study(same, same, np.random.default_rng(0))[0]}
    assert told["explained_variance"] is None
    assert told["coverage_90"] is None
    assert told["medae"] is None if n < 20 else told["medae"].value == 0
    assert numbers.study(np.full(200, 7.0), np.full(200, 7.0), np.random.default_rng(0))[1].high > 7
