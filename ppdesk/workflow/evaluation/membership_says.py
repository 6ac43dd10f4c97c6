"""What a model says of one record, as one number: higher where it fits the record better."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.assess.arrays import Floats
from ppdesk.assess.membership.attack import Chance
from ppdesk.core.said import said
from ppdesk.train.fitted import Fitted
from ppdesk.train.offers import Task
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Quantity, Target
from ppdesk.workflow.models import Model

_LEAST = 1e-12  # a probability below says no more
_CHUNK = 2**14  # records at a time

# (the model, records, (n,) what each holds: the place of its class, its number, or its action) -> (n,)
Spoken = Callable[[Any, Records, Any], Floats]


@dataclass(frozen=True)
class Says:
    """`words`: what is looked at. `chance`: how it tells a probability."""

    words: str
    chance: Chance
    of: Spoken


def says_of(model: Model) -> Says:
    """What attacks look at, by what the model is for."""
    if model.task is Task.POLICY:
        return Says(said("how far the estimated reward of the action taken is from the reward"), "", _reward)
    if model.task is Task.QUANTITY:
        return Says(said("how far the predicted number is from the record's"), "", _error)
    if model.task is Task.NONE:
        return _without_target(model.fitted)
    return Says(said("the log-odds of the record's own class"), "logit", _log_odds)


def _without_target(fitted: Fitted) -> Says:
    if fitted.estimator == "histogram":
        return Says(
            said("the log of the record's chance"), "log", lambda one, records, _: -one.predict(records)
        )
    if fitted.estimator == "pca":
        return Says(said("how far the record is from the plane of the components"), "", _from_plane)
    return Says(said("how far the record is from the nearest centre"), "", _from_centre)


def _log_odds(fitted: Fitted, records: Records, found: Any) -> Floats:
    chances = fitted.predict(records)
    at = np.arange(records.rows)
    own = chances[at, found]
    rest = chances.copy()
    rest[at, found] = 0.0  # not 1 - own, which is 0 where own is close to 1
    odds: Floats = np.log(np.maximum(own, _LEAST)) - np.log(np.maximum(rest.sum(axis=1), _LEAST))
    return odds


def _error(fitted: Fitted, records: Records, found: Any) -> Floats:
    return _closeness(fitted.predict(records), found, fitted.target)


def _reward(fitted: Any, records: Records, found: Any) -> Floats:
    taken, gain = found
    return _closeness(fitted.rewards(records)[np.arange(records.rows), taken], gain, fitted.reward)


def _closeness(said: Floats, found: Any, target: Target | None) -> Floats:
    """Minus the distance, as a share of the declared bounds."""
    width = (target.high / 2 - target.low / 2) * 2 if isinstance(target, Quantity) else 1.0
    close: Floats = -np.abs(said / width - np.asarray(found, dtype=np.float64) / width)
    return close


def _from_centre(fitted: Any, records: Records, found: Any) -> Floats:  # noqa: ARG001 - as the others
    parts = [
        fitted.distances(records.take(np.arange(start, min(start + _CHUNK, records.rows)))).min(axis=1)
        for start in range(0, records.rows, _CHUNK)
    ]
    near: Floats = -np.concatenate(parts) if parts else np.empty(0)
    return near


def _from_plane(fitted: Any, records: Records, found: Any) -> Floats:  # noqa: ARG001 - as the others
    on, off = fitted.predict(records), np.empty(records.rows)
    for start in range(0, records.rows, _CHUNK):
        part = slice(start, start + _CHUNK)
        away = fitted.coding.rows(records, start, start + _CHUNK) / fitted.grid - np.array(fitted.mean)
        off[part] = ((away - on[part] @ np.array(fitted.components)) ** 2).sum(axis=1)
    return -np.sqrt(off)


def holds(model: Model, found: Any, gain: Any) -> Any:
    """What `Says.of` wants of each record, from what `models.targets` gave of target and reward."""
    if model.task is Task.POLICY:
        return np.asarray(found, dtype=np.intp), np.asarray(gain, dtype=np.float64)
    return np.asarray(found, dtype=np.intp) if isinstance(model.fitted.target, Classes) else found


def take(found: Any, places: Any) -> Any:
    """`holds` of the records at `places`."""
    return tuple(one[places] for one in found) if isinstance(found, tuple) else found[places]
