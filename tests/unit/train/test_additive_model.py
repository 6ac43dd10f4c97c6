"""What the additive model says, on tables of all kinds, and how it is written down."""

import json

import numpy as np
import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.train.additive import fit as engine
from ppdesk.train.additive import layout, prior, threshold
from ppdesk.train.additive.estimator import AdditiveClassifier, AdditiveRegressor
from ppdesk.train.additive.model import AdditiveModel
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema(
    (Numeric("age", 0, 120), Numeric("gain", 0, 1e5, log=True), Categorical("job", ("a", "b", "c")))
)
TWO = Classes("y", ("no", "yes"), "yes")
THREE = Classes("y", ("a", "b", "c"))
AMOUNT = Quantity("y", 100.0, 900.0)
ASKED = Asked(2.0, 1e-5)


def table(n: int, seed: int = 0) -> tuple[Records, np.ndarray]:
    """Records and a score, (n,)."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(0, 120, n)
    gain = np.where(rng.random(n) < 0.8, 0.0, np.exp(rng.normal(7, 1, n)))
    job = rng.integers(0, 4, n).astype(np.int32)
    score = 2 * np.sin(age / 20) + 2 * (gain > 0) + (job - 1.5)
    age[rng.random(n) < 0.1] = np.nan
    return Records(SCHEMA, (age, gain, job)), score


def quick(records: Records, y: np.ndarray, target: object, seed: int = 1, **options: object) -> AdditiveModel:
    trained = engine.fit(
        records,
        y,
        ASKED,
        target,
        options={"steps": 30, **options},
        entropy=TestEntropy(seed),
        tick=lambda: None,
    )
    model = trained.model
    assert isinstance(model, AdditiveModel)
    return model


def auroc(y: np.ndarray, score: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, score))


def labels(score: np.ndarray, seed: int = 5) -> np.ndarray:
    return (np.random.default_rng(seed).random(score.size) < 1 / (1 + np.exp(-score))).astype(np.int32)


def test_two_classes_come_close_to_the_best_possible() -> None:
    records, score = table(8000)
    y = labels(score)
    model = quick(records.take(np.arange(6000)), y[:6000], TWO)
    held = np.arange(6000, 8000)
    best = auroc(y[held], score[held])
    assert auroc(y[held], model.predict(records.take(held))[:, 1]) > best - 0.04
    assert model.predict(records).sum(axis=1) == pytest.approx(1)
    positives = model.predict(records)[:, 1] >= model.threshold
    assert positives[y == 1].mean() > 0.5


def test_several_classes_and_quantities_beat_the_trivial_model() -> None:
    records, score = table(6000)
    classes = np.digitize(score + np.random.default_rng(2).normal(size=score.size), [-0.5, 1.5]).astype(
        np.int32
    )
    chances = quick(records, classes, THREE).predict(records)
    assert chances.shape == (6000, 3)
    assert (chances.argmax(axis=1) == classes).mean() > np.bincount(classes).max() / 6000 + 0.1
    amounts = np.clip(500 + 60 * score, 100, 900)
    said = quick(records, amounts, AMOUNT).predict(records)
    assert ((said - amounts) ** 2).mean() < 0.3 * amounts.var()
    assert said.min() >= 100
    assert said.max() <= 900


@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
@pytest.mark.parametrize("kind", ["none", "one", "constant"])
def test_tables_without_anything_to_learn_still_give_a_model(target: object, kind: str) -> None:
    n = {"none": 0, "one": 1, "constant": 200}[kind]
    records = Records(SCHEMA, (np.full(n, 30.0), np.zeros(n), np.zeros(n, dtype=np.int32)))
    y = np.full(n, 150.0) if isinstance(target, Quantity) else np.zeros(n, dtype=np.int32)
    model = quick(records, y, target, steps=5)
    asked, _ = table(20)
    assert np.isfinite(model.predict(asked)).all()


def test_missing_cells_have_a_bin_of_their_own() -> None:
    n = 4000
    rng = np.random.default_rng(3)
    age = np.where(rng.random(n) < 0.5, np.nan, 50.0)
    records = Records(Schema((Numeric("age", 0, 120),)), (age,))
    y = np.where(np.isnan(age), rng.random(n) < 0.8, rng.random(n) < 0.2).astype(np.int32)
    chances = quick(records, y, TWO).predict(records)[:, 1]
    assert chances[np.isnan(age)].mean() > 0.65
    assert chances[~np.isnan(age)].mean() < 0.35


def test_repeats_in_the_test_mode_and_says_so() -> None:
    records, score = table(500)
    y = labels(score)
    first, again, other = (quick(records, y, TWO, seed=one, steps=3) for one in (1, 1, 2))
    assert first.to_json() == again.to_json() != other.to_json()
    assert first.privacy["private"] is False
    assert "not private" in str(first.privacy["stamp"])
    real = engine.fit(
        records, y, ASKED, TWO, options={"steps": 3}, entropy=SystemEntropy(), tick=lambda: None
    )
    assert real.model.privacy["private"] is True
    assert not real.model.privacy["stamp"]


@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
def test_a_model_survives_being_written(target: object) -> None:
    records, score = table(400)
    y = 500 + 50 * score if isinstance(target, Quantity) else labels(score)
    model = quick(records, y, target, steps=3)
    again = AdditiveModel.from_json(model.to_json())
    assert again == model or again.to_json() == model.to_json()
    assert (again.predict(records) == model.predict(records)).all()
    assert b"NaN" not in model.to_json()


def test_a_bad_model_is_refused() -> None:
    records, score = table(100)
    good = json.loads(quick(records, labels(score), TWO, steps=2).to_json())
    for change in (
        {"format": "other"},
        {"offset": [1.0, 2.0]},
        {"features": good["features"][:1]},
        {"features": [{**good["features"][0], "edges": [3.0]}, *good["features"][1:]]},
        {"offset": ["x"]},
    ):
        with pytest.raises(BadModelError):
            AdditiveModel.from_json(json.dumps({**good, **change}).encode())


def test_shapes_can_be_looked_at() -> None:
    records, score = table(3000)
    shapes = quick(records, labels(score), TWO).shapes()
    assert [one.column.name for one in shapes] == ["age", "gain", "job"]
    for shape in shapes:
        assert len(shape.values) == len(shape.sds) == shape.bins
        assert all(sd[0] >= 0 for sd in shape.sds)
    assert shapes[2].values[3][0] > shapes[2].values[0][0]


def test_a_record_is_scored_by_the_bins_that_it_was_trained_in() -> None:
    column = SCHEMA.columns[1]
    noisy = np.zeros(layout.CELLS + 1)
    noisy[0] = 5000
    block = layout.block(column, noisy, 1.0)
    values = np.concatenate([np.geomspace(1, 1e5, 500), [0.0, np.nan], block.edges])
    from ppdesk.train.additive.model import Shape

    blank = tuple((0.0,) for _ in range(block.bins))
    shape = Shape(column, tuple(block.edges.tolist()), blank, blank)
    assert (shape.places(values) == block.fine[layout.cells(values, column)]).all()


def test_the_filter_is_the_posterior_mean() -> None:
    column = Numeric("x", 0, 1)
    block = layout.block(column, np.zeros(layout.CELLS + 1), 1.0)
    counts = np.random.default_rng(0).uniform(5, 50, block.bins)
    noise = np.random.default_rng(1).uniform(1, 9, block.bins + block.groups)
    belief = prior.Belief(0.7, 0.3, 0.2)
    gain = prior.solve(block, counts, belief, 0.2 * counts, noise)
    z = np.random.default_rng(2).normal(size=noise.size)
    # independent: whitened least squares on the eigenvectors of V
    values, vectors = np.linalg.eigh(gain.prior)
    root = vectors * np.sqrt(np.maximum(values, 0))
    seen = np.zeros((noise.size, block.bins))  # A
    seen[np.arange(block.bins) + block.groups, np.arange(block.bins)] = 1
    seen[block.coarse, np.arange(block.bins)] = 1
    white = np.linalg.inv(np.linalg.cholesky(np.diag(noise) + 0.2 * (seen * counts) @ seen.T))
    design = white @ (seen * 0.2 * counts) @ root
    u = np.linalg.solve(design.T @ design + np.eye(block.bins), design.T @ white @ z)
    assert gain.filter @ z == pytest.approx(root @ u, abs=1e-8)


def test_calibration_and_thresholds_follow_the_noisy_histogram() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(-1, 2, 20000)
    y = (rng.random(20000) < 1 / (1 + np.exp(-(0.5 + 1.3 * scores)))).astype(float)
    noisy = threshold.histogram(scores, y).astype(float)
    a, b = threshold.calibrate(noisy, 1.0)
    assert a == pytest.approx(0.5, abs=0.1)
    assert b == pytest.approx(1.3, abs=0.1)
    assert threshold.calibrate(np.zeros((threshold.SCORE_CELLS, 2)), 1e4) == (0.0, 1.0)
    cuts = threshold.thresholds(noisy, 1.0, a, b, float(y.mean()))
    assert cuts["accuracy"] == 0.5
    assert cuts["balanced"] == pytest.approx(y.mean())
    assert 0.01 <= cuts["f1"] <= 0.5


def test_estimators_fit_tables_and_have_a_twin() -> None:
    records, score = table(1500)
    rows = np.stack([records.values[0], records.values[1]], axis=1)
    y = labels(score)
    bounds = (np.zeros(2), np.array([120.0, 1e5]))
    made = AdditiveClassifier(schema=bounds, target=[0, 1], epsilon=2.0, entropy=TestEntropy(1), steps=10)
    assert made.fit(rows, y).predict(rows).shape == (1500,)
    twin = made.fit_twin(rows, y)
    assert twin.privacy == {"private": False}
    assert auroc(y, twin.predict(Records.read(rows, made.schema_))[:, 1]) > 0.7
    amounts = AdditiveRegressor(schema=bounds, target=(-9.0, 9.0), entropy=TestEntropy(1), steps=10)
    assert amounts.fit(rows, score).predict(rows).shape == (1500,)
    assert made.cost(ASKED) == engine.cost(ASKED)


def test_stopping_between_steps_is_possible() -> None:
    records, score = table(100)

    class Stopped(Exception):  # noqa: N818 - not an error here
        pass

    def tick() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        engine.fit(records, labels(score), ASKED, TWO, options={}, entropy=TestEntropy(1), tick=tick)


def test_rare_ones_of_very_many_categories_share_a_bin() -> None:
    rng = np.random.default_rng(0)
    schema = Schema((Categorical("code", tuple(str(one) for one in range(3000))),))
    codes = np.where(rng.random(4000) < 0.9, rng.integers(0, 4, 4000), rng.integers(0, 3001, 4000))
    y = labels(np.where(codes == 2, 2.0, -2.0))
    records = Records(schema, (codes.astype(np.int32),))
    model = quick(records, y, TWO, steps=10)
    assert len(model.shapes()[0].values) == 3001
    assert len(set(model.shapes()[0].values)) <= layout.MOST_CATEGORIES
    chances = model.predict(records)[:, 1]
    assert chances[codes == 2].mean() > 0.7
    assert chances[codes == 1].mean() < 0.3


def test_the_default_threshold_finds_rare_positives() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(-3, 1.2, 40000)  # about one in twelve
    y = (rng.random(scores.size) < 1 / (1 + np.exp(-scores))).astype(float)
    noisy = threshold.histogram(scores, y) + rng.normal(0, 5, (threshold.SCORE_CELLS, 2))
    cuts = threshold.thresholds(noisy, 5.0, 0.0, 1.0, float(y.mean()))

    def of(policy: str) -> tuple[float, float]:
        said = 1 / (1 + np.exp(-scores)) >= cuts[policy]
        return float(said[y == 1].mean()), float((said == y).mean())

    plain, wanted = of("accuracy"), of(threshold.DEFAULT)
    assert plain[0] < 0.15
    assert wanted[0] > 2 * plain[0]
    assert wanted[1] > plain[1] - 0.013
    # where one half finds enough, nothing changes
    common = (rng.random(scores.size) < 1 / (1 + np.exp(-2 * (scores + 3)))).astype(float)
    noisy = threshold.histogram(scores + 3, common).astype(float)
    assert threshold.thresholds(noisy, 1.0, 0.0, 2.0, 0.5)[threshold.DEFAULT] == 0.5
    # and where noise drowns all, the share of positives
    drowned = threshold.thresholds(np.full_like(noisy, -9.0), 1.0, 0.0, 1.0, 0.1)
    assert drowned[threshold.DEFAULT] == pytest.approx(0.1)
