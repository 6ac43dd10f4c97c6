"""An audit that looks at a run of DP-SGD changes nothing of it, and sees what is there."""

from typing import Any

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd.directions import Directions
from ppdesk.train.sgd.estimator import SgdLogisticClassifier, SgdMlpClassifier, SgdMlpRegressor
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.looking import Setting
from ppdesk.train.sgd.network import scaled
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.rule import Plan, plan
from ppdesk.train.sgd.traces import Traces

SCHEMA = Schema((Numeric("a", 0.0, 1.0), Categorical("b", ("x", "y", "z")), Numeric("c", -5.0, 5.0)))
TWO = Classes("t", ("no", "yes"), "yes")
THREE = Classes("t", ("p", "q", "r"))
NUMBER = Quantity("t", 0.0, 10.0)


def records(count: int, seed: int = 0) -> Records:
    source = np.random.default_rng(seed)
    return Records(
        SCHEMA,
        (
            source.random(count),
            source.integers(0, 3, count).astype(np.int32),
            source.uniform(-5, 5, count),
        ),
    )


def columns(found: Records) -> dict[str, Any]:
    return {
        "a": found.values[0],
        "b": np.array(["x", "y", "z"], dtype=object)[found.values[1]],
        "c": found.values[2],
    }


class Noted:
    """Looks, and remembers."""

    def __init__(self) -> None:
        self.steps = 0
        self.noisy: list[Any] = []

    def begins(self, setting: Setting) -> None:
        self.setting = setting

    def sum_of(self, rows: Any, total: Any) -> None:
        pass

    def step(self, weights: Any, total: Any, noise: Any) -> None:
        self.steps += 1
        self.noisy.append(total + noise * self.setting.step)


@pytest.mark.parametrize("kind", [SgdLogisticClassifier, SgdMlpClassifier])
def test_a_run_is_the_same_bit_for_bit_whether_anybody_looks(kind: Any) -> None:
    table = columns(records(400))
    table["t"] = np.array(["no", "yes"], dtype=object)[np.random.default_rng(1).integers(0, 2, 400)]

    def fitted(**more: Any) -> bytes:
        made = kind(
            schema=SCHEMA, target=TWO, rows=400, steps=8, rate=0.5, entropy=TestEntropy(7), policy="accuracy"
        )
        return bytes(made.set_params(**more).fit(table).fitted_.to_json())

    noted = Noted()
    traces = Traces(records(20), np.zeros(20, np.int32), None, group=1, grouped=False, tick=lambda: None)
    plain = fitted()
    assert fitted(look=noted) == plain
    assert fitted(look=traces) == plain
    assert noted.steps == 8


def _plan(target: Any, *, network: bool) -> Plan:
    options = Options(rows=100, steps=4, rate=0.5, hidden=(4, 3) if network else None)
    return plan(SCHEMA, target, options, 100, None, network=network)


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("target", [TWO, THREE, NUMBER])
def test_traces_are_the_inner_products_of_the_gradients_that_training_computes(
    target: Any, network: bool
) -> None:
    settings = _plan(target, network=network)
    canaries, source = records(12), np.random.default_rng(3)
    if target is NUMBER:
        first, other = np.where(np.arange(12) % 2, 10.0, 0.0), np.where(np.arange(12) % 2, 0.0, 10.0)
    else:
        first = source.integers(0, len(target.values), 12).astype(np.int32)
        other = ((first + 1) % len(target.values)).astype(np.int32)
    weights = source.normal(0, 0.3, settings.shape.size)
    seen = source.normal(0, 1, settings.shape.size)
    step = 2.0**-40
    data = settings.encoding.read(canaries)

    def gradients(labels: Any) -> Any:
        kernel = Kernel(settings.shape, data, scaled(labels, target), settings.clip, step)
        return np.array([kernel.add(np.array([row]), weights).copy() for row in range(12)])

    ours, theirs = gradients(first), gradients(other)
    for rest in (None, other):
        eyes = Traces(canaries, first, rest, group=1, grouped=False, tick=lambda: None)
        eyes.begins(Setting(settings, target, settings.clip, step, 1.0))
        eyes.step(weights, seen, np.zeros(settings.shape.size, np.int64))
        change = ours if rest is None else ours - theirs
        middle = ours.sum(axis=0) / 2 if rest is None else (ours + theirs).sum(axis=0) / 2
        expected = change @ (seen - settings.rate * middle)
        np.testing.assert_allclose(eyes._z, expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(eyes._k, change @ change.T, rtol=1e-3, atol=1e-4)
        found = eyes.seen(2.0, weigh=True)
        assert found.scores is not None
        assert found.scores.shape == (12,)
        assert found.norm <= 1.0042


def test_directions_put_the_clip_where_their_coin_says_and_read_it_back() -> None:
    target, coins = NUMBER, np.array([True, False, True])
    settings = _plan(target, network=True)
    for replacing, parts in ((False, [2.0, 0.0, 1.0]), (True, [2.0, -1.0, 1.0])):
        owners = np.array([0, 2, 0]) if not replacing else np.array([0, 2, 0, 1])
        eyes = Directions(owners, coins, replacing=replacing, tick=lambda: None)
        eyes.begins(Setting(settings, target, 1.5, 2.0**-20, 1.0))
        total = np.full(settings.shape.size, 9.0)
        eyes.sum_of(np.arange(owners.size), total)
        assert total[:3].tolist() == [1.5 * one for one in parts]
        assert not total[3:].any()
        eyes.step(total, total, np.zeros(total.size, np.int64))
        assert eyes.scores.tolist() == [1.5 * one for one in parts]


def test_directions_need_parameters() -> None:
    eyes = Directions(np.arange(9000), np.ones(9000, np.bool_), replacing=False, tick=lambda: None)
    with pytest.raises(ValueError, match="parameter of its own"):
        eyes.begins(Setting(_plan(NUMBER, network=False), NUMBER, 1.0, 2.0**-20, 1.0))


def test_the_measured_noise_is_what_is_charged() -> None:
    table = columns(records(60, 5))
    table["t"] = records(60, 6).values[0] * 10
    eyes = Traces(records(30), np.zeros(30), None, group=1, grouped=False, tick=lambda: None)
    made = SgdMlpRegressor(
        schema=SCHEMA, target=NUMBER, rows=60, steps=60, rate=0.5, entropy=TestEntropy(2), look=eyes
    ).fit(table)
    found = eyes.seen(float(made.notes_["noise_multiplier"]), weigh=False)
    assert found.values == 60 * eyes.parameters
    assert abs(found.deviation - 1) < 6 / np.sqrt(2 * found.values) + 0.005  # six deviations, and the margin


def test_the_scores_are_the_best_linear_guess_and_whoever_ends_them_is_heard() -> None:
    settings, heard = _plan(NUMBER, network=False), [0]
    canaries, source = records(40), np.random.default_rng(8)

    def tick() -> None:
        heard[0] += 1

    eyes = Traces(canaries, np.where(np.arange(40) % 2, 10.0, 0.0), None, group=1, grouped=False, tick=tick)
    eyes.begins(Setting(settings, NUMBER, settings.clip, 2.0**-40, 1.0))
    for _ in range(3):
        weights, seen = source.normal(0, 0.3, (2, settings.shape.size))
        eyes.step(weights, seen, np.zeros(settings.shape.size, np.int64))
    heard[0] = 0
    scores = eyes.seen(0.5, weigh=True).scores
    rate = settings.rate
    whole = eyes._k.astype(np.float64) * (rate**2 / 4 + rate * (1 - rate) / 6)
    exact = np.linalg.solve(whole + (0.5 * settings.clip) ** 2 * np.eye(40), eyes._z)
    np.testing.assert_allclose(scores, exact, rtol=1e-3, atol=1e-3 * np.abs(exact).max())
    assert heard[0] > 1
