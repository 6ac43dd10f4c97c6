"""K-means from noisy looks."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.clusters.estimator import DpKMeans
from ppdesk.train.clusters.fit import Options, cost, fit, fit_twin
from ppdesk.train.clusters.model import ClustersModel
from ppdesk.train.clusters.start import BINS, marginals
from ppdesk.train.clusters.steps import UNIT, look, nearest, radii_of, sums
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.moments.coding import Coding
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Numeric, Schema


def quiet() -> None:
    """No one stops."""


def made(rows: int, seed: int, groups: int = 4, wide: int = 3) -> tuple[np.ndarray, np.ndarray]:
    corners = np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]])[:groups, :wide] * 0.6
    source = np.random.default_rng(seed)
    whose = source.integers(0, groups, rows)
    return np.clip(corners[whose] + source.normal(0, 0.12, (rows, wide)), -1, 1), whose


def inertia(x: np.ndarray, centres: np.ndarray) -> float:
    return float(((x[:, None, :] - centres[None]) ** 2).sum(axis=2).min(axis=1).mean())


@pytest.mark.parametrize("seed", range(4))
def test_no_record_moves_the_sums_by_more_than_the_unit(seed: int) -> None:
    source = np.random.default_rng(seed)
    rows = np.rint(source.uniform(-4096, 4096, (400, 5)))
    rows[:5] = np.eye(5) * 4096
    centres = np.rint(source.uniform(-4096, 4096, (7, 5)))
    centres[0], rows[10] = 0, 0
    for radius in (1e-3, 1.0, 300.0, 1e5):
        for row in rows:
            counts, moved = sums(row[None, :], centres, np.full(7, radius))
            assert counts.sum() == 1
            assert (moved != 0).any(axis=1).sum() <= 1
            assert int((moved.astype(object) ** 2).sum()) <= UNIT**2
    near = nearest(rows, centres)
    counts, moved = sums(rows, centres, np.full(7, 300.0))
    parts = [sums(row[None, :], centres, np.full(7, 300.0)) for row in rows]
    assert np.array_equal(counts, np.bincount(near, minlength=7))
    assert np.array_equal(moved, np.sum([part[1] for part in parts], axis=0))


@pytest.mark.parametrize(
    ("rows", "epsilon", "most"), [(1_000, 1.0, 1.25), (5_000, 1.0, 1.05), (1_000, 8.0, 1.03)]
)
def test_separated_groups_are_found(rows: int, epsilon: float, most: float) -> None:
    ratios, agree = [], []
    for seed in range(6):
        x, whose = made(rows, seed)
        model = DpKMeans(schema=(-1.0, 1.0), n_clusters=4, epsilon=epsilon, entropy=TestEntropy(seed)).fit(x)
        best = KMeans(4, n_init=3, random_state=0).fit(x).inertia_ / rows
        ratios.append(inertia(x, model.cluster_centers_) / best)
        agree.append(adjusted_rand_score(whose, model.predict(x)))
    assert np.median(ratios) < most
    assert np.median(agree) > 0.95
    assert abs(model.cluster_sizes_.sum() - rows) < 0.2 * rows


def test_the_twin_is_as_good_as_plain_k_means() -> None:
    x, _ = made(2_000, 1)
    twin = DpKMeans(schema=(-1.0, 1.0), n_clusters=4, entropy=TestEntropy(1)).fit_twin(x)
    assert isinstance(twin, ClustersModel)
    assert (
        inertia(x, np.array(twin.centres))
        < 1.01 * KMeans(4, n_init=3, random_state=0).fit(x).inertia_ / 2_000
    )
    assert twin.privacy["private"] is False


def test_categories_make_groups_too() -> None:
    source = np.random.default_rng(1)
    code = source.integers(0, 3, 3_000).astype(np.int32)
    schema = Schema((Categorical("c", ("a", "b", "c")), Categorical("d", ("a", "b", "c"))))
    records = Records(schema, (code, code))
    found = fit(records, None, Asked(2.0, 1e-5), None, options=Options(3), entropy=TestEntropy(1), tick=quiet)
    assert adjusted_rand_score(code, found.model.predict(records)) > 0.99


def test_marginals_count_each_record_once_in_each_column() -> None:
    schema = Schema((Numeric("x", 0.0, 1.0), Categorical("c", ("a",))))
    records = Records(schema, (np.array([0.0, 1.0, np.nan, 0.99]), np.array([0, 1, 1, 0], np.int32)))
    found = marginals(records, None, 1.0)
    assert found.rows == 4
    assert found.shares[0].tolist() == [0.25, *[0] * 7, 0.25, *[0] * (BINS - 10), 0.5]
    assert found.shares[1].tolist() == [0.5, 0.5]


def test_a_look_without_noise_is_the_mean() -> None:
    x, _ = made(500, 1)
    schema = Schema(tuple(Numeric(f"x{j}", -1.0, 1.0) for j in range(3)))
    coding = Coding(schema, missing=False)
    centre = np.zeros((1, 3))
    seen = look(
        Records(schema, tuple(x.T)),
        coding,
        centre,
        radii_of(centre, 1e6),
        spending=None,
        share=1.0,
        tick=quiet,
    )
    np.testing.assert_allclose(seen.shifts[0] / coding.grid, x.mean(axis=0), atol=0.01)


def test_json_distances_and_odd_tables() -> None:
    schema = Schema((Numeric("x", 0.0, 5.0), Categorical("c", ("a", "b"))))
    asked = Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 2)
    for rows in (0, 1, 40):
        records = Records(schema, (np.full(rows, np.nan), np.zeros(rows, np.int32)))
        for groups in (1, 5):
            found = fit(
                records, None, asked, None, options=Options(groups), entropy=TestEntropy(1), tick=quiet
            )
            model = found.model
            assert isinstance(model, ClustersModel)
            assert found.event == cost(asked, schema)
            assert np.isfinite(model.distances(records)).all()
            assert len(model.centres) == groups
            again = ClustersModel.from_json(model.to_json())
            np.testing.assert_array_equal(again.predict(records), model.predict(records))
            assert (
                len(fit_twin(records, options=Options(groups), entropy=TestEntropy(1), tick=quiet).centres)
                == groups
            )
    text = model.to_json()
    for broken in (
        b"1",
        text[:-3],
        text.replace(b'"centres":[[', b'"centres":[[0.5,'),
        text.replace(b'"sizes"', b'"s"'),
    ):
        with pytest.raises(BadModelError):
            ClustersModel.from_json(broken)
    with pytest.raises(ValueError, match="clusters"):
        Options(0)
