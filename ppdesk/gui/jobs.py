"""One background thread, and the way there and back. The event loop never waits for it.

A session belongs to the thread that opened it, so this thread lives as long as the window.
"""

import queue
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from ppdesk.core.errors import CodedError
from ppdesk.gui.errors import UnforeseenError

T = TypeVar("T")
_MOST_OFTEN = 0.1  # seconds between two messages of progress


def _unforeseen(error: Exception) -> UnforeseenError:
    """Kind and place of an error, without its text: that might hold data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return UnforeseenError(kind=type(error).__name__, where=f"{Path(last.filename).name}:{last.lineno}")


class Bench(QObject):
    """Takes work, does it in order on its own thread, and brings the answer back to the window's thread."""

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = 0  # asked and not yet answered
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
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

        def job() -> None:
            try:
                value = work()
            except CodedError as error:
                refuse(error)
            except Exception as error:  # noqa: BLE001  whatever it is, the window must say so and live on
                refuse(_unforeseen(error))
            else:
                self._answered.emit(lambda: answer(lambda: done(value) if done is not None else None))

        def refuse(error: CodedError) -> None:
            self._answered.emit(lambda: answer(lambda: failed(error) if failed is not None else None))

        def answer(call: Callable[[], None]) -> None:
            self._open -= 1
            call()

        self._open += 1
        self._work.put(job)

    @property
    def idle(self) -> bool:
        """Whether everything that was asked has been answered."""
        return self._open == 0

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
