"""Long parts of a page are made over several turns of the event loop: the window answers meanwhile."""

from collections import deque
from collections.abc import Callable, Iterable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

Builder = Callable[[], None]
_TURN = 0.008  # seconds of one turn of the event loop; half of what a screen of 60 Hz leaves


class Gradual(QObject):
    """Calls what makes the parts of `around` in order, a few in each turn. It ends with the widget."""

    finished = Signal()

    def __init__(self, around: QWidget, turn: float = _TURN) -> None:
        """`turn`: seconds. A builder is never broken off: one that takes longer has its turn alone."""
        super().__init__(around)
        self._turn = turn
        self._left: deque[Builder] = deque()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.step)

    @property
    def over(self) -> bool:
        """Whether everything is made."""
        return not self._left

    def put(self, builders: Iterable[Builder]) -> None:
        """Make these in place of what is left; the first ones at once, those of one turn."""
        self._left = deque(builders)
        self.step()

    def step(self) -> None:
        """One turn."""
        end = perf_counter() + self._turn
        while self._left:
            self._left.popleft()()
            if perf_counter() >= end:
                break
        if self._left:
            self._soon.start(0)
        else:
            self._soon.stop()
            self.finished.emit()

    def finish(self) -> None:
        """Make all that is left now."""
        while self._left:
            self.step()


def at_rest(around: QWidget) -> bool:
    """Whether all of `around` is made."""
    return all(one.over for one in around.findChildren(Gradual))


def finish(around: QWidget) -> None:
    """Make all of `around` now, as a picture or a print of it needs."""
    for one in around.findChildren(Gradual):
        one.finish()
