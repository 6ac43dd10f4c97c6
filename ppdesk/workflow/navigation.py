"""Where a project stands: which step is done, stale, blocked and why. A state machine without Qt.

It knows only the catalog's needs, uses and gives, and the runs on record. A kind may be made by several
steps (Clean makes a table of Import's): a step reads what the nearest step before it made. The last good run
of a step is stale when something it read has been made anew with another content, has gone, or is itself
stale, or when something it would use has come up since. A run that failed changes nothing but its own
step's state; one that a person stopped not even that, where an earlier good run stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
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


def current(
    runs: Iterable[Run], order: Sequence[str] = (), reader: str | None = None
) -> dict[Kind, tuple[int, str]]:
    """The artifact of each kind that holds now: (event, digest), for the step `reader` or after all steps.

    A step's last good run replaces all that the step had made before, also what it did not make again. Where
    several steps made a kind, that of the last one in `order` (keys) holds, for `reader` of those before it.
    """
    return {kind: (run.seq, run.outputs[kind]) for kind, run in _makers(runs, order, reader).items()}


def outdated(runs: Sequence[Run], order: Sequence[str], reader: str) -> dict[Kind, str]:
    """The kinds of which `reader` would read what was made from something that no longer holds, each with
    the step that has to run again."""
    found = {}
    for kind, maker in _makers(runs, order, reader).items():
        earlier = _makers(runs, order, maker.key)[kind]
        if earlier.key == maker.key or kind not in maker.inputs:
            continue  # made of nothing of its kind, or of what the same step had made before
        if earlier.outputs[kind] != maker.inputs[kind]:
            found[kind] = maker.key
    return found


def _makers(runs: Iterable[Run], order: Sequence[str], reader: str | None) -> dict[Kind, Run]:
    """The run whose artifact of each kind holds."""
    places = {key: place for place, key in enumerate(order)}
    here = len(order) if reader is None else places.get(reader, len(order))
    good = {run.key: run for run in sorted(runs, key=lambda run: run.seq) if run.ok}

    def rank(run: Run) -> tuple[bool, int, int]:
        place = places.get(run.key, -1)
        return place < here, place, run.seq

    return {kind: run for run in sorted(good.values(), key=rank) for kind in run.outputs}


def places(nodes: Sequence[Node], runs: Sequence[Run]) -> list[Place]:
    """Each step's place, in the order of `nodes`, which must be an order in which they can run."""
    rail = _Rail(nodes, runs)
    return [rail.place(node) for node in nodes]


class _Rail:
    """Walks the steps in their order and remembers what it has found stale on the way."""

    def __init__(self, nodes: Sequence[Node], runs: Sequence[Run]) -> None:
        self._runs, self._order = runs, [node.key for node in nodes]
        self._held: dict[Kind, tuple[int, str]] = {}  # for the present step
        self._maker = {kind: node.key for node in reversed(nodes) for kind in node.gives}
        self._upstream: set[Kind] = set()  # what the steps before the present one make
        self._stale: dict[tuple[Kind, int], str] = {}  # kind and event -> the step that has to run again
        self._last: dict[str, Run] = {}
        self._good: dict[str, Run] = {}
        self._made_by: dict[int, str] = {run.seq: run.key for run in runs}
        for run in sorted(runs, key=lambda run: run.seq):
            self._last[run.key] = run
            if run.ok:
                self._good[run.key] = run

    def place(self, node: Node) -> Place:
        """The place of the next step in order."""
        self._held = current(self._runs, self._order, node.key)
        good = self._good.get(node.key)
        why_stale = "" if good is None else self._why_stale(node, good)
        found = self._found(node, good, why_stale)
        if good is not None and why_stale:
            self._stale.update({(kind, good.seq): node.key for kind in good.outputs})
        self._upstream.update(node.gives)
        return found

    def _found(self, node: Node, good: Run | None, why_stale: str) -> Place:
        last = self._last.get(node.key)
        shown = None if good is None else good.seq
        missing = [kind for kind in node.needs if kind not in self._held and kind in self._maker]
        if missing:
            reason: str = said("needs {step}", step=self._maker[missing[0]])
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
            used = good.inputs.get(kind)
            if kind not in self._held:
                if used is not None:
                    return said("{step} no longer gives {kind}", step=self._maker[kind], kind=kind.value)
                continue
            seq, digest = self._held[kind]
            if used is None:
                return said("{step} has run since", step=self._made_by[seq])
            if digest != used:
                return said("{step} changed", step=self._made_by[seq])
            if (kind, seq) in self._stale:
                return said("{step} is stale", step=self._stale[kind, seq])
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
