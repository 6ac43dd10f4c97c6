"""A run that was broken off goes on, and nothing is spent twice.

While a step works it may hand over states (`Context.keep`): a CHECKPOINT artifact each, of values that are
noisy already. Each is an event "checkpoint" that names the reservation, by number and hash, and is durable
before anything else is done with it. The first also holds, as a personal part, which records the run was
given; these are used again, because another draw would train on others.

Who may go on. The reservation stands as interrupted: the main process ended with no outcome on record, or the
worker was killed from outside (event "interruption"). A run that failed by itself or was stopped has an
outcome, and none goes on. Parameters, inputs, version and cost are those of the reservation, and the state
that is taken is the last. What could hide that it went on elsewhere refuses it: the file was opened in spite
of a warning or repaired since, the anchor or the budget register disagrees. An outcome ends the reservation,
so after one result there is no second.

Why the reservation pays for all of it. It was charged for T steps, each with samples and noise of its own,
in which every step may depend on the results before it. Let V be all that is ever seen: the kept states, and
the result. Steps after the last kept state died with the process. Nobody saw their results: a note of
progress tells how many steps a kept state has, never a value. They are done again with fresh samples and
fresh noise. As long as what broke the run off did not depend on those lost results, a step that is done again
has, given the states before it, the law that it had the first time. So V has the law of one run of T steps,
and what was charged bounds it: for any number of interruptions, and whoever chose their moments by what was
seen. More than T noisy sums may have been computed; T were released. A break that the results themselves
could cause is another thing: it would select among them. Hence a run that fails by its own fault cannot go
on, and hence only a worker ended by SIGKILL or SIGTERM counts as killed from outside. Outside the claim, as
in training itself: time and memory, which depend on the sizes of batches (a machine that runs out of memory
kills too), and who reads the memory of the process, since that holds the records as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import RECORDS, STATE, Artifact, Kind
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.privacy.events import to_json
from ppdesk.workbench.budget.accounts import reservations
from ppdesk.workbench.errors import CannotResumeError

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.budget.shared_budget import SharedBudget
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workbench.plan import Plan

CHECKPOINT, INTERRUPTION, RESUME = "checkpoint", "interruption", "resume"
_DOUBTFUL = ("open", "repair")


@dataclass(frozen=True)
class Interrupted:
    """A run that can go on: its reservation, its parameters, and where its last kept state stands."""

    seq: int
    key: str
    params: Mapping[str, Json]
    step: int
    steps: int

    @property
    def words(self) -> str:
        """Where it stands."""
        return f"step {self.step:,} of {self.steps:,}"


def interrupted(events: "Sequence[Event]") -> list[Interrupted]:
    """The runs that have no outcome and of which a state was kept, oldest first."""
    found = []
    for event, standing in reservations(events):
        kept = _kept(events, event) if standing == "interrupted" else []
        if kept:
            step, steps = (_number(kept[-1].plain.get(name)) for name in ("step", "steps"))
            found.append(Interrupted(event.seq, event.kind, dict(event.params), step, steps))
    return found


def keeper(chronicle: "Chronicle", reserved: "Event | None") -> "Callable[[Artifact], None] | None":
    """Puts the states of the run that `reserved` paid for on record; None for a run that costs nothing."""
    if reserved is None:
        return None

    def keep(state: Artifact) -> None:
        where = {name: state.head.get(name) for name in ("step", "steps")}
        chronicle.append(_note(chronicle, CHECKPOINT, reserved, **where), (state,))

    return keep


def broken_off(chronicle: "Chronicle", reserved: "Event", remark: Finding) -> bool:
    """Note that the worker of the run was killed. False, and nothing noted, where it cannot go on, because
    no state was kept."""
    if not _kept(chronicle.events, reserved):
        return False
    chronicle.append(replace(_note(chronicle, INTERRUPTION, reserved), findings=(remark,)))
    return True


def take_up(
    chronicle: "Chronicle", shared: "SharedBudget", plan: "Plan", seq: int
) -> "tuple[Event, Artifact, Finding]":
    """(the reservation, the state to go on from with the records of the run, what to say of it), once that it
    goes on is on record. CannotResumeError, and what the store says of a state that was changed."""
    events = chronicle.events
    found = next((pair for pair in reservations(events) if pair[0].seq == seq), None)
    if found is None or found[0].kind != plan.step.key:
        raise CannotResumeError(seq=seq, reason="it is no run of this step that was paid for")
    reserved, standing = found
    if standing != "interrupted":
        raise CannotResumeError(seq=seq, reason=f"it was not broken off, but is {standing}")
    kept = _kept(events, reserved)
    if not kept:
        raise CannotResumeError(
            seq=seq, reason="no state of it was kept: its model keeps none, or it had not come that far"
        )
    _require_the_same(reserved, plan, chronicle)
    _require_alone(reserved, chronicle, shared)
    first, last = (chronicle.artifact(one.outputs[Kind.CHECKPOINT]) for one in (kept[0], kept[-1]))
    state = Artifact(
        Kind.CHECKPOINT,
        last.head,
        tuple(
            part for one, name in ((last, STATE), (first, RECORDS)) for part in one.parts if part.name == name
        ),
    )
    chronicle.append(_note(chronicle, RESUME, reserved, checkpoint=kept[-1].seq))
    said = Finding(
        Level.INFO,
        "The run went on after it had been broken off.",
        f"Event {seq}, from step {_number(last.head.get('step')):,} of {_number(last.head.get('steps')):,}. "
        "It was charged once, in full.",
        code="PP-WORKBENCH-104",
    )
    return reserved, state, said


def _require_the_same(reserved: "Event", plan: "Plan", chronicle: "Chronicle") -> None:
    draft = chronicle.draft(plan.step.key, "noted")
    now: dict[str, Any] = {
        "settings": plan.recorded,
        "inputs": {kind.value: digest for kind, digest in plan.inputs.items()},
        "version of ppdesk": draft.code,
        "cost": to_json(plan.cost()),
    }
    then: dict[str, Any] = {
        "settings": reserved.params,
        "inputs": {kind.value: digest for kind, digest in reserved.inputs.items()},
        "version of ppdesk": reserved.code,
        "cost": reserved.cost,
    }
    for name, value in now.items():
        if canonical(value) != canonical(then[name]):
            raise CannotResumeError(seq=reserved.seq, reason=f"{name} differ from those it was begun with")


def _require_alone(reserved: "Event", chronicle: "Chronicle", shared: "SharedBudget") -> None:
    """That no other copy of the file can have gone on with it."""
    if any(one.kind in _DOUBTFUL and one.seq > reserved.seq for one in chronicle.events):
        raise CannotResumeError(
            seq=reserved.seq, reason="the file was opened in spite of a warning, or repaired, since"
        )
    try:
        chronicle.compare_with_anchor()
        known = shared.remembers(reserved)
    except CodedError as error:
        raise CannotResumeError(seq=reserved.seq, reason=error.message.rstrip(".")) from error
    if not known:
        raise CannotResumeError(
            seq=reserved.seq,
            reason="the data folder is another one, or its budget register has gone back",
        )


def _kept(events: "Sequence[Event]", reserved: "Event") -> "list[Event]":
    """The states of the run that `reserved` paid for, oldest first."""
    whose = {"reservation": reserved.seq, "event": reserved.hash}
    return [
        one
        for one in events
        if one.kind == CHECKPOINT
        and Kind.CHECKPOINT in one.outputs
        and {name: one.plain.get(name) for name in whose} == whose
    ]


def _note(chronicle: "Chronicle", kind: str, reserved: "Event", **more: Json) -> Any:
    return chronicle.draft(
        kind, "noted", params={"reservation": reserved.seq, "event": reserved.hash, **more}
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
