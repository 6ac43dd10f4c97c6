"""Groups, components and densities: against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.decomposition import PCA

from ppdesk.assess import unsupervised


def world(n=400):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, n)
    points = rng.normal(0, 1, (n, 4)) + np.eye(3, 4)[labels] * 4
    centres = np.eye(3, 4) * 4
    apart = ((points[:, None] - centres) ** 2).sum(axis=2)
    return points, labels, apart.argmin(axis=1), np.sqrt(apart.min(axis=1))


def measured(**more):
    points, labels, codes, distances = world()
    values = {"count": 3, "labels": labels, "again": [codes, (codes + 1) % 3], "rounds": 40, **more}
    found = unsupervised.clusters(points, codes, distances, np.random.default_rng(2), **values)
    return {one.name: one.estimate for one in found.measures}


def test_clusters_as_scikit_learn_measures():
    points, labels, codes, distances = world()
    told = measured()
    assert told["silhouette"].value == pytest.approx(metrics.silhouette_score(points, codes), abs=1e-6)
    assert told["davies_bouldin"].value == pytest.approx(
        metrics.davies_bouldin_score(points, codes), abs=1e-6
    )
    assert told["calinski_harabasz"].value == pytest.approx(
        metrics.calinski_harabasz_score(points, codes), abs=1e-5
    )
    assert told["ari"].value == pytest.approx(metrics.adjusted_rand_score(labels, codes), abs=1e-6)
    assert told["ari"].low < told["ari"].value < told["ari"].high
    assert told["ami"].value == pytest.approx(metrics.adjusted_mutual_info_score(labels, codes), abs=1e-6)
    assert told["v_measure"].value == pytest.approx(metrics.v_measure_score(labels, codes), abs=1e-6)
    assert told["inertia"].value == pytest.approx((distances**2).mean(), abs=1e-6)
    assert told["stability"].value == 1.0  # other names for the same clusters


def test_one_cluster_has_no_distance_to_another():
    points, _, _, distances = world()
    found = unsupervised.clusters(
        points, np.zeros(400, dtype=np.int64), distances, np.random.default_rng(2), count=4
    )
    told = {one.name: one.estimate for one in found.measures}
    assert told["silhouette"] is None
    assert told["davies_bouldin"] is None
    assert told["clusters"].value == 0.25
    assert "ari" not in told


@pytest.mark.parametrize("kind", ["random", "same", "one", "all apart"])
def test_the_adjusted_rand_index(kind):
    rng = np.random.default_rng(5)
    first = rng.integers(0, 4, 60)
    second = {"random": rng.integers(0, 3, 60), "same": first, "one": first * 0, "all apart": np.arange(60)}[
        kind
    ]
    table = metrics.cluster.contingency_matrix(first, second).astype(np.float64)
    assert unsupervised.v_measure(table) == pytest.approx(metrics.v_measure_score(first, second))
    assert unsupervised.adjusted_rand(table) == pytest.approx(metrics.adjusted_rand_score(first, second))


def test_components_as_scikit_learn_measures():
    rng = np.random.default_rng(7)
    points = rng.normal(0, 1, (300, 5)) * [5, 3, 1, 1, 0.5]
    fitted = PCA(2).fit(points)
    told = {
        one.name: one.estimate
        for one in unsupervised.components(points, fitted.mean_, fitted.components_).measures
    }
    assert told["variance_kept"].value == pytest.approx(fitted.explained_variance_ratio_.sum(), abs=1e-6)
    back = fitted.inverse_transform(fitted.transform(points))
    assert told["reconstruction"].value == pytest.approx(((points - back) ** 2).sum(axis=1).mean(), abs=1e-6)
    same = unsupervised.components(np.ones((3, 5)), np.ones(5), fitted.components_)
    assert same.measures[0].estimate is None


def test_a_density_tells_its_mean_and_whom_it_calls_strange():
    told = unsupervised.density(np.array([-1.0, -2, -3, -6]), np.array([1.0, 2, 3, 6]), 3.0, 0.05)
    assert told.measures[0].estimate.value == -3.0
    assert told.measures[1].estimate.value == 0.5
