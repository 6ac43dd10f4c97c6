"""The threshold of the network models: what its histogram can change by, what it costs, what it finds."""

import math

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Composed, Neighbours, SelfComposed
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.additive.threshold import histogram
from ppdesk.train.errors import UnansweredError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd.charge import cost
from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.engine import fit
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.sampling import kept
from ppdesk.train.sgd.scoring import cut, moved, paid

TWO, THREE = Classes("y", ("no", "yes")), Classes("y", ("p", "q", "r"))
SCHEMA = Schema((Numeric("x", -1, 1), Numeric("z", -1, 1)))


def rare(rows, seed=0):
    """About 7 % of positives, none of which is more likely than not."""
    random = np.random.default_rng(seed)
    x, z = random.uniform(-1, 1, (2, rows))
    return Records(SCHEMA, (x, z)), (random.random(rows) < 0.14 * (x > 0)).astype(np.int32)


@pytest.mark.parametrize("hidden", [(), (16, 8)])
def test_an_output_is_the_same_wherever_its_row_stands(hidden):
    random = np.random.default_rng(1)
    data = Compact(
        random.integers(0, 5, (300, 2)).astype(np.uint16), random.uniform(-1, 1, (300, 7)).astype(np.float32)
    )
    shape = Shape(5, 7, hidden, 1, 0)
    weights = random.normal(0, 0.5, shape.size)
    kernel = Kernel(shape, data, np.zeros(300), 1.0, 2.0**-20)
    rows = random.permutation(300)
    whole = kernel.outputs(np.arange(300), weights)
    assert np.array_equal(kernel.outputs(rows, weights), whole[rows])
    assert np.array_equal(kernel.outputs(rows[:131], weights), whole[rows[:131]])
    values = np.zeros((300, 12))
    for row in range(300):
        np.add.at(values[row], data.codes[row], 1)
    values[:, 5:] = data.numbers
    for place, (matrix, bias) in enumerate(shape.views(weights)):
        values = (np.maximum(values, 0) if place else values) @ matrix + bias
    assert whole == pytest.approx(values[:, 0], abs=1e-5)
    assert kernel.outputs(np.zeros(0, np.int64), weights).shape == (0,)


def test_what_a_group_of_records_moves():
    random = np.random.default_rng(2)
    for neighbours in Neighbours:
        for group in (1, 3):
            asked, most = Asked(1.0, 1e-5, neighbours, group), 0.0
            for _ in range(200):
                scores, y = random.normal(0, 3, 20), random.integers(0, 2, 20)
                other, labels = scores[group:], y[group:]
                if neighbours is Neighbours.REPLACE_ONE:
                    # the worst: all that goes was in one cell, and all that comes is in another
                    scores[:group], y[:group] = 5.9, 1
                    other = np.concatenate([np.full(group, -5.9), other])
                    labels = np.concatenate([np.zeros(group, int), labels])
                change = histogram(scores, y) - histogram(other, labels)
                most = max(most, float(np.linalg.norm(change)))
            assert most <= moved(asked) * (1 + 1e-12)
            assert most > 0.55 * moved(asked)


def test_of_a_person_the_same_records_count_as_in_training():
    assert sorted(kept(np.array([7, 5, 7, 9, 7, 9, 5]), 2).tolist()) == [0, 1, 2, 3, 5, 6]


@pytest.mark.parametrize("neighbours", list(Neighbours))
def test_histogram_and_steps_keep_the_guarantee_together(neighbours):
    asked = Asked(1.5, 1e-5, neighbours, 2)
    event = cost(asked, SCHEMA, TWO, Options(rows=400, steps=30, bins=8, rate=1.0), key="sgd-logistic")
    assert isinstance(event.event, Composed)
    steps, scores = event.event.events
    assert isinstance(steps, SelfComposed)
    found = epsilon_of(event, 1e-5)
    assert 1.45 < found <= 1.5
    assert epsilon_of(scores, 1e-5) < 0.35
    free = Options(rows=400, steps=30, bins=8, rate=1.0, policy="accuracy")
    alone = cost(asked, SCHEMA, TWO, free, key="sgd-logistic").event.event.event.noise_multiplier
    assert alone < steps.event.event.noise_multiplier < 1.03 * alone


def test_when_it_is_paid_for():
    assert paid(TWO, Options())
    assert paid(TWO, Options(policy="f1"))
    assert not paid(TWO, Options(policy="accuracy"))
    assert not paid(TWO, Options(threshold=0.2))
    assert not paid(THREE, Options())
    assert not paid(Quantity("y", 0, 1), Options())
    for bad in ({"policy": "luck"}, {"threshold": 2.0}):
        with pytest.raises(UnansweredError):
            Options(**bad)


def test_noise_has_the_size_that_was_charged(monkeypatch):
    seen = []
    monkeypatch.setattr("ppdesk.train.sgd.scoring.calibrate", lambda noisy, _: (seen.append(noisy), 0, 1)[1:])
    source = GaussianSource(TestEntropy(4))
    for _ in range(60):
        cut(np.zeros(5), np.ones(5), "f1", 7.0, math.sqrt(2), source)
    noise = np.array(seen) - histogram(np.zeros(5), np.ones(5))
    assert np.std(noise) == pytest.approx(7 * math.sqrt(2), rel=0.05)
    assert abs(np.mean(noise)) < 0.6


@pytest.mark.parametrize("key", ["sgd-logistic", "sgd-mlp"])
def test_rare_positives_are_found(key):
    records, y = rare(6000)
    more = {"rows": 6000, "rate": 1.0, "steps": 60, "bins": 8, "hidden": (8,) if key == "sgd-mlp" else None}
    for policy, least in (("balanced", 0.5), ("f1", 0.5), ("accuracy", 0.0)):
        found = fit(
            records, y, Asked(4.0, 1e-5), TWO, options=Options(**more, policy=policy),
            entropy=TestEntropy(5), tick=lambda: None, key=key,
        )  # fmt: skip
        said = found.model.predict(records)[:, 1] >= found.model.threshold
        assert (said & (y == 1)).sum() >= least * y.sum()
        assert found.notes["threshold_chosen"] is (policy != "accuracy")
    assert found.model.threshold == 0.5
    assert (said & (y == 1)).sum() < 0.2 * y.sum()
    declared = fit(
        records, y, Asked(4.0, 1e-5), TWO, options=Options(**more, threshold=0.1),
        entropy=TestEntropy(5), tick=lambda: None, key=key,
    )  # fmt: skip
    assert declared.model.threshold == 0.1
