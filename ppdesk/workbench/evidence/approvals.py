"""Four eyes: a run that policy gives to two people is asked for by one and approved by another.

A request is signed by who asks and binds one plan: step, parameters, inputs and source files. An
approval is signed by who gives it and binds that request. Nothing here believes what an event says
of itself: whoever has the passphrase can put events into a project, but not another person's signature.
All of it is looked at again each time a run wants to use it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from ppdesk.core.canonical import Json, digest
from ppdesk.core.clock import stamp
from ppdesk.core.findings import Finding, Level
from ppdesk.workbench.errors import MissingSourceError
from ppdesk.workbench.evidence.people import holds, same
from ppdesk.workbench.evidence.signing import valid_then, witness_of

if TYPE_CHECKING:
    from ppdesk.identity.statement import Witness
    from ppdesk.policy.machine import Policy
    from ppdesk.store.events import Event

REQUEST, APPROVAL = "request", "approval"
APPROVED, WANTED = "PP-WORKBENCH-106", "PP-WORKBENCH-107"
Decision = Literal["approve", "decline"]
State = Literal["open", "approved", "declined", "used", "broken"]


@dataclass(frozen=True)
class Answer:
    """A decision that counts: signed by a second person who may decide. `comment` is theirs."""

    event: int
    name: str
    fingerprint: str
    key: str
    decision: Decision
    time: str
    comment: str


@dataclass(frozen=True)
class Request:
    """What somebody asked for, and how it stands. `values` are the parameters as they will be recorded.

    `reason` says of a broken one what is wrong, and of an open one which answers do not count and why.
    """

    event: int
    hash: str
    time: str
    step: str
    plan: str
    nonce: str
    name: str
    fingerprint: str
    key: str
    values: Mapping[str, Json]
    sources: Mapping[str, Mapping[str, str]]
    state: State
    reason: str
    answer: Answer | None
    used_by: int | None  # the event of the run that it served


@dataclass(frozen=True)
class Bound:
    """What a request and its approvals bind: one run. `inputs` are digests by kind, `sources` SHA-256 by
    field."""

    project_id: str
    step: str
    params: Mapping[str, Json]
    inputs: Mapping[str, str]
    sources: Mapping[str, str]

    def digest(self, nonce: str) -> str:
        """SHA-256 of its canonical JSON. The nonce is kept with the parameters, so that nobody can guess
        words in them from the digest once they are redacted."""
        return digest(
            {
                "ppdesk": "ppdesk-plan-1",
                "project": self.project_id,
                "step": self.step,
                "params": self.params,
                "inputs": self.inputs,
                "sources": self.sources,
                "nonce": nonce,
            }
        )


def hashes(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of each source file, as it lies there now. MissingSourceError."""
    found = {}
    for name, path in files.items():
        try:
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            raise MissingSourceError(name=path.name) from None
    return found


@dataclass(frozen=True)
class Book:
    """Requests and answers of one chain, as policy and the moment `now` let them count."""

    events: "Sequence[Event]"
    project_id: str
    policy: "Policy"
    now: datetime
    copy: bool = False  # an auditor's copy, which leaves values closed

    def requests(self) -> list[Request]:
        """Each request, oldest first, and how it stands."""
        return [self._request(event) for event in self.events if _is(event, REQUEST)]

    def may_decide(self, found: "Witness", events: "Sequence[Event] | None" = None) -> bool:
        """Whether somebody holds a role that policy lets approve (after `events`; None: now). Where policy
        names people, only they do."""
        after = self.events if events is None else events
        return holds(after, self.project_id, self.policy, found, self.policy.rules.approvals.roles)

    def _request(self, event: "Event") -> Request:
        said, free = event.plain, event.free
        values, nonce = free.get("values"), str(free.get("nonce"))
        asked, reason = self._asked(event)
        state: State = "broken"
        answer: Answer | None = None
        used_by: int | None = None
        if asked is not None and not reason:
            state, answer, reason = self._answered(event, asked)
            if state == "approved" and answer is not None:
                used_by = self._used(event, answer)
                state = "used" if used_by is not None else state
        return Request(
            event=event.seq,
            hash=event.hash,
            time=event.time,
            step=str(said.get("step", "")),
            plan=str(said.get("plan", "")),
            nonce=nonce,
            name="" if asked is None else asked.name,
            fingerprint="" if asked is None else asked.fingerprint,
            key="" if asked is None else asked.key,
            values=values if isinstance(values, Mapping) else {},
            sources=dict(event.sources),
            state=state,
            reason=reason,
            answer=answer,
            used_by=used_by,
        )

    def _asked(self, event: "Event") -> "tuple[Witness | None, str]":
        """Who asked, and what is wrong with that."""
        from ppdesk.identity.statement import StatementBrokenError

        try:
            asked = witness_of(event, self.project_id)
        except StatementBrokenError as error:
            return None, error.message
        late = self._out_of_time(asked, event)
        values = event.free.get("values")
        if late or (event.redacted and self.copy):
            return asked, late
        if event.redacted or not isinstance(values, Mapping):
            # what is not shown would be approved unseen
            return asked, "it does not show all of what it asks for."
        if event.plain.get("plan") != self._plan(event, str(event.plain.get("step")), values, event):
            return asked, "it shows other parameters than those it asks for."
        return asked, ""

    def _answered(self, request: "Event", asked: "Witness") -> tuple[State, Answer | None, str]:
        """How a request stands by the answers that count. A refusal is final, whatever else was said."""
        granted: Answer | None = None
        doubts = []
        for event in self.events[request.seq :]:
            if not _is(event, APPROVAL) or event.plain.get("request") != request.seq:
                continue
            answer, doubt = self._answer(event, request, asked)
            if answer is None:
                doubts.append(f"The answer in event {event.seq} does not count: {doubt}")
            elif answer.decision == "decline":
                return "declined", answer, ""
            else:
                granted = granted or answer
        if granted is not None:
            return "approved", granted, ""
        return "open", None, " ".join(doubts)

    def _answer(self, event: "Event", request: "Event", asked: "Witness") -> tuple[Answer | None, str]:
        """The decision in `event`, or why it is none."""
        from ppdesk.identity.statement import StatementBrokenError

        said = event.plain
        decision = said.get("decision")
        if (said.get("request_hash"), said.get("plan")) != (request.hash, request.plain.get("plan")):
            return None, "it answers another request."
        if decision not in ("approve", "decline"):
            return None, "it decides nothing."
        try:
            found = witness_of(event, self.project_id)
        except StatementBrokenError as error:
            return None, error.message
        doubt = "" if decision == "decline" else self._out_of_time(found, event)
        if not doubt and not (decision == "decline" and found.key == asked.key):
            doubt = self._doubt(found, asked, event)
        if doubt:
            return None, doubt
        comment = str(event.free.get("comment", ""))
        return (
            Answer(event.seq, found.name, found.fingerprint, found.key, decision, event.time, comment),
            "",
        )

    def _doubt(self, found: "Witness", asked: "Witness", event: "Event") -> str:
        """Why the decision of `found` in `event` does not count; empty if it does."""
        if one_person(found, asked.name, asked.key):
            return "who asked gave it, under the same key or the same name."
        if not (self.may_decide(found, self.events[: event.seq]) and self.may_decide(found)):
            return f"{found.name} has no role that may decide."
        return ""

    def _out_of_time(self, found: "Witness", event: "Event") -> str:
        if not valid_then(found, event.time):
            return f"the certificate in event {event.seq} was not valid at that time."
        if not valid_then(found, stamp(self.now)):
            return f"the certificate in event {event.seq} is no longer valid."
        return ""

    def _used(self, request: "Event", answer: Answer) -> int | None:
        """The good run that an approval served. What a run says it was approved by counts, and so does a
        run of this very plan that names no approval; a run that cannot be read any more is taken to be it."""
        for event in self.events[answer.event :]:
            if event.outcome != "ok" or event.kind != request.plain.get("step"):
                continue
            named = next((each.field for each in event.findings if each.code == APPROVED), "")
            if named and named != f"event {answer.event}":
                continue
            same_plan = request.plain.get("plan") == self._plan(event, event.kind, event.params, request)
            if named or event.redacted or same_plan:
                return event.seq
        return None

    def _plan(self, event: "Event", step: str, params: Mapping[str, Json], request: "Event") -> str:
        """The digest of what `event` asks for or did, under the nonce of `request`."""
        inputs = {kind.value: digest_ for kind, digest_ in event.inputs.items()}
        sources = {name: source["sha256"] for name, source in event.sources.items()}
        plan = Bound(self.project_id, step, params, inputs, sources)
        return plan.digest(str(request.free.get("nonce")))


def _is(event: "Event", kind: str) -> bool:
    return event.kind == kind and event.outcome == "noted"


class Named(Protocol):
    """Somebody with a name and a key (see identity.statement.key_of)."""

    @property
    def name(self) -> str: ...
    @property
    def key(self) -> str: ...


def one_person(found: Named, name: str, key: str) -> bool:
    """Whether somebody is who has `name` or `key`: two keys of one name are one person here."""
    return found.key == key or same(found.name) == same(name)


def approved_remark(answer: Answer) -> Finding:
    """What a run says of the approval that it had."""
    return Finding(
        Level.INFO,
        f"Approved by {answer.name} in event {answer.event}",
        "",
        f"event {answer.event}",
        APPROVED,
    )
