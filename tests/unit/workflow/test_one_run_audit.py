"""The audit by one run, from a model to rows of the page: within the claim on sound models, over it on broken
ones."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.attempts import Verdict
from ppdesk.assess.auditing import one_run_power
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Table, Words
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Gaussian, Neighbours, PoissonSampled, SelfComposed
from ppdesk.train.fitted import Asked
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd import engine
from ppdesk.workflow.evaluation import one_run
from ppdesk.workflow.evaluation.one_run import OneRunResult, OneRunSettings
from ppdesk.workflow.evaluation.one_run_claim import claim_of, read_off
from ppdesk.workflow.evaluation.one_run_setup import SUPPOSED, setup
from ppdesk.workflow.evaluation.one_run_told import least
from ppdesk.workflow.step import Context

SCHEMA = Schema(
    (
        Numeric("a", 0.0, 1.0),
        Categorical("b", tuple("uvwxyz")),
        Numeric("c", -5.0, 5.0),
        Numeric("d", 0.0, 1000.0, log=True),
        Categorical("e", tuple("pq")),
    )
)
TWO = Classes("t", ("no", "yes"), "yes")
NUMBER = Quantity("t", 0.0, 10.0)
ROWS = 4000


def table(count: int) -> dict[str, Any]:
    source = np.random.default_rng(4)
    return {
        "a": source.random(count),
        "b": np.array(list("uvwxyz"), dtype=object)[source.integers(0, 6, count)],
        "c": source.uniform(-5, 5, count),
        "d": source.uniform(0, 1000, count),
        "e": np.array(["p", "q"], dtype=object)[source.integers(0, 2, count)],
    }


def trained(key: str, target: Any, **more: Any) -> tuple[dict[Kind, Artifact], dict[str, Any]]:
    """(inputs, what the record of Train says)."""
    task = Task.NONE if target is None else Task.QUANTITY if target is NUMBER else Task.BINARY
    columns = table(300)
    if target is TWO:
        columns["t"] = np.array(["no", "yes"], dtype=object)[np.arange(300) % 2]
    if target is NUMBER:
        columns["t"] = columns["a"] * 10
    settings = {"epsilon": 3.0, "delta": 1e-5, "rows": ROWS, **more}
    made = offer(key).load(task)(schema=SCHEMA, target=target, entropy=TestEntropy(1), **settings)
    made.fit(columns)
    split = pa.table({"row": np.arange(ROWS), "held_out": np.zeros(ROWS, np.bool_)})
    model = Artifact(
        Kind.MODEL,
        {"unit": "record"},
        (Part("model", made.fitted_.to_json()), Part("split", split, personal=True)),
    )
    policy = {"policy": more["policy"]} if "policy" in more else {}
    told = {"params": {"rows": ROWS, **policy}, "facts": {"notes": dict(made.notes_)}}
    return {Kind.MODEL: model}, told


def audited(
    inputs: dict[Kind, Artifact], told: dict[str, Any] | None, *, seed: int = 3, **more: Any
) -> OneRunResult:
    context = Context({}, TestEntropy(seed), TestClock(), lambda *_: None, lambda: False, "")
    settings = OneRunSettings(effort="quick", trained=told, **more)
    return one_run.run_it(inputs, settings, context, lambda *_: None)


@pytest.fixture(scope="module")
def linear() -> Any:
    return trained("sgd-logistic", TWO, steps=20, rate=1.0, policy="accuracy")


@pytest.fixture(scope="module")
def sound(linear: Any) -> OneRunResult:
    return audited(*linear)


def test_a_sound_model_is_within_its_claim(sound: OneRunResult) -> None:
    found = sound
    assert [one.key for one in found.views] == ["white-box", "black-box"]
    assert all(one.measured.epsilon < 3.0 and not one.measured.over for one in found.views)
    assert found.views[0].measured.epsilon > 0.2
    assert found.noise is not None
    assert not found.noise.over
    assert found.noise_run == pytest.approx(found.noise_claimed)
    attempts = one_run.attempts_of(found)
    assert attempts[0].verdict is Verdict.IN_LINE
    assert all(one.allowed == 3.0 for one in attempts[:2])
    blocks = one_run.blocks(found)
    assert isinstance(blocks[0], Words)
    assert "claimed at most ε 3" in blocks[0].text
    assert sum(isinstance(one, Table) for one in blocks) == 2


def test_half_the_noise_is_called(linear: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine.charge

    def halved(*given: Any, **more: Any) -> Any:
        found = real(*given, **more)
        return replace(found, sigma=found.sigma / 2)

    monkeypatch.setattr(engine, "charge", halved)
    found = audited(*linear, black_box=False)
    assert found.noise is not None
    assert found.noise.over
    assert found.noise.deviation == pytest.approx(0.5, abs=0.02)
    assert found.noise.epsilon is not None
    assert found.noise.epsilon > 3.0
    broken = [one for one in one_run.attempts_of(found) if one.verdict is Verdict.BROKEN]
    assert broken


def test_a_tenth_of_the_noise_is_called_by_the_guesses(linear: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine.charge

    def tenth(*given: Any, **more: Any) -> Any:
        found = real(*given, **more)
        return replace(found, sigma=found.sigma / 10)

    monkeypatch.setattr(engine, "charge", tenth)
    view = audited(*linear, black_box=False).views[0].measured
    assert view.over
    assert view.epsilon > 3.0
    assert view.p_value < 0.05


def test_sampled_sums_are_audited_too() -> None:
    found = audited(*trained("sgd-logistic", TWO, steps=20, rate=0.1, epsilon=1.0, policy="accuracy"))
    assert not any(one.measured.over for one in found.views)
    assert all(one.measured.by_curve is not None for one in found.views)


@pytest.mark.parametrize(
    ("key", "target", "more"),
    [
        ("sgd-logistic", NUMBER, {"steps": 10, "rate": 1.0, "neighbours": "replace-one"}),
        ("sgd-mlp", TWO, {"steps": 5, "rate": 1.0, "group": 2, "hidden": (4,), "policy": "accuracy"}),
        ("additive", TWO, {}),
        ("linear", NUMBER, {}),
        ("objective-perturbation", TWO, {"delta": 0.0, "neighbours": "replace-one"}),
        ("k-means", None, {}),
        ("pca", None, {}),
        ("histogram", None, {"neighbours": "replace-one"}),
    ],
)
def test_every_kind_of_estimator_is_audited_within_its_claim(key: str, target: Any, more: Any) -> None:
    found = audited(*trained(key, target, **more))
    assert found.views
    assert not any(one.measured.over for one in found.views)
    assert found.noise is None or not found.noise.over
    assert one_run.attempts_of(found)
    assert one_run.blocks(found)


def test_without_a_record_of_train_the_rule_is_followed(linear: Any) -> None:
    found = audited(linear[0], None, black_box=True, white_box=False)
    assert "rule" in found.settings
    assert [one.key for one in found.views] == ["black-box"]


def test_the_record_of_train_is_found_in_the_history(linear: Any) -> None:
    inputs, told = linear
    facts = {**told["facts"], "estimator": "sgd-logistic", "epsilon": 3.0}
    event = {"kind": "train", "params": told["params"], "facts": facts, "outputs": {"model": "ab"}}
    later = {"kind": "train", "params": {}, "facts": {"estimator": "additive"}, "outputs": {"model": "cd"}}
    whole = json.dumps({"events": [event, later]}).encode()
    history = Artifact(Kind.HISTORY, {}, (Part("history", whole),))
    found = setup({**inputs, Kind.HISTORY: history}, None)
    assert "record" in found.words
    assert found.about == ROWS
    assert found.options["steps"] == 20
    assert found.noise == pytest.approx(told["facts"]["notes"]["noise_multiplier"])


def test_nothing_to_run_says_why(linear: Any) -> None:
    found = audited(*linear, black_box=False, white_box=False)
    assert not found.views
    assert found.why_not
    assert one_run.attempts_of(found)[0].verdict is Verdict.NOT_RUN
    assert isinstance(one_run.blocks(found)[0], Words)


def test_it_repeats_and_can_be_stopped(linear: Any, sound: OneRunResult) -> None:
    assert audited(*linear) == sound
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: True, "")
    with pytest.raises(CancelledRunError):
        one_run.run_it(linear[0], OneRunSettings(trained=linear[1]), context, lambda *_: None)


class Unread(Artifact):
    """A model whose records are not to be opened."""

    def table(self, name: str) -> pa.Table:
        raise AssertionError(name)


def test_no_record_of_the_model_is_opened_and_their_exact_number_is_not_used(linear: Any) -> None:
    inputs, told = linear
    model = Unread(Kind.MODEL, inputs[Kind.MODEL].head, inputs[Kind.MODEL].parts)
    found = setup({Kind.MODEL: model}, {"params": {}, "facts": {"trained": 3_999}})
    assert found.about == SUPPOSED
    assert "tells no number" in found.words
    assert setup({Kind.MODEL: model}, None).about == SUPPOSED
    assert setup({Kind.MODEL: model}, told).about == ROWS


def test_an_epsilon_is_read_off_a_curve_between_its_points() -> None:
    pairs = [(0.0, 0.5), (1.0, 1e-2), (2.0, 1e-4), (3.0, 0.0)]
    assert read_off(pairs, 1e-3) == pytest.approx(1.5)
    assert read_off(pairs, 1e-2) == 1.0
    assert read_off(pairs, 1e-9) == 3.0
    assert read_off(pairs[:3], 1e-9) == 2.0
    assert read_off(pairs, 0.6) == 0.0


@pytest.mark.parametrize("less", [0.5, 1.0, 4.0])
def test_epsilons_of_a_curve_are_those_of_accounting(less: float) -> None:
    event = SelfComposed(PoissonSampled(0.3, Gaussian(5.0, Neighbours.ADD_REMOVE)), 20)
    asked = Asked(epsilon_of(event, 1e-5), 1e-5, Neighbours.ADD_REMOVE, 1)
    family = claim_of(event, asked, lambda: None).family
    assert family is not None
    noisy = SelfComposed(PoissonSampled(0.3, Gaussian(5.0 / less, Neighbours.ADD_REMOVE)), 20)
    assert family.epsilon(less) == pytest.approx(epsilon_of(noisy, 1e-5), rel=0.03)
    assert family.epsilon(1.0) <= asked.epsilon


def test_groups_that_are_replaced_in_sampled_sums_are_held_against_the_pair() -> None:
    event = SelfComposed(PoissonSampled(0.3, Gaussian(50.0, Neighbours.REPLACE_ONE), 3), 20)
    assert claim_of(event, Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 3), lambda: None).family is None


def test_whoever_ends_it_is_heard_while_the_power_is_worked_out() -> None:
    heard: list[int] = []

    def stops() -> None:
        heard.append(1)
        if len(heard) > 5:
            raise CancelledRunError

    with pytest.raises(CancelledRunError):
        one_run_power.table(20.0, 1e-6, 0.03, tick=stops)


def test_a_bound_above_the_pairs_says_what_it_rests_on_and_power_is_claimed_where_theory_holds(
    sound: OneRunResult,
) -> None:
    found = sound
    white = found.views[0].measured
    assert white.epsilon > white.by_pair
    first, last = one_run.attempts_of(found)[:2]
    assert "From (ε, δ) alone" in first.note
    assert (first.power is None) == (not found.views[0].apart)
    assert last.power is None
    assert last.power_words.startswith("At best")
    assert least(0.99996) == "0.999"
