"""Principal components from noisy moments."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.components.estimator import DpPCA
from ppdesk.train.components.fit import Options, cost, fit, fit_twin
from ppdesk.train.components.model import ComponentsModel
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Numeric, Schema


def quiet() -> None:
    """No one stops."""


def made(rows: int, seed: int, wide: int = 6) -> np.ndarray:
    source = np.random.default_rng(seed)
    directions = np.linalg.qr(np.random.default_rng(7).normal(size=(wide, 2)))[0].T
    spread = source.normal(size=(rows, 2)) * [0.45, 0.3]
    return np.clip(spread @ directions + source.normal(0, 0.05, (rows, wide)), -1, 1)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The sine of the largest angle between two subspaces."""
    return float(np.linalg.norm(one.T @ one - other.T @ other, 2))


@pytest.mark.parametrize(
    ("rows", "epsilon", "most"), [(2_000, 4.0, 0.3), (20_000, 1.0, 0.1), (100_000, 1.0, 0.02)]
)
def test_the_subspace_comes_near_with_records_and_epsilon(rows: int, epsilon: float, most: float) -> None:
    x = made(rows, 1)
    truth = PCA(2).fit(x)
    found = [
        DpPCA(schema=(-1.0, 1.0), epsilon=epsilon, entropy=TestEntropy(seed)).fit(x) for seed in range(4)
    ]
    assert np.mean([apart(one.components_, truth.components_) for one in found]) < most
    ratio = np.mean([one.explained_variance_ / truth.explained_variance_ for one in found])
    assert 0.9 < ratio < 1.1


def test_the_twin_is_plain_pca() -> None:
    x = made(3_000, 2)
    model = DpPCA(schema=(-1.0, 1.0), n_components=3)
    twin, peer = model.fit_twin(x), PCA(3).fit(x)
    assert isinstance(twin, ComponentsModel)
    assert apart(np.array(twin.components), peer.components_) < 1e-2
    np.testing.assert_allclose(twin.variance, peer.explained_variance_, rtol=1e-2)
    np.testing.assert_allclose(twin.variance_ratio, peer.explained_variance_ratio_, rtol=1e-2)
    assert twin.privacy["private"] is False


def test_where_there_is_only_noise_no_variance_is_told() -> None:
    x = np.zeros((100, 5))
    models = [
        DpPCA(schema=(-1.0, 1.0), epsilon=1.0, n_components=1, entropy=TestEntropy(s)) for s in range(20)
    ]
    above = [model.fit(x).fitted_.above_noise for model in models]
    assert np.mean(above) < 0.3


def test_transform_and_json() -> None:
    x = made(2_000, 3)
    model = DpPCA(schema=(-1.0, 1.0), epsilon=4.0, entropy=TestEntropy(1)).fit(x)
    found = model.transform(x)
    np.testing.assert_allclose(found, (x - model.mean_) @ model.components_.T, atol=1e-3)
    again = ComponentsModel.from_json(model.fitted_.to_json())
    np.testing.assert_array_equal(again.predict(Records(model.schema_, tuple(x.T))), found)
    text = model.fitted_.to_json()
    for broken in (
        b"",
        text[:-4],
        text.replace(b'"mean"', b'"means"'),
        text.replace(b'"mean":[', b'"mean":[0.5,'),
    ):
        with pytest.raises(BadModelError):
            ComponentsModel.from_json(broken)


def test_odd_tables_and_the_cost() -> None:
    schema = Schema((Categorical("c", ("a", "b")), Numeric("x", 0.0, 5.0)))
    asked = Asked(1.0, 1e-5, Neighbours.REPLACE_ONE)
    for rows in (0, 1, 30):
        records = Records(schema, (np.zeros(rows, np.int32), np.full(rows, np.nan)))
        found = fit(records, None, asked, None, options=Options(9), entropy=TestEntropy(1), tick=quiet)
        assert found.event == cost(asked, schema)
        assert np.isfinite(found.model.predict(records)).all()
        assert len(found.model.components) == 4  # type: ignore[attr-defined] # of ComponentsModel
        assert np.isfinite(fit_twin(records, options=Options(9), tick=quiet).variance).all()
    single = DpPCA(schema=(0.0, 1.0), n_components=1, entropy=TestEntropy(1)).fit(np.full((40, 1), 0.5))
    assert abs(float(single.components_[0, 0])) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="at least 1"):
        Options(0)
