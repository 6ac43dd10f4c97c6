"""An open project: the one object that the window and the command line use.

A session belongs to the thread that opened it: the database connection is bound to that thread, and the
operating system ends the worker when that thread ends. The window keeps one worker thread for the
session's whole life and calls everything from there; `run` takes its cancel event from any thread.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding
from ppdesk.core.mode import Mode
from ppdesk.core.section import Plot, Section
from ppdesk.privacy.events import DpEvent
from ppdesk.workbench.views import BudgetView, StepResult, Values
from ppdesk.workflow.navigation import Place

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.store.events import Event


def silent(_share: float, _note: str) -> None:
    """The progress of somebody who does not listen."""


class Session:
    """An open project. Make one with `create` or `open`, and close it (or use it in a ``with``)."""

    @classmethod
    def create(cls, path: Path, passphrase: str, *, mode: Mode, home: Path, actor: str) -> Self:
        """A new project file at `path`, which must not exist.

        `home` is the person's data folder: the anchor of the chain is kept there. `actor` is the name
        that events carry. Raises the store's coded errors; an existing file is left as it is.
        """
        raise NotImplementedError

    @classmethod
    def open(
        cls,
        path: Path,
        passphrase: str,
        *,
        mode: Mode,
        home: Path,
        actor: str,
        read_only: bool = False,
        despite_rollback: bool = False,
    ) -> Self:
        """The project at `path`.

        Compares the chain with the anchor in `home`: a file that is behind it (RollbackError) or forked
        (ForkError) is refused. `despite_rollback` opens it all the same, and that is itself an event.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the worker and close the file. May be called twice."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def set_signer(self, signer: "Signer | None") -> None:
        """Who signs manifests and reports from now on. Steps that seal are refused without one."""
        raise NotImplementedError

    def info(self) -> dict[str, Json]:
        """What the file says about itself, and how the anchor sees it.

        Keys: path, project_id, created, read_only, schema_version, head_seq, head_hash, events, stamp,
        standing.
        """
        raise NotImplementedError

    def places(self) -> list[Place]:
        """Each step's place on the rail, in the order of the workflow."""
        raise NotImplementedError

    def events(self) -> "list[Event]":
        """The whole chain, oldest first."""
        raise NotImplementedError

    def budget(self) -> BudgetView:
        """What was spent, summed from the events, beside the limits of the standard."""
        raise NotImplementedError

    def heads(self) -> dict[Kind, Head]:
        """The head of every artifact that holds now."""
        raise NotImplementedError

    def artifact(self, kind: Kind) -> Artifact:
        """The artifact of `kind` that holds now, with its parts. MissingInputError if there is none."""
        raise NotImplementedError

    def check_step(self, key: str, values: Values) -> list[Finding]:
        """What the step would remark on `values`, at once and without data.

        InvalidParamsError for values that are no parameters, MissingInputError for a blocked step.
        """
        raise NotImplementedError

    def cost_of(self, key: str, values: Values) -> DpEvent:
        """What a run with `values` would spend. Same errors as `check_step`."""
        raise NotImplementedError

    def run(
        self,
        key: str,
        values: Values,
        *,
        progress: Callable[[float, str], None] = silent,
        cancel: threading.Event | None = None,
        overwrite: bool = False,
    ) -> StepResult:
        """Run the step `key` in the worker and put it on record. Blocks until it has ended.

        `values` are plain (str, number, bool, list, dict) as in a recipe; files are paths, and relative
        ones are taken from the project's folder. A target file that exists is refused before anything
        runs, unless `overwrite` is set or `values` says ``overwrite = true``. `progress` is called on
        this thread with the share done (0 to 1) and a note.

        Raises, with nothing spent: InvalidParamsError, MissingInputError, RefusedByCheckError,
        OverBudgetError, NoLimitError, NoSignerError, TargetExistsError, ReadOnlyError. Raises, with the
        attempt on record: CancelledRunError, WorkerLostError, RelayedError (what the step itself said).
        """
        raise NotImplementedError

    def section(self, seq: int) -> Section:
        """The section of the event `seq`, made from the record alone."""
        raise NotImplementedError

    def render(
        self,
        plot: Plot,
        palette: Literal["light", "dark", "contrast"],
        width: int,
        height: int,
        scale: float = 1.0,
    ) -> bytes:
        """`plot` as a PNG of `width` x `height` pixels times `scale`, drawn in the worker."""
        raise NotImplementedError

    def integrity(self) -> list[Finding]:
        """All that can be checked about the file: pages, chain, chunks, anchor. Empty when it holds."""
        raise NotImplementedError
