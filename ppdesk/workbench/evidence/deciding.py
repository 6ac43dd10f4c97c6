"""Why a choice was made: a person's words about a run, as evidence with name and time.

A decision is an event of its own that names the run it explains and that event's hash. Where somebody signs,
it is signed: the statement holds a salted digest of the words, so that a copy can leave the words out and
the signature still holds. What was decided is never changed; who thinks otherwise adds another decision.

A standard or the policy of the machine may want a reason for a step. What was made without one can be worked
on, and nothing that leaves the house is sealed before the reason is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.policy.limits import Limit
from ppdesk.policy.machine import Policy
from ppdesk.workbench.errors import NoSuchEventError
from ppdesk.workbench.evidence.errors import (
    DecisionWordsError,
    NothingToExplainError,
    ReasonMissingError,
    StepOffError,
)
from ppdesk.workbench.evidence.signing import DECISION, note, states, witness_of
from ppdesk.workflow.declared import number

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workbench.plan import Plan
    from ppdesk.workbench.runner import Runner

WANTED: Final = "PP-WORKBENCH-114"  # the remark that reasons are missing
OFF: Final = "PP-WORKBENCH-115"  # the remark that a step is off
MOST: Final = 4000  # letters
OWN_REASON: Final = frozenset({"standard"})  # steps that ask for a reason among their settings
SPENDING: Final = frozenset({"train", "tune", "opendp", "synthesize"})  # steps that cannot do without epsilon


@dataclass(frozen=True)
class Decided:
    """A decision on record. `signed` names who signed it, empty where nobody did; `doubt` says why its
    signature does not hold. `why` is empty where a copy leaves the words out."""

    event: int
    step: str
    explains: int
    why: str
    by: str
    signed: str
    time: str
    doubt: str = ""


@dataclass(frozen=True)
class Reasons:
    """What a project has and lacks of reasons. `wanted`: steps that need one; `missing`: step -> event of the
    run that has none yet; `off`: step -> by whom it is off ("policy" or "standard")."""

    given: tuple[Decided, ...] = ()
    wanted: frozenset[str] = frozenset()
    missing: Mapping[str, int] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)

    def of(self, seq: int | None) -> list[Decided]:
        """What was said of the run in event `seq`, oldest first."""
        return [one for one in self.given if one.explains == seq]


def decide(runner: "Runner", key: str, why: str, seq: int | None = None) -> "Event":
    """Put on record why the run of step `key` in event `seq` was made so; the last good run unless named.
    DecisionWordsError, NothingToExplainError, NoSuchEventError; what signing raises."""
    chronicle, words = runner.chronicle, why.strip()
    if not words or len(words) > MOST:
        raise DecisionWordsError(most=f"{MOST:,}")
    run = _explained(chronicle, key, seq)
    salt = runner.mode.entropy(f"{chronicle.next_seq}/decision").take(16).hex()
    plain: dict[str, Json] = {
        "step": run.kind,
        "event": run.seq,
        "event_hash": run.hash,
        "words": sha256_hex(f"{salt}\n{words}".encode()),
    }
    free: dict[str, Json] = {"why": words, "salt": salt}
    if runner.signer is not None:
        return note(chronicle, runner.signer, DECISION, plain, free=free)
    return chronicle.append(chronicle.draft(DECISION, "noted", params={**plain, **free}, free=tuple(free)))


def _explained(chronicle: "Chronicle", key: str, seq: int | None) -> "Event":
    good = {run.seq for run in chronicle.runs() if run.ok and run.key == key}
    if seq is None and not good:
        raise NothingToExplainError(step=key)
    at = max(good) if seq is None else seq
    if at not in good:
        raise NoSuchEventError(seq=at)
    return next(event for event in chronicle.events if event.seq == at)


def decisions(events: "Sequence[Event]", project_id: str) -> tuple[Decided, ...]:
    """Every decision on record that speaks of a run of this history, oldest first."""
    by_seq = {event.seq: event for event in events}
    found = []
    for event in events:
        if event.kind != DECISION or event.outcome != "noted":
            continue
        seq = event.plain.get("event")
        run = by_seq.get(seq) if isinstance(seq, int) else None
        if run is None or run.seq >= event.seq or run.hash != event.plain.get("event_hash"):
            continue
        found.append(_decided(event, run, project_id))
    return tuple(found)


def _decided(event: "Event", run: "Event", project_id: str) -> Decided:
    from ppdesk.identity.statement import StatementBrokenError

    signed = doubt = ""
    if states(event):
        try:
            signed = witness_of(event, project_id).name
        except StatementBrokenError as error:
            doubt = error.message
    why, salt = str(event.params.get("why") or ""), str(event.params.get("salt") or "")
    if why and sha256_hex(f"{salt}\n{why}".encode()) != event.plain.get("words"):
        doubt = doubt or said("The words are not those that were recorded.")
    return Decided(event.seq, run.kind, run.seq, why, event.actor, signed, event.time, doubt)


def wanted(standard: Head | None, policy: Policy) -> frozenset[str]:
    """The steps whose runs need a reason. One that asks for it among its settings is not asked twice."""
    named = (standard or {}).get("reasons")
    own = {str(one) for one in named} if isinstance(named, list) else set()
    return frozenset({*own, *policy.rules.steps.reasons} - OWN_REASON)


def off(standard: Head | None, policy: Policy) -> dict[str, str]:
    """The steps that cannot be run here, and by whom: the policy names them, or no epsilon may be spent."""
    entry = policy.limit(Limit.EPSILON_MAX)
    found = {}
    if number((standard or {}).get(Limit.EPSILON_MAX.value)) == 0:
        found = dict.fromkeys(sorted(SPENDING), "standard")
    if entry is not None and entry.value == 0:
        found = dict.fromkeys(sorted(SPENDING), "policy")
    return {**found, **dict.fromkeys(policy.rules.steps.off, "policy")}


def reasons(chronicle: "Chronicle", policy: Policy) -> Reasons:
    """How the project stands."""
    standard = chronicle.heads().get(Kind.STANDARD)
    given, needs = decisions(chronicle.events, chronicle.project_id), wanted(standard, policy)
    explained = {one.explains for one in given if not one.doubt}
    last = {run.key: run.seq for run in chronicle.runs() if run.ok}
    missing = {key: seq for key, seq in last.items() if key in needs and seq not in explained}
    return Reasons(given, needs, missing, off(standard, policy))


def demand(runner: "Runner", plan: "Plan") -> None:
    """StepOffError for a step that is off; ReasonMissingError for one that seals what leaves the house while
    reasons are missing."""
    found = reasons(runner.chronicle, runner.policy)
    key = plan.step.key
    if found.off.get(key) == "policy":
        raise StepOffError(step=key, contact=runner.policy.contact)
    if plan.step.seals and found.missing:
        step, seq = next(iter(found.missing.items()))
        raise ReasonMissingError(step=step, seq=seq)


def remark(runner: "Runner", plan: "Plan") -> list[Finding]:
    """The same beforehand, in place of an error."""
    try:
        demand(runner, plan)
    except StepOffError as error:
        return [Finding(Level.BLOCKING, error.message, error.advice, code=OFF)]
    except ReasonMissingError as error:
        detail = said(
            "Record it on the page of {step}, or with `ppdesk decide {step}`.", step=error.values["step"]
        )
        return [Finding(Level.BLOCKING, error.message, detail, code=WANTED)]
    return []
