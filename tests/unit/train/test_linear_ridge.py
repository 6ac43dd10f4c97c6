"""Ridge regression from noisy sums: as good as it says, and finite whatever comes."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.privacy.events import Gaussian, Neighbours
from ppdesk.train.errors import BadModelError, UndeclaredTargetError
from ppdesk.train.fitted import Asked
from ppdesk.train.linear.estimator import DpLinearRegression
from ppdesk.train.linear.fit import Options, cost, fit, fit_twin
from ppdesk.train.linear.model import LinearModel
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

TARGET = Quantity("y", -10.0, 10.0)
WEIGHTS = np.array([3.0, -2.0, 0.0, 1.0])
SCHEMA = Schema((*(Numeric(f"x{j}", -1.0, 1.0) for j in range(4)), Categorical("job", ("a", "b"))))


def quiet() -> None:
    """No one stops."""


def made(rows: int, seed: int, spread: float = 1.0) -> tuple[Records, np.ndarray]:
    source = np.random.default_rng(seed)
    x, job = source.uniform(-1, 1, (rows, 4)), source.integers(0, 2, rows).astype(np.int32)
    y = np.clip(x @ WEIGHTS + 2.0 * job - 1 + source.normal(0, spread, rows), -10, 10)
    return Records(SCHEMA, (*x.T, job)), y


def trained(records: Records, y: np.ndarray, epsilon: float, seed: int, **options: int) -> LinearModel:
    asked, entropy = Asked(epsilon, 1e-5), TestEntropy(seed)
    found = fit(records, y, asked, TARGET, options=Options(**options), entropy=entropy, tick=quiet).model
    assert isinstance(found, LinearModel)
    return found


def explained(model: LinearModel, records: Records, y: np.ndarray) -> float:
    return 1 - float(np.mean((y - model.predict(records)) ** 2) / np.var(y))


@pytest.mark.parametrize(
    ("rows", "epsilon", "least"), [(1_000, 1.0, 0.4), (1_000, 4.0, 0.7), (20_000, 1.0, 0.8)]
)
def test_better_than_the_mean_from_a_thousand_records_on(rows: int, epsilon: float, least: float) -> None:
    held, truth = made(2_000, 99)
    found = [explained(trained(*made(rows, seed), epsilon, seed), held, truth) for seed in range(6)]
    assert np.mean(found) > least
    assert min(found) > 0


def related(rows: int, seed: int, kind: str) -> tuple[Records, np.ndarray, np.ndarray]:
    """Records whose columns go together, on a tenth of the table's width, or have two ends alone."""
    source = np.random.default_rng([seed, rows])
    x = source.normal(size=(rows, 4)) + source.normal(size=(rows, 1))
    x = np.sign(x) if kind == "ends" else np.clip(x / 6, -1, 1)
    weights = np.array([1.0, -0.5, 0.0, 2.0] if kind == "ends" else [6.0, -4.0, 0.0, 2.0])
    noise = source.lognormal(0, 1, rows) - 1.65 if kind == "tail" else source.normal(0, 1, rows)
    records = Records(Schema(tuple(Numeric(f"x{j}", -1.0, 1.0) for j in range(4))), tuple(x.T))
    return records, x @ weights + noise + 2, weights


@pytest.mark.parametrize("kind", ["plain", "ends", "tail"])
@pytest.mark.parametrize("bound", [15.0, 1_000.0])
def test_intervals_of_slopes_hold_the_truth_nine_times_in_ten_at_least(kind: str, bound: float) -> None:
    for rows, epsilon in ((1_000, 0.5), (3_000, 1.0), (10_000, 4.0)):
        hits = []
        for seed in range(8):
            records, y, weights = related(rows, seed, kind)
            asked, options = Asked(epsilon, 1e-5), Options(knots=1, rows=rows)
            target, entropy = Quantity("y", -bound, bound), TestEntropy(seed)
            model = fit(records, y, asked, target, options=options, entropy=entropy, tick=quiet).model
            lines = [model.coding.names.index(f"x{j}") for j in range(4)]
            found, errors = (np.array(one)[lines] * bound for one in (model.coefficients, model.errors))
            hits.append(np.abs(found - weights) <= 1.96 * errors)
        assert np.mean(hits) >= 0.9


def test_a_model_that_noise_drowns_claims_no_slope() -> None:
    records, y, _ = related(300, 1, "plain")
    asked, target = Asked(0.1, 1e-5), Quantity("y", -15.0, 15.0)
    options, entropy = Options(knots=1, rows=300), TestEntropy(1)
    model = fit(records, y, asked, target, options=options, entropy=entropy, tick=quiet).model
    lines = [model.coding.names.index(f"x{j}") for j in range(4)]
    assert not np.any(np.array(model.coefficients)[lines])
    assert (np.array(model.errors)[lines] > 0.01).all()


def test_errors_are_mostly_noise_and_shrink_with_epsilon() -> None:
    records, y = made(3_000, 1)
    wide, narrow = (trained(records, y, epsilon, 1, knots=1) for epsilon in (0.5, 8.0))
    lines = [wide.coding.names.index(f"x{j}") for j in range(4)]
    assert np.mean(np.array(wide.errors)[lines]) > 4 * np.mean(np.array(narrow.errors)[lines])


def test_the_twin_is_ridge_regression() -> None:
    records, y = made(2_000, 3)
    twin = fit_twin(records, y, TARGET, tick=quiet)
    cells = twin.coding.rows(records) / twin.grid
    peer = Ridge(alpha=1e-3).fit(cells, y)
    np.testing.assert_allclose(twin.predict(records), peer.predict(cells), atol=0.01)
    assert twin.privacy["private"] is False


def test_curves_are_found_where_there_are_many_records() -> None:
    source = np.random.default_rng(5)
    x = source.uniform(-1, 1, 20_000)
    y = np.clip(8 * np.cos(4 * x) + source.normal(0, 0.5, x.size), -10, 10)
    records = Records(Schema((Numeric("x", -1.0, 1.0),)), (x,))
    assert explained(trained(records, y, 1.0, 1), records, y) > 0.95
    assert explained(trained(records, y, 1.0, 1, knots=1), records, y) < 0.2


def test_a_model_survives_its_json_and_a_broken_one_is_refused() -> None:
    records, y = made(500, 1)
    model = trained(records, y, 1.0, 1)
    again = LinearModel.from_json(model.to_json())
    assert again.to_json() == model.to_json()
    np.testing.assert_array_equal(again.predict(records), model.predict(records))
    for broken in (
        b"",
        b"[]",
        b"{}",
        model.to_json().replace(b'"knots":1', b'"knots":3').replace(b'"knots":4', b'"knots":5'),
    ):
        with pytest.raises(BadModelError):
            LinearModel.from_json(broken)


def test_predictions_stay_between_the_declared_bounds_whatever_the_noise() -> None:
    for rows, seed in ((0, 1), (1, 2), (3, 3)):
        records, y = made(rows, seed)
        model = trained(records, y, 0.1, seed)
        found = model.predict(made(100, 9)[0])
        assert np.isfinite(found).all()
        assert found.min() >= -10
        assert found.max() <= 10


def test_odd_tables() -> None:
    missing = Records(Schema((Numeric("x", 0.0, 1.0),)), (np.full(50, np.nan),))
    constant = Records(Schema((Categorical("c", ("a",)),)), (np.zeros(50, np.int32),))
    wide = Records(Schema((Numeric("x", -1e308, 1e308),)), (np.linspace(-1, 1, 50) * 1e308,))
    for records in (missing, constant, wide):
        for knots in (1, 4):
            assert np.isfinite(trained(records, np.full(50, 4.0), 5.0, 1, knots=knots).predict(records)).all()


def test_the_cost_is_known_before_and_classes_are_refused() -> None:
    asked = Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 2)
    records, y = made(100, 1)
    found = fit(records, y, asked, TARGET, options=Options(), entropy=TestEntropy(1), tick=quiet)
    assert found.event == cost(asked, SCHEMA, TARGET)
    assert isinstance(found.event, Gaussian)
    assert found.event.neighbours is Neighbours.REPLACE_ONE
    with pytest.raises(UndeclaredTargetError):
        fit(
            records, y, asked, Classes("y", ("0", "1")), options=Options(), entropy=TestEntropy(1), tick=quiet
        )


def test_the_face_of_scikit_learn() -> None:
    records, y = made(2_000, 1)
    x = np.column_stack(records.values[:4])
    model = DpLinearRegression(schema=(-1.0, 1.0), target=(-10.0, 10.0), epsilon=4.0, entropy=TestEntropy(1))
    assert model.fit(x, y).score(x, y) > 0.5
    assert model.coef_.shape == model.coef_errors_.shape == model.cell_names_.shape
    assert model.fitted_.privacy["stamp"] == NOT_PRIVATE
    again = DpLinearRegression(schema=(-1.0, 1.0), target=(-10.0, 10.0), entropy=SystemEntropy()).fit(x, y)
    assert again.fitted_.privacy["private"] is True
    assert again.fit_twin(x, y).privacy["private"] is False


def test_the_number_of_knots_never_follows_from_the_exact_number_of_records() -> None:
    records, y = made(1_000, 1)
    fewer = records.take(np.arange(10))
    asked = Asked(1.0, 1e-5)
    for rows in (10, 1_000_000):
        options = Options(rows=rows)
        both = [
            fit(
                some, y[: some.rows], asked, TARGET, options=options, entropy=TestEntropy(1), tick=quiet
            ).notes["knots"]
            for some in (records, fewer)
        ]
        assert both[0] == both[1]
