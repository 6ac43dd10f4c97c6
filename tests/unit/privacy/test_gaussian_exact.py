"""Draws of the discrete Gaussian: the table holds what it claims, and draws have the exact distribution."""

import copy
import dataclasses
import math
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.gaussian import keystream
from ppdesk.privacy.gaussian.kernels import COLUMNS, decide, quick
from ppdesk.privacy.gaussian.keystream import Keystream
from ppdesk.privacy.gaussian.sampler import Sampler
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.privacy.gaussian.table import table_of
from ppdesk.privacy.gaussian.weights import BinomialWeights, GaussianWeights, exp_between

SCALES = [2.0**-6, 0.1, 0.5, 1.0, 3.7, 63.9, 64.0, 127.9, 128.0, 1000.5, 2.0**22, 2.0**28 - 1, 2.0**40]


def chances(scale, reach):
    """The exact probabilities of -reach to reach, as the nearest doubles."""
    with localcontext(prec=40):
        two = 2 * Decimal(scale) ** 2
        weights = [(-Decimal(y * y) / two).exp() for y in range(-reach, reach + 1)]
        whole = sum(weights)
        return np.array([float(weight / whole) for weight in weights])


def fits(found, expected):
    """Chi-square, with cells that expect fewer than 10 put together; the chance of a worse fit."""
    rare = expected < 10
    found = np.append(found[~rare], found[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    keep = expected > 0
    if keep.sum() < 2:
        return 1.0
    return stats.chisquare(found[keep], expected[keep] * found.sum() / expected.sum()).pvalue


def counted(draws, reach):
    inside = np.clip(draws, -reach, reach)
    return np.bincount(inside + reach, minlength=2 * reach + 1)


@given(st.fractions(0, 400), st.integers(1, 300))
def test_exp_lies_between_its_bounds_and_they_are_close(power, precision):
    low, high = exp_between(power, precision)
    assert 0 <= low <= high <= low + 2
    with localcontext(prec=300):
        exact = (-Decimal(power.numerator) / Decimal(power.denominator)).exp() * 2**precision
        assert low <= exact * (1 + Decimal(10) ** -290)
        assert exact * (1 - Decimal(10) ** -290) <= high


@pytest.mark.parametrize(
    "weights",
    [*map(GaussianWeights, SCALES), BinomialWeights(10**6, 512e-6), BinomialWeights(10**5, 0.5)],
    ids=str,
)
def test_the_bars_hold_the_histogram_and_the_columns_are_exact(weights):
    table = table_of(weights)
    bars, fine = table.bars, 200
    widths = np.diff(bars.bands)
    shares = [0] * COLUMNS
    for column, entry in enumerate(bars.entries.tolist()):
        shares[column] += entry & 0xFFFFFFFF
        shares[entry >> 32] += 2**32 - (entry & 0xFFFFFFFF)
    assert shares[: bars.number] == bars.sure.tolist()
    assert shares[bars.number] == bars.slow == COLUMNS * 2**32 - int(bars.sure.sum())
    assert sum(shares[bars.number + 1 :]) == 0
    assert bars.bands[-1] <= bars.slow <= 2 ** (64 - bars.shift)
    for k in range(0, bars.number, max(1, bars.number // 60)):
        left = bars.first + (k << bars.bits)
        ends = [left, left + (1 << bars.bits) - 1]
        ends += [weights.mode] if ends[0] <= weights.mode <= ends[1] else []
        for low, high in (weights.between(y, fine) for y in ends):
            assert int(bars.sure[k]) << fine <= table.most * low
            assert int(bars.sure[k] + widths[k]) << fine >= table.most * high
    end = bars.first + (bars.number << bars.bits)
    for side, (edge, way) in enumerate(((bars.first - 1, -1), (end, 1))):
        step = 1 << table.tail_bits[side]
        high = weights.between(edge, fine)[1]
        assert table.tail_top[side] << fine >= table.most * high
        assert 2 * weights.between(edge + way * step, fine)[0] <= high
        wide = table.tail_bits[side] - bars.bits
        assert widths[bars.number + side] == 2 * table.tail_top[side] << wide


@pytest.mark.parametrize("scale", [300.0, 1e6, 2.0**33])
def test_doubles_decide_as_exact_arithmetic_does(scale):
    table = table_of(GaussianWeights(scale))
    bars = table.bars._replace(rate=0.0)  # all is left in doubt
    stream = Keystream(TestEntropy(5))
    rare, doubts = np.zeros(400, dtype=np.int64), np.empty((400, 4), dtype=np.int64)
    exact = dataclasses.replace(table, margin=2**60)  # no shortcut by doubles
    _, count = decide(np.zeros(1, np.int64), stream.words(4000).copy(), bars, rare, doubts)
    told = 0
    for _, bar, height, y in doubts[:count].tolist():
        curve = table.most * math.exp(-GaussianWeights(scale).rate * y * y)
        if height + 2 <= curve or height >= curve + 1:
            told += 1
            assert exact.under(bar, height, y, stream.word) == (y if height < curve else None)
            assert table.under(bar, height, y, stream.word) == (y if height < curve else None)
    assert told > 100


@pytest.mark.parametrize("scale", [0.1, 0.5, 1.0, 3.7, 70.0])
def test_small_scales_have_the_exact_distribution(scale):
    reach = math.ceil(9 * scale) + 1
    draws = GaussianSource(TestEntropy(1)).draw(scale, 400_000)
    assert fits(counted(draws, reach), 400_000 * chances(scale, reach)) > 1e-3


@pytest.mark.parametrize("scale", [1000.5, 2.0**22, 2.0**29 + 0.3, 2.0**40])
def test_large_scales_have_the_distribution_and_even_low_bits(scale):
    count = 1_000_000
    draws = GaussianSource(TestEntropy(2)).draw(scale, count)
    edges = np.arange(-6, 6.01, 0.05)
    # whole numbers up to floor(e s): the continuous law up to there and a half, to 1e-7
    at = (np.floor(edges * scale) + 0.5) / scale
    share = np.diff(np.concatenate(([0], special.ndtr(at), [1])))
    found = np.bincount(np.searchsorted(np.floor(edges * scale), draws), minlength=share.size)
    assert fits(found, count * share) > 1e-3
    assert fits(np.bincount(draws & 63), np.full(64, count / 64)) > 1e-3
    middle = 5 if scale > 1e4 else 2  # bits far below the scale
    assert fits(np.bincount((draws >> middle) & 63), np.full(64, count / 64)) > 1e-3
    z = draws / scale
    for power, moment in ((1, 0), (2, 1), (3, 0), (4, 3)):
        spread = math.sqrt(special.factorial2(2 * power - 1))
        assert abs((z**power).mean() - moment) < 4.5 * spread / math.sqrt(count)


class Narrow(GaussianWeights):
    """Bars to one scale only: a third of the draws are in the tails."""

    def bars(self):
        bits = GaussianWeights.bars(self)[0]
        half = max(1, round(self.scale) >> bits)
        return bits, -half << bits, 2 * half


@pytest.mark.parametrize("scale", [0.7, 4.0, 300.0])
def test_tails_are_exact(scale):
    out = np.empty(5000, dtype=np.int64)
    Sampler(Keystream(TestEntropy(3))).fill(out, table_of(Narrow(scale)))
    reach = math.ceil(9 * scale)
    if scale < 100:
        assert fits(counted(out, reach), out.size * chances(scale, reach)) > 1e-3
    else:
        assert stats.kstest((out + 0.5) / scale, "norm").pvalue > 1e-3


def test_it_agrees_with_opendp():
    dp = pytest.importorskip("opendp.prelude")
    dp.enable_features("contrib")
    count, scale = 10_000, 4.5
    made = dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64"), scale=scale)
    theirs = counted(np.array(made([0] * count)), 20)
    ours = counted(GaussianSource(SystemEntropy()).draw(scale, count), 20)
    table = np.array([ours, theirs])[:, (ours + theirs) >= 20]
    # both sides are random: one run in ten million fails
    assert stats.chi2_contingency(table).pvalue > 1e-7


def test_pieces_have_the_distribution_of_the_whole():
    source, out = GaussianSource(TestEntropy(4)), np.empty(300_000, dtype=np.int64)
    at = 0
    for size in np.tile([1, 7, 63, 1000, 4096, 4097, 9000], 20):
        source.fill(out[at : at + size], 6.0)
        at += size
    assert fits(counted(out[:at], 50), at * chances(6.0, 50)) > 1e-3


def test_the_test_mode_repeats_and_the_system_does_not():
    one, two = (GaussianSource(TestEntropy(9)).draw(1e5, 5000) for _ in range(2))
    assert (one == two).all()
    assert not GaussianSource(TestEntropy(9)).private
    one, two = (GaussianSource(SystemEntropy()).draw(1e5, 5000) for _ in range(2))
    assert (one == two).mean() < 0.01


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf, 2.0**41])
def test_impossible_scales_are_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        GaussianSource(TestEntropy(1)).draw(scale, 1)


def test_an_array_that_cannot_hold_the_numbers_is_refused():
    for out in (np.empty(3, dtype=np.int32), np.empty((2, 2), dtype=np.int64), np.empty(3)):
        with pytest.raises(TypeError, match="int64"):
            GaussianSource(TestEntropy(1)).fill(out, 1e6)


def test_words_are_aes_256_in_counter_mode_each_given_once():
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    stream = Keystream(TestEntropy(6))
    found = np.concatenate([stream.words(n).copy() for n in (4000, 4192)] + [stream.words(20_000)])
    block = Cipher(algorithms.AES256(TestEntropy(6).take(32)), modes.ECB()).encryptor()  # noqa: S305 - one block
    made = block.update(b"".join(i.to_bytes(16, "big") for i in range(found.size // 2)))
    assert found.tobytes() == made
    assert np.unique(found).size == found.size


def test_a_key_is_changed_in_time_and_in_another_process(monkeypatch):
    monkeypatch.setattr(keystream, "_KEY_WORDS", 10_000)
    stream, seen = Keystream(TestEntropy(6)), []
    monkeypatch.setattr(stream, "_renew", lambda kept=stream._renew: (seen.append(1), kept()))
    stream.words(30_000)
    assert len(seen) == 3
    private = Keystream(SystemEntropy())
    before = private.words(4).copy()
    monkeypatch.setattr(keystream.os, "getpid", lambda: -1)
    assert private._process != -1
    assert not np.isin(private.words(4), before).any()
    assert private._process == -1


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_stream_cannot_be_copied(copied):
    with pytest.raises(TypeError, match="copied"):
        copied(GaussianSource(TestEntropy(1))._sampler._stream)


def test_quick_draws_read_every_bit_of_the_low_part():
    table = table_of(GaussianWeights(2.0**20)).bars
    out, rare = np.empty(2, np.int64), np.empty(3, np.int64)
    words = np.array([(0xFFFFFFFF << 32) | 512, (0xFFFFFFFF << 32) | 512 | (1 << 11)], dtype=np.uint64)
    quick(out, words, table, rare)
    assert out[1] - out[0] == 1


def test_the_scale_is_the_double_as_it_stands():
    low, high = GaussianWeights(0.1).between(1, 400)
    exact = 1 / (2 * Fraction(0.1) ** 2)
    assert (low, high) == exp_between(exact, 400)
    assert (low, high) != exp_between(Fraction(50), 400)
