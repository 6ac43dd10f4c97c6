"""Policies: sensitivity by brute force, off-policy values against known truth, limits, odd tables."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Neighbours
from ppdesk.train import formats
from ppdesk.train.errors import MissingColumnError, UnansweredError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.moments.mechanism import Spending, Whole
from ppdesk.train.policy import fit as engine
from ppdesk.train.policy import limits, value
from ppdesk.train.policy.estimator import PolicyLearner
from ppdesk.train.policy.fit import Decisions
from ppdesk.train.policy.model import PolicyModel
from ppdesk.train.policy.options import Logging, Options
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

Floats = npt.NDArray[np.float64]

SCHEMA = Schema((Numeric("age", 18, 90), Numeric("pay", 0, 1e5, True), Categorical("area", ("n", "s"))))
ACTIONS = Classes("action", ("none", "call", "visit"))
REWARD = Quantity("reward", 0.0, 1.0)


def world(n: int, seed: int) -> tuple[dict[str, object], Floats, Floats]:
    """(table, mean reward of each action, propensities), (n, 3)."""
    rng = np.random.default_rng(seed)
    age, pay, area = rng.uniform(18, 90, n), rng.lognormal(9, 1, n), rng.integers(0, 2, n)
    at = (age - 18) / 72
    mean = np.stack([np.full(n, 0.35), 0.15 + 0.5 * at, 0.3 + 0.3 * (area == 1)], axis=1)
    raised = np.exp(np.stack([0 * at, at - 0.5, 0.5 * area], axis=1))
    chances = 0.8 * raised / raised.sum(axis=1, keepdims=True) + 0.2 / 3
    taken = (chances.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    reward = (rng.random(n) < mean[np.arange(n), taken]).astype(float)
    table = {
        "age": age,
        "pay": pay,
        "area": np.array(["n", "s"])[area],
        "action": np.array(ACTIONS.values)[taken],
        "reward": reward,
        "p": chances[np.arange(n), taken],
    }
    return table, mean, chances


def learner(**changes: object) -> PolicyLearner:
    given = {
        "schema": SCHEMA, "target": ACTIONS, "reward": REWARD, "propensity": "p", "entropy": TestEntropy(1),
    }  # fmt: skip
    return PolicyLearner(**{**given, **changes})


class Recorder:
    """Stands in for the mechanism: keeps the exact sums and the sensitivity that is claimed for them."""

    def __init__(self) -> None:
        self.kept: list[tuple[Whole, int]] = []
        self.numbers = 0
        self.mu = 1.0
        self.spent = 0.0
        self.shares: list[float] = []

    def noisy(self, sums: Whole, squared: int, share: float, *, disjoint: bool = False) -> Whole:
        del disjoint
        self.kept.append((sums.copy(), squared))
        self.shares.append(share)
        return np.asarray(sums)

    def scale(self, squared: int, share: float, *, disjoint: bool = False) -> float:
        del disjoint  # under add-or-remove-one it changes nothing
        return math.sqrt(squared / share)


def _drawn(n: int, seed: int) -> tuple[Records, Decisions]:
    """Odd records: outside the bounds, missing, propensities of any size."""
    rng = np.random.default_rng(seed)
    edge = rng.choice([18.0, 90.0, 50.0, np.nan], n)
    read = {"age": edge, "pay": rng.choice([0, 1e5, 3.0, np.nan], n), "area": rng.choice(["n", "s", "?"], n)}
    taken = rng.integers(0, 3, n).astype(np.int32)
    gain, chance = rng.choice([0.0, 1.0, 0.3], n), rng.choice([1e-9, 0.1, 0.25, 1.0], n)
    return Records.read(read, SCHEMA), Decisions(taken, gain, chance)


def _answers(records: Records, decisions: Decisions, fixed: PolicyModel | None) -> Recorder:
    found = Recorder()
    options = Options(Logging(0.1, column=True), knots=3, limits={"visit": 0.3})
    if fixed is None:
        engine._learn(
            records, decisions, ACTIONS, REWARD, options=options, spending=found, tick=_tick, said={}
        )
        return found
    earned = fixed.earned(records)
    chance = np.clip(decisions.chance, 0.1, 1)
    logged = value.Logged(decisions.taken, decisions.gain, chance, chance > decisions.chance)
    scored = value.Scored(fixed.chosen(earned), earned)
    value.evaluate(logged, scored, ACTIONS, bounds=(0.0, 1.0), least=0.1, spending=found)
    return found


def _tick() -> None:
    """Nothing to do."""


def test_each_learning_answer_changes_by_no_more_than_is_claimed() -> None:
    for seed in range(8):
        records, decisions = _drawn(25, seed)
        keep = np.arange(25) != seed % 25
        one = _answers(records, decisions, None)
        other = _answers(records.take(keep), decisions.take(keep), None)
        assert sum(one.shares) == pytest.approx(1)
        for (a, claimed), (b, _) in list(zip(one.kept, other.kept, strict=True))[:-1]:
            change = (a - b).astype(object)
            assert int((change * change).sum()) <= claimed


@pytest.mark.parametrize("temperature", [0.0, 0.3])
def test_what_is_estimated_for_a_record_is_the_same_wherever_it_stands(temperature: float) -> None:
    table, _, _ = world(700, 2)
    fitted = learner(temperature=temperature).fit(table).fitted_
    records = Records.read(table, SCHEMA)
    rewards, chances = fitted.earned(records), fitted.predict(records)
    for first in (1, 2, 3, 5, 33, 650, 699):
        part = records.take(np.arange(700) >= first)
        assert np.array_equal(fitted.earned(part), rewards[first:])
        assert np.array_equal(fitted.predict(part), chances[first:])


def test_margins_are_counted_once() -> None:
    """The prices, for a fixed model: one record is in one cell."""
    rng = np.random.default_rng(1)
    earned = rng.random((30, 3))
    for place in range(30):
        one, other = Recorder(), Recorder()
        for rows, told in ((np.arange(30), one), (np.arange(30) != place, other)):
            limits.priced(
                earned[rows], np.ones(3, bool), (1.0, 1.0, 0.2), spending=told, share=0.1, tick=_tick
            )
        change = (one.kept[0][0] - other.kept[0][0]).astype(object)
        assert int((change * change).sum()) == one.kept[0][1]


def _model(temperature: float) -> PolicyModel:
    rng = np.random.default_rng(3)
    records, decisions = _drawn(60, 99)
    options = Options(Logging(0.1, column=True), knots=3)
    found, _ = engine._learn(
        records, decisions, ACTIONS, REWARD, options=options, spending=None, tick=_tick, said={}
    )
    weights = tuple(tuple(rng.normal(0, 1, len(row)).tolist()) for row in found.weights)
    return replace(found, weights=weights, temperature=temperature)


@pytest.mark.parametrize("temperature", [0.0, 0.3])
def test_each_value_changes_by_no_more_than_is_claimed(temperature: float) -> None:
    model, nearest = _model(temperature), 0.0
    for seed in range(60):
        records, decisions = _drawn(12, seed)
        keep = np.arange(12) != seed % 12
        one = _answers(records, decisions, model)
        other = _answers(records.take(keep), decisions.take(keep), model)
        assert sum(one.shares) == pytest.approx(1)
        for (a, claimed), (b, _) in list(zip(one.kept, other.kept, strict=True))[:4]:
            change = (a - b).astype(object)
            assert int((change * change).sum()) <= claimed
            nearest = max(nearest, int((change * change).sum()) / claimed)
    assert nearest > 0.9  # and the claims are not idle


def test_spreads_change_by_no_more_than_is_claimed() -> None:
    """Their centres are the first answer's: fixed here."""
    model = _model(0.0)
    for seed in range(60):
        records, decisions = _drawn(12, seed)
        earned, chance = model.earned(records), np.clip(decisions.chance, 0.1, 1)
        logged = value.Logged(decisions.taken, decisions.gain, chance, chance > decisions.chance)
        scored = value.Scored(model.chosen(earned), earned)
        centre = np.random.default_rng(seed).choice([0.0, 1.0, 0.4], 4)
        keep = np.arange(12) != seed % 12
        less = value.Logged(*(getattr(logged, name)[keep] for name in ("taken", "gain", "chance", "cut")))
        whole = value._spreads(logged, scored, centre, centre, 10.0)
        part = value._spreads(less, value.Scored(scored.policy[keep], earned[keep]), centre, centre, 10.0)
        for a, b in zip(whole, part, strict=True):
            change = (a - b).astype(object)
            assert int((change * change).sum()) <= 2 * value.whole(np.ones(1))[0].astype(object) ** 2


def test_the_cost_is_known_before_and_is_what_was_asked() -> None:
    for asked in (Asked(1.0, 1e-5), Asked(0.5, 1e-6, Neighbours.REPLACE_ONE, 3)):
        told = PolicyLearner.cost(asked)
        assert epsilon_of(told, asked.delta) <= asked.epsilon * (1 + 1e-9)
        assert epsilon_of(told, asked.delta) > asked.epsilon * 0.99
    made = learner().fit(world(500, 1)[0])
    assert made.event_ == PolicyLearner.cost(Asked(1.0, 1e-5))


def test_replaced_records_and_persons_cost_their_factor() -> None:
    plain = Spending(Asked(1.0, 1e-5), TestEntropy(1)).scale(2**40, 0.5)
    replaced = Spending(Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 3), TestEntropy(1)).scale(2**40, 0.5)
    assert replaced == pytest.approx(6 * plain)


@pytest.fixture(scope="module")
def large() -> tuple[dict[str, object], Floats, Floats]:
    return world(20_000, 7)


def test_a_policy_is_better_than_the_logged_one_and_near_the_best(
    large: tuple[dict[str, object], Floats, Floats],
) -> None:
    table, mean, chances = large
    made = learner(epsilon=4.0).fit(table)
    earns = float((made.predict_proba(table) * mean).sum(axis=1).mean())
    logged, best = float((chances * mean).sum(axis=1).mean()), float(mean.max(axis=1).mean())
    assert earns > best - 0.01 > logged
    assert earns > mean.mean(axis=0).max() + 0.02  # of the constant ones
    told = {one["policy"]: one for one in made.values_}
    assert told["learnt"]["dr"]["low"] <= earns <= told["learnt"]["dr"]["high"]
    assert told["learnt"]["dr"]["low"] > told["logged"]["dr"]["high"]
    assert told["learnt"]["overlap"] == "enough"
    assert (made.predict(table) == np.array(ACTIONS.values)[made.predict_proba(table).argmax(axis=1)]).all()


def test_intervals_cover_the_truth_and_ips_and_dr_are_unbiased() -> None:
    means = world(200_000, 5)[1].mean(axis=0)
    covered, errors = [], []
    for seed in range(24):
        table = world(3_000, 100 + seed)[0]
        made = learner(epsilon=4.0, least_propensity=0.06, knots=2, entropy=TestEntropy(seed)).fit(table)
        for truth, one in zip(means, made.values_[2:], strict=True):
            for kind in ("dr", "ips", "snips"):
                covered.append(one[kind]["low"] <= truth <= one[kind]["high"])
            errors.append([one["dr"]["value"] - truth, one["ips"]["value"] - truth])
    assert np.mean(covered) > 0.92
    spread = np.std(errors, axis=0) / math.sqrt(len(errors) / 3)
    assert (np.abs(np.mean(errors, axis=0)) < 3 * spread).all()


def test_values_without_noise_are_the_textbook_estimates() -> None:
    records, decisions = _drawn(200, 4)
    model = _model(0.3)
    earned, chance = model.earned(records), np.clip(decisions.chance, 0.1, 1)
    policy = model.chosen(earned)
    logged = value.Logged(decisions.taken, decisions.gain, chance, chance > decisions.chance)
    found = value.evaluate(
        logged, value.Scored(policy, earned), ACTIONS, bounds=(10.0, 30.0), least=0.1, spending=None
    )
    at = np.arange(200)
    weight = policy[at, decisions.taken] / chance
    left = decisions.gain - earned[at, decisions.taken]
    dr = float(((policy * earned).sum(axis=1) + weight * left).mean())
    told = found.values[0]
    assert told.dr.value == pytest.approx(10 + 20 * min(max(dr, 0), 1), abs=1e-3)
    assert told.ips.value == pytest.approx(10 + 20 * min((weight * decisions.gain).mean(), 1), abs=1e-3)
    snips = (weight * decisions.gain).sum() / weight.sum()
    assert told.snips.value == pytest.approx(10 + 20 * snips, abs=1e-3)
    assert told.size == pytest.approx(weight.sum() ** 2 / (weight**2).sum(), rel=1e-3)
    assert found.cut == pytest.approx((decisions.chance < 0.1).mean(), abs=1e-3)


def test_propensities_below_the_least_are_cut_and_told(
    large: tuple[dict[str, object], Floats, Floats],
) -> None:
    table = dict(large[0])
    table["p"] = np.where(np.arange(20_000) % 4 == 0, 1e-12, table["p"])
    made = learner(epsilon=8.0, least_propensity=0.1).fit(table)
    assert made.notes_["share_of_propensities_cut_noisy"] == pytest.approx(0.25, abs=0.05)
    assert all(one["dr"]["value"] <= 1 for one in made.values_)


def test_estimated_and_declared_propensities(large: tuple[dict[str, object], Floats, Floats]) -> None:
    table, mean, _ = large
    estimated = learner(propensity=None, epsilon=8.0).fit(table)
    assert "estimated" in estimated.notes_["propensity"]
    for truth, one in zip(mean.mean(axis=0), estimated.values_[2:], strict=True):
        assert one["dr"]["value"] == pytest.approx(truth, abs=0.03)
        assert one["weight"] == pytest.approx(1, abs=0.1)
    rng = np.random.default_rng(1)
    taken = rng.choice(3, 20_000, p=[0.5, 0.3, 0.2])
    drawn = {**table, "action": np.array(ACTIONS.values)[taken]}
    drawn["reward"] = (rng.random(20_000) < mean[np.arange(20_000), taken]).astype(float)
    known = learner(propensity=None, chances={"none": 0.5, "call": 0.3, "visit": 0.2}, epsilon=8.0).fit(drawn)
    for truth, one in zip(mean.mean(axis=0), known.values_[2:], strict=True):
        assert one["ips"]["value"] == pytest.approx(truth, abs=0.04)


@pytest.mark.parametrize("shares", [{"call": 0.2}, {"call": 0.2, "visit": 0.1}])
def test_limits_are_kept_and_those_helped_most_come_first(
    large: tuple[dict[str, object], Floats, Floats], shares: dict[str, float]
) -> None:
    table, mean, _ = large
    made = learner(epsilon=4.0, limits=shares).fit(table)
    given = made.predict_proba(table).mean(axis=0)
    for name, limit in shares.items():
        assert limit - 0.08 < given[ACTIONS.values.index(name)] < limit + 0.02
    assert made.action_shares_ == pytest.approx(given, abs=0.03)
    called = made.predict_proba(table)[:, 1] > 0.5
    assert mean[called, 1].mean() > mean[:, 1].mean() + 0.1


def test_where_all_are_alike_a_draw_fills_the_limit() -> None:
    rng = np.random.default_rng(1)
    taken = rng.integers(0, 2, 8_000)
    table = {
        "area": ["n"] * 8_000, "action": np.array(["none", "visit"])[taken],
        "reward": (rng.random(8_000) < 0.2 + 0.5 * taken).astype(float),
    }  # fmt: skip
    made = PolicyLearner(
        schema=Schema((Categorical("area", ("n",)),)), target=Classes("action", ("none", "visit")),
        reward=REWARD, chances=0.5, limits={"visit": 0.3}, epsilon=4.0, entropy=TestEntropy(1),
    ).fit(table)  # fmt: skip
    assert 0.2 < made.predict_proba(table)[0, 1] <= 0.3


def test_an_action_that_nobody_took_is_never_chosen_and_not_valued() -> None:
    table, _, _ = world(6_000, 3)
    kept = np.asarray(table["action"]) != "visit"
    made = learner(epsilon=4.0).fit({name: np.asarray(one)[kept] for name, one in table.items()})
    assert (made.predict_proba(table)[:, 2] == 0).all()
    told = made.values_[-1]
    assert (told["action"], told["overlap"]) == ("visit", "none")
    assert (told["dr"]["low"], told["dr"]["high"]) == (0.0, 1.0)
    assert "visit" not in made.notes_["actions_that_can_be_chosen"]


@pytest.mark.parametrize("rows", [0, 1, 50])
def test_a_table_without_rows_or_cells_gives_a_policy_that_claims_nothing(rows: int) -> None:
    table = {
        "age": pa.nulls(rows, pa.float64()), "pay": pa.nulls(rows, pa.float64()),
        "area": pa.nulls(rows, pa.string()), "action": pa.array(["none"] * rows, pa.string()),
        "reward": pa.array([1.0] * rows, pa.float64()), "p": pa.array([0.5] * rows, pa.float64()),
    }  # fmt: skip
    for changes in ({}, {"limits": {"visit": 0.2}}, {"propensity": None}, {"temperature": 0.1}):
        made = learner(**changes).fit(table)
        chances = made.predict_proba(world(5, 1)[0])
        assert np.allclose(chances.sum(axis=1), 1)
        assert all(one["overlap"] != "enough" for one in made.values_)
        if "limits" in changes:
            assert chances[:, 2].max() <= 0.2


def test_unknown_actions_rewards_and_propensities_are_left_out() -> None:
    table, _, _ = world(900, 1)
    more = {name: np.concatenate([np.asarray(one, dtype=object), one[:90]]) for name, one in table.items()}
    for place, name in enumerate(("action", "reward", "p")):
        more[name][900 + 30 * place : 930 + 30 * place] = None
    _, _, known = learner()._read(more, ACTIONS, REWARD, Options(Logging(0.05, column=True)))
    assert known.sum() == 900


def test_persons_stand_on_one_side() -> None:
    persons = np.repeat(np.arange(200), 5)
    side = engine._coins(1_000, 0.4, TestEntropy(1), persons)
    assert set(side.reshape(200, 5).sum(axis=1)) == {0, 5}
    table, _, _ = world(1_000, 1)
    assert learner(group=5).fit(table, persons=persons).event_ is not None


def test_a_policy_goes_through_json_and_says_if_it_is_not_private() -> None:
    table, _, _ = world(3_000, 1)
    made = learner(limits={"call": 0.3}).fit(table)
    back = formats.read(made.fitted_.to_json())
    assert back == made.fitted_
    records = Records.read(table, SCHEMA)
    assert (back.predict(records) == made.fitted_.predict(records)).all()
    assert made.fitted_.privacy["private"] is False
    real = learner(entropy=None, neighbours="replace-one", group=2).fit(table).fitted_.privacy
    assert (real["private"], real["stamp"], real["group"]) == (True, "", 2)
    twin = learner().fit_twin(table)
    assert isinstance(twin, PolicyModel)
    assert twin.privacy["private"] is False
    assert twin.values[0].dr.high - twin.values[0].dr.low < 0.2


def test_two_classes_are_a_reward_and_bounds_may_be_any() -> None:
    table, _, _ = world(4_000, 1)
    words = {**table, "reward": np.where(np.asarray(table["reward"]) > 0, "well", "ill")}
    a = learner().fit(table)
    b = learner(reward=Classes("reward", ("ill", "well"), "well")).fit(words)
    assert a.values_ == b.values_
    scaled = {**table, "reward": 1000 + 10 * np.asarray(table["reward"])}
    c = learner(reward=Quantity("reward", 1000, 1010)).fit(scaled)
    assert c.values_[0]["dr"]["value"] == pytest.approx(1000 + 10 * a.values_[0]["dr"]["value"])


def test_temperature_gives_all_actions_a_chance() -> None:
    table, _, _ = world(3_000, 1)
    chances = learner(temperature=0.2, epsilon=8.0).fit(table).predict_proba(table)
    assert chances.min() > 0.01
    assert np.allclose(chances.sum(axis=1), 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"reward": None},
        {"reward": Classes("reward", ("a", "b", "c"))},
        {"least_propensity": 0.0},
        {"least_propensity": 0.5},
        {"chances": 0.5},
        {"propensity": None, "chances": {"none": 0.5}},
        {"propensity": None, "chances": {"none": 0.5, "call": 0.4, "visit": 0.0}},
        {"limits": {"gone": 0.5}},
        {"limits": {"none": 0.2, "call": 0.2, "visit": 0.2}},
        {"limits": {"call": 0.2}, "temperature": 1.0},
    ],
)
def test_what_is_not_declared_is_a_question(changes: dict[str, object]) -> None:
    with pytest.raises(UnansweredError):
        learner(**changes).fit(world(50, 1)[0])


def test_missing_columns_and_guarantees_that_cannot_be_kept_are_refused() -> None:
    table, _, _ = world(50, 1)
    with pytest.raises(MissingColumnError):
        learner().fit({name: one for name, one in table.items() if name != "p"})
    with pytest.raises(UnansweredError):
        learner().fit(np.zeros((5, 3)))
    with pytest.raises(UnsuitableGuaranteeError):
        learner(delta=0.0).fit(table)
    many = Schema((Categorical("area", tuple(map(str, range(5_000)))),))
    with pytest.raises(UnsuitableGuaranteeError):
        learner(schema=many).fit(table)
