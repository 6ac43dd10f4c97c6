"""Learns a policy and tells what it is worth. The claim and its proof: the package's docstring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.linear.fit import whole_answers
from ppdesk.train.moments.claim import TWIN, claim
from ppdesk.train.moments.mechanism import Spending, cost_of
from ppdesk.train.policy import learn, limits, value
from ppdesk.train.policy.model import PolicyModel
from ppdesk.train.policy.options import Options
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Quantity, Schema, Target

_LIMITS_SHARE = 0.1
_GAIN = Quantity("reward", 0.0, 1.0)
Tick = Callable[[], None]


@dataclass(frozen=True)
class Decisions:
    """What was logged, (n,) each: the place of the action among the declared ones, its reward in 0..1 between
    the declared bounds, and its propensity, NaN where none is told."""

    taken: learn.Codes
    gain: Floats
    chance: Floats

    def take(self, which: learn.Bools) -> "Decisions":
        return Decisions(self.taken[which], self.gain[which], self.chance[which])


def cost(
    asked: Asked,
    schema: Schema | None = None,
    target: Target | None = None,
    options: Options | None = None,
) -> DpEvent:
    """What a fit will cost: known from what is asked alone. The others are what every estimator is given."""
    del schema, target, options
    return cost_of(asked)


def fit(
    records: Records,
    decisions: Decisions,
    asked: Asked,
    actions: Classes,
    reward: Target,
    *,
    options: Options,
    entropy: Entropy,
    tick: Tick,
    persons: "npt.NDArray[np.int64] | None" = None,
) -> Trained:
    """Learn with the guarantee `asked`. `persons`, (n,): all records of one are put on one side."""
    learning = Spending(asked, entropy)
    side = _coins(records.rows, options.evaluation, entropy, persons)
    said = claim(asked, entropy, learning.mu)
    model, learnt = _learn(
        records.take(~side),
        decisions.take(~side),
        actions,
        reward,
        options=options,
        spending=learning,
        tick=tick,
        said=said,
    )
    measuring = Spending(asked, entropy)
    measuring.numbers = learning.numbers  # what the slack is proved for holds for both together
    worth = _worth(
        records.take(side), decisions.take(side), model, learnt, options=options, spending=measuring
    )
    model = replace(model, values=worth.values, shares=worth.shares)
    notes: dict[str, Any] = {
        "knots": model.knots,
        "cells": model.coding.width,
        "noise_inputs": learnt.noise,
        "records_of_actions_noisy": dict(zip(actions.values, learnt.counts.tolist(), strict=True)),
        "actions_that_can_be_chosen": [
            name for name, can in zip(actions.values, model.supported, strict=True) if can
        ],
        "evaluation_share": options.evaluation,
        "evaluation_records_noisy": worth.records,
        "propensity": options.logging.words,
        "least_propensity": options.logging.least,
        "share_of_propensities_cut_noisy": worth.cut,
    }
    return Trained(model, cost_of(asked), notes)


def fit_twin(
    records: Records,
    decisions: Decisions,
    actions: Classes,
    reward: Target,
    *,
    options: Options,
    entropy: Entropy,
    tick: Tick,
) -> PolicyModel:
    """The same without noise: for comparison, never to be released."""
    side = _coins(records.rows, options.evaluation, entropy, None)
    model, learnt = _learn(
        records.take(~side),
        decisions.take(~side),
        actions,
        reward,
        options=options,
        spending=None,
        tick=tick,
        said=TWIN,
    )
    worth = _worth(records.take(side), decisions.take(side), model, learnt, options=options, spending=None)
    return replace(model, values=worth.values, shares=worth.shares)


def _coins(rows: int, share: float, entropy: Entropy, persons: "npt.NDArray[np.int64] | None") -> learn.Bools:
    """Which records are on the evaluation side, (n,): a coin for each record, or for each person."""
    generator = np.random.default_rng(int.from_bytes(entropy.take(32), "big"))
    if persons is None:
        return np.asarray(generator.random(rows) < share)
    each, place = np.unique(persons, return_inverse=True)
    return np.asarray((generator.random(len(each)) < share)[place])


def _learn(
    records: Records,
    decisions: Decisions,
    actions: Classes,
    reward: Target,
    *,
    options: Options,
    spending: Spending | None,
    tick: Tick,
    said: Mapping[str, Json],
) -> tuple[PolicyModel, learn.Learnt]:
    shares = options.shares(actions)
    many = len(actions.values)
    kept = _LIMITS_SHARE if limits.rounds_of(shares) else 0.0
    learnt = learn.learn(
        records,
        decisions.taken,
        whole_answers(decisions.gain, _GAIN),
        many,
        options,
        spending=spending,
        share=1 - kept,
        tick=tick,
    )
    able = learnt.supported
    if sum(share for share, can in zip(shares, able, strict=True) if can) < 1 and able.any():
        able = np.ones(many, np.bool_)  # the limits leave no other way than to take them all
    prices = limits.free(many)
    if kept:
        found = learn.earned(learnt.weights, learnt.coding, records)
        prices = limits.priced(found, able, shares, spending=spending, share=kept, tick=tick)
    model = PolicyModel(
        records.schema,
        actions,
        reward,
        learnt.coding.knots,
        learnt.coding.grid,
        tuple(tuple(float(one) for one in row) for row in learnt.weights),
        tuple(bool(one) for one in able),
        shares,
        tuple(float(one) for one in prices.high),
        tuple(float(one) for one in prices.low),
        prices.mix,
        float(options.temperature),
        (),
        (),
        {"propensity": options.logging.words, "least": options.logging.least},
        dict(said),
    )
    return model, learnt


def _worth(
    records: Records,
    decisions: Decisions,
    model: PolicyModel,
    learnt: learn.Learnt,
    *,
    options: Options,
    spending: Spending | None,
) -> value.Worth:
    logging = options.logging
    if logging.chances is not None:
        told = np.array(logging.chances)[decisions.taken]
    elif logging.column:
        told = decisions.chance
    else:
        every = learn.propensities(learnt, records, logging.least)
        told = every[np.arange(records.rows), decisions.taken]
    chance = np.clip(told, logging.least, 1.0)
    logged = value.Logged(decisions.taken, decisions.gain, chance, chance > told)
    earned = model.earned(records)
    return value.evaluate(
        logged,
        value.Scored(model.chosen(earned), earned),
        model.actions,
        bounds=model.bounds,
        least=logging.least,
        spending=spending,
    )
