"""Where a project stands: which step is done, stale, blocked and why. A state machine without Qt.

It knows only the catalog's needs and gives, and the runs on record. A run is stale when something
it used has been made anew since, or would be, because what made it is stale itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ppdesk.core.artifacts import Kind
from ppdesk.workflow.stages import Stage


class State(StrEnum):
    """How a step stands. The words are the rail's."""

    TODO = "to do"
    DONE = "done"
    STALE = "stale"
    BLOCKED = "blocked"
    FAILED = "failed"


class Node(Protocol):
    """What navigation needs to know of a step."""

    @property
    def key(self) -> str: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def needs(self) -> tuple[Kind, ...]: ...
    @property
    def uses(self) -> tuple[Kind, ...]: ...
    @property
    def gives(self) -> tuple[Kind, ...]: ...


@dataclass(frozen=True)
class Run:
    """A run on record: which event, of which step, whether it ended well, what it read and made."""

    seq: int
    key: str
    ok: bool
    inputs: Mapping[Kind, str]  # digest of each artifact read
    outputs: Mapping[Kind, str]


@dataclass(frozen=True)
class Place:
    """A step's place on the rail. `reason` says why it is stale or blocked, in words."""

    key: str
    stage: Stage
    state: State
    seq: int | None = None  # event of the last run
    reason: str = ""


def current(runs: Iterable[Run]) -> dict[Kind, tuple[int, str]]:
    """The artifact of each kind that holds now: (event, digest) of the last good run that made it."""
    latest: dict[Kind, tuple[int, str]] = {}
    for run in sorted(runs, key=lambda run: run.seq):
        if run.ok:
            latest.update({kind: (run.seq, digest) for kind, digest in run.outputs.items()})
    return latest


def places(nodes: Sequence[Node], runs: Sequence[Run]) -> list[Place]:
    """Each step's place, in the order of `nodes`, which must be an order in which they can run."""
    held = current(runs)
    maker = {kind: node.key for node in nodes for kind in node.gives}
    stale_kinds: dict[Kind, str] = {}  # kind -> the step that has to run again
    found = []
    for node in nodes:
        place = _place(node, runs, held, maker, stale_kinds)
        if place.state is State.STALE:
            stale_kinds.update(dict.fromkeys(node.gives, node.key))
        found.append(place)
    return found


def _place(
    node: Node,
    runs: Sequence[Run],
    held: Mapping[Kind, tuple[int, str]],
    maker: Mapping[Kind, str],
    stale_kinds: Mapping[Kind, str],
) -> Place:
    own = sorted((run for run in runs if run.key == node.key), key=lambda run: run.seq)
    last = own[-1] if own else None
    missing = [kind for kind in node.needs if kind not in held and kind in maker]
    if missing:
        reason = f"needs {maker[missing[0]]}"
        return Place(node.key, node.stage, State.BLOCKED, last.seq if last else None, reason)
    if last is None:
        return Place(node.key, node.stage, State.TODO)
    if not last.ok:
        return Place(node.key, node.stage, State.FAILED, last.seq, "the last run failed")
    for kind, used in last.inputs.items():
        if kind in stale_kinds:
            return Place(node.key, node.stage, State.STALE, last.seq, f"{stale_kinds[kind]} is stale")
        if kind in held and held[kind][1] != used:
            return Place(node.key, node.stage, State.STALE, last.seq, f"{maker[kind]} changed")
    return Place(node.key, node.stage, State.DONE, last.seq)


_WORST_FIRST = (State.FAILED, State.STALE, State.BLOCKED)


def stage_state(found: Sequence[Place]) -> tuple[State, int, int]:
    """(state, done, total) of one stage: the worst of its steps; done only when all are."""
    done = sum(place.state is State.DONE for place in found)
    for state in _WORST_FIRST:
        if any(place.state is state for place in found) and not (state is State.BLOCKED and done):
            return state, done, len(found)
    return (State.DONE if done == len(found) else State.TODO), done, len(found)


def next_step(found: Sequence[Place]) -> str | None:
    """The step to go on with: the first that failed or is stale, else the first to do."""
    for states in ((State.FAILED, State.STALE), (State.TODO,)):
        for place in found:
            if place.state in states:
                return place.key
    return None
