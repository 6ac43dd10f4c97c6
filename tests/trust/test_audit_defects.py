"""Defects that no distribution of figures shows: seeds used again, low bits, batches that depend on a
secret."""

from typing import Any
from unittest import mock

import numpy as np
import pytest

from ppdesk.assess.auditing.auditable import Auditable, Claim, Draws, Pair, Released, one_by_one
from ppdesk.assess.auditing.defects import lowest_bit, repeated, shared, with_bits
from ppdesk.assess.auditing.tester import Counts, Trying, examined
from ppdesk.assess.effort import no_progress
from ppdesk.core.entropy import Entropy, SystemEntropy, TestEntropy
from ppdesk.core.generators import generator
from ppdesk.privacy.gaussian.draws import SecureDraws
from ppdesk.privacy.gaussian.grid import Grid
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.offers import Task, offer
from ppdesk.train.sgd.sampling import Sampler
from ppdesk.workflow.evaluation.auditables import counts, models
from ppdesk.workflow.evaluation.auditables.claims import Wanted

WANTED = Wanted(1.0, 1e-3)


def called(one: Auditable, runs: int = 1500) -> bool:
    return examined(
        one, trying=Trying(0.0, 0, 1), alpha=1e-6, entropy=TestEntropy(5), progress=no_progress,
        counts=Counts(300, runs),
    ).called  # fmt: skip


def sums(entropy: Entropy, runs: int, *, again: bool = False) -> Any:
    """Noisy zeros on the grid, as training makes them, (runs, 4). again: one source, by one seed, for
    each."""
    grid = Grid(1.0)
    scale = grid.scale(4, 3.0)
    found = []
    for _ in range(runs):
        source = GaussianSource(TestEntropy(9) if again else entropy)
        found.append(grid.back(source.draw(scale, 4)))
    return np.array(found)


def test_a_seed_used_again_is_seen_in_runs_that_agree() -> None:
    assert repeated(sums(SystemEntropy(), 50)) == 0.0
    assert repeated(sums(SystemEntropy(), 50, again=True)) == pytest.approx(0.98)


def test_a_seed_used_again_for_another_table_is_seen_in_differences_that_agree() -> None:
    first, second = sums(SystemEntropy(), 30), sums(SystemEntropy(), 30) + 0.25
    assert repeated(first, second) == 0.0
    assert repeated(first, first + 0.25) == 1.0


def test_one_noise_for_two_parameters_is_seen() -> None:
    values = sums(SystemEntropy(), 40)
    assert shared(values) == []
    values[:, 3] = values[:, 1] + 7.0
    assert shared(values) == [(1, 3)]
    with pytest.raises(ValueError, match="20 runs"):
        shared(values[:5])


def test_two_fits_do_not_share_noise() -> None:
    sound = models.model(offer("pca"), Task.NONE, WANTED)
    table = sound.pairs[0].second
    fits = sound.draw(table, 24, SystemEntropy(), lambda: None)
    noisy = [place for place, name in enumerate(fits.names) if name.startswith("note.records_noisy")]
    assert noisy
    assert repeated(fits.values) == 0.0


def test_lowest_bits_are_those_of_whole_numbers() -> None:
    values = np.array([1.0, 3.0, 0.5, 12.0, 0.0, -0.75, np.inf, 2.0**-60])
    assert lowest_bit(values).tolist() == [0, 0, -1, 2, -1100, -2, -1100, -60]


@pytest.mark.parametrize("form", ["laplace", "normal"])
def test_noise_of_doubles_is_called_by_its_bits(form: str) -> None:
    """Right in distribution, so that the figures alone say nothing."""

    def draw(value: Any, runs: int, entropy: Entropy, tick: Any) -> Draws:
        tick()
        noise = getattr(generator(entropy), form)(0, 2.0, (runs, 1))
        return Draws(("x",), value + noise)

    pair = Pair("0 and 1", 0.0, 1.0)
    naive = Auditable(form, form, Claim(1.0, 0.01, "numbers"), (pair,), draw)
    assert not called(naive)
    assert called(with_bits(naive))


def test_our_laplace_and_gaussian_show_nothing_in_their_bits() -> None:
    whole = {one.key: one for one in counts.noises(Wanted(1.0, 0.01))}
    for key in ("laplace", "gaussian", "gaussian-grid"):
        assert not called(with_bits(whole[key])), key


def batches(*, secret: bool) -> Auditable:
    """The sizes of the batches of a run, which nobody should learn anything from: a claim of nothing at all,
    between tables that differ in the values of a record. secret: records with the label 1 take part twice as
    often."""

    def run(labels: Any, entropy: Entropy) -> Released:
        draws = SecureDraws(entropy)
        sampler = Sampler.of_records(draws, len(labels), 0.5, mixed=False)
        sizes = []
        for _ in range(8):
            rows = sampler.draw()
            if secret:
                rows = np.union1d(rows, np.flatnonzero(labels))
            sizes.append(len(rows))
        return {f"size {place}": float(one) for place, one in enumerate(sizes)}

    pair = Pair("a label", np.zeros(6), np.eye(1, 6)[0])
    return Auditable("batches", "Batches", Claim(0.0, 0.0, "values"), (pair,), one_by_one(run))


def test_batches_that_depend_on_a_secret_are_called_and_ours_are_not() -> None:
    assert called(batches(secret=True), 400)
    assert not called(batches(secret=False), 400)


def test_the_batches_of_training_are_the_same_whatever_the_records_hold() -> None:
    """By the same entropy: rows are drawn from the number of records alone."""
    seen: list[list[list[int]]] = []
    real = Sampler.of_records.__func__  # type: ignore[attr-defined]  # of a classmethod

    def of_records(cls: Any, *given: Any, **more: Any) -> Sampler:
        sampler, rows = real(cls, *given, **more), []
        seen.append(rows)

        def draw() -> Any:
            found = sampler.draw()
            rows.append(found.tolist())
            return found

        return Sampler(draw)

    fit = models.fitting(offer("sgd-logistic"), Task.BINARY, short=True)
    with mock.patch.object(Sampler, "of_records", classmethod(of_records)):
        for value in (0.0, 1.0):
            table = np.full((8, 3), value)
            fit(
                models.records_of(table),
                table[:, 2].astype(np.int32),
                models.asked_of(WANTED),
                TestEntropy(2),
            )
    assert len(seen) == 2
    assert seen[0] == seen[1]
