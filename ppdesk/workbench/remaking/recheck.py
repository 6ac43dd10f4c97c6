"""Which findings of the record can be made again, and making one or all of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ppdesk.core.said import said
from ppdesk.workbench.remaking import chain, costs, drift, risk
from ppdesk.workbench.remaking.errors import NothingToRemakeError
from ppdesk.workbench.remaking.views import Record, Remade, not_held

if TYPE_CHECKING:
    from ppdesk.store.events import Event

KINDS: Final[Mapping[str, tuple[str, Callable[[Record, "Event"], Remade]]]] = {
    costs.COST: (said("Cost of a run"), costs.cost),
    costs.BUDGET: (said("Budget in a report"), costs.budget),
    risk.RISK: (said("Risk from class sizes"), risk.risk),
    risk.LIMITS: (said("Thresholds"), risk.limits),
    drift.DRIFT: (said("Drift"), drift.drift),
    chain.SIGNATURE: (said("Signature"), chain.signature),
    chain.EVENT: (said("Hash of an event"), chain.event_hash),
}
_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "anonymize": (risk.RISK, risk.LIMITS),
    "attack": (risk.LIMITS,),
    "audit": (risk.LIMITS,),
    "monitor": (drift.DRIFT,),
    "report": (costs.BUDGET,),
}


@dataclass(frozen=True)
class Offer:
    """A finding that can be made again."""

    event: int
    what: str
    title: str
    of: str  # the step or kind of event


def kinds_of(event: "Event") -> tuple[str, ...]:
    """What of `event` can be made again beside its own hash."""
    if event.outcome == "reserved":
        return (costs.COST,)
    if event.kind == "signature" and event.outcome == "noted":
        return (chain.SIGNATURE,)
    return _STEPS.get(event.kind, ()) if event.outcome == "ok" else ()


def offers(record: Record) -> list[Offer]:
    """Every finding that says more than its event's hash, in the order of the history."""
    return [
        Offer(event.seq, what, str(KINDS[what][0]), event.kind)
        for event in record.events
        for what in kinds_of(event)
    ]


def remake(record: Record, seq: int, what: str = "") -> Remade:
    """The finding `what` of event `seq` made again; the first it has, or its hash, where `what` is empty.
    NothingToRemakeError where there is no such event, or it has no such finding."""
    event = record.event(seq)
    if event is None:
        raise NothingToRemakeError(seq=seq, what=what or "finding")
    possible = (*kinds_of(event), chain.EVENT)
    chosen = what or possible[0]
    if chosen not in possible:
        raise NothingToRemakeError(seq=seq, what=what)
    return _made(record, event, chosen)


def every(record: Record) -> Iterator[Remade]:
    """All that `offers` names, one after the other."""
    for offer in offers(record):
        event = record.event(offer.event)
        if event is not None:
            yield _made(record, event, offer.what)


def _made(record: Record, event: "Event", what: str) -> Remade:
    from ppdesk.core.errors import CodedError

    title, make = KINDS[what]
    try:
        return make(record, event)
    except CodedError as error:  # values that do not open their commitments, a part that is damaged
        return not_held(event.seq, what, title, error.message)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        # a record that somebody wrote by hand can be odd in any way, and each way is an answer
        words = said("The record does not read as this finding ({kind}).", kind=type(error).__name__)
        return not_held(event.seq, what, title, words)
