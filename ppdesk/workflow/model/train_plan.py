"""What Train will do, from parameters and declarations alone: estimator, columns, target, guarantee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.core.said import said
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UndeclaredTargetError
from ppdesk.train.offers import Offer, Task, offer
from ppdesk.train.schema import Classes, Quantity, Schema, Target
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_policy import actions_of, reward_of
from ppdesk.workflow.step import Heads
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    from ppdesk.train.fitted import Asked

DELTA = 1e-6  # where nobody says otherwise: ten of them fit under the presets' limit for a project
_TWO = 2


@dataclass(frozen=True)
class Plan:
    """The declared columns, and what is learnt about which."""

    offer: Offer
    schema: Schema
    target: Target | None
    reward: Target | None = None  # of a policy

    @property
    def task(self) -> Task:
        return task_of(self.target, self.offer)


def task_of(target: Target | None, chosen: Offer | None = None) -> Task:
    """What a model with this target is for."""
    if chosen is not None and chosen.tasks == (Task.POLICY,):
        return Task.POLICY
    if target is None:
        return Task.NONE
    if isinstance(target, Quantity):
        return Task.QUANTITY
    return Task.BINARY if target.binary else Task.CLASSES


def plan(roles: Head, params: TrainParams) -> Plan:
    """From a ROLES head and what overrides it. UndeclaredFeatureError or UndeclaredTargetError where
    something is not declared; the answer is never looked up in the data."""
    chosen = offer(params.estimator.value)
    if chosen.tasks == (Task.POLICY,):
        return _policy(chosen, roles, params)
    supervised = any(one in chosen.tasks for one in (Task.BINARY, Task.CLASSES, Task.QUANTITY))
    target = target_of(roles, params.target, params.positive) if supervised else None
    name = target.name if target is not None else str(params.target or roles.get("target") or "")
    return Plan(chosen, Schema.from_roles(roles, features_of(roles, params.features, name), name), target)


def _policy(chosen: Offer, roles: Head, params: TrainParams) -> Plan:
    """The target is the action; its reward and propensity are no features."""
    if not params.reward:
        raise UndeclaredTargetError(
            column="(reward)", reason=said("a policy needs a reward; name its column")
        )
    actions = actions_of(roles, params.target)
    reward = reward_of(target_of(roles, params.reward, params.positive))
    gone = (actions.name, reward.name, params.propensity or "")
    if len({*gone}) < len(gone) or set(params.features) & {*gone}:
        raise UndeclaredTargetError(
            column=actions.name, reason=said("action, reward, propensity and features are different columns")
        )
    schema = Schema.from_roles(roles, features_of(roles, params.features, *gone), actions.name)
    return Plan(chosen, schema, actions, reward)


def features_of(roles: Head, named: Sequence[str], *gone: str) -> list[str]:
    return list(named) or [
        str(one.get("name"))
        for one in columns_of(roles)
        if one.get("role") != "direct-identifier" and one.get("name") not in (*gone, Unit.of(roles).column)
    ]


def target_of(roles: Head, named: str | None, positive: str | None) -> Target:
    """What a ROLES head declares of the target. UndeclaredTargetError."""
    name = named or str(roles.get("target") or "")
    entry = next((one for one in columns_of(roles) if one.get("name") == name), None)
    if not name or entry is None:
        raise UndeclaredTargetError(column=name or "(target)", reason=said("no such target is declared"))
    if entry.get("type") == "numeric":
        return Quantity(name, _number(entry, "min"), _number(entry, "max"))
    categories = entry.get("categories")
    classes = tuple(str(one) for one in categories) if isinstance(categories, list | tuple) else ()
    wanted = positive or entry.get("positive")
    if len(classes) == _TWO and wanted is None:
        raise UndeclaredTargetError(
            column=name, reason=said("it is not declared which of its values is positive")
        )
    return Classes(name, classes, None if wanted is None else str(wanted))


def _number(entry: Mapping[str, Any], name: str) -> float:
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def relation(params: TrainParams, table: Head) -> Neighbours:
    """Under which relation the guarantee is stated. How many records Clean may change is known for a record
    that is replaced, so where it may change others the relation is replace-one."""
    known = offer(params.estimator.value).relations
    if params.neighbours is not None:
        return params.neighbours
    steady = stability(table)
    wanted = Neighbours.ADD_REMOVE if steady == 1 else Neighbours.REPLACE_ONE
    return wanted if wanted in known else known[0]


def delta(params: TrainParams) -> float:
    """The delta that is asked for."""
    if params.delta is not None:
        return params.delta
    return 0.0 if offer(params.estimator.value).delta_zero else DELTA


def asked(params: TrainParams, heads: Heads, group: int) -> "Asked":
    """The guarantee to keep. ImpossibleCostError."""
    from ppdesk.train.fitted import Asked

    table = heads.get(Kind.TABLE, {})
    return Asked(params.epsilon, delta(params), relation(params, table), group)
