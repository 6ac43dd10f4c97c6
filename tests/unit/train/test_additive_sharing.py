"""Weights and beliefs, worked out in bins and in stacks, are those of the plain formulas of all sums."""

import numpy as np
import pytest

from ppdesk.train.additive import layout, prior, sharing
from ppdesk.train.schema import Categorical, Column, Numeric

VARIANCE = 40.0


def blocks() -> tuple[list[layout.Block], list[np.ndarray]]:
    """Two numeric columns of one width, one of another, and one of categories; counts of each."""
    rng = np.random.default_rng(4)
    columns: list[Column] = [Numeric("a", 0, 1), Numeric("b", 0, 1), Numeric("c", 0, 1)]
    columns.append(Categorical("d", ("u", "v", "w")))
    sizes = [layout.cells_of(one) for one in columns]
    noisy = [rng.uniform(0, 3, size) for size in sizes]
    noisy[2][:40] += 200
    found = [layout.block(one, table, 5.0) for one, table in zip(columns, noisy, strict=True)]
    return found, [rng.uniform(5, 90, one.bins) for one in found]


def test_coarse_sums_start_where_the_coarse_bins_do() -> None:
    for one, count in zip(*blocks(), strict=True):
        if one.coarse is None:
            assert prior.observe(one, count) is count
            continue
        sums = np.bincount(one.coarse, weights=count, minlength=one.groups)
        assert prior.observe(one, count) == pytest.approx(np.concatenate([sums, count]))


def test_weights_are_those_of_the_filter_of_all_sums() -> None:
    found, counts = blocks()
    beliefs = [prior.Belief(0.5, 0.3, 0.1), prior.Belief(0.1, 2.0, 0.0), prior.Belief(1.0), prior.Belief(0.3)]
    bends = [0.2 * one for one in counts]
    weights = [np.ones(one.parts) for one in found]
    total = sum(one.parts for one in found)
    for _ in range(10):
        moved = []
        for block, count, belief, bend, weight in zip(found, counts, beliefs, bends, weights, strict=True):
            noise = VARIANCE / prior.spread(block, weight)
            gain = prior.solve(block, count, belief, bend, noise)
            slope = (gain.filter**2 * bend[:, None]).sum(axis=0) * noise
            parts = np.split(slope, [block.groups] if block.parts == 2 else [])
            moved.append(np.sqrt(weight * np.array([part.sum() for part in parts])))
        whole = sum(one.sum() for one in moved)
        moved = [np.maximum(one * total / whole, 0.25) for one in moved]
        whole = sum(one.sum() for one in moved)
        weights = [one * total / whole for one in moved]
    got = sharing.allocate(found, counts, beliefs, bends, VARIANCE)
    for one, other in zip(got, weights, strict=True):
        assert one == pytest.approx(other, rel=1e-9)
    assert np.ptp(np.concatenate(got)) > 0.1


def test_the_belief_is_the_likeliest_by_the_normal_density() -> None:
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(7)
    for block, count in zip(*blocks(), strict=True):
        bend = 0.2 * count
        noise = np.full(prior.observe(block, count).size, VARIANCE)
        table = np.linspace(-1, 1, block.bins)
        z = prior.observe(block, bend * table) + rng.normal(size=noise.size) * 6
        likely = {}
        sample = prior.observe(block, prior.observe(block, np.diag(bend)).T) + np.diag(noise)
        shapes = prior.SHAPES if block.coarse is not None else ((0.3, 0.1),)
        for amplitude in prior.AMPLITUDES:
            for shape in shapes:
                belief = prior.Belief(amplitude, *shape)
                seen = prior.observe(block, bend[:, None] * prior.covariance(block, count, belief))
                wide = prior.observe(block, (seen * bend).T) + sample
                likely[belief] = float(multivariate_normal.logpdf(z, cov=(wide + wide.T) / 2))
        got = prior.evidence(
            block, count, z[:, None], bend=bend[:, None], noise=noise[:, None], before=prior.Belief()
        )
        assert got == max(likely, key=lambda one: likely[one])
