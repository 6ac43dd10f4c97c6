"""Where a target lies: what one record adds, how loud the noise is, what the rules choose, and that no
regressor is much worse than the mean."""

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.additive.estimator import AdditiveRegressor
from ppdesk.train.ebm.estimator import EbmRegressor
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.linear.estimator import DpLinearRegression
from ppdesk.train.moments.mechanism import Spending
from ppdesk.train.schema import Numeric, Quantity, Schema
from ppdesk.train.sgd.estimator import SgdLogisticRegressor, SgdMlpRegressor
from ppdesk.train.spread import cells, settle
from ppdesk.train.spread.density import density
from ppdesk.train.spread.learnt import learnt_from_json
from ppdesk.train.spread.narrow import Narrow, exactly, narrow, tail_of
from ppdesk.train.spread.paying import source_answer, source_last, spending_answer, spending_last

KINDS = ("normal", "income")
BOUNDS = [(-2e4, 1.5e6), (0, 1), (1900, 2100), (-1e100, 1e100), (1e9, 1e9 + 1), (-5, 0)]


@pytest.mark.parametrize("bounds", BOUNDS)
def test_one_record_is_one_in_one_cell_of_each_level(bounds):
    target = Quantity("y", *bounds)
    edges = cells.edges(target)
    assert edges[0] == target.low
    assert edges[-1] == target.high
    assert (np.diff(edges) >= 0).all()
    draws = np.random.default_rng(0)
    y = np.concatenate(
        [draws.uniform(0, 1, 20) * target.high, [target.low, target.high, 0.0, -np.inf, np.inf]]
    )
    whole = cells.counted(y, target, edges)
    for place in range(y.size):
        moved = whole - cells.counted(np.delete(y, place), target, edges)
        assert (moved >= 0).all()
        assert moved @ moved == cells.SQUARED == cells.LENGTH**2
        assert [one.sum() for one in cells.levels(moved)] == [1] * cells.LEVELS
        replaced = whole - cells.counted(np.where(np.arange(y.size) == place, y[3], y), target, edges)
        assert replaced @ replaced <= 2 * cells.SQUARED


def test_cells_are_narrow_on_both_axes():
    edges = cells.edges(Quantity("y", 0, 1e6))
    assert np.diff(edges).max() <= 1e6 * 2 / cells.CELLS * 1.01
    high = edges[edges > 100]
    assert (np.diff(high) / high[1:]).max() < 0.02  # two per cent of an income, wherever it lies


def test_the_last_sums_move_by_no_more_than_is_said():
    found = Narrow(Quantity("y", 0, 100), 30.0, 10.0, 50.0, 1.0, 0.05)
    draws = np.random.default_rng(1)
    ends = np.array([0.0, 0.0, 100.0, 100.0, -np.inf, np.nan, 1e300])
    u, v = (np.concatenate([draws.permutation(ends), draws.uniform(-50, 150, 60)]) for _ in range(2))
    whole = settle.summed(u, v, found)
    for place in range(u.size):
        moved = whole - settle.summed(np.delete(u, place), np.delete(v, place), found)
        assert int(moved @ moved) <= settle.SQUARED * settle.GRID**2


@pytest.mark.parametrize("neighbours", list(Neighbours))
def test_noise_is_as_wide_as_its_share_asks(neighbours):
    asked = Asked(1.0, 1e-5, neighbours, group=2)
    spending = Spending(asked, TestEntropy(1))
    zeros = np.zeros(cells.SIZE, np.int64)
    noisy, sd = spending_answer(spending)(zeros, 0.1)
    reach = 2 * (2**0.5 if neighbours is Neighbours.REPLACE_ONE else 1)
    assert sd == pytest.approx(reach * cells.LENGTH / (spending.mu * 0.1**0.5), rel=1e-6)
    assert np.std(noisy) == pytest.approx(sd, rel=0.05)
    assert spending.spent == pytest.approx(0.1)
    _, last = spending_last(spending)(np.zeros(4, np.int64), 0.2)
    most = 4 if neighbours is Neighbours.REPLACE_ONE else 2
    assert last == pytest.approx(most * settle.SQUARED**0.5 / (spending.mu * 0.2**0.5), rel=1e-6)
    noisy, sd = source_answer(GaussianSource(TestEntropy(2)), 0.3, 4.0)(zeros, 0.25)
    assert sd == pytest.approx(cells.LENGTH * 4 / (0.3 * 0.5))
    assert np.std(noisy) == pytest.approx(sd, rel=0.05)
    _, last = source_last(GaussianSource(TestEntropy(3)), 0.3, 4.0)(np.zeros(4, np.int64), 0.25)
    assert last == pytest.approx(settle.SQUARED**0.5 * 4 / (0.3 * 0.5))


def test_rules_are_monotone():
    tails = [tail_of(one) for one in (1, 10, 100, 1000, 1e6)]
    assert tails == sorted(tails, reverse=True)
    assert tails[0] == 0.02
    assert tails[-1] == 0.002
    shares = [settle.share_by_rule(rows, 0.27) for rows in (0, 100, 500, 5000, 1e6)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 0.5
    assert shares[-1] == 0.05


def test_records_are_where_they_are_and_noise_alone_says_nothing():
    target = Quantity("y", -1e4, 1e4)
    y = np.random.default_rng(2).normal(50, 10, 5000)
    found = exactly(y, target)
    assert 15 < found.quantity.low < 35
    assert 65 < found.quantity.high < 85
    assert found.centre == pytest.approx(50, abs=1.5)
    assert found.scale == pytest.approx(10, rel=0.2)
    counts = cells.counted(y, target, cells.edges(target))
    assert density(counts.astype(float), 1e-3).sum() == pytest.approx(5000)
    source = GaussianSource(TestEntropy(4))
    loud = narrow(y, target, source_answer(source, 1e-6, 1.0))
    assert loud.quantity.high - loud.quantity.low > 1e4  # nothing stands out: nearly as declared
    assert Narrow.from_json(target, found.to_json()) == found


def test_a_slope_is_one_for_a_good_model_and_zero_for_noise():
    draws = np.random.default_rng(3)
    y = draws.normal(50, 10, 20_000)
    found = exactly(y, Quantity("y", 0, 100))
    prior = settle.prior_by_rule(20_000, 0.27, sure=False)
    answer = source_last(GaussianSource(TestEntropy(5)), 0.27, 1.0)
    good = settle.settle(y + draws.normal(0, 1, y.size), y, found, answer, share=0.05, prior=prior)
    noise = settle.settle(draws.normal(50, 10, y.size), y, found, answer, share=0.05, prior=prior)
    assert good.slope > 0.9
    assert noise.slope < 0.1
    assert noise.intercept == pytest.approx(50, abs=6)
    none = settle.prior_by_rule(100, 0.1, sure=True)
    assert settle.settle(y, y, found, answer, share=0.5, prior=none).slope == 0


def test_bounds_learnt_between_lie_in_the_target():
    target = Quantity("y", 0, 10)
    inner = Quantity("y", 2, 3)
    assert learnt_from_json(target, inner.to_json()) == inner
    assert learnt_from_json(target, None) is None
    with pytest.raises(BadModelError):
        learnt_from_json(target, Quantity("y", -1, 3).to_json())


def test_a_large_epsilon_is_kept_by_a_smaller_one():
    found = slack_of(2.0**24, 10**6, 1)
    inner, left = found.target(500.0, 1e-6)
    assert 0 < inner < 500
    assert 0 < left < 1e-6
    spent = found.spent(inner, left)
    assert spent[0] <= 500
    assert spent[1] <= 1e-6


def _r2(estimator, rows, epsilon, kind, *, wide, seed):
    draws = np.random.default_rng(seed)
    many = rows + 1000
    x = draws.normal(size=(many, 3))
    z = 0.5 * x[:, 0] + 0.4 * np.sin(2 * x[:, 1]) + 0.8 * draws.normal(size=many)
    y, low, high = (50 + 10 * z, 0.0, 100.0) if kind == "normal" else (np.exp(10 + z), 0.0, 6e5)
    if wide:
        low, high = -50 * high, 50 * high
    y = np.clip(y, low, high)
    schema = Schema(tuple(Numeric(f"x{place}", -5, 5) for place in range(3)))
    table = {f"x{place}": x[:rows, place] for place in range(3)}
    model = estimator(
        schema=schema,
        target=Quantity("y", low, high),
        epsilon=epsilon,
        rows=rows,
        entropy=TestEntropy(seed),
        **({"steps": 30} if estimator is AdditiveRegressor else {}),
    ).fit(table, y[:rows])
    said = model.predict({f"x{place}": x[rows:, place] for place in range(3)})
    assert type(model.fitted_).from_json(model.fitted_.to_json()).learnt == model.fitted_.learnt
    return 1 - np.mean((said - y[rows:]) ** 2) / np.var(y[rows:])


@pytest.mark.parametrize(
    "estimator", [AdditiveRegressor, DpLinearRegression, EbmRegressor, SgdLogisticRegressor, SgdMlpRegressor]
)
def test_no_regressor_is_much_worse_than_the_mean(estimator):
    found = [_r2(estimator, 1500, 1.0, kind, wide=True, seed=seed) for seed, kind in enumerate(KINDS)]
    assert np.mean(found) > -0.05
    # so few records that nothing is learnt of them but about the mean
    few = [_r2(estimator, 500, 0.25, kind, wide=False, seed=seed) for seed, kind in enumerate(KINDS)]
    assert np.mean(few) > -0.15


def test_a_slope_holds_for_predictions_as_they_were_cut():
    learnt = Quantity("y", 30, 70)
    loud = np.array([-1e6, 20.0, 50.0, 60.0, 1e6])
    said = settle.Settled(0.1, 45.0)
    cut = said.within(learnt)
    expected = 45 + 0.1 * np.clip(loud, 30, 70)
    np.testing.assert_allclose(np.clip(45 + 0.1 * loud, cut.low, cut.high), expected)
    assert settle.Settled(0.0, 50.0).within(learnt) == learnt
    assert settle.Settled(1.0, 0.0).within(learnt) == learnt


def test_a_large_epsilon_trains_a_network():
    draws = np.random.default_rng(5)
    x = draws.uniform(-1, 1, (200, 2))
    model = SgdMlpRegressor(
        schema=(-1, 1), target=(-2, 2), epsilon=100, steps=20, entropy=TestEntropy(1)
    ).fit(x, x.sum(axis=1))
    assert np.isfinite(model.predict(x)).all()


def test_what_is_paid_is_part_of_the_one_gaussian():
    y = np.random.default_rng(6).normal(50, 5, 3000)
    spending = Spending(Asked(1.0, 1e-5), TestEntropy(7))
    found = narrow(y, Quantity("y", -1e4, 1e4), spending_answer(spending))
    assert spending.spent == pytest.approx(found.share)
    assert found.share <= 0.35
    assert spending.mu <= gaussian_mu(1.0, 1e-5)
