"""What happened to the data, in terms an accountant understands.

The shape follows Google's dp-accounting (`DpEvent`): an event states a fact, an accountant gives it
a meaning, and an event it does not know is refused, never skipped.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit

_DEEPEST = 50  # levels of composed events within composed ones


class Neighbours(StrEnum):
    """Which two tables a guarantee compares."""

    ADD_REMOVE = "add-or-remove-one"
    REPLACE_ONE = "replace-one"


class UnknownEventError(CodedError):
    """The record holds a privacy event of kind {kind} that this version cannot account for."""

    code = "PP-PRIVACY-001"
    exit = Exit.INTEGRITY
    todo = "Open the project with the version of ppdesk that wrote it."


class ImpossibleCostError(CodedError):
    """A privacy cost must be a finite number of at least zero, with delta below one; {name} is not."""

    code = "PP-PRIVACY-002"
    exit = Exit.REFUSED
    todo = "Correct epsilon or delta. Nothing was spent."


@dataclass(frozen=True)
class NoEvent:
    """Nothing that a differential privacy budget pays for. Not a statement that nothing was learnt."""


@dataclass(frozen=True)
class EpsilonDelta:
    """A mechanism known only by its guarantee: (epsilon, delta)-DP under `neighbours`."""

    epsilon: float
    delta: float
    neighbours: Neighbours

    def __post_init__(self) -> None:
        if not (is_finite(self.epsilon) and self.epsilon >= 0):
            raise ImpossibleCostError(name="epsilon")
        if not (is_finite(self.delta) and 0 <= self.delta < 1):
            raise ImpossibleCostError(name="delta")


@dataclass(frozen=True)
class Composed:
    """Several events on the same data, one after the other."""

    events: tuple["DpEvent", ...]


DpEvent: TypeAlias = NoEvent | EpsilonDelta | Composed


def to_json(event: DpEvent) -> dict[str, Json]:
    """The event as plain values for the chain."""
    if isinstance(event, NoEvent):
        return {"kind": "none"}
    if isinstance(event, EpsilonDelta):
        return {
            "kind": "epsilon-delta",
            "epsilon": event.epsilon,
            "delta": event.delta,
            "neighbours": event.neighbours.value,
        }
    return {"kind": "composed", "events": [to_json(inner) for inner in event.events]}


def from_json(value: Mapping[str, Json]) -> DpEvent:
    """The event that `value` says. UnknownEventError for anything this version would not have written:
    what cannot be read is refused, because leaving it out would make the total too small. ImpossibleCostError
    for a cost that is no number, negative or not finite."""
    return _read(value, 0)


def _read(value: Mapping[str, Json], depth: int) -> DpEvent:
    kind = value.get("kind")
    if kind == "none" and len(value) == 1:
        return NoEvent()
    if kind == "epsilon-delta" and set(value) == {"kind", "epsilon", "delta", "neighbours"}:
        neighbours = value.get("neighbours")
        if neighbours not in tuple(Neighbours):
            raise UnknownEventError(kind=f"{kind} under {neighbours}")
        return EpsilonDelta(
            epsilon=_number(value, "epsilon"),
            delta=_number(value, "delta"),
            neighbours=Neighbours(str(neighbours)),
        )
    inner = value.get("events")
    if kind == "composed" and isinstance(inner, list) and len(value) == 2 and depth < _DEEPEST:
        return Composed(tuple(_read(_mapping(item), depth + 1) for item in inner))
    raise UnknownEventError(kind=str(kind))


def _mapping(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise UnknownEventError(kind=type(value).__name__)
    return value


def is_finite(value: object) -> bool:
    """Whether `value` is a number in the range of floats; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond that range
        return False


def _number(value: Mapping[str, Json], name: str) -> float:
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ImpossibleCostError(name=name)
    try:
        return float(found)
    except OverflowError:  # a whole number beyond the range of floats
        raise ImpossibleCostError(name=name) from None
