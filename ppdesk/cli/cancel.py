"""Ctrl-C as a wish to stop in good order: the first asks, the next insists."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stoppable(enough: threading.Event | None = None) -> Iterator[threading.Event]:
    """An event that the first Ctrl-C (or a request to terminate) sets. A second one raises
    KeyboardInterrupt, for when the good order takes too long. Outside the main thread it never sets.

    `enough`, of a step that can end with what it has, is set by a Ctrl-C before all these."""
    wish = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield wish
        return

    def asked(number: int, _frame: FrameType | None) -> None:
        if enough is not None and number == signal.SIGINT and not enough.is_set():
            enough.set()
            return
        if wish.is_set():
            raise KeyboardInterrupt
        wish.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
