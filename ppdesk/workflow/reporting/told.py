"""The history as the workbench hands it over, read into plain frozen values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.core.section import Section, Words
from ppdesk.report.cited import BUDGET, Quoted, Source
from ppdesk.workflow import catalog
from ppdesk.workflow.navigation import Run
from ppdesk.workflow.step import Step

# steps whose results a differential privacy claim covers; of anonymize only SafePub, of tune only private
# trials, which say so themselves
COVERED = ("train", "tune", "opendp", "synthesize", "anonymize")
_ROOTS = ("params", "facts", "cost", "outcome", "time", "actor", "inputs", "outputs", "findings", "code")


@dataclass(frozen=True)
class TellingEvent:
    """One event, opened."""

    seq: int
    time: str
    actor: str
    kind: str
    title: str
    params: Mapping[str, Json]
    facts: Mapping[str, Json]
    cost: Mapping[str, Json] | None
    outcome: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    findings: Sequence[Mapping[str, str]]
    hash: str
    code: str
    stamp: str
    witness: Mapping[str, str] | None = None  # of a signed event: name and fingerprint, or why there is none
    refers: int | None = None  # of what ends a reservation: the reservation's number
    redacted: Sequence[str] | None = None  # fields whose values are not in this copy: ``params.purpose``

    @property
    def good(self) -> bool:
        return self.outcome == "ok"

    @property
    def covered(self) -> bool:
        """Whether a differential privacy claim covers what the run gave."""
        if self.kind == "anonymize":
            return self.facts.get("private") is not None
        if self.kind == "tune":  # only trials on private records
            return self.facts.get("train") is not None
        return self.kind in COVERED

    @property
    def epsilon(self) -> float | None:
        """What the event names as its cost, None where it names none."""
        value = (self.cost or {}).get("epsilon")
        return float(value) if isinstance(value, int | float) else None

    def step(self) -> "Step[Any, Any] | None":
        """The step that made it; None for events of the workbench itself."""
        try:
            return catalog.step(self.kind)
        except catalog.UnknownStepError:
            return None

    def opened(self) -> tuple[Any, Any] | None:
        """(params, facts) as the step's own types; None where the record does not fill them."""
        step = self.step()
        if step is None:
            return None
        try:
            return step.Params.model_validate(dict(self.params)), step.Facts.model_validate(dict(self.facts))
        except ValidationError:  # a redacted copy, or a record of another version: said in the report
            return None

    def section(self) -> Section:
        """What the step shows of this event, from the record alone."""
        step, opened = self.step(), self.opened()
        if step is None or opened is None:
            return Section(self.title, (Words(_unreadable(), "caution"),))
        return step.section(*opened)


def _unreadable() -> str:
    return said(
        "The values of this event are not in this copy, or were written by another version. Its hash stands "
        "in the list of events."
    )


@dataclass(frozen=True)
class Record:
    """One event, from which values are quoted with their place: ``record("/facts/after/prosecutor")``."""

    event: TellingEvent

    def __call__(self, pointer: str) -> Quoted:
        """The value at a JSON pointer (RFC 6901) into the event's record; a value of None where there is
        none. The roots are those of `_ROOTS`."""
        return Quoted(self._at(pointer), (Source(self.event.seq, pointer),))

    def count(self, pointer: str) -> int:
        """How many members the list or object at `pointer` has; 0 where there is none."""
        found = self._at(pointer)
        return len(found) if isinstance(found, list | dict) else 0

    def names(self, pointer: str) -> list[str]:
        """The names in the object at `pointer`, in order."""
        found = self._at(pointer)
        return list(found) if isinstance(found, dict) else []

    def _at(self, pointer: str) -> Json:
        return value_at({name: getattr(self.event, name) for name in _ROOTS}, pointer)


def value_at(whole: Any, pointer: str) -> Json:
    """The value at a JSON pointer (RFC 6901), None where there is none."""
    found = whole
    for raw in pointer.split("/")[1:]:
        name = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list | tuple) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found  # type: ignore[no-any-return]  # plain JSON all the way down


@dataclass(frozen=True)
class Told:
    """A project's history up to its head."""

    project_id: str
    created: str
    head_seq: int
    head_hash: str
    stamp: str
    events: tuple[TellingEvent, ...]
    budget: Mapping[str, Json]

    def last_good(self, key: str) -> TellingEvent | None:
        """The last run of the step `key` that ended well."""
        return next((event for event in reversed(self.events) if event.kind == key and event.good), None)

    def last_facts(self, key: str) -> Any:
        """The facts of the last good run of a step, None where there are none that can be read."""
        event = self.last_good(key)
        opened = None if event is None else event.opened()
        return None if opened is None else opened[1]

    def all_good(self, key: str) -> list[TellingEvent]:
        """Every run of the step `key` that ended well, oldest first."""
        return [event for event in self.events if event.kind == key and event.good]

    def covered(self) -> list[TellingEvent]:
        """Every run that ended well whose result a differential privacy claim covers, oldest first."""
        return [event for event in self.events if event.covered and event.good]

    def record(self, key: str) -> Record | None:
        """The last run of the step `key` that ended well, to quote from."""
        event = self.last_good(key)
        return None if event is None else Record(event)

    def ledger(self, pointer: str) -> Quoted:
        """A value of the budget that the ledger adds up over all events: ``ledger("/spent_epsilon")``."""
        return Quoted(value_at(self.budget, pointer), (Source(BUDGET, pointer),))

    def value(self, source: Source) -> Json:
        """The recorded value at `source`, None where the history has none."""
        if source.event == BUDGET:
            return value_at(self.budget, source.pointer)
        event = next((one for one in self.events if one.seq == source.event), None)
        return None if event is None else Record(event)(source.pointer).value

    def runs(self) -> list[Run]:
        """The runs, as navigation wants them."""
        return [
            Run(
                event.seq,
                event.kind,
                event.good,
                {Kind(kind): digest for kind, digest in event.inputs.items()},
                {Kind(kind): digest for kind, digest in event.outputs.items()},
                "" if event.good else event.outcome,
            )
            for event in self.events
            if event.outcome in ("ok", "failed", "cancelled")
        ]

    def until(self, seq: int) -> tuple[TellingEvent, ...]:
        """The events up to number `seq`."""
        return tuple(event for event in self.events if event.seq <= seq)


def read(history: Artifact) -> Told:
    """The HISTORY artifact, read. The workbench made it in this process's program, so it is not hostile."""
    whole = json.loads(history.data("history"))
    head = history.head
    names = TellingEvent.__dataclass_fields__
    return Told(
        project_id=str(head["project_id"]),
        created=str(head["created"]),
        head_seq=_whole(head["head_seq"]),
        head_hash=str(head["head_hash"]),
        stamp=str(head.get("stamp") or ""),
        events=tuple(
            TellingEvent(**{name: event.get(name) for name in names if name != "budget"})
            for event in whole["events"]
        ),
        budget=whole["budget"],
    )


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 0
