"""What is shown of an error that nobody foresaw: kinds and places in programs, never a text or a value.

Texts of exceptions are left out, because libraries put the value that they trip over into them.
"""

import platform
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ppdesk.core.crashes import crash_lines, keep_crash
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr
from ppdesk.gui.parts.text import Flow, text

if TYPE_CHECKING:
    from ppdesk.gui.desk import Desk

_MOST_LINES = 200
_HIGH = 190  # px of the report


class CrashDialog(Dialog):
    """Says what happened, that nothing is lost, and what would be passed on."""

    def __init__(self, parent: QWidget | None, report: str, log: Path | None) -> None:
        super().__init__(parent, tr("Something went wrong"), verb=tr("Go on"), wide=560)
        self.report = report
        self.add(
            Flow(
                tr(
                    "Part of the window did not do what it should. Each step is written to the project "
                    "file when "
                    "it ends, so what is on record is safe; what was typed since may not be. If it "
                    "happens again, "
                    "close the project and open it anew."
                )
            )
        )
        self.add(
            text(
                tr("This report holds no data: kinds of errors and places in programs."), "caption", wrap=True
            )
        )
        shown = QPlainTextEdit(report)
        shown.setReadOnly(True)
        shown.setFixedHeight(_HIGH)
        shown.setAccessibleName(tr("Report"))
        self.add(shown)
        if log is not None:
            self.add(text(tr("It was also written to {file}.", file=log.name), "caption", wrap=True))
        copy = self.add_button(tr("Copy report"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        self.cancel.hide()


class Crashes(QObject):
    """Hears of every error that reached nobody, on any thread. Each place is shown once."""

    _heard = Signal(str)

    def __init__(self, window: QWidget, desk: "Desk") -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._shown: set[str] = set()
        self.dialog: CrashDialog | None = None
        self._heard.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> Callable[[], None]:
        """Hear of errors from now on; what comes back takes it off again."""
        before = (sys.excepthook, threading.excepthook, sys.unraisablehook)

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                before[0](kind, error, trace)
            else:
                self.hear(error.with_traceback(trace))

        def of_thread(told: Any) -> None:
            if told.exc_value is not None:
                self.hear(told.exc_value)

        def unraisable(told: Any) -> None:
            if isinstance(told.exc_value, Exception):
                self.hear(told.exc_value)

        sys.excepthook, threading.excepthook, sys.unraisablehook = hook, of_thread, unraisable

        def undo() -> None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

        return undo

    def hear(self, error: BaseException) -> None:
        """From any thread: an error that nobody caught."""
        self._heard.emit("\n".join(crash_lines(error)[:_MOST_LINES]))

    def _show(self, report: str) -> None:
        if report in self._shown:
            return  # a timer may fail again and again
        self._shown.add(report)
        log = keep_crash(report, self._desk.home)
        if self.dialog is not None:
            return  # one at a time; the log has them all
        report = f"{report}\nQt {_qt_version()}, {platform.python_implementation()}"
        self.dialog = CrashDialog(self._window, report, log)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None


def _qt_version() -> str:
    import PySide6

    return str(PySide6.__version__)
