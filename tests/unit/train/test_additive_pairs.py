"""Pairs of columns: what the look at them may reveal, that they are found, and how they are written down."""

import json

import numpy as np
import onnxruntime
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.release import exportable
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.train.additive import fit as engine
from ppdesk.train.additive import kernel, layout, pairs
from ppdesk.train.additive.model import AdditiveModel
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema((Numeric("age", 0, 100), Categorical("sex", ("f", "m")), Numeric("gain", 0, 1e4, log=True)))
TWO, THREE = Classes("y", ("no", "yes"), "yes"), Classes("y", ("a", "b", "c"))
AMOUNT = Quantity("y", -10.0, 10.0)
KINDS = [(kernel.LOGISTIC, 1), (kernel.SOFTMAX, 3), (kernel.IDENTITY, 1)]


def table(n: int = 6000) -> tuple[Records, np.ndarray]:
    """Records, and a score that no sum of functions of one column comes near."""
    rng = np.random.default_rng(0)
    age, sex = rng.uniform(0, 100, n), rng.integers(0, 3, n).astype(np.int32)
    gain = np.where(rng.random(n) < 0.5, 0.0, rng.uniform(1, 1e4, n))
    score = np.where(sex == 1, 1.0, -1.0) * np.where(age > 50, 2.0, -2.0)
    age[rng.random(n) < 0.05] = np.nan
    return Records(SCHEMA, (age, sex, gain)), score


def target_of(score: np.ndarray, target: object) -> np.ndarray:
    noise = np.random.default_rng(1).logistic(size=score.size)
    if isinstance(target, Quantity):
        return np.clip(2 * score + noise, -10, 10)
    if target is TWO:
        return (score + noise > 0).astype(np.int32)
    return np.digitize(score + noise, (-1.5, 1.5)).astype(np.int32)


@pytest.fixture(scope="module")
def fitted() -> dict[object, Trained]:
    records, score = table()
    return {
        target: engine.fit(
            records,
            target_of(score, target),
            Asked(4.0, 1e-5),
            target,
            options={"steps": 20},
            entropy=TestEntropy(3),
            tick=lambda: None,
        )
        for target in (TWO, THREE, AMOUNT)
    }


def model_of(trained: Trained) -> AdditiveModel:
    assert isinstance(trained.model, AdditiveModel)
    return trained.model


@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
def test_columns_that_act_together_are_found(fitted: dict[object, Trained], target: object) -> None:
    found = model_of(fitted[target])
    assert (0, 1) in [tuple(part.column for part in pair.parts) for pair in found.interactions()]
    records, score = table()
    said, wanted = found.predict(records), target_of(score, target)
    if isinstance(target, Quantity):
        assert ((said - wanted) ** 2).mean() < 0.5 * wanted.var()
    else:
        assert (said.argmax(axis=1) == wanted).mean() > (0.75 if target is TWO else 0.5)


@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
def test_the_look_is_paid_from_the_same_purse(fitted: dict[object, Trained], target: object) -> None:
    trained = fitted[target]
    mu = gaussian_mu(4.0, 1e-5)
    assert mu * (1 - 1e-4) < trained.notes["mu_spent"] < mu
    assert trained.event == engine.cost(Asked(4.0, 1e-5))


@pytest.mark.parametrize(("kind", "outputs"), KINDS)
def test_the_look_moves_by_at_most_the_claimed_norm(kind: int, outputs: int) -> None:
    rng = np.random.default_rng(2)
    n, columns = 30, 4
    widths = np.array([3, 5, 2, 9])
    sides = [
        layout.Side(place, np.arange(width), int(width), np.full(width, np.nan))
        for place, width in enumerate(widths)
    ]
    seen = pairs.Seen([SCHEMA.columns[1]] * columns, sides, [], [], float(n))
    for _ in range(30):
        groups = (rng.random((n, columns)) * widths).astype(np.uint8)
        y = rng.integers(0, max(2, outputs), n).astype(np.float64)
        score = rng.normal(0, 3, (n, outputs))

        def sums(kept: np.ndarray) -> list[np.ndarray]:
            task = pairs.Residuals(kind, y[kept], score[kept], 0.5)  # noqa: B023
            return pairs.sums(task, groups[kept], seen)  # noqa: B023

        every, gone = np.arange(n), rng.integers(n)
        both = zip(sums(every), sums(np.delete(every, gone)), strict=True)
        moved = [(one - other).astype(object) for one, other in both]
        assert len(moved) == columns * (columns - 1) / 2 == pairs.number(columns)
        for part in moved:  # each pair by itself, so all of them by the root of their number
            assert (part**2).sum() <= kernel.CLIP**2
            assert (part != 0).any(axis=1).sum() <= 1


def test_counts_of_cells_move_by_one_record() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 12, (50, 2)).astype(np.uint16)
    for before, after in zip(
        pairs.cell_counts(codes, [12, 12]), pairs.cell_counts(codes[1:], [12, 12]), strict=True
    ):
        moved = before - after
        assert np.abs(moved).sum() == kernel.CLIP == moved.max()


def test_no_look_where_noise_would_drown_it() -> None:
    assert pairs.worthwhile(14, 26_000, 0.85, 1.0)
    assert not pairs.worthwhile(14, 1_000, 0.85, 1.0)
    assert not pairs.worthwhile(14, 26_000, 0.85, 100.0)
    assert not pairs.worthwhile(1, 1e9, 1.0, 1.0)
    assert not pairs.worthwhile(14, 1e12, 1e-11, 1.0)


@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT])
def test_a_model_with_pairs_survives_being_written_and_agrees_with_its_bundle(
    fitted: dict[object, Trained], target: object
) -> None:
    model = model_of(fitted[target])
    assert model.pairs
    again = AdditiveModel.from_json(model.to_json())
    records, _ = table(800)
    wanted = model.predict(records)
    assert (again.predict(records) == wanted).all()
    data = exportable.read(model.to_json()).build()
    check_untrusted(data)
    age, sex, gain = records.values
    inputs = {
        "age": np.asarray(age).reshape(-1, 1),
        "sex": np.array(["f", "m", "?"], object)[sex].reshape(-1, 1),
        "gain": np.asarray(gain).reshape(-1, 1),
    }
    found = np.asarray(onnxruntime.InferenceSession(data).run(None, inputs)[0])
    wanted = wanted[:, 1] if target is TWO else wanted
    assert np.abs(found.reshape(wanted.shape) - wanted).max() < 1e-9


def test_a_bad_pair_is_refused(fitted: dict[object, Trained]) -> None:
    good = json.loads(model_of(fitted[TWO]).to_json())
    pair = good["pairs"][0]
    for change in (
        {"columns": [0, 0]},
        {"columns": [0, 9]},
        {"columns": [0]},
        {"values": pair["values"][:-1]},
        {"groups": [[], [0, 1, 7]]},
        {"edges": [[2.0, 1.0], []]},
    ):
        with pytest.raises(BadModelError):
            AdditiveModel.from_json(json.dumps({**good, "pairs": [{**pair, **change}]}).encode())
