"""Measures of several classes and of a number, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn import metrics

from ppdesk.assess import many
from ppdesk.assess.errors import LengthMismatchError, NothingToCompareError


def _classes(n: int = 300, count: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    found = rng.integers(0, count, n).astype(np.int32)
    chances = rng.dirichlet(np.ones(count), n)
    chances[np.arange(n), found] += 0.3
    return found, chances / chances.sum(axis=1, keepdims=True)


def test_classes_are_measured_as_scikit_learn_does() -> None:
    found, chances = _classes()
    told = {one.name: one.estimate for one in many.classes(found, chances, ("a", "b", "c", "d")).measures}
    predicted = chances.argmax(axis=1)
    assert told["accuracy"].value == pytest.approx(metrics.accuracy_score(found, predicted), abs=1e-6)
    assert told["macro_recall"].value == pytest.approx(
        metrics.balanced_accuracy_score(found, predicted), abs=1e-6
    )
    assert told["log_loss"].value == pytest.approx(metrics.log_loss(found, chances), abs=1e-6)
    for one in told.values():
        assert one.low <= one.value <= one.high


def test_a_class_that_no_record_has_is_told_as_not_defined() -> None:
    found, chances = _classes(count=3)
    wide = np.column_stack([chances, np.zeros(found.size)])
    rows = many.classes(found, wide, ("a", "b", "c", "rare")).classes
    assert rows[3].recall is None
    assert rows[3].precision is None


def test_learning_nothing_gives_the_shares() -> None:
    trained = np.array([0, 0, 1], dtype=np.int32)
    said = many.untaught_classes(trained, 5, 3)
    assert said.shape == (5, 3)
    assert said[0].tolist() == pytest.approx([2 / 3, 1 / 3, 0.0])


def test_a_number_is_measured_as_scikit_learn_does() -> None:
    rng = np.random.default_rng(3)
    found = rng.normal(10, 4, 500)
    said = found + rng.normal(0, 1, 500)
    told = {one.name: one.estimate for one in many.quantity(found, said, float(found.mean())).measures}
    assert told["rmse"].value == pytest.approx(metrics.root_mean_squared_error(found, said), abs=1e-6)
    assert told["mae"].value == pytest.approx(metrics.mean_absolute_error(found, said), abs=1e-6)
    assert told["r2"].value == pytest.approx(metrics.r2_score(found, said), abs=1e-6)
    assert told["r2"].low < told["r2"].value < told["r2"].high


def test_what_cannot_be_measured_is_refused_or_not_defined() -> None:
    none = np.zeros(0)
    with pytest.raises(NothingToCompareError):
        many.quantity(none, none, 0.0)
    with pytest.raises(LengthMismatchError):
        many.quantity(np.ones(2), np.ones(3), 0.0)
    same = {one.name: one.estimate for one in many.quantity(np.ones(3), np.ones(3), 1.0).measures}
    assert same["r2"] is None
