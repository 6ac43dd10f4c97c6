"""A policy, as plain JSON.

Format "ppdesk-policy-1":

    {"format": "ppdesk-policy-1", "estimator": "policy",
     "columns": [...],                    the contexts
     "target": {...}, "reward": {...},    the actions, and what they were rewarded by
     "knots": 1, "grid": 4096, "cells": ["age", ...],
     "weights": [[intercept, ...], ...],  of each action, then in the order of cells
     "supported": [true, ...],            actions with enough records to be chosen
     "limits": [1, 0.2, ...], "high": [...], "low": [...], "mix": m, "temperature": t,
     "values": [...], "shares": [...], "logging": {...}, "privacy": {...}}

A record's cells are those of `ppdesk.train.moments.coding` divided by the grid. The reward of an action is
weights . cells in units where the reward's bounds are -1 and 1, cut to these, and put on 0..1. Prices `high`
(with chance 1 - mix) or `low` are taken off; the best supported action is taken, the first among equals; or
with a temperature t, actions in proportion to exp(reward / t). Where no action is supported, each is taken in
proportion to its limit.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.moments.claim import opened
from ppdesk.train.moments.coding import Coding
from ppdesk.train.policy.learn import across, earned
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Quantity, Schema, Target, target_from_json

FORMAT = "ppdesk-policy-1"
KEY = "policy"


@dataclass(frozen=True)
class Estimate:
    """A policy's mean reward in the reward's unit, with an interval of 95 % that holds sampling and noise."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Value:
    """What a policy is worth. `policy`: "learnt", "logged" or "always"; `action` of the last. `dr`, `ips`,
    `snips`: doubly robust, by inverse propensities, self-normalised; of the logged policy all are the mean.
    `overlap`: "enough", "little" or "none"; `size`: the effective number of records, noisy; `weight`: the
    mean importance weight, which is 1 where propensities are right."""

    policy: str
    action: str
    dr: Estimate
    ips: Estimate
    snips: Estimate
    size: float
    weight: float
    overlap: str


@dataclass(frozen=True)
class PolicyModel:
    """See the head of this file. `weights`, (K, d + 1)."""

    schema: Schema
    actions: Classes
    reward: Target
    knots: int
    grid: int
    weights: tuple[tuple[float, ...], ...]
    supported: tuple[bool, ...]
    limits: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    mix: float
    temperature: float
    values: tuple[Value, ...]
    shares: tuple[float, ...]  # of people that get each action, noisy; empty where not measured
    logging: Mapping[str, Json]
    privacy: Mapping[str, Json]

    def __post_init__(self) -> None:
        many = len(self.actions.values)
        if {len(one) for one in (self.weights, self.supported, self.limits, self.high, self.low)} != {many}:
            raise BadModelError(reason="it has not one entry for each action")
        if any(len(one) != self.coding.width + 1 for one in self.weights):
            raise BadModelError(reason="it has not one weight for each cell of its columns")
        numbers = [*self.high, *self.low, *self.limits, self.mix, self.temperature]
        if not (np.isfinite(self.weights).all() and np.isfinite(numbers).all()):
            raise BadModelError(reason="a weight is not a number")
        if not (0 <= self.mix <= 1 and self.temperature >= 0):
            raise BadModelError(reason="a chance or the temperature is out of range")

    @property
    def estimator(self) -> str:
        return KEY

    @property
    def target(self) -> Target:
        """The actions."""
        return self.actions

    @cached_property
    def coding(self) -> Coding:
        """How a record becomes cells."""
        return Coding(self.schema, knots=self.knots, category=self.grid, grid=self.grid)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the reward."""
        return (self.reward.low, self.reward.high) if isinstance(self.reward, Quantity) else (0.0, 1.0)

    def earned(self, records: Records) -> Floats:
        """The estimated reward of each action as a share of its bounds, (n, K) float64."""
        return earned(np.array(self.weights), self.coding, records)

    def rewards(self, records: Records) -> Floats:
        """The same in the reward's unit."""
        low, high = self.bounds
        share = self.earned(records)
        found: Floats = low * (1 - share) + high * share
        return found

    def predict(self, records: Records) -> Floats:
        """The chance with which each action is taken, (n, K) float64, rows sum to 1, in the order of the
        declared actions. All chances are 0 or 1 but for a temperature, or a limit that is filled by a
        draw."""
        return self.chosen(self.earned(records))

    def chosen(self, earned: Floats) -> Floats:
        """`predict` from the estimated rewards, (n, K)."""
        supported = np.array(self.supported)
        if not supported.any():
            shares = np.array(self.limits)
            return np.tile(shares / shares.sum(), (len(earned), 1))
        able = np.where(supported, earned, -np.inf)
        if self.temperature > 0:
            raised = _exp((able - able.max(axis=1, keepdims=True)) / self.temperature)
            soft: Floats = raised / across(raised)[:, None]
            return soft
        found: Floats = (1 - self.mix) * _best(able - np.array(self.high))
        if self.mix:
            found += self.mix * _best(able - np.array(self.low))
        return found

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": KEY,
                "columns": self.schema.to_json(),
                "target": self.actions.to_json(),
                "reward": self.reward.to_json(),
                "knots": self.knots,
                "grid": self.grid,
                "cells": list(self.coding.names),
                "weights": [list(one) for one in self.weights],
                "supported": list(self.supported),
                "limits": list(self.limits),
                "high": list(self.high),
                "low": list(self.low),
                "mix": self.mix,
                "temperature": self.temperature,
                "values": [asdict(one) for one in self.values],
                "shares": list(self.shares),
                "logging": dict(self.logging),
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> "PolicyModel":
        """The model that `to_json` wrote. BadModelError."""
        found = opened(data, FORMAT)
        try:
            actions = target_from_json(found["target"])
            if not isinstance(actions, Classes):
                raise BadModelError(reason="its actions are no categories")
            return cls(
                Schema.from_list(found["columns"]),
                actions,
                target_from_json(found["reward"]),
                int(found["knots"]),
                int(found["grid"]),
                tuple(_floats(one) for one in found["weights"]),
                tuple(one is True for one in found["supported"]),
                _floats(found["limits"]),
                _floats(found["high"]),
                _floats(found["low"]),
                float(found["mix"]),
                float(found["temperature"]),
                tuple(_value(one) for one in found["values"]),
                _floats(found["shares"]),
                dict(found["logging"]),
                dict(found["privacy"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadModelError(reason=f"a part is missing or wrong ({type(error).__name__})") from None


def _best(scores: Floats) -> Floats:
    """1 for the best of each row, the first among equals."""
    found = np.zeros(scores.shape)
    found[np.arange(len(scores)), scores.argmax(axis=1)] = 1.0
    return found


def _exp(values: Floats) -> Floats:
    """One by one: NumPy's own may differ in the last bit by where an element stands."""
    found: Floats = np.fromiter(map(math.exp, values.ravel().tolist()), np.float64, values.size)
    return found.reshape(values.shape)


def _floats(untrusted: object) -> tuple[float, ...]:
    if not isinstance(untrusted, list):
        raise TypeError("a list of numbers is expected")
    return tuple(float(one) for one in untrusted)


def _value(untrusted: Mapping[str, object]) -> Value:
    told = {name: Estimate(**_figures(untrusted[name])) for name in ("dr", "ips", "snips")}
    size, weight = _floats([untrusted["size"], untrusted["weight"]])
    return Value(
        str(untrusted["policy"]),
        str(untrusted["action"]),
        told["dr"],
        told["ips"],
        told["snips"],
        size,
        weight,
        str(untrusted["overlap"]),
    )


def _figures(untrusted: object) -> dict[str, float]:
    if not isinstance(untrusted, Mapping):
        raise TypeError("an estimate is expected")
    return {name: float(untrusted[name]) for name in ("value", "low", "high")}
