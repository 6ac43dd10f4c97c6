"""What the fit promises: the exact minimum of the noisy objective, for any labels, only on bounded rows."""

import math

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.train import logistic
from ppdesk.train import schema as declared
from ppdesk.train.errors import (
    MissingColumnError,
    OneClassError,
    RegularizationTooWeakError,
    UnboundedRowsError,
)
from ppdesk.train.labels import read_labels, split
from ppdesk.train.objective import ObjectivePerturbation
from ppdesk.train.records import Records
from ppdesk.train.regularization import CURVATURE, default_regularization, least_regularization
from ppdesk.train.schema import Classes, Schema


def data(n: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of five equal-width blocks and an intercept, with a known log-odds."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 4, size=(n, 5))
    rows = np.zeros((n, 21))
    for block in range(5):
        rows[np.arange(n), 4 * block + places[:, block]] = 1.0
    rows[:, -1] = 1.0
    odds = (places - 1.5) @ np.array([0.9, -0.6, 0.3, 0.0, 0.0])
    labels = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    return rows / math.sqrt(6 * (1 + 1e-12)), labels


ROWS, LABELS = data()


def run(rows: np.ndarray, labels: np.ndarray, *, epsilon: float = 1.0, seed: int | None = 7) -> np.ndarray:
    weight = default_regularization(epsilon, rows.shape[1], 5)
    return logistic.fit(rows, labels, epsilon=epsilon, regularization=weight, seed=seed).coef


def auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores))


def test_it_learns_what_is_there_at_epsilon_one() -> None:
    rows, labels = data(seed=1)
    known = (rows[:, :20].reshape(-1, 5, 4).argmax(axis=2) - 1.5) @ np.array([0.9, -0.6, 0.3, 0.0, 0.0])
    assert auroc(rows @ run(ROWS, LABELS), labels) > auroc(known, labels) - 0.04


def test_with_little_noise_it_is_near_scikit_learns_minimum() -> None:
    from sklearn.linear_model import LogisticRegression

    weight = 3.0
    found = logistic.fit(ROWS, LABELS, epsilon=100.0, regularization=weight, seed=1).coef
    twin = LogisticRegression(C=1 / weight, fit_intercept=False, solver="newton-cholesky", tol=1e-10)
    assert found == pytest.approx(np.ravel(twin.fit(ROWS, LABELS).coef_), abs=0.1)


def test_the_same_seed_repeats_and_the_systems_generator_does_not() -> None:
    assert (run(ROWS, LABELS) == run(ROWS, LABELS)).all()
    assert (run(ROWS, LABELS, seed=None) != run(ROWS, LABELS, seed=None)).any()


@pytest.mark.parametrize(
    ("rows", "labels"),
    [(ROWS[:50], np.zeros(50)), (ROWS[:50], np.ones(50)), (ROWS[:0], np.zeros(0)), (ROWS[:1], np.ones(1))],
)
def test_any_number_of_records_of_either_class_will_do(rows: np.ndarray, labels: np.ndarray) -> None:
    """Failing for one class only would tell that there is one class only."""
    assert np.isfinite(run(rows, labels)).all()


def test_rows_that_are_too_long_are_refused() -> None:
    for wrong in (ROWS * 1.01, np.full((3, 21), np.nan)):
        with pytest.raises(UnboundedRowsError):
            run(wrong, LABELS[: wrong.shape[0]])
    with pytest.raises(UnboundedRowsError):
        run(ROWS, LABELS + 0.5)
    with pytest.raises(UnboundedRowsError):
        run(ROWS, LABELS[:-1])


def test_the_jacobian_takes_at_most_its_share() -> None:
    for epsilon in (0.001, 0.1, 1.0, 8.0, 100.0):
        least = least_regularization(epsilon)
        assert 2 * math.log1p(CURVATURE / least) == pytest.approx(0.1 * epsilon)
        with pytest.raises(RegularizationTooWeakError):
            logistic.fit(ROWS[:5], LABELS[:5], epsilon=epsilon, regularization=least * 0.99, seed=1)
        fitted = logistic.fit(ROWS[:5], LABELS[:5], epsilon=epsilon, regularization=least, seed=1)
        assert 0.88 * epsilon < fitted.noise_epsilon < epsilon


def test_the_share_of_epsilon_adds_up() -> None:
    """Noise, Jacobian and inexactness together are epsilon, and not more."""
    fitted = logistic.fit(ROWS, LABELS, epsilon=1.0, regularization=10.0, seed=1)
    jacobian = 2 * math.log1p(CURVATURE / fitted.regularization)
    assert fitted.noise_epsilon + jacobian + logistic.EXACTNESS_SHARE == pytest.approx(1.0, abs=1e-12)


def test_the_rule_sees_no_data() -> None:
    """More noise asks for more regularization: only epsilon and the declared shape enter."""
    assert default_regularization(0.5, 100, 8) == pytest.approx(2 * default_regularization(1.0, 100, 8))
    assert default_regularization(1.0, 400, 8) == pytest.approx(2 * default_regularization(1.0, 100, 8))


def test_the_second_noise_has_its_length() -> None:
    rng = np.random.RandomState(3)
    lengths = [float(np.linalg.norm(logistic._ball_laplace(5, 2.0, rng))) for _ in range(4000)]
    assert np.mean(lengths) == pytest.approx(10.0, rel=0.05), "Gamma(5, 2) has mean 10"
    assert np.var(lengths) == pytest.approx(20.0, rel=0.15)


def test_a_coefficient_that_no_record_touches_is_noise_of_the_told_size() -> None:
    fits = [
        logistic.fit(ROWS[:0], LABELS[:0], epsilon=1.0, regularization=10.0, seed=one) for one in range(300)
    ]
    size = float(np.sqrt(np.mean([one.coef**2 for one in fits])))
    assert size == pytest.approx(fits[0].rare_noise, rel=0.05)


def test_a_run_can_be_stopped() -> None:
    class StoppedError(Exception):
        pass

    def tick() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        logistic.fit(ROWS, LABELS, epsilon=1.0, regularization=10.0, seed=1, tick=tick)


def test_the_split_sees_only_the_number_of_records() -> None:
    held = split(1000, 0.2, TestEntropy(1))
    assert held.sum() == 200
    assert (held == split(1000, 0.2, TestEntropy(1))).all()
    assert (held != split(1000, 0.2, TestEntropy(2))).any()
    assert split(0, 0.2, TestEntropy(1)).size == 0


def test_records_with_an_undeclared_target_are_known_as_such() -> None:
    table = pa.table({"pay": pa.array(["high", "low", None, "?", "high"], pa.string())})
    labels, known = read_labels(table, "pay", "high", "low")
    assert labels.tolist() == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert known.tolist() == [True, True, False, False, True]
    with pytest.raises(MissingColumnError):
        read_labels(table, "gone", "high", "low")


def test_the_twin_without_privacy_says_it_is_not_private() -> None:
    schema, target = Schema((declared.Categorical("x", ("a", "b")),)), Classes("pay", ("low", "high"), "high")
    both = {"x": ["a", "b"] * 50, "pay": ["high", "low"] * 45 + ["low", "high"] * 5}
    twin = ObjectivePerturbation(schema=schema, target=target).fit_twin(both)
    chance = twin.predict(Records.read({"x": ["a", "b"]}, schema))[:, 1]
    assert chance[0] > 0.8
    assert chance[1] < 0.2
    assert twin.privacy == {"private": False}
    with pytest.raises(OneClassError):
        ObjectivePerturbation(schema=schema, target=target).fit_twin(
            {"x": ["a", "b"], "pay": ["high", "high"]}
        )
