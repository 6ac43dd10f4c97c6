"""What Train keeps of a fit: the model with its claim, the split, the head and the facts."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.said import said
from ppdesk.privacy import events
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import BadModelError
from ppdesk.train.formats import format_of
from ppdesk.train.group_privacy import mechanism_epsilon
from ppdesk.train.offers import Task
from ppdesk.train.schema import Classes, Numeric
from ppdesk.workflow.model import train_pairs, train_policy
from ppdesk.workflow.model.train_facts import FeatureFact, ShapeFact, TermFact, TrainFacts
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_work import Done
from ppdesk.workflow.reading import found_settings, kept
from ppdesk.workflow.same_table import mark
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    import pyarrow as pa

_STRONGEST = 12  # terms that the record names
_SHAPES = 6  # features whose shape it keeps


def claim(done: Done, inputs: Inputs, ctx: Context) -> dict[str, Json]:
    """What is claimed for the model: what the estimator says, and whom it counts."""
    table = inputs[Kind.TABLE].head
    claimed: dict[str, Json] = {
        "mechanism": done.plan.offer.title,
        **done.estimator.fitted_.privacy,
        "epsilon": done.asked.epsilon,
        "delta": done.asked.delta,
        "neighbours": done.asked.neighbours.value,
        "unit": Unit.of(inputs[Kind.ROLES].head).to_json(),
        "private": ctx.entropy.private,
        "stamp": ctx.stamp,
    }
    if done.asked.group > 1:
        claimed["stability"] = stability(table)
    return claimed


def model(done: Done, claimed: Mapping[str, Json]) -> bytes:
    """The model's JSON with the whole claim in it."""
    value = json.loads(done.estimator.fitted_.to_json())
    if not isinstance(value, dict):
        raise BadModelError(reason=said("it is no JSON object"))
    return canonical({**value, "privacy": dict(claimed)})


def split(done: Done) -> "pa.Table":
    """Which records were held out, and, where some of the others were not trained on, which were kept."""
    import pyarrow as pa

    used = done.used
    places = pa.table({"row": pa.array(np.arange(used.held.size)), "held_out": pa.array(used.held)})
    all_kept = used.bounded is None and bool(used.kept.all())
    return places if all_kept else places.append_column("kept", pa.array(used.kept))


def head(done: Done, claimed: Mapping[str, Json], table: Head) -> dict[str, Json]:
    """What later steps may know without the model itself."""
    target = done.plan.target
    told: dict[str, Json] = {
        "estimator": done.plan.offer.key,
        "task": done.plan.task.value,
        "features": list(done.plan.schema.names),
        "target": None if target is None else target.name,
        "threshold": _threshold(done),
        "format": format_of(done.estimator.fitted_.to_json()),
    }
    if done.plan.reward is not None:
        told["reward"] = done.plan.reward.name
    if isinstance(target, Classes):
        told["classes"] = list(target.values)
        if done.plan.task is Task.BINARY:
            told |= {"negative": target.values[0], "positive": target.values[1]}
    return {**told, **mark(table), **kept(table), **claimed}


def training(params: TrainParams, done: Done, validated: float = 0.0) -> dict[str, Json]:
    """For the head: what it takes to train another model in the same way. `held`: of the units that were
    trained on or held out, the chance with which each was held out by a draw of its own; None where a fixed
    number was. `validated`: the chance with which one that was not held out was used for choosing."""
    each = done.asked.neighbours is Neighbours.ADD_REMOVE or done.used.bounded is not None
    share = params.held_out / (params.held_out + (1 - params.held_out) * (1 - validated))
    return {"training": {"settings": params.model_dump(mode="json"), "held": share if each else None}}


def facts(done: Done, params: TrainParams, inputs: Inputs, ctx: Context) -> TrainFacts:
    """For the record."""
    table, unit = inputs[Kind.TABLE].head, Unit.of(inputs[Kind.ROLES].head)
    used, target, fitted, bounded = done.used, done.plan.target, done.estimator.fitted_, done.used.bounded
    notes = _plain(done.estimator.notes_)
    two = done.plan.task is Task.BINARY
    pure = done.plan.offer.delta_zero
    return TrainFacts(
        estimator=done.plan.offer.key,
        title=done.plan.offer.title,
        task=done.plan.task.value,
        target="" if target is None else target.name,
        classes=target.values if isinstance(target, Classes) else (),
        positive=target.values[1] if two and isinstance(target, Classes) else "",
        negative=target.values[0] if two and isinstance(target, Classes) else "",
        features=[FeatureFact(name=one.name, domain=one.domain) for one in done.plan.schema.columns],
        columns=int(notes.get("coefficients") or 0),
        epsilon=done.asked.epsilon,
        delta=done.asked.delta,
        neighbours=done.asked.neighbours.value,
        regularization=notes.get("regularization") if pure else None,
        by_rule=bool(notes.get("by_rule", True)),
        noise_epsilon=notes.get("noise_epsilon") if pure else None,
        rare_noise=notes.get("rare_noise") if pure else None,
        trained=int(used.trained.sum()),
        held_out=int((used.held & used.known).sum()),
        left_out=int((~used.known & used.kept).sum()),
        strongest=_strongest(fitted),
        threshold=_threshold(done),
        threshold_from=_threshold_from(done),
        private=ctx.entropy.private,
        stamp=ctx.stamp,
        unit_column=unit.column,
        most_rows=unit.most_rows,
        stability=stability(table) or 1,
        group=done.asked.group,
        mechanism_epsilon=mechanism_epsilon(done.asked.epsilon, done.asked.group) if pure else None,
        persons=0 if bounded is None else bounded.persons,
        persons_held_out=0 if bounded is None else int(np.unique(bounded.codes[used.held]).size),
        over_bound=0 if bounded is None else bounded.over,
        without_id=0 if bounded is None else bounded.without_id,
        found_out=found_settings(table),
        mechanism=str(fitted.privacy.get("mechanism") or ""),
        notes=notes,
        event=events.to_json(done.estimator.event_),
        shapes=tuple(_shapes(fitted)),
        pairs=train_pairs.pairs(fitted),
        declared_rows=params.rows,
        reward="" if done.plan.reward is None else done.plan.reward.name,
        policies=train_policy.policies(fitted),
        action_shares=train_policy.shares(fitted),
        limits=train_policy.limits(fitted),
    )


def _threshold(done: Done) -> float | None:
    """The model's own, where there are two classes."""
    if done.plan.task is not Task.BINARY:
        return None
    own = getattr(done.estimator.fitted_, "threshold", None)
    return 0.5 if own is None else float(own)


def _threshold_from(done: Done) -> str:
    """How the threshold came about. A declared one is the estimator's own setting."""
    if done.plan.task is not Task.BINARY:
        return ""
    if getattr(done.estimator, "threshold", None) is not None:
        return "declared"
    fitted, chosen = done.estimator.fitted_, done.estimator.notes_.get("threshold_chosen")
    if chosen is None:  # the additive model keeps what it chose by policy
        chosen = getattr(fitted, "policy", None) in getattr(fitted, "thresholds", ())
    return "chosen" if chosen else "half"


def _strongest(fitted: Any) -> list[TermFact]:
    """The terms that move the log-odds most. All of the model is covered by the claim, so these are too."""
    if not hasattr(fitted, "terms") or not callable(fitted.terms):
        return []
    target = fitted.target
    several = target.values if isinstance(target, Classes) and not target.binary else ("",)
    told = []
    for name, value in fitted.terms():  # one number, or one for each class against the rest
        each = value if isinstance(value, tuple) else (value,)
        told += [(f"{name} ({of})" if of else name, one) for of, one in zip(several, each, strict=True)]
    pairs = sorted(told, key=lambda pair: (-abs(pair[1]), pair[0]))
    return [TermFact(name=name, log_odds=float(value)) for name, value in pairs[:_STRONGEST]]


def _shapes(fitted: Any) -> list[ShapeFact]:
    """The functions that move the answer most, where the model has some."""
    if not hasattr(fitted, "shapes") or not callable(fitted.shapes):
        return []
    target = fitted.target
    several = target.values if isinstance(target, Classes) and not target.binary else ("",)
    found = [_shape(one, place, of) for one in fitted.shapes() for place, of in enumerate(several)]
    found.sort(key=lambda one: (min(one.effect) - max(one.effect), one.name, one.of))
    return found[:_SHAPES]


def _shape(one: Any, place: int, of: str) -> ShapeFact:
    """One column's function of one score: `values` and `sds`, (bins, K), numbers in bins by inner `edges`."""
    column = one.column
    numeric = isinstance(column, Numeric)
    return ShapeFact(
        name=column.name,
        of=of,
        labels=(said("missing"),) if numeric else (*column.categories, said("other or missing")),
        edges=(column.low, *one.edges, column.high) if numeric else (),
        effect=tuple(float(row[place]) for row in one.values),
        deviation=tuple(float(row[place]) for row in one.sds),
    )


def _plain(value: Any) -> Any:
    """Notes as JSON has them."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and np.isfinite(value)):
        return value
    return str(value)
