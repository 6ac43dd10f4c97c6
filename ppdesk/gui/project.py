"""The open project as the window sees it: snapshots and signals. Only here is a Session touched."""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding
from ppdesk.core.palette import PaletteName
from ppdesk.core.section import Plot, Section
from ppdesk.gui.desk import Desk
from ppdesk.gui.errors import NoProjectError
from ppdesk.gui.jobs import Bench, Throttle
from ppdesk.privacy.events import Composed, DpEvent, EpsilonDelta, Neighbours
from ppdesk.workbench.home import signer_entropy, signers_folder
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.store.events import Event
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.views import BudgetView, StepResult

Values = Mapping[str, object]


class Opener(Protocol):
    """How a session is made; the tests hand in their own."""

    def create(self, path: Path, passphrase: str, desk: Desk) -> "Session": ...
    def open(self, path: Path, passphrase: str, desk: Desk, *, despite_rollback: bool) -> "Session": ...


class SessionOpener:
    """The real one. Imports the workbench on the background thread, so the window is up before."""

    def create(self, path: Path, passphrase: str, desk: Desk) -> "Session":
        from ppdesk.workbench.session import Session

        return Session.create(
            path, passphrase, mode=desk.mode, home=desk.home, actor=desk.actor, policy=_policy()
        )

    def open(self, path: Path, passphrase: str, desk: Desk, *, despite_rollback: bool) -> "Session":
        from ppdesk.workbench.session import Session

        return Session.open(
            path,
            passphrase,
            mode=desk.mode,
            home=desk.home,
            actor=desk.actor,
            despite_rollback=despite_rollback,
            policy=_policy(),
        )


def _policy() -> "Policy":
    """What IT has set for this machine. One that cannot be used is an error, and no project is opened."""
    from ppdesk.workbench.policies import machine_policy

    return machine_policy(os.environ)


@dataclass(frozen=True)
class Snapshot:
    """All that the screens show of a project, taken at one moment."""

    path: Path
    info: Mapping[str, Json]
    places: tuple[Place, ...]
    events: "tuple[Event, ...]"
    budget: "BudgetView"
    heads: Mapping[Kind, Head] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.stem

    def place(self, key: str) -> Place:
        return next(place for place in self.places if place.key == key)

    def event(self, seq: int | None) -> "Event | None":
        return next((event for event in self.events if event.seq == seq), None)


@dataclass(frozen=True)
class Wish:
    """How a figure is to be drawn: `width` and `height` in px at 100 %, times `scale`."""

    palette: PaletteName
    width: int
    height: int
    scale: float


@dataclass(frozen=True)
class Outlook:
    """What is known of a run before it starts."""

    findings: tuple[Finding, ...]
    epsilon: float
    delta: float
    neighbours: Neighbours = Neighbours.ADD_REMOVE
    error: CodedError | None = None


def _whole_path(recorded: Any, offered: Any) -> Any:
    """`offered`, where it is a path whose file is the one that the record names; else what is recorded."""
    if isinstance(recorded, Mapping) and isinstance(offered, Mapping):
        return {name: _whole_path(value, offered.get(name)) for name, value in recorded.items()}
    same = isinstance(recorded, str) and isinstance(offered, str) and Path(offered).name == recorded
    return offered if same else recorded


def spends(event: DpEvent) -> tuple[float, float]:
    """(epsilon, delta) of a cost, added up."""
    if isinstance(event, EpsilonDelta):
        return event.epsilon, event.delta
    if isinstance(event, Composed):
        parts = [spends(inner) for inner in event.events]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)
    return 0.0, 0.0


class Project(QObject):
    """Opens, asks, runs and closes, and says what came of it. Slots and signals: on the window's thread."""

    opened = Signal(object)  # Snapshot
    not_opened = Signal(object)  # CodedError
    changed = Signal(object)  # Snapshot
    closed = Signal()
    run_started = Signal(str)
    progressed = Signal(float, str)
    run_ended = Signal(str, object)  # key, StepResult
    run_failed = Signal(str, object)  # key, CodedError
    signer_known = Signal(str, str)  # name, fingerprint

    def __init__(self, desk: Desk, opener: Opener | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.bench = Bench(self)
        self._opener = opener or SessionOpener()
        self._session: Session | None = None
        self._cancel = threading.Event()
        self.snapshot: Snapshot | None = None
        self.running = ""  # the step that runs now
        self.signer = ""  # who signs in this session
        self.recipe = ""
        self._typed: dict[str, dict[str, Any]] = {}  # what the pages hold
        self._offered: dict[str, dict[str, Any]] = {}  # what the recipe says
        self._ran: dict[str, dict[str, Any]] = {}  # what the last good run of this session was made with

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return self.bench.idle

    # opening and closing

    def create(self, path: Path, passphrase: str) -> None:
        self._start(lambda: self._opener.create(path, passphrase, self.desk))

    def open(self, path: Path, passphrase: str, *, despite_rollback: bool = False) -> None:
        self._start(lambda: self._opener.open(path, passphrase, self.desk, despite_rollback=despite_rollback))

    def _start(self, make: "Callable[[], Session]") -> None:
        def work() -> Snapshot:
            if self._session is not None:
                self._session.close()
            self._session = make()
            return self._take()

        def done(snapshot: Snapshot) -> None:
            self.snapshot = snapshot
            self.opened.emit(snapshot)

        self.bench.ask(work, done, self.not_opened.emit)

    def close(self) -> None:
        """Close the file and forget the keys; `closed` says when."""
        self._cancel.set()

        def work() -> None:
            if self._session is not None:
                self._session.close()
                self._session = None

        def done(_: None) -> None:
            self.snapshot, self.signer, self.recipe = None, "", ""
            self._typed, self._offered, self._ran = {}, {}, {}
            self.closed.emit()

        self.bench.ask(work, done, lambda _error: done(None))

    def leave(self) -> None:
        """Close for good, at the end of the program."""
        self.close()
        self.bench.close()

    # looking

    def _here(self) -> "Session":
        if self._session is None:
            raise NoProjectError
        return self._session

    def _take(self) -> Snapshot:
        session = self._here()
        info = session.info()
        return Snapshot(
            Path(str(info["path"])),
            info,
            tuple(session.places()),
            tuple(session.events()),
            session.budget(),
            session.heads(),
        )

    def refresh(self) -> None:
        def done(snapshot: Snapshot) -> None:
            self.snapshot = snapshot
            self.changed.emit(snapshot)

        self.bench.ask(self._take, done)

    def look_ahead(self, key: str, values: Values, done: Callable[[Outlook], None]) -> None:
        """Findings and cost of a run with `values`, at once and without data."""

        def work() -> Outlook:
            session = self._here()
            try:
                findings = tuple(session.check_step(key, values))
                cost = session.cost_of(key, values)
            except CodedError as error:
                return Outlook((), 0.0, 0.0, error=error)
            neighbours = cost.neighbours if isinstance(cost, EpsilonDelta) else Neighbours.ADD_REMOVE
            return Outlook(findings, *spends(cost), neighbours)

        self.bench.ask(work, done)

    def section(self, seq: int, done: Callable[[Section], None]) -> None:
        self.bench.ask(lambda: self._here().section(seq), done)

    def render(self, plot: Plot, wish: Wish, done: Callable[[bytes], None]) -> None:
        """A figure as PNG, drawn in the worker."""
        self.bench.ask(
            lambda: self._here().render(plot, wish.palette, wish.width, wish.height, wish.scale), done
        )

    def integrity(self, done: Callable[[list[Finding]], None], failed: Callable[[CodedError], None]) -> None:
        self.bench.ask(lambda: self._here().integrity(), done, failed)

    # filling in

    def fill(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep what a page holds, until the project is closed."""
        self._typed[key] = dict(values)

    def filled(self, key: str) -> dict[str, Any]:
        """What the page of `key` starts from: what was typed, else the last good run, else the recipe.

        The record keeps the bare names of files; where the recipe names the same file, its path is taken.
        """
        if key in self._typed:
            return dict(self._typed[key])
        offered = self._offered.get(key, {})
        place = self.snapshot.place(key) if self.snapshot is not None else None
        if self.snapshot is None or place is None or place.state is State.FAILED:
            return dict(offered)
        event = self.snapshot.event(place.seq)
        if event is None:
            return dict(offered)
        return {name: _whole_path(value, offered.get(name)) for name, value in event.params.items()}

    def ran(self, key: str) -> dict[str, Any] | None:
        """The values of the last good run of this session; None where only the record knows, or where
        something else was typed since the project was opened."""
        return self._ran.get(key)

    def touched(self, key: str) -> bool:
        """Whether the page of `key` holds something that a person typed."""
        return key in self._typed

    def load_recipe(self, path: Path, done: Callable[[], None]) -> None:
        """Fill the pages in from a recipe, in the background."""
        from ppdesk.workflow.recipe import load_recipe

        def keep(recipe: Any) -> None:
            for key, values in recipe.steps:
                self._offered.setdefault(key, dict(values))
            self.recipe = str(path)
            done()

        self.bench.ask(lambda: load_recipe(path), keep, lambda _error: done())

    # running

    def run(self, key: str, values: Values, *, overwrite: bool = False) -> None:
        """Run a step; `progressed`, then `run_ended` or `run_failed` follow."""
        self.running = key
        self._cancel = cancel = threading.Event()
        self.fill(key, values)
        self.run_started.emit(key)
        tell = Throttle(lambda share, note: self.bench.tell(lambda: self.progressed.emit(share, note)))

        def work() -> "tuple[StepResult, Snapshot]":
            result = self._here().run(key, values, progress=tell, cancel=cancel, overwrite=overwrite)
            return result, self._take()

        def done(both: "tuple[StepResult, Snapshot]") -> None:
            self.running = ""
            self.snapshot = both[1]
            self._ran[key] = dict(values)
            self.run_ended.emit(key, both[0])
            self.changed.emit(both[1])

        def failed(error: CodedError) -> None:
            self.running = ""
            self.run_failed.emit(key, error)
            self.refresh()

        self.bench.ask(work, done, failed)

    def cancel(self) -> None:
        """Stop the run that is on. Prompt; what had been reserved stays spent."""
        self._cancel.set()

    # signing

    def signers(self) -> list[str]:
        """The names that have a signing key on this computer."""
        from ppdesk.identity.signer import list_signers

        return list_signers(self._signers())

    def _signers(self) -> Path:
        return signers_folder(self.desk.home, self.desk.mode)

    def unlock_signer(
        self,
        name: str,
        passphrase: str,
        *,
        new: bool,
        done: Callable[[], None],
        failed: Callable[[CodedError], None],
    ) -> None:
        """Unlock the signing key of `name`, or make it, and sign with it until the project is closed."""

        def work() -> tuple[str, str]:
            from ppdesk.identity.signer import create_signer, load_signer

            if new:
                signer = create_signer(
                    self._signers(),
                    name,
                    passphrase,
                    entropy=signer_entropy(self.desk.mode, name),
                    clock=self.desk.mode.clock(),
                )
            else:
                signer = load_signer(self._signers(), name, passphrase, clock=self.desk.mode.clock())
            self._here().set_signer(signer)
            return signer.name, signer.fingerprint

        def known(found: tuple[str, str]) -> None:
            self.signer = found[0]
            self.signer_known.emit(*found)
            done()

        self.bench.ask(work, known, failed)
