"""Sampling of rows: each set has the chance that independent draws per row would give it."""

from fractions import Fraction
from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest
from scipy import stats

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.gaussian.draws import SecureDraws
from ppdesk.privacy.gaussian.weights import BinomialWeights


def fits(found, expected):
    """Chi-square, cells that expect fewer than 10 put together; the chance of a worse fit."""
    rare = expected < 10
    found, expected = (np.append(x[~rare], x[rare].sum()) for x in (found, expected))
    keep = expected > 0
    return stats.chisquare(found[keep], expected[keep] * found.sum() / expected.sum()).pvalue


@pytest.mark.parametrize(
    ("n", "q"), [(1, 0.5), (20, 0.3), (20, 0.85), (1000, 0.004), (30_000, 0.4), (10**6, 512e-6)]
)
def test_binomial_numbers_have_the_exact_distribution(n, q):
    draws, count = SecureDraws(TestEntropy(1)), 8000
    found = np.array([draws.binomial(n, q) for _ in range(count)])
    middle, reach = round(n * q), 40 + round(6 * (n * q * (1 - q)) ** 0.5)
    places = np.arange(max(0, middle - reach), min(n, middle + reach) + 1)
    seen = np.bincount(np.clip(found - places[0], 0, places.size - 1), minlength=places.size)
    assert found.min() >= 0
    assert found.max() <= n
    assert fits(seen, count * stats.binom.pmf(places, n, q)) > 1e-3


@pytest.mark.parametrize(("n", "q"), [(7, 0.3), (40, 0.5), (300, 0.01)])
def test_binomial_weights_lie_between_their_bounds(n, q):
    weights, exact = BinomialWeights(n, q), Fraction(q)

    def chance(k):
        return comb(n, k) * exact**k * (1 - exact) ** (n - k)

    highest = chance(weights.mode)
    for k in range(n + 1):
        low, high = weights.between(k, 100)
        assert low <= chance(k) / highest * 2**100 <= high
        assert high - low <= 3
        assert chance(k) <= highest


def test_certain_and_impossible_binomial_numbers():
    draws = SecureDraws(TestEntropy(1))
    assert [draws.binomial(9, 0.0), draws.binomial(9, 1.0), draws.binomial(0, 0.5)] == [0, 9, 0]
    assert draws.binomial(10**6, 1e-300) == 0
    with pytest.raises(ValueError, match="chance"):
        draws.binomial(9, 1.5)


@pytest.mark.parametrize("size", [2, 3])
def test_all_sets_of_a_size_are_equally_likely(size):
    draws, sets = SecureDraws(TestEntropy(2)), list(combinations(range(5), size))
    found = dict.fromkeys(sets, 0)
    for _ in range(3000):
        found[tuple(draws.distinct(5, size).tolist())] += 1
    assert fits(np.array(list(found.values())), np.full(len(sets), 3000 / len(sets))) > 1e-3


@pytest.mark.parametrize("q", [0.02, 0.7])
def test_a_poisson_sample_takes_each_row_with_its_chance(q):
    draws, n, times = SecureDraws(TestEntropy(3)), 300, 1500
    seen, both = np.zeros(n), 0
    for _ in range(times):
        rows = draws.poisson_sample(n, q)
        assert (np.diff(rows) > 0).all()
        seen[rows] += 1
        both += bool(np.isin([0, 299], rows).all())
    z = (seen - times * q) / (times * q * (1 - q)) ** 0.5
    assert 1e-3 < stats.chi2.cdf((z**2).sum(), n) < 1 - 1e-3
    assert abs(both - times * q * q) < 4.5 * (times * q * q) ** 0.5 + 2


@pytest.mark.parametrize(
    ("n", "count"), [(1, 0), (1, 1), (64, 64), (65, 64), (100_000, 99_999), (1_000_000, 512)]
)
def test_distinct_rows_are_ascending_and_within(n, count):
    draws = SecureDraws(TestEntropy(4))
    for _ in range(2):  # the bitmap is clean again
        rows = draws.distinct(n, count)
        assert rows.size == count
        assert (np.diff(rows) > 0).all()
        assert count == 0 or (rows[0] >= 0 and rows[-1] < n)


def test_whole_numbers_and_doubles_are_uniform():
    draws = SecureDraws(TestEntropy(5))
    for high in (1, 2, 7, 3 * 2**30):
        found = draws.integers(high, 70_000)
        assert found.min() >= 0
        assert found.max() < high
        if high > 1:
            assert fits(np.bincount(found * min(high, 7) // high), np.full(min(high, 7), 1e4)) > 1e-3
    assert stats.kstest(draws.doubles(50_000), "uniform").pvalue > 1e-3
    with pytest.raises(ValueError, match="bound"):
        draws.integers(0, 1)


def test_all_orders_are_equally_likely():
    draws, orders = SecureDraws(TestEntropy(6)), dict.fromkeys(permutations(range(4)), 0)
    for _ in range(3000):
        orders[tuple(draws.permutation(4).tolist())] += 1
    assert fits(np.array(list(orders.values())), np.full(24, 125.0)) > 1e-3
    assert (np.sort(draws.permutation(20_000)) == np.arange(20_000)).all()


def test_the_test_mode_repeats():
    one, two = (SecureDraws(TestEntropy(7)).poisson_sample(10_000, 0.1) for _ in range(2))
    assert (one == two).all()
