"""An attacker who sees every noisy figure and knows all but whether one record is there.

The strongest attack there is on such a mechanism is the likelihood ratio of all that it released. Here it is
carried out on the empty table and the table of one record, with the noise scales that were really drawn with:
exactly, as what the record moves over that scale; and by many fits, where how well the two are told apart
bounds epsilon from below (Clopper and Pearson 1934). With half the noise both exceed the claim.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.additive import fit as additive
from ppdesk.train.additive.kernel import CLIP
from ppdesk.train.additive.releases import Purse
from ppdesk.train.clusters import fit as clusters
from ppdesk.train.components import fit as components
from ppdesk.train.ebm import engine
from ppdesk.train.fitted import Asked
from ppdesk.train.histogram import fit as histogram
from ppdesk.train.linear import fit as linear
from ppdesk.train.moments.mechanism import Spending
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd import engine as sgd
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.options import Options as SgdOptions
from ppdesk.train.sgd.release import StepNoise

EPSILON, DELTA = 2.0, 0.05
SCHEMA = Schema((Numeric("x", 0.0, 1.0), Categorical("c", ("a", "b"))))
BINARY, AMOUNT = Classes("y", ("no", "yes"), "yes"), Quantity("y", 0.0, 1.0)
Fit = Callable[[Records, Any, Asked, Any], Any]


def tick() -> None:
    """Never stops."""


def additive_binary(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    options = {"steps": 3}
    return additive.fit(records, y, asked, BINARY, options=options, entropy=entropy, tick=tick)


def additive_amount(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    options = {"steps": 3}
    return additive.fit(records, y.astype(float), asked, AMOUNT, options=options, entropy=entropy, tick=tick)


def ridge(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    options = linear.Options()
    return linear.fit(records, y.astype(float), asked, AMOUNT, options=options, entropy=entropy, tick=tick)


def pca(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    return components.fit(records, y, asked, None, options=components.Options(), entropy=entropy, tick=tick)


def means(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    options = clusters.Options(clusters=2)
    return clusters.fit(records, y, asked, None, options=options, entropy=entropy, tick=tick)


def score(records: Records, y: Any, asked: Asked, entropy: Any) -> Any:
    return histogram.fit(records, y, asked, None, options=histogram.Options(), entropy=entropy, tick=tick)


FITS = [additive_binary, additive_amount, ridge, pca, means, score]


def table(rows: int) -> tuple[Records, Any]:
    """Rows that are all the same: so a record more is the most that the sums can move in one direction."""
    values = (np.full(rows, 1.0), np.zeros(rows, dtype=np.int32))
    return Records(SCHEMA, values), np.ones(rows, dtype=np.int32)


class Attack:
    """Sees releases as `sums` plus noise. `there`: whether the record of the table is told, or sums without
    it; `noise`: what the drawn noise's scale is multiplied with."""

    def __init__(self, *, there: bool, noise: float) -> None:
        self.there, self.noise, self.log, self.squared = there, noise, 0.0, 0.0

    def see(self, sums: Any, drawn: Any, scale: float) -> None:
        moved = sums.astype(float)
        noisy = moved * self.there + drawn
        squared = float((moved**2).sum()) / scale**2
        self.log += float((moved * noisy).sum()) / scale**2 - squared / 2
        self.squared += squared


@contextmanager
def attacked(patch: pytest.MonkeyPatch, attack: Attack) -> Iterator[None]:
    seen: list[tuple[float, Any]] = []
    real_draw, real_release, real_noisy = GaussianSource.draw, Purse.release, Spending.noisy

    def draw(self: GaussianSource, scale: float, size: int) -> Any:
        found = real_draw(self, scale * attack.noise, size)
        seen.append((scale * attack.noise, found))
        return found

    def release(self: Purse, parts: Any, length: int, weights: Any, scale: float, **more: Any) -> Any:
        hidden = [part * attack.there for part in parts]
        found = real_release(self, hidden, length, weights, scale, **more)
        whole = np.concatenate([(part * one).ravel() for part, one in zip(parts, weights, strict=True)])
        attack.see(whole, seen[-1][1], seen[-1][0])
        return found

    def noisy(self: Spending, sums: Any, squared: int, share: float, **more: Any) -> Any:
        found = real_noisy(self, sums * attack.there, squared, share, **more)
        attack.see(sums.ravel(), seen[-1][1], seen[-1][0])
        return found

    with patch.context() as here:
        here.setattr(GaussianSource, "draw", draw)
        here.setattr(Purse, "release", release)
        here.setattr(Spending, "noisy", noisy)
        yield


def spent(patch: pytest.MonkeyPatch, fit: Fit, relation: Neighbours) -> float:
    """mu^2 that the one record of a table really costs, by the scales that were drawn with: the most of some
    runs."""
    found = []
    for run in range(6):
        attack = Attack(there=True, noise=1.0)
        with attacked(patch, attack):
            fit(*table(1), Asked(EPSILON, DELTA, relation), TestEntropy(b"audit %d" % run))
        found.append(attack.squared)
    return max(found)


@pytest.mark.parametrize("fit", FITS, ids=lambda one: one.__name__)
def test_what_a_record_moves_over_the_noise_drawn_is_what_is_claimed(
    fit: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not above it, and so near that half the noise, four times as much, would be."""
    most = gaussian_mu(EPSILON, DELTA) ** 2
    assert 0.6 * most < spent(monkeypatch, fit, Neighbours.ADD_REMOVE) <= most
    # a sum moves twice as far where a record is exchanged for another, a count sqrt(2) times
    assert 0.13 * most < spent(monkeypatch, fit, Neighbours.REPLACE_ONE) <= most / 2


def test_what_a_record_moves_in_descent_is_what_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    squares, scales = [], []
    real_take, real_add = StepNoise.take, Kernel.add

    def take(self: StepNoise) -> Any:
        scales.append(self.scale)
        return real_take(self)

    def add(self: Kernel, rows: Any, weights: Any) -> Any:
        found = real_add(self, rows, weights)
        squares.append(float(((found / self.step) ** 2).sum()))
        return found

    monkeypatch.setattr(StepNoise, "take", take)
    monkeypatch.setattr(Kernel, "add", add)
    for hidden, clip in (((), 0.05), ((4,), 0.01)):
        squares.clear()
        scales.clear()
        options = SgdOptions(
            rows=8, rate=1.0, steps=5, clip=clip, hidden=hidden, learning_rate=1e-6, threshold=0.5
        )
        asked = Asked(EPSILON, DELTA)
        records, y = table(1)
        sgd.fit(records, y, asked, BINARY, options=options, entropy=TestEntropy(b"a"), tick=tick)
        cost = sum(one / scale**2 for one, scale in zip(squares, scales, strict=True))
        assert 0.97 * gaussian_mu(EPSILON, DELTA) ** 2 < cost <= gaussian_mu(EPSILON, DELTA) ** 2


def test_what_a_record_moves_in_boosting_is_what_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    scales: list[float] = []
    costs: list[float] = []
    real_draw, real_cycle = engine._draw, engine.cycle

    def draw(noise: Any, scale: float, shape: tuple[int, ...]) -> Any:
        scales.append(scale)
        return real_draw(noise, scale, shape)

    def cycle(*given: Any) -> int:
        kind, codes, y, clip, leaves, noise, rates, total, waiting, last, out = given
        before = out.copy()
        found = real_cycle(kind, codes, y, clip, leaves, noise, rates, total, waiting, last, out)
        for place in range(codes.shape[0]):
            leaf = leaves[place, codes[place, 0]]
            sums = -(out - before)[place, codes[place, 0], 0] / (rates[place, leaf] * clip) * CLIP
            costs.append(float((sums - noise[place, leaf, 0]) / scales[-1]) ** 2)
        return found

    monkeypatch.setattr(engine, "_draw", draw)
    monkeypatch.setattr(engine, "cycle", cycle)
    records, y = table(1)
    options = engine.Options(rounds=3)
    entropy = TestEntropy(b"a")
    engine.fit(records, y, Asked(EPSILON, DELTA), BINARY, options=options, entropy=entropy, tick=tick)
    counts = sum((CLIP / scale) ** 2 for scale in scales[: len(SCHEMA.columns)])
    most = gaussian_mu(EPSILON, DELTA) ** 2
    assert 0.09 * most < counts <= options.share * most
    assert 0.05 * most < sum(costs) <= (1 - options.share) * most


@pytest.mark.parametrize("fit", FITS, ids=lambda one: one.__name__)
def test_nothing_but_what_got_noise_reaches_the_model(fit: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with more records, other ones, gives the same model to the last bit, where the sums that get
    noise are those of the first table."""
    first, kinds = [], (Purse, Spending)
    names = ("release", "noisy")
    real = [getattr(kind, name) for kind, name in zip(kinds, names, strict=True)]
    rng = np.random.default_rng(3)
    other = Records(SCHEMA, (rng.uniform(0, 1, 41), rng.integers(0, 3, 41).astype(np.int32)))
    other.values[0][:3] = np.nan

    def keep(place: int) -> Any:
        def noisy(self: Any, sums: Any, *more: Any, **named: Any) -> Any:
            first.append(sums)
            return real[place](self, sums, *more, **named)

        return noisy

    def exchange(place: int) -> Any:
        def noisy(self: Any, sums: Any, *more: Any, **named: Any) -> Any:
            return real[place](self, first.pop(0), *more, **named)

        return noisy

    found = []
    for way, (records, y) in ((keep, table(7)), (exchange, (other, rng.integers(0, 2, 41)))):
        with monkeypatch.context() as patch:
            for place, (kind, name) in enumerate(zip(kinds, names, strict=True)):
                patch.setattr(kind, name, way(place))
            trained = fit(records, y, Asked(EPSILON, DELTA), TestEntropy(b"same"))
            found.append((trained.model.to_json(), repr(trained.notes), trained.event))
    assert not first
    assert found[0] == found[1]


def lower_bound(without: Any, with_it: Any, cut: float, delta: float) -> float:
    """Epsilon at `delta` is at least this, at 99 %, from the ratios of runs without and with the record."""
    hits, wrong, runs = int((with_it > cut).sum()), int((without > cut).sum()), len(without)
    least = beta.ppf(0.005, hits, runs - hits + 1) if hits else 0.0
    most = beta.ppf(0.995, wrong + 1, runs - wrong) if wrong < runs else 1.0
    return math.log((least - delta) / most) if least > delta else 0.0


@pytest.mark.parametrize("noise", [1.0, 0.5])
def test_no_attack_shows_more_than_the_claim_and_half_the_noise_would(
    noise: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(1.0, 0.1)
    found: dict[bool, list[float]] = {False: [], True: []}
    for there, kept in found.items():
        for run in range(250):
            attack = Attack(there=there, noise=noise)
            with attacked(monkeypatch, attack):
                pca(*table(1), asked, TestEntropy(b"%d %d" % (there, run)))
            kept.append(attack.log)
    cut = (gaussian_mu(asked.epsilon, asked.delta) / noise) ** 2 / 2
    bound = lower_bound(np.array(found[False]), np.array(found[True]), cut, asked.delta)
    assert (bound <= asked.epsilon) == (noise == 1.0)
