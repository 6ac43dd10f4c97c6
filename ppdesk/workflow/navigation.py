"""Where a project stands: which step is done, stale, blocked and why. A state machine without Qt.

It knows only the catalog's needs, uses and gives, and the runs on record. The last good run of a step is
stale when something it read has been made anew with another content, has gone, or is itself stale, or when
something it would use has come up since. A run that failed changes nothing but its own step's state; one
that a person stopped not even that, where an earlier good run stands.
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
    ended: str = ""  # "failed", "cancelled" or "interrupted" where it did not end well


@dataclass(frozen=True)
class Place:
    """A step's place on the rail. `reason` says why it is stale, blocked or failed, in words."""

    key: str
    stage: Stage
    state: State
    seq: int | None = None  # event of the run that the state speaks of
    reason: str = ""
    good: int | None = None  # event of the last good run: what there is to show


_ENDINGS = {
    "cancelled": "the last run was stopped",
    "interrupted": "the last run was interrupted",
}


def current(runs: Iterable[Run]) -> dict[Kind, tuple[int, str]]:
    """The artifact of each kind that holds now: (event, digest).

    A step's last good run replaces all that the step had made before, also what it did not make again.
    """
    latest: dict[Kind, tuple[int, str, str]] = {}
    for run in sorted(runs, key=lambda run: run.seq):
        if run.ok:
            latest = {kind: held for kind, held in latest.items() if held[2] != run.key}
            latest.update({kind: (run.seq, digest, run.key) for kind, digest in run.outputs.items()})
    return {kind: (seq, digest) for kind, (seq, digest, _) in latest.items()}


def places(nodes: Sequence[Node], runs: Sequence[Run]) -> list[Place]:
    """Each step's place, in the order of `nodes`, which must be an order in which they can run."""
    rail = _Rail(nodes, runs)
    return [rail.place(node) for node in nodes]


class _Rail:
    """Walks the steps in their order and remembers what it has found stale on the way."""

    def __init__(self, nodes: Sequence[Node], runs: Sequence[Run]) -> None:
        self._held = current(runs)
        self._maker = {kind: node.key for node in reversed(nodes) for kind in node.gives}
        self._upstream: set[Kind] = set()  # what the steps before the present one make
        self._stale: dict[Kind, str] = {}  # kind -> the step that has to run again
        self._last: dict[str, Run] = {}
        self._good: dict[str, Run] = {}
        for run in sorted(runs, key=lambda run: run.seq):
            self._last[run.key] = run
            if run.ok:
                self._good[run.key] = run

    def place(self, node: Node) -> Place:
        """The place of the next step in order."""
        good = self._good.get(node.key)
        why_stale = "" if good is None else self._why_stale(node, good)
        found = self._found(node, good, why_stale)
        if good is not None and why_stale:
            made = (kind for kind in good.outputs if self._held.get(kind, (0, ""))[0] == good.seq)
            self._stale.update(dict.fromkeys(made, node.key))
        self._upstream.update(node.gives)
        return found

    def _found(self, node: Node, good: Run | None, why_stale: str) -> Place:
        last = self._last.get(node.key)
        shown = None if good is None else good.seq
        missing = [kind for kind in node.needs if kind not in self._held and kind in self._maker]
        if missing:
            reason = f"needs {self._maker[missing[0]]}"
            return Place(node.key, node.stage, State.BLOCKED, shown, reason, shown)
        if last is not None and not last.ok and last.ended != "cancelled":
            reason = _ENDINGS.get(last.ended, "the last run failed")
            return Place(node.key, node.stage, State.FAILED, last.seq, reason, shown)
        if good is None:
            reason = "" if last is None else _ENDINGS["cancelled"]
            return Place(node.key, node.stage, State.TODO, reason=reason)
        state = State.STALE if why_stale else State.DONE
        return Place(node.key, node.stage, state, shown, why_stale, shown)

    def _why_stale(self, node: Node, good: Run) -> str:
        """In words, or empty. Only what steps before this one make counts: a later one's result may
        have been read (a next iteration does), but cannot make its own source stale."""
        for kind in (*node.needs, *node.uses):
            if kind not in self._upstream:
                continue
            maker, used = self._maker[kind], good.inputs.get(kind)
            if kind not in self._held:
                if used is not None:
                    return f"{maker} no longer gives {kind}"
            elif used is None:
                return f"{maker} has run since"
            elif self._held[kind][1] != used:
                return f"{maker} changed"
            elif kind in self._stale:
                return f"{self._stale[kind]} is stale"
        return ""


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
