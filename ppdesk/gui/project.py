"""The open project as the window sees it: snapshots and signals. Only from here is a Session reached."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.section import Plot, Section
from ppdesk.gui.closed_files import ClosedFiles
from ppdesk.gui.desk import Desk
from ppdesk.gui.errors import NoProjectError
from ppdesk.gui.jobs import Bench, Throttle
from ppdesk.gui.judging import Judging
from ppdesk.gui.keys import Keys
from ppdesk.gui.opener import Opener, SessionOpener
from ppdesk.gui.questions import Questions
from ppdesk.gui.snapshot import Outlook, Sight, Snapshot, Wish, spends, taken
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.privacy.events import EpsilonDelta, Neighbours, Stated
from ppdesk.workflow.navigation import State

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.workbench.session import Session
    from ppdesk.workbench.views import StepResult
    from ppdesk.workflow.arx.taking import Taken
    from ppdesk.workflow.recipe import Recipe

T = TypeVar("T")
Values = Mapping[str, object]
Failed = Callable[[CodedError], None]


def _whole_path(recorded: Any, offered: Any) -> Any:
    """`offered`, where it is a path whose file is the one that the record names; else what is recorded."""
    if isinstance(recorded, Mapping) and isinstance(offered, Mapping):
        return {name: _whole_path(value, offered.get(name)) for name, value in recorded.items()}
    if isinstance(recorded, list | tuple) and isinstance(offered, list | tuple):
        by_name = {Path(one).name: one for one in offered if isinstance(one, str)}
        return [_whole_path(one, by_name.get(one) if isinstance(one, str) else None) for one in recorded]
    same = isinstance(recorded, str) and isinstance(offered, str) and Path(offered).name == recorded
    return offered if same else recorded


class Project(QObject):
    """Opens, asks, runs and closes, and says what came of it. Slots and signals: on the window's thread."""

    opened = Signal(object)  # Snapshot
    not_opened = Signal(object)  # CodedError
    changed = Signal(object)  # Snapshot
    closed = Signal()
    run_started = Signal(str)
    progressed = Signal(float, str)
    offering = Signal(str, object, object)  # a step's key, what its page holds, what is put into it
    refilled = Signal(str)  # the step whose page holds something else now
    run_ended = Signal(str, object)  # key, StepResult
    run_failed = Signal(str, object)  # key, CodedError
    signer_known = Signal(str, str)  # name, fingerprint
    policy_known = Signal(object)  # Policy
    policy_broken = Signal(object)  # CodedError: no project can be opened
    not_remembered = Signal()  # the keyring does not keep a passphrase
    not_signed = Signal(object)  # CodedError: the file is closed, and what was added is not signed

    def __init__(self, desk: Desk, opener: Opener | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.bench = Bench(self)
        self._opener = opener or SessionOpener()
        self._session: Session | None = None
        self._cancel, self._enough = threading.Event(), threading.Event()
        self.snapshot: Snapshot | None = None
        self.running, self.ending = "", False  # the step that runs now, and whether it was told to end
        self.signer = ""  # who signs in this session
        self.policy: Policy = NO_POLICY  # of this computer
        self._began_with = 0  # events when it was opened
        self.recipe = ""
        self.reasons: dict[str, str] = {}  # what was typed of why, and is not on record, by step
        self._typed: dict[str, dict[str, Any]] = {}  # what the pages hold
        self._offered: dict[str, dict[str, Any]] = {}  # what the recipe says
        self._ran: dict[str, dict[str, Any]] = {}  # what the last good run of this session was made with
        self._looked: set[Sight] = set()  # whose rows were looked at in this session
        self.files = ClosedFiles(self.bench, desk, self._opener, self.not_remembered.emit)
        self.questions = Questions(self)
        self.keys = Keys(self.bench, desk, lambda: self.policy, self._sign_in)
        self.keys.known.connect(self._signs)
        self.judge = Judging(self.bench, lambda: self.policy)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return self.bench.idle

    # opening and closing

    def create(self, path: Path, passphrase: str) -> None:
        self._start(lambda: self._opener.create(path, passphrase, self.desk))

    def open(
        self, path: Path, passphrase: str, *, despite_rollback: bool = False, read_only: bool = False
    ) -> None:
        """Open for work, or only for reading where the file, its place or another window wants that."""
        self._start(
            lambda: self._opener.open(
                path, passphrase, self.desk, despite_rollback=despite_rollback, read_only=read_only
            )
        )

    def look_at_policy(self) -> None:
        """Read what IT set for this computer; `policy_known` or `policy_broken` follows."""

        def done(policy: Policy) -> None:
            self.policy = policy
            self.policy_known.emit(policy)

        self.bench.ask(self._opener.policy, done, self.policy_broken.emit)

    def _start(self, make: "Callable[[], Session]") -> None:
        def work() -> Snapshot:
            if self._session is not None:
                self._session.close()
            self._session = make()
            return self._take()

        def done(snapshot: Snapshot) -> None:
            self.snapshot, self._began_with = snapshot, len(snapshot.events)
            self.opened.emit(snapshot)

        self.bench.ask(work, done, self.not_opened.emit)

    @property
    def leaves_unsigned(self) -> bool:
        """Whether this session has added something that nobody will have signed when it is closed."""
        snapshot = self.snapshot
        added = snapshot is not None and len(snapshot.events) > self._began_with
        return added and snapshot is not None and bool(snapshot.unsigned) and not self.signer

    def close(self) -> None:
        """Close the file and forget the keys; `closed` says when."""
        self._cancel.set()
        self.questions.stop()

        def work() -> CodedError | None:
            session, self._session = self._session, None
            if session is None:
                return None
            session.close()
            return session.not_signed

        def done(not_signed: CodedError | None) -> None:
            self.snapshot, self.signer, self.recipe = None, "", ""
            self._typed, self._offered, self._ran = {}, {}, {}
            self.reasons.clear()
            self._looked.clear()
            self.questions.forget()
            self.keys.forget()
            self.closed.emit()
            if not_signed is not None:
                self.not_signed.emit(not_signed)

        self.bench.ask(work, done, lambda _error: done(None))

    def leave(self) -> None:
        """Close for good, at the end of the program."""
        self.close()
        self.bench.close()

    # looking

    @property
    def session(self) -> "Session":
        """The open session, for the bench's thread. NoProjectError."""
        if self._session is None:
            raise NoProjectError
        return self._session

    def _take(self) -> Snapshot:
        return taken(self.session)

    def ask(
        self,
        work: "Callable[[Session], T]",
        done: Callable[[T], None] | None = None,
        failed: Callable[[CodedError], None] | None = None,
    ) -> None:
        """Do `work` with the session on the background thread; call `done` or `failed` over here."""
        self.bench.ask(lambda: work(self.session), done, failed)

    def change(
        self,
        work: "Callable[[Session], object]",
        done: Callable[[], None],
        failed: Callable[[CodedError], None],
    ) -> None:
        """As `ask`, for what adds to the record: `changed` follows."""

        def both(session: "Session") -> Snapshot:
            work(session)
            return self._take()

        def known(snapshot: Snapshot) -> None:
            self.snapshot = snapshot
            done()
            self.changed.emit(snapshot)

        self.ask(both, known, failed)

    def _sign_in(self, signer: Any) -> None:
        if self._session is not None:
            self._session.set_signer(signer)

    def _signs(self, name: str, fingerprint: str) -> None:
        self.signer = name
        self.signer_known.emit(name, fingerprint)

    def refresh(self) -> None:
        def done(snapshot: Snapshot) -> None:
            self.snapshot = snapshot
            self.changed.emit(snapshot)

        self.bench.ask(self._take, done)

    def look_ahead(self, key: str, values: Values, done: Callable[[Outlook], None]) -> None:
        """Findings and cost of a run with `values`, at once and without data."""

        def work() -> Outlook:
            session = self.session
            try:
                findings = tuple(session.check_step(key, values))
                cost = session.cost_of(key, values)
            except CodedError as error:
                return Outlook((), 0.0, 0.0, error=error)
            neighbours = cost.neighbours if isinstance(cost, EpsilonDelta | Stated) else Neighbours.ADD_REMOVE
            return Outlook(findings, *spends(cost), neighbours)

        self.bench.ask(work, done)

    def section(self, seq: int, done: Callable[[Section], None]) -> None:
        self.bench.ask(lambda: self.session.section(seq), done)

    def told(
        self, seq: int, kind: Kind, part: str, done: Callable[[bytes | None], None], failed: Failed
    ) -> None:
        """A part of what event `seq` made that tells of no person; None where there is none."""
        self.bench.ask(lambda: self.session.told(seq, kind, part), done, failed)

    def render(self, plot: Plot, wish: Wish, done: Callable[[bytes], None]) -> None:
        """A figure as PNG, drawn in the worker."""

        def work() -> bytes:
            size = (wish.width, wish.height, wish.scale)
            return self.session.render(plot, wish.palette, *size, language=wish.language)

        self.bench.ask(work, done)

    def look(
        self,
        sight: Sight,
        done: "Callable[[pa.Table], None]",
        failed: Callable[[CodedError], None],
    ) -> None:
        """The rows behind `sight`. The session puts the look on record first; `changed` follows."""

        def work() -> "tuple[pa.Table, Snapshot]":
            table = self.session.look(sight.kind, sight.part, sight.part, seq=sight.seq)
            return table, self._take()

        def known(both: "tuple[pa.Table, Snapshot]") -> None:
            self.snapshot = both[1]
            self._looked.add(sight)
            done(both[0])
            self.changed.emit(both[1])

        self.bench.ask(work, known, failed)

    def looked(self, sight: Sight) -> bool:
        """Whether this session has put a look at the same rows on record already."""
        return sight in self._looked

    # filling in

    def fill(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep what a page holds, until the project is closed."""
        self._typed[key] = dict(values)

    def offer(self, key: str, settings: Mapping[str, Any]) -> None:
        """Put what another step recommends into the page of `key`, over what it holds; `refilled` follows."""
        before = self.filled(key)
        self.offering.emit(key, before, {**before, **settings})
        self.fill(key, {**before, **settings})
        self.refilled.emit(key)

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

    def take_arx(self, file: Path, folder: Path, done: "Callable[[Taken], None]", failed: Failed) -> None:
        """Take a project of ARX into `folder`, and fill the pages in from it, over what they hold."""
        from ppdesk.workbench.arx_projects import take
        from ppdesk.workflow.arx.taking import RECIPE
        from ppdesk.workflow.recipe import load_recipe

        def work() -> "tuple[Taken, Recipe]":
            taken = take(file, folder)
            return taken, load_recipe(folder / RECIPE)

        def keep(both: "tuple[Taken, Recipe]") -> None:
            for key, values in both[1].steps:
                self._typed[key] = dict(values)
            done(both[0])

        self.bench.ask(work, keep, failed)

    # running

    def run(
        self,
        key: str,
        values: Values,
        *,
        overwrite: bool = False,
        secret: str | None = None,
        resume: int | None = None,
    ) -> None:
        """Run a step; `progressed`, then `run_ended` or `run_failed` follow. `secret` is the passphrase of a
        copy that the step writes; `resume` the reservation of a run that was broken off and goes on."""
        self.running, self.ending = key, False
        self.questions.stop()  # a run does not wait for them
        self._cancel, self._enough = cancel, enough = threading.Event(), threading.Event()
        self.fill(key, values)
        self.run_started.emit(key)
        tell = Throttle(lambda share, note: self.bench.tell(lambda: self.progressed.emit(share, note)))

        def work() -> "tuple[StepResult, Snapshot]":
            result = self.session.run(
                key, values, progress=tell, cancel=cancel, overwrite=overwrite, secret=secret, resume=resume,
                enough=enough,
            )  # fmt: skip
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

    def enough(self) -> bool:
        """End the run that is on early, with what it has found. Whether it was told so before."""
        self._enough.set()
        told, self.ending = self.ending, True
        return told
