"""Estimates of uniques: against ARX's own figures, the papers' formulas in another form, and limit cases."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ppdesk.anonymize.populations import estimators, models, shrinking, thresholds
from ppdesk.anonymize.populations.estimators import Sizes
from ppdesk.anonymize.populations.models import Estimator

HELD = Sizes(np.array([1, 2, 3, 4, 5, 7, 10, 40]), np.array([60, 30, 18, 12, 8, 4, 2, 1]))
SIZES = st.lists(st.integers(1, 30), min_size=2, max_size=60).map(lambda held: Sizes.of(np.array(held)))


@given(sizes=SIZES, more=st.integers(1, 5000))
@settings(max_examples=40, deadline=None)
def test_zayatz_with_hypergeometric_probabilities(sizes, more):
    n, population = sizes.records, sizes.records + more
    chance = [stats.hypergeom.pmf(1, population, int(size), n) for size in sizes.size]
    expected = sum(c / sizes.total * p for c, p in zip(sizes.classes, chance, strict=True))
    alone = sizes.having(1)
    if alone:
        conditional = alone / sizes.total * (n / population) / expected
        assert estimators.zayatz(sizes, population) == pytest.approx(
            alone * conditional * population / n, rel=1e-6
        )
    assert estimators.uniques(sizes, population, Estimator.ZAYATZ) <= population


def likelihood(sizes, t, a):
    """Pitman's, term by term."""
    total = sum(math.log(t + i * a) for i in range(1, sizes.total))
    total -= sum(math.log(t + i) for i in range(1, sizes.records))
    for size, classes in zip(sizes.size.tolist(), sizes.classes.tolist(), strict=True):
        total += classes * sum(math.log(i - a) for i in range(1, size))
    return total


def test_pitman_is_where_the_likelihood_is_greatest():
    t, a = estimators._climb(HELD, *estimators._guess(HELD))
    best = likelihood(HELD, t, a)
    for step in (1e-3, 1e-2, 0.1):
        for dt, da in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            assert likelihood(HELD, t * (1 + dt * step), a + da * step * 0.1) < best
    population = 10_000
    expected = math.gamma(t + 1) / math.gamma(t + a) * population**a
    assert estimators.pitman(HELD, population) == pytest.approx(expected, rel=1e-9)


@given(sizes=SIZES)
@settings(max_examples=30, deadline=None)
def test_derivatives_of_the_likelihood(sizes):
    t, a, h = 3.0, 0.4, 1e-5
    (x, y), (xx, xy, yy) = estimators._score(sizes, t, a)
    assert x == pytest.approx((likelihood(sizes, t + h, a) - likelihood(sizes, t - h, a)) / (2 * h), abs=1e-4)
    assert y == pytest.approx((likelihood(sizes, t, a + h) - likelihood(sizes, t, a - h)) / (2 * h), abs=1e-3)
    up, down = estimators._score(sizes, t + h, a)[0], estimators._score(sizes, t - h, a)[0]
    assert (xx, xy) == pytest.approx(((up[0] - down[0]) / (2 * h), (up[1] - down[1]) / (2 * h)), abs=1e-3)
    up, down = estimators._score(sizes, t, a + h)[0], estimators._score(sizes, t, a - h)[0]
    assert yy == pytest.approx((up[1] - down[1]) / (2 * h), rel=1e-3, abs=1e-2)


def test_snb_expects_as_many_small_classes_as_there_are():
    population = 2 * HELD.records
    f, classes = 0.5, estimators.shlosser(HELD, 0.5)
    found = estimators.snb(HELD, population)
    # a and b from the estimate and one equation; sampled classes summed term by term instead of closed forms
    size = np.arange(1, 400)
    low, high = 1e-6, 50.0
    for _ in range(60):
        a = math.sqrt(low * high)
        people = stats.nbinom.pmf(size - 1, a, (found / classes) ** (1 / a))
        ones = classes * float(people @ (size * f * (1 - f) ** (size - 1)))
        low, high = (a, high) if ones < HELD.having(1) else (low, a)
    twos = classes * float(people @ (size * (size - 1) / 2 * f**2 * (1 - f) ** (size - 2.0)))
    assert ones == pytest.approx(HELD.having(1), rel=1e-3)
    assert twos == pytest.approx(HELD.having(2), rel=1e-2)
    assert 0 < found < classes


@pytest.mark.parametrize(
    ("population", "zayatz", "pitman"),
    # what ARX 3.9.2 says of the classes of Adult by age, sex and race
    [(40_000, 50.9766, 91.845937), (100_000, 38.6172, 92.213905), (317_238_626, 1377.22, 95.515794)],
)
def test_figures_of_arx(adult, population, zayatz, pitman):
    table, _ = adult
    held = (
        table.group_by(["age", "sex", "race"]).aggregate([([], "count_all")]).column("count_all").to_numpy()
    )
    sizes = Sizes.of(held)
    assert estimators.zayatz(sizes, population) == pytest.approx(zayatz, rel=1e-5)
    assert estimators.pitman(sizes, population) == pytest.approx(pitman, rel=1e-7)


def test_limit_cases():
    none = Sizes.of(np.array([2, 3]))
    assert [estimators.uniques(none, 1000, one) for one in Estimator] == [0.0] * 5
    everybody = Sizes.of(np.array([1, 1, 2, 3]))
    assert estimators.zayatz(everybody, 7) == pytest.approx(2)  # the sample is the population
    all_alone = Sizes.of(np.ones(50, np.int64))
    assert math.isnan(estimators.pitman(all_alone, 1000))
    assert not shrinking.unique_enough(np.ones(50, np.int64), models.PopulationUniqueness(0.9, 10_000))
    assert shrinking.unique_enough(np.zeros(0, np.int64), models.PopulationUniqueness(0.0, 10_000))


def test_dankars_rule():
    small, large = 100 * HELD.records, 2 * HELD.records
    assert estimators.uniques(HELD, small, Estimator.DANKAR) == estimators.pitman(HELD, small)
    both = estimators.snb(HELD, large), estimators.zayatz(HELD, large)
    assert estimators.uniques(HELD, large, Estimator.DANKAR) == min(both)
    assert estimators.uniques(HELD, large, Estimator.DANKAR_ARX) == both[1]


def test_estimated_k_map_asks_for_what_poisson_says():
    for k, people, share in ((5, 1_000_000, 0.01), (10, 60_000, 0.05), (50, 100_000, 0.05)):
        rate = k * 30_162 / people
        c = int(stats.poisson.ppf(1 - share, rate))
        model = models.EstimatedKMap(k, people, share, smallest=True)
        assert thresholds.estimated(model, 30_162) == min(k, c + 1)
        assert thresholds.estimated(models.EstimatedKMap(k, people, share), 30_162) == min(k, c + 2)
        truncated = models.EstimatedKMap(k, people, share, models.CellSizes.ZERO_TRUNCATED)
        empty = stats.poisson.pmf(0, rate)
        c = next(c for c in range(1, 99) if (stats.poisson.cdf(c, rate) - empty) / (1 - empty) >= 1 - share)
        assert thresholds.estimated(truncated, 30_162) == min(k, c + 1)


def test_sizes_of_risks_and_of_no_attack():
    assert [thresholds.size_of(risk) for risk in (1.0, 0.5, 0.333, 0.33, 0.2, 0.05)] == [1, 2, 3, 4, 5, 20]
    assert thresholds.no_attack(models.Profitability(no_attack=True)) == 76
    assert thresholds.no_attack(models.Profitability(no_attack=True, gain=10.0, cost=4.0)) == 3
    assert thresholds.no_attack(models.Profitability(no_attack=True, gain=0.0)) == 1
    assert thresholds.no_attack(models.Profitability(no_attack=True, cost=0.0)) == thresholds.NEVER


@given(
    held=st.lists(st.integers(1, 9), min_size=1, max_size=30), average=st.sampled_from([0.1, 0.25, 0.3, 0.5])
)
@settings(max_examples=40, deadline=None)
def test_the_least_prefix_is_least(held, average):
    sizes = np.sort(np.array(held, np.int64))
    model = models.AverageRisk(average, 0.5, 0.1)

    def met(p):
        left = sizes[p:]
        alone = int((left == 1).sum())
        return len(left) == 0 or (
            len(left) <= Fraction(str(average)) * int(left.sum())
            and alone <= Fraction(1, 10) * int(left.sum())
        )

    p = shrinking.least_prefix(sizes, model, 0)
    assert met(p)
    assert not any(met(q) for q in range(p))
