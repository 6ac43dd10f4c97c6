"""How far a run is, on stderr: a bar that redraws itself on a terminal, a line per step elsewhere."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ppdesk.cli.console import Console, plain
from ppdesk.core.wording import percent, time_left

_WIDTH = 24  # signs of the bar itself


@dataclass
class Bar:
    """The bar of one step. Call it with the share done (0 to 1) and a note, as a Session does."""

    console: Console
    title: str
    _shown: str = field(default="", init=False)
    _began: float = field(default_factory=time.monotonic, init=False)

    def __call__(self, share: float, note: str) -> None:
        if not self.console.lively:
            return
        full, left = round(share * _WIDTH), time_left(share, time.monotonic() - self._began)
        told = ", ".join(one for one in (plain(note), left) if one)
        text = f"{self.title:<24} [{'#' * full}{'.' * (_WIDTH - full)}] {percent(share, 0):>5}  {told}"
        text = text[: shutil.get_terminal_size().columns - 1]
        if text != self._shown:
            self._draw(text)

    def _draw(self, text: str) -> None:
        # \r and blanks instead of an escape sequence: works on every Windows console too
        self.console.err.write(f"\r{text.ljust(len(self._shown))}")
        self.console.err.flush()
        self._shown = text

    def clear(self) -> None:
        """Take the bar off the line."""
        if self._shown:
            self._draw("")
            self.console.err.write("\r")
            self.console.err.flush()


@contextmanager
def bar(console: Console, title: str) -> Iterator[Bar]:
    """A bar that is gone when the step ends, whichever way."""
    drawn = Bar(console, title)
    drawn(0.0, "")
    try:
        yield drawn
    finally:
        drawn.clear()
