"""SafePub's k and sampling: against direct computation of what the theorem bounds."""

import math
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.populations import errors, safepub
from ppdesk.core.entropy import TestEntropy

SETTINGS = [(1.0, 1e-6), (2.0, 1e-6), (0.5, 1e-5), (0.1, 1e-5), (3.0, 1e-3)]


@pytest.mark.parametrize(("epsilon", "delta", "k"), [(1.0, 1e-6, 75), (2.0, 1e-6, 132)])
def test_k_is_one_less_than_arxs(epsilon, delta, k):
    assert safepub.plan(epsilon, delta, as_arx=True).k == k
    assert safepub.plan(epsilon, delta).k == k - 1


def test_beta_is_never_above_what_the_theorem_allows():
    assert safepub.plan(1.0, 1e-6).beta == pytest.approx(0.632120558829, abs=1e-12)
    for epsilon, delta in SETTINGS:
        threshold = safepub.plan(epsilon, delta).threshold
        with localcontext() as context:
            context.prec = 80
            exact = 1 - (-Decimal(repr(epsilon))).exp()
            assert Decimal(threshold) / 2**64 <= exact < Decimal(threshold + 1) / 2**64


def excess(m, k, epsilon, beta):
    """Of a class of m and of m - 1 records: probability that the first shows what the second shows less than
    e^-epsilon times as often (fewer than k show as none), and the same the other way round."""
    shown = np.arange(m + 1)
    one, other = stats.binom.pmf(shown, m, beta), stats.binom.pmf(shown, m - 1, beta)
    one = np.concatenate([[one[:k].sum()], one[k:]])
    other = np.concatenate([[other[:k].sum()], other[k:]])
    ratio = math.exp(epsilon) * (1 + 1e-9)
    return one[one > ratio * other].sum(), other[other > ratio * one].sum()


@pytest.mark.parametrize(("epsilon", "delta"), SETTINGS)
def test_k_is_the_smallest_that_delta_allows(epsilon, delta):
    found = safepub.plan(epsilon, delta)
    sizes = range(1, 6 * found.k + 200)
    over = [excess(m, found.k, epsilon, found.beta) for m in sizes]
    assert max(first for first, _ in over) <= delta
    assert max(second for _, second in over) < 1e-300  # what is left is underflow
    less = max(excess(m, found.k - 1, epsilon, found.beta)[0] for m in sizes)
    assert less > delta


def test_tails_are_those_of_scipy():
    threshold = safepub.sampling_threshold(1.0)
    for m, i in ((10, 0), (10, 10), (100, 80), (500, 300), (3, 4)):
        assert float(safepub.tail(m, i, threshold)) == pytest.approx(
            stats.binom.sf(i - 1, m, threshold / 2**64)
        )


def test_what_is_not_computed_is_refused():
    for epsilon, delta in ((0.0, 1e-6), (9.0, 1e-6), (1.0, 0.0), (1.0, 0.1), (math.nan, 1e-6)):
        with pytest.raises(errors.PrivacyParametersError):
            safepub.plan(epsilon, delta)


def test_records_are_sampled_independently_of_each_other():
    threshold = safepub.sampling_threshold(1.0)
    stays = safepub.sampled(20_000, threshold, TestEntropy(3))
    assert stays.mean() == pytest.approx(threshold / 2**64, abs=0.01)
    assert np.corrcoef(stays[1:], stays[:-1])[0, 1] == pytest.approx(0, abs=0.03)
    assert safepub.sampled(5, 0, TestEntropy(3)).sum() == 0


def test_levels_round_half_up_as_in_arx():
    def tree(levels):
        return validated(str(levels), [["a", *["b"] * (levels - 2), "*"]])

    trees = [tree(levels) for levels in range(2, 9)]
    for degree, share in safepub.DEGREES.items():
        expected = tuple(
            math.floor(Fraction(str(share)) * (levels - 1) + Fraction(1, 2)) for levels in range(2, 9)
        )
        assert safepub.scheme(trees, degree, {}) == expected
    assert safepub.scheme(trees[:2], "high", {"2": 0}) == (0, 2)
    with pytest.raises(errors.LevelsError):
        safepub.scheme(trees[:2], "high", {"2": 2})


def test_what_is_released_are_large_sampled_classes_and_nothing_else():
    tree = validated("a", [["1", "x", "*"], ["2", "x", "*"], ["3", "y", "*"]])
    how = safepub.plan(1.0, 1e-2)
    table = pa.table({"a": ["1"] * 40 + ["2"] * 40 + ["3"] * how.k})
    made = safepub.release(table, [tree], (1,), how, TestEntropy(4))
    sizes = Counter(made.column("a").to_pylist())
    assert set(sizes) == {"x"}
    assert how.k <= sizes["x"] < 80
    nothing = safepub.release(table.slice(0, 1), [tree], (1,), how, TestEntropy(4))
    assert (nothing.num_rows, nothing.column_names) == (0, ["a"])
