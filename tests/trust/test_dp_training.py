"""The privacy of training, looked at from outside: noise is there, it is enough, and nothing is read off."""

import json
import math
import warnings

import numpy as np
import pyarrow as pa

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import SystemClock
from ppdesk.core.entropy import SystemEntropy
from ppdesk.train.encoding import Encoding
from ppdesk.train.logistic import fit
from ppdesk.train.regularization import least_regularization
from ppdesk.workflow.model.train import STEP, Estimator, TrainParams
from ppdesk.workflow.step import Context

ROLES = {
    "unit": "record",
    "target": "pay",
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 100.0},
        {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
         "positive": "high"},
    ],
}  # fmt: skip


def run(
    ages: list[str | None], pays: list[str | None], estimator: str = Estimator.ADDITIVE
) -> dict[str, object]:
    rows = pa.table({"age": pa.array(ages, pa.string()), "pay": pa.array(pays, pa.string())})
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, {"rows": len(ages)}, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    }
    context = Context({}, SystemEntropy(), SystemClock(), lambda _share, _what: None, lambda: False, "")
    outcome = STEP.run(TrainParams(held_out=0.0, estimator=Estimator(estimator)), inputs, context)
    return {"model": outcome.artifacts[0].data("model"), "facts": outcome.facts}


def test_outside_the_test_mode_no_two_models_are_alike() -> None:
    ages, pays = [str(age) for age in range(20, 60)], ["low", "high"] * 20
    models = {run(ages, pays)["model"] for _ in range(5)}
    assert len(models) == 5


def test_bounds_are_not_read_off_the_data() -> None:
    """The same declaration gives the same knots and columns, whatever the rows: young, old, absurd, none."""
    found: dict[str, set[str]] = {"additive": set(), "objective-perturbation": set()}
    for ages in (["20", "21"], ["99", "1e30"], [None, "?"], []):
        for estimator, seen in found.items():
            model = run(ages, (["low", "high"] * 2)[: len(ages)], estimator)["model"]
            assert isinstance(model, bytes)
            told = json.loads(model)
            laid = told["columns"] if "columns" in told else [told["features"][0]["knots"], told["row_scale"]]
            seen.add(json.dumps([laid, told["privacy"]]))
    assert all(len(seen) == 1 for seen in found.values())


def test_a_table_of_one_class_or_without_labels_trains_like_any_other() -> None:
    for pays in (["low"] * 4, ["high"] * 4, [None] * 4, ["?"] * 4):
        assert run(["30"] * 4, pays)["model"]


def test_the_library_finds_nothing_it_has_to_read_off_the_data() -> None:
    from diffprivlib.utils import DiffprivlibCompatibilityWarning, PrivacyLeakWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", PrivacyLeakWarning)
        warnings.simplefilter("error", DiffprivlibCompatibilityWarning)
        run(["30", "40"], ["low", "high"])


def _coefficients(labels: list[float], *, epsilon: float, times: int, seed: int) -> np.ndarray:
    """The one coefficient of many fits on records that differ only in their label. Seeded: a test that
    fails by chance teaches people to ignore it."""
    rows = np.ones((len(labels), 1))
    weight = least_regularization(epsilon)
    return np.array(
        [
            fit(rows, np.array(labels), epsilon=epsilon, regularization=weight, seed=seed + one).coef[0]
            for one in range(times)
        ]
    )


def _worst_ratio(epsilon: float) -> float:
    """A lower bound of the largest P[E | D] / P[E | D'] over many events E, for two neighbouring tables whose
    one record turns from 0 to 1. Exact 99.99 % Clopper-Pearson bounds on both probabilities."""
    from scipy.stats import beta

    times, alpha = 1500, 1e-4
    zero = _coefficients([0.0], epsilon=epsilon, times=times, seed=10_000)
    one = _coefficients([1.0], epsilon=epsilon, times=times, seed=50_000)
    worst = 0.0
    for cut in np.quantile(np.concatenate([zero, one]), np.linspace(0.05, 0.95, 19)):
        for first, second in ((zero <= cut, one <= cut), (one > cut, zero > cut)):
            hits, base = int(first.sum()), int(second.sum())
            low = beta.ppf(alpha, hits, times - hits + 1) if hits else 0.0
            high = beta.ppf(1 - alpha, base + 1, times - base) if base < times else 1.0
            worst = max(worst, low / high)
    return worst


def test_neighbouring_tables_are_not_told_apart_beyond_epsilon() -> None:
    assert _worst_ratio(1.0) <= math.exp(1.0)


def test_that_comparison_would_catch_too_little_noise() -> None:
    """The noise of epsilon 5, claimed to be that of epsilon 1, is found out."""
    assert _worst_ratio(5.0) > math.exp(1.0)


def test_a_row_is_never_longer_than_the_proof_allows() -> None:
    rng = np.random.default_rng(5)
    ages = [str(value) for value in rng.normal(0, 1e6, 200)] + [None, "x", "inf"]
    rows = Encoding.from_roles(ROLES, ["age"], "pay").encode(pa.table({"age": pa.array(ages, pa.string())}))
    assert np.linalg.norm(rows, axis=1).max() <= 1.0
