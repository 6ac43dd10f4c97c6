"""What the measurements of the window share: waiting, first paints, and a heart that says when it is late."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow

BEAT = 5  # ms
LATE = 0.05  # s: the goal


def until(true: Callable[[], bool], seconds: float) -> None:
    """Let the event loop run until `true`; the interpreter's lock is free in between."""
    end = time.perf_counter() + seconds
    while not true():
        if time.perf_counter() > end:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.001)


class FirstPaint(QObject):
    """Calls once, when a widget of `kind` has been painted; for the whole application or for one widget."""

    def __init__(self, kind: type[QWidget], call: Callable[[], None]) -> None:
        super().__init__()
        self._kind, self._call, self.seen = kind, call, False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if not self.seen and event.type() == QEvent.Type.Paint and isinstance(watched, self._kind):
            self.seen = True
            QTimer.singleShot(0, self._call)
        return False


def shown(window: "MainWindow", key: str) -> tuple[float, float]:
    """(seconds, CPU seconds of this thread) from asking for a page to the end of its first paint."""
    done: list[float] = []
    watch = FirstPaint(QWidget, lambda: done.append(time.perf_counter()))
    began, cpu = time.perf_counter(), time.thread_time()
    if key == "history":
        window.show_history()
    else:
        window.show_step(key)
    page = window.stack.currentWidget()
    assert page is not None
    page.installEventFilter(watch)
    page.update()
    while not done:
        QApplication.processEvents()
    page.removeEventFilter(watch)
    return done[0] - began, time.thread_time() - cpu


@dataclass(frozen=True)
class Stall:
    """The event loop came late: seconds, CPU seconds of its thread in them, what was being done."""

    seconds: float
    cpu: float
    doing: str


class Heart(QObject):
    """A timer in the window's event loop. What it is late by is what a person would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self.beats, self.doing = 0, ""
        self.last, self._cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT)

    def _beat(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.beats += 1
        self.stalls.append(Stall(now - self.last - BEAT / 1000, cpu - self._cpu, self.doing))
        self.last, self._cpu = now, cpu

    def worst(self, count: int, *, by_cpu: bool = False) -> list[Stall]:
        """The worst stalls, by the clock or by the CPU seconds of the window's thread."""
        order = (lambda one: one.cpu) if by_cpu else (lambda one: one.seconds)
        return sorted(self.stalls, key=order, reverse=True)[:count]

    def over(self, seconds: float) -> int:
        """How many stalls were longer."""
        return sum(one.seconds > seconds for one in self.stalls)


class Doctor(threading.Thread):
    """Looks from beside at what the window's thread does while its heart is late."""

    def __init__(self, heart: Heart) -> None:
        super().__init__(daemon=True)
        self._heart, self._watched = heart, threading.get_ident()
        self.seen: list[tuple[str, float, str]] = []
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.01):
            late = time.perf_counter() - self._heart.last
            if late > LATE / 2:
                self.seen.append((self._heart.doing, late, _where(self._watched)))

    def end(self) -> None:
        self._over.set()


def _where(thread: int) -> str:
    """The innermost calls of a thread. Its frames are let go of at once: they keep painters alive."""
    frame, calls = sys._current_frames().get(thread), []
    while frame is not None and len(calls) < 7:
        code = frame.f_code
        calls.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(calls)
