"""Events as plain values for the chain, and back: exactly what this version writes is read, nothing else."""

from collections.abc import Mapping
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.privacy.events.kinds import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    Laplace,
    Neighbours,
    NoEvent,
    PoissonSampled,
    RandomTuned,
    SelfComposed,
    Stated,
    UnknownEventError,
    ZeroConcentrated,
)
from ppdesk.privacy.events.numbers import ImpossibleCostError
from ppdesk.privacy.events.trials import NegativeBinomialTrials, PoissonTrials, Trials

_DEEPEST = 50  # levels of events within events

# the fields of each kind, in the order of its constructor
_FIELDS: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "none": (NoEvent, ()),
    "epsilon-delta": (EpsilonDelta, ("epsilon", "delta", "neighbours")),
    "gaussian": (Gaussian, ("noise_multiplier", "neighbours")),
    "laplace": (Laplace, ("noise_multiplier", "neighbours")),
    "zero-concentrated": (ZeroConcentrated, ("rho", "neighbours")),
    "poisson-sampled": (PoissonSampled, ("rate", "event", "group")),
    "self-composed": (SelfComposed, ("event", "count")),
    "composed": (Composed, ("events",)),
    "random-tuned": (RandomTuned, ("event", "trials")),
    "stated": (Stated, ("epsilon", "delta", "neighbours", "event")),
}
_TRIALS: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "negative-binomial": (NegativeBinomialTrials, ("eta", "gamma")),
    "poisson": (PoissonTrials, ("mean",)),
}
_WHOLE = ("group", "count")


def to_json(event: DpEvent) -> dict[str, Json]:
    """The event as plain values for the chain. UnknownEventError for any other type."""
    return _write(event, _FIELDS)


def from_json(value: Mapping[str, Json]) -> DpEvent:
    """The event that `value` says. UnknownEventError for anything this version would not have written:
    what cannot be read is refused, because leaving it out would make the total too small. ImpossibleCostError
    for a cost that is no number, negative or not finite."""
    found: DpEvent = _read(value, _FIELDS, 0)
    return found


def _write(event: object, kinds: Mapping[str, tuple[type[Any], tuple[str, ...]]]) -> dict[str, Json]:
    for kind, (made, names) in kinds.items():
        if type(event) is made:
            return {"kind": kind, **{name: _plain(name, getattr(event, name)) for name in names}}
    raise UnknownEventError(kind=type(event).__name__)


def _plain(name: str, value: Any) -> Json:
    if name == "neighbours":
        return str(Neighbours(value).value)
    if name == "event":
        return to_json(value)
    if name == "events":
        return [to_json(inner) for inner in value]
    if name == "trials":
        return _write(value, _TRIALS)
    number: float | int = value
    return number


def _read(value: Json, kinds: Mapping[str, tuple[type[Any], tuple[str, ...]]], depth: int) -> Any:
    if not isinstance(value, Mapping):
        raise UnknownEventError(kind=type(value).__name__)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in kinds or depth > _DEEPEST:
        raise UnknownEventError(kind=str(kind))
    made, names = kinds[kind]
    if set(value) != {"kind", *names}:
        raise UnknownEventError(kind=kind)
    return made(*(_field(kind, name, value[name], depth) for name in names))


def _field(kind: str, name: str, value: Json, depth: int) -> Any:
    if name == "neighbours":
        if value not in tuple(Neighbours):
            raise UnknownEventError(kind=f"{kind} under {value}")
        return Neighbours(str(value))
    if name == "event":
        return _read(value, _FIELDS, depth + 1)
    if name == "events":
        if not isinstance(value, list):
            raise UnknownEventError(kind=kind)
        return tuple(_read(item, _FIELDS, depth + 1) for item in value)
    if name == "trials":
        return _trials(value)
    if name in _WHOLE:
        return value  # the event itself takes whole numbers only
    return _number(value, name)


def _trials(value: Json) -> Trials:
    found: Trials = _read(value, _TRIALS, 0)
    return found


def _number(found: Json, name: str) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ImpossibleCostError(name=name)
    try:
        return float(found)
    except OverflowError:  # a whole number beyond the range of floats
        raise ImpossibleCostError(name=name) from None
