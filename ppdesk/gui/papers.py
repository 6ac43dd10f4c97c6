"""Asks for the pages of what would be printed, and hands them on as they are set. Knows no widget."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from ppdesk.core.errors import CodedError
from ppdesk.gui.project import Project

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.worker.jobs import Page


class Papers(QObject):
    """One document at a time: a new question stops the one before it, whose pages nobody sees any more."""

    page = Signal(object)  # Page
    ended = Signal(int)  # how many pages there are
    failed = Signal(object)  # CodedError

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._leave = threading.Event()

    def ask(self, key: str, values: Mapping[str, Any], scale: float) -> None:
        """Set what step `key` would print with `values`; pages come with `scale` pixels a point."""
        self.stop()
        self._leave = leave = threading.Event()
        wanted = dict(values)

        def take(page: "Page") -> None:
            self._project.bench.tell(lambda: self._pass_on(leave, self.page, page))

        def work(session: "Session") -> int:
            return 0 if leave.is_set() else session.pages(key, wanted, scale, take, cancel=leave)

        self._project.ask(
            work,
            lambda count: self._pass_on(leave, self.ended, count),
            lambda error: self._pass_on(leave, self.failed, error),
        )

    def again(self, number: int, scale: float) -> None:
        """Draw a page of the last document at another scale."""
        leave = self._leave
        self._project.ask(
            lambda session: session.page(number, scale),
            lambda page: self._pass_on(leave, self.page, page),
            self._lost,
        )

    def _lost(self, _error: CodedError) -> None:
        """A run has taken the worker's memory meanwhile: the page stays as it is shown."""

    def stop(self) -> None:
        """Nobody waits for pages any more."""
        self._leave.set()

    @staticmethod
    def _pass_on(leave: threading.Event, signal: SignalInstance, told: object) -> None:
        """To whoever looks, unless nobody looks at this document any more."""
        if not leave.is_set():
            signal.emit(told)
