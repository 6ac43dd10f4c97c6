"""What the additive model's claim rests on: sensitivity in whole numbers, the noise used, the cost."""

import math

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.privacy.events import Gaussian, ImpossibleCostError, Neighbours
from ppdesk.train.additive import fit as engine
from ppdesk.train.additive import kernel, layout, releases, task, threshold
from ppdesk.train.errors import UnboundedRowsError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema((Numeric("age", 0, 120), Categorical("job", ("a", "b", "c"))))
TWO = Classes("y", ("no", "yes"), "yes")
THREE = Classes("y", ("a", "b", "c"))
AMOUNT = Quantity("y", -5.0, 15.0)
FIVE = Classes("y", ("a", "b", "c", "d", "e"))
TARGETS = pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
KINDS = [(kernel.LOGISTIC, 1), (kernel.SOFTMAX, 4), (kernel.IDENTITY, 1)]


def table(n: int, target: object, seed: int = 0) -> tuple[Records, np.ndarray]:
    rng = np.random.default_rng(seed)
    age = rng.uniform(0, 120, n)
    age[rng.random(n) < 0.1] = np.nan
    job = rng.integers(0, 4, n).astype(np.int32)
    signal = np.nan_to_num(age, nan=60.0) / 30 - 2 + job
    if isinstance(target, Quantity):
        return Records(SCHEMA, (age, job)), np.clip(signal + rng.normal(size=n), -5, 15)
    classes = len(target.values)  # type: ignore[attr-defined]
    codes = np.clip(np.rint(signal + rng.normal(size=n)), 0, classes - 1)
    return Records(SCHEMA, (age, job)), codes.astype(np.int32)


class Recorder:
    """Noise that is none, and remembers the scales that it was asked for."""

    def __init__(self) -> None:
        self.scales: list[float] = []

    def draw(self, scale: float, size: int) -> np.ndarray:
        self.scales.append(scale)
        return np.zeros(size, dtype=np.int64)


@pytest.mark.parametrize(("kind", "outputs"), KINDS)
def test_a_records_residual_is_never_longer_than_claimed(kind: int, outputs: int) -> None:
    rng = np.random.default_rng(1)
    out = np.empty(outputs, dtype=np.int64)
    strange = [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 710.0, -745.0]
    for trial in range(3000):
        score = rng.normal(0, 10 ** rng.uniform(-3, 4), outputs)
        if trial % 3 == 0:
            score[rng.integers(outputs)] = strange[trial % len(strange)]
        y = float(rng.integers(max(2, outputs))) if kind != kernel.IDENTITY else rng.normal(0, 100)
        kernel.residual(kind, score, y, float(10 ** rng.uniform(-3, 1)), out)
        assert sum(int(one) ** 2 for one in out) <= kernel.CLIP**2


@pytest.mark.parametrize(("kind", "outputs"), KINDS)
def test_a_gradient_moves_by_at_most_the_claimed_norm_whatever_the_model(kind: int, outputs: int) -> None:
    rng = np.random.default_rng(2)
    n, columns, bins = 40, 3, 5
    starts = np.arange(columns, dtype=np.int64) * bins
    for _ in range(60):
        places = (rng.integers(0, bins, (n, columns)) + starts).astype(np.uint16)
        y = rng.integers(0, max(2, outputs), n).astype(np.float64)
        model = rng.normal(0, 3, (columns * bins, outputs))
        offset = rng.normal(size=outputs)

        def sums(kept: np.ndarray) -> np.ndarray:
            out = np.zeros((columns * bins, outputs), dtype=np.int64)
            kernel.gradient(kind, places[kept], y[kept], model, offset, 0.5, out)  # noqa: B023
            return out

        every = np.arange(n)
        gone, other = rng.integers(n), rng.integers(n)
        removed = sums(every) - sums(np.delete(every, gone))
        assert (removed.astype(object) ** 2).sum() <= columns * kernel.CLIP**2
        for j in range(columns):  # in each part by itself too: so any weights may be put on parts
            part = removed[starts[j] : starts[j] + bins].astype(object)
            assert (part**2).sum() <= kernel.CLIP**2
            assert (part != 0).any(axis=1).sum() <= 1
        swapped = every.copy()
        swapped[gone] = other
        replaced = (sums(every) - sums(swapped)).astype(object)
        assert (replaced**2).sum() <= 4 * columns * kernel.CLIP**2


@pytest.mark.parametrize("target", [TWO, THREE, FIVE, AMOUNT])
def test_one_way_tables_move_by_at_most_one_record(target: object) -> None:
    rng = np.random.default_rng(3)
    classes = 2 if isinstance(target, Quantity) else len(target.values)  # type: ignore[attr-defined]
    for _ in range(50):
        cells = rng.integers(0, 6, 30).astype(np.int32)
        y = (
            rng.uniform(-1, 1, 30)
            if isinstance(target, Quantity)
            else rng.integers(0, classes, 30).astype(float)
        )
        every = task.one_way(cells, 6, y, target)
        less = task.one_way(cells[1:], 6, y[1:], target)
        moved = (every - less).astype(object)
        assert 0 < (moved**2).sum() <= kernel.CLIP**2
        swapped, other = cells.copy(), y.copy()
        swapped[0], other[0] = cells[5], y[7]
        squared = ((every - task.one_way(swapped, 6, other, target)).astype(object) ** 2).sum()
        most = releases.factor(
            Asked(1.0, 1e-5, Neighbours.REPLACE_ONE), counted=not isinstance(target, Quantity)
        )
        assert squared <= most**2 * kernel.CLIP**2


def test_score_histograms_move_by_one_in_one_place() -> None:
    scores, y = np.array([0.3, -9.0, np.nan, 7.0]), np.array([0.0, 1.0, 1.0, 0.0])
    moved = threshold.histogram(scores, y) - threshold.histogram(scores[1:], y[1:])
    assert np.abs(moved).sum() == 1


@TARGETS
@pytest.mark.parametrize("neighbours", list(Neighbours))
def test_the_noise_of_all_releases_adds_up_to_what_was_asked(target: object, neighbours: Neighbours) -> None:
    asked = Asked(1.0, 1e-5, neighbours, group=3)
    records, y = table(300, target)
    source = Recorder()
    engine._run(records, y, asked, target, options={"steps": 5}, source=source, tick=lambda: None)
    mu = gaussian_mu(1.0, 1e-5)
    # from the scales alone: what each release may cost at least, with its weights left at one
    columns, parts = 2, 3
    one = {Neighbours.ADD_REMOVE: 3.0, Neighbours.REPLACE_ONE: 6.0}[neighbours] * kernel.CLIP
    counted = (
        one if neighbours is Neighbours.ADD_REMOVE or isinstance(target, Quantity) else one / math.sqrt(2)
    )
    assert all(scale >= one / math.sqrt(2) / mu for scale in source.scales)
    if isinstance(target, Quantity):  # its counts are paid for by what its narrowing left
        assert max(source.scales) >= one * math.sqrt(parts) / mu
        return
    assert source.scales[0] == pytest.approx(counted * math.sqrt(columns / 0.25) / mu, rel=1e-4)
    assert len(source.scales) == 1 + 5 + (target is TWO)
    assert all(scale >= one * math.sqrt(parts) / mu for scale in source.scales[1:6])


def test_the_purse_gives_no_more_than_it_has() -> None:
    purse = releases.Purse(Asked(1.0, 1e-5), 1.0, Recorder())
    part = np.zeros((4, 1), dtype=np.int64)
    scale = purse.scale(100, [3, 4], 0.6)
    assert scale == pytest.approx(100 * 5 / math.sqrt(0.6))
    purse.release([part, part], 100, [3, 4], scale)
    assert purse.spent == pytest.approx(0.6)
    with pytest.raises(UnboundedRowsError):
        purse.release([part, part], 100, [3, 4], scale)
    assert purse.spent == pytest.approx(0.6)


@TARGETS
def test_spends_what_was_asked_and_never_more(target: object) -> None:
    records, y = table(200, target)
    trained = engine.fit(
        records, y, Asked(2.0, 1e-6), target, options={"steps": 4}, entropy=TestEntropy(1), tick=lambda: None
    )
    mu = gaussian_mu(2.0, 1e-6)
    assert trained.notes["mu_spent"] == pytest.approx(mu, rel=1e-5)
    assert trained.notes["mu_spent"] < mu
    assert trained.event == Gaussian(1 / mu, Neighbours.ADD_REMOVE) == engine.cost(Asked(2.0, 1e-6))


def test_what_cannot_be_kept_is_refused() -> None:
    with pytest.raises(ImpossibleCostError):
        engine.cost(Asked(1.0, 0.0))
    records, y = table(10, TWO)
    for asked in (Asked(1.0, 1e-40), Asked(1e-9, 1e-12)):
        with pytest.raises(UnsuitableGuaranteeError):
            engine.fit(records, y, asked, TWO, options={}, entropy=TestEntropy(1), tick=lambda: None)


@pytest.mark.parametrize("asked", [Asked(200.0, 1e-5), Asked(0.01, 1e-6, Neighbours.REPLACE_ONE, group=50)])
def test_extreme_guarantees_are_kept(asked: Asked) -> None:
    records, y = table(50, TWO)
    done = engine.fit(records, y, asked, TWO, options={"steps": 3}, entropy=TestEntropy(1), tick=lambda: None)
    assert done.notes["mu_spent"] <= gaussian_mu(asked.epsilon, asked.delta)


def test_the_noise_in_a_release_has_the_claimed_spread() -> None:
    from ppdesk.privacy.gaussian.source import GaussianSource

    purse = releases.Purse(Asked(1.0, 1e-5), 1.0, GaussianSource(TestEntropy(4)))
    part = np.zeros((20000, 1), dtype=np.int64)
    scale = purse.scale(kernel.CLIP, [1], 0.25)
    noise = purse.release([part], kernel.CLIP, [1], scale)[0]
    assert noise.std() == pytest.approx(2 * kernel.CLIP, rel=0.03)
    assert abs(noise.mean()) < 5 * noise.std() / math.sqrt(noise.size)


def test_bins_follow_from_noisy_counts_and_declared_bounds_alone() -> None:
    column = Numeric("x", -10.0, 10.0)
    noisy = np.random.default_rng(0).normal(5, 3, layout.CELLS + 1)
    first, again = layout.block(column, noisy, 3.0), layout.block(column, noisy.copy(), 3.0)
    assert (first.fine == again.fine).all()
    nothing = layout.block(column, np.zeros(layout.CELLS + 1), 3.0)
    assert nothing.bins == layout.BASE + 1
    spike = np.zeros(layout.CELLS + 1)
    spike[512] = 1e6  # the cell of 0 gets a bin of its own
    found = layout.block(column, spike, 3.0)
    assert (found.fine == found.fine[512]).sum() == 1
    assert (np.diff(found.edges) > 0).all()


def test_no_setting_depends_on_the_true_number_of_records() -> None:
    # one record more, the same noise: the same steps, scales and bins
    records, y = table(1000, TWO)
    seen = []
    for kept in (np.arange(1000), np.arange(999)):
        source = Recorder()
        engine._run(
            records.take(kept),
            y[kept],
            Asked(1.0, 1e-5),
            TWO,
            options={"steps": 3},
            source=source,
            tick=lambda: None,
        )
        seen.append(source.scales[0])
    assert seen[0] == seen[1]
