"""One background thread, and the way there and back. The event loop never waits for it.

A session belongs to the thread that opened it, so this thread lives as long as the window.
"""

import itertools
import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from ppdesk.core.errors import CodedError
from ppdesk.gui.errors import UnforeseenError

T = TypeVar("T")
_MOST_OFTEN = 0.1  # seconds between two messages of progress


def _unforeseen(error: Exception) -> UnforeseenError:
    """Kind and place of an error, without its text: that might hold data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return UnforeseenError(kind=type(error).__name__, where=f"{Path(last.filename).name}:{last.lineno}")


def gone(heard: Callable[..., None]) -> bool:
    """Whether who waited for an answer was let go of meanwhile, as a page is at a change of theme: the object
    whose method it is, or that a function made in one knows as `self`."""
    owner = getattr(heard, "__self__", None)
    code, cells = getattr(heard, "__code__", None), getattr(heard, "__closure__", None)
    if code is not None and cells and "self" in code.co_freevars:
        owner = cells[code.co_freevars.index("self")].cell_contents
    return isinstance(owner, QObject) and not isValid(owner)


class Bench(QObject):
    """Takes work, does it in order on its own thread, and brings the answer back to the window's thread.

    Who waits for an answer is kept on the window's side alone: the last reference to a widget must never be
    let go of by the other thread, which would destroy it there.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[
            int, tuple[Callable[[Any], None] | None, Callable[[CodedError], None] | None]
        ] = {}
        self._numbers = itertools.count()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._came: deque[Callable[[], None]] = deque()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._hand_over)
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._serve, name="ppdesk session", daemon=True)
        self._thread.start()

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CodedError], None] | None = None,
    ) -> None:
        """Do `work` over there; call `done` or `failed` over here."""
        number = next(self._numbers)
        self._waiting[number] = (done, failed)

        def job() -> None:
            try:
                value = work()
            except CodedError as error:
                self._say(number, error, failed=True)
            except Exception as error:  # noqa: BLE001  whatever it is, the window must say so and live on
                self._say(number, _unforeseen(error), failed=True)
            else:
                self._say(number, value, failed=False)

        self._work.put(job)

    def _say(self, number: int, value: object, *, failed: bool) -> None:
        """From the background thread: the answer to what was asked as `number`."""

        def answer() -> None:
            heard = self._waiting.pop(number)[1 if failed else 0]
            if heard is not None and not gone(heard):
                heard(value)  # type: ignore[arg-type]  # an error for `failed`, else what `work` gave

        self._answered.emit(answer)

    @property
    def idle(self) -> bool:
        """Whether everything that was asked has been answered."""
        return not self._waiting

    def tell(self, call: Callable[[], None]) -> None:
        """From the background thread: call this over in the window's thread."""
        self._answered.emit(call)

    def close(self, seconds: float = 5.0) -> None:
        """End the thread once its work is done; waits at most `seconds`."""
        self._work.put(None)
        self._thread.join(seconds)

    def _serve(self) -> None:
        while (job := self._work.get()) is not None:
            job()

    def _deliver(self, call: Callable[[], None]) -> None:
        """One answer in each turn of the event loop, in their order: what came meanwhile waits."""
        self._came.append(call)
        if not self._turn.isActive():
            self._turn.start(0)

    def _hand_over(self) -> None:
        call = self._came.popleft()
        if self._came:
            self._turn.start(0)
        call()


class Throttle:
    """Lets a message through at most ten times a second; the last one of a run always."""

    def __init__(self, pass_on: Callable[[float, str], None]) -> None:
        self._pass_on, self._last = pass_on, 0.0

    def __call__(self, share: float, note: str) -> None:
        now = time.monotonic()
        if share >= 1.0 or now - self._last >= _MOST_OFTEN:
            self._last = now
            self._pass_on(share, note)
