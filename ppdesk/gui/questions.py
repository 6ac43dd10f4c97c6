"""Questions on what a form holds; only the last is answered: what is in a file, what a run would find."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from ppdesk.core.errors import CodedError
from ppdesk.gui.jobs import gone

if TYPE_CHECKING:
    from ppdesk.gui.project import Project
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview
    from ppdesk.workflow.data.import_detect import Detection

T = TypeVar("T")
Values = Mapping[str, object]
Failed = Callable[[CodedError], None]


class Questions:
    """Asks on the bench of `project`; a new question stops the one before it."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._asking = threading.Event()
        self._told = False  # whether that is on record
        self.previews = False  # whether somebody asked for figures before a run in this session

    def forget(self) -> None:
        """The session is over."""
        self.previews = self._told = False

    def stop(self) -> None:
        """Nobody waits for an answer any more."""
        self._asking.set()

    def detect(self, values: Values, done: "Callable[[Detection | None], None]", failed: Failed) -> None:
        """What an import with `values` would find out about its files; None where a run stopped it. Only the
        last question is answered: those before it are stopped."""

        def work(mine: threading.Event) -> "Detection":
            from ppdesk.workflow.data.import_detect import Detection

            return Detection.model_validate(self._project.session.detect(values, cancel=mine))

        self._last_question(work, done, failed)

    def preview(
        self,
        key: str,
        values: Values,
        done: "Callable[[AnonymizePreview | None], None]",
        failed: Failed,
        part: str = "",
    ) -> None:
        """What (or the `part` of what) a run of `key` with `values` would find; None where nothing can be
        said before it, or a run stopped it. Only the last question is answered. The first one of a session is
        put on record."""

        def work(mine: threading.Event) -> "AnonymizePreview | None":
            from ppdesk.workflow.data.anonymize_preview import AnonymizePreview

            found = self._project.session.preview(key, values, part=part, cancel=mine)
            return None if found is None else AnonymizePreview.model_validate(found)

        def told(found: "AnonymizePreview | None") -> None:
            if not gone(done):
                done(found)
            if found is not None and not self._told:
                self.previews = self._told = True
                self._project.refresh()  # that it was shown is an event

        self._last_question(work, told, failed)

    def _last_question(
        self, work: Callable[[threading.Event], T], done: Callable[[T | None], None], failed: Failed
    ) -> None:
        """Ask on the bench; stops the question before it, whose answer nobody hears."""
        self._asking.set()
        self._asking = mine = threading.Event()

        def told(found: T | None) -> None:
            if self._asking is mine and not gone(done):
                done(found)

        self._project.bench.ask(
            lambda: None if mine.is_set() else work(mine),
            told,
            lambda error: told(None) if mine.is_set() else None if gone(failed) else failed(error),
        )
