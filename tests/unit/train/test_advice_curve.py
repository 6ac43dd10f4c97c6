"""Advice: the rule, tables made up from declarations, the curve and its inverse."""

import numpy as np
import pytest

from ppdesk.privacy.events import EpsilonDelta, Gaussian, Neighbours
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.advice.curve import (
    Line,
    Point,
    Public,
    StandIn,
    drawn_rows,
    simulate,
    stretched,
    usual,
)
from ppdesk.train.advice.inverse import at, epsilon_for, rising
from ppdesk.train.advice.price import price
from ppdesk.train.advice.rule import Case, order, reasons
from ppdesk.train.advice.standin import AUROC, R2, Truth, soft_auroc
from ppdesk.train.offers import OFFERS, Task
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema(
    (
        Numeric("age", 0, 100),
        Numeric("income", -10, 1e6, log=True),
        Categorical("job", ("a", "b", "c")),
        Categorical("only", ("x",)),
    )
)
TWO, THREE = Classes("t", ("n", "y"), "y"), Classes("k", ("a", "b", "c"))
NUMBER = Quantity("q", -5, 5)
KEYS = {one.key for one in OFFERS} | {"policy"}


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize("rows", [None, 100, 50_000, 2_000_000])
def test_the_rule_names_offers_and_sources(task: Task, pure: bool, rows: int | None) -> None:
    for use in ("fraud-detection", "resource-allocation", "public-health", "other"):
        case = Case(task, use, SCHEMA, rows, 1.0, pure, glass_box=False)
        found = order(case)
        assert set(found) <= KEYS
        told = list(reasons(case, found[0]))
        assert all(one.what and one.why.endswith(".") and one.source for one in told)
        assert any("commonest" in one.why for one in told) == (rows == 100)


def test_the_rule_by_use() -> None:
    assert order(Case(Task.BINARY))[0] == "additive"
    assert order(Case(Task.BINARY, pure=True))[0] == "objective-perturbation"
    assert order(Case(Task.CLASSES, pure=True, rows=100))[0] == "diffprivlib-naive-bayes"
    assert order(Case(Task.CLASSES, pure=True, rows=10_000))[0] == "diffprivlib-logistic"
    assert order(Case(Task.NONE, "fraud-detection"))[0] == "histogram"
    assert order(Case(Task.NONE))[0] == "k-means"


def test_a_made_up_table_keeps_to_its_declarations_and_repeats() -> None:
    one, again = (Truth(SCHEMA, TWO, 0.1, 0).draw(4000, 0) for _ in range(2))
    age, income = one.columns["age"], one.columns["income"]
    assert np.array_equal(age, again.columns["age"], equal_nan=True)
    assert list(one.target) == list(again.target)
    assert np.nanmin(age) >= 0
    assert np.nanmax(age) <= 100
    assert np.nanmin(income) >= -10
    assert np.nanmax(income) <= 1e6
    assert set(one.columns["job"].cast("string").drop_null().to_pylist()) <= {"a", "b", "c"}
    assert 0.01 < np.isnan(age).mean() < 0.05
    assert float((one.target == "y").mean()) == pytest.approx(0.1, abs=0.03)
    assert soft_auroc(one.best[:, 1], one.best[:, 1]) == pytest.approx(AUROC, abs=0.03)


def test_a_made_up_number_is_explained_as_said() -> None:
    found = Truth(SCHEMA, NUMBER, seed=1).draw(8000, 0)
    assert found.target.min() >= -5
    assert found.target.max() <= 5
    assert np.corrcoef(found.best, found.target)[0, 1] ** 2 == pytest.approx(R2, abs=0.05)


def test_soft_auroc_is_the_share_of_pairs() -> None:
    score, chance = np.array([0.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.9])
    pairs = sum(chance[i] * (1 - chance[j]) * (score[i] > score[j]) for i in range(3) for j in range(3))
    ties = sum(chance[i] * (1 - chance[i]) / 2 for i in range(3))
    whole = chance.sum() * (1 - chance).sum()
    assert soft_auroc(score, chance) == pytest.approx((pairs + ties) / whole)


@pytest.mark.parametrize("target", [TWO, THREE, NUMBER])
def test_the_curve_repeats_and_rises(target: Classes | Quantity) -> None:
    def drawn() -> object:
        return simulate(
            StandIn(SCHEMA, target), SCHEMA, target,
            keys=("additive",), rows=800, epsilons=(0.1, 8.0), repetitions=1,
        )  # fmt: skip

    found = drawn()
    assert found == drawn()
    low, high = found.lines[0].points  # type: ignore[attr-defined]
    assert low.mean < high.mean <= found.ceiling + 0.05  # type: ignore[attr-defined]
    assert high.mean > found.least  # type: ignore[attr-defined]


def test_a_large_table_is_stood_in_for_with_less_noise() -> None:
    assert drawn_rows(SCHEMA, 300) == 300
    assert drawn_rows(SCHEMA, 10**6) < 5000
    mu = gaussian_mu(1.0, 1e-6)
    assert gaussian_mu(stretched(1.0, 1e-6, 5.0), 1e-6) == pytest.approx(5 * mu, rel=1e-6)
    assert stretched(1.0, 0.0, 5.0) == 5.0
    assert stretched(1.0, 1e-6, 1.0) == 1.0
    asked = [stretched(8.0, 1e-6, scale) for scale in (10.0, 20.0)]
    assert asked[0] == asked[1]  # noise that no longer shows is not made smaller


def test_a_public_table_is_split_without_overlap() -> None:
    table = Public({"age": np.arange(100.0)}, np.array(["n", "y"] * 50, dtype=object))
    train, test = table.split(0, 60)
    assert len(train.target) == 60
    assert not set(train.columns["age"]) & set(test.columns["age"])


def line(*means: float) -> Line:
    return Line("additive", tuple(Point(2.0**i, mean, 0.0, 0.0) for i, mean in enumerate(means)))


def test_the_inverse_is_the_least_epsilon_that_reaches_it() -> None:
    rises = line(0.6, 0.7, 0.8)
    assert epsilon_for(rises, 0.5) == 1.0
    assert epsilon_for(rises, 0.7) == pytest.approx(2.0)
    found = epsilon_for(rises, 0.75)
    assert found is not None
    assert 2 * 2**0.5 <= found <= 2 * 2**0.5 * 1.1
    assert at(rises, found) >= 0.75 - 1e-9
    assert epsilon_for(rises, 0.81) is None
    assert at(rises, 0.1) == 0.6
    assert at(rises, 100) == 0.8


def test_a_dip_does_not_fool_the_inverse() -> None:
    assert rising([0.6, 0.8, 0.7, 0.9]) == pytest.approx([0.6, 0.75, 0.75, 0.9])
    assert epsilon_for(line(0.6, 0.8, 0.7, 0.9), 0.78) == pytest.approx(4.7, abs=0.2)


def test_the_price_is_known_before() -> None:
    asked = EpsilonDelta(1.0, 1e-6, Neighbours.ADD_REMOVE)
    told = price("additive", asked, SCHEMA, 10_000)
    assert told.event == Gaussian(1 / gaussian_mu(1.0, 1e-6), Neighbours.ADD_REMOVE)
    assert told.seconds is not None
    assert told.seconds < 5
    assert price("sgd-mlp", asked, SCHEMA, None).seconds is None
    assert usual(Task.QUANTITY)[0] == "additive"
