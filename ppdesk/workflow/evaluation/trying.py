"""Trying one attack after the other: each in its share of the time bar, until it is enough.

A part that cannot run, or that is cut off, does not take the others with it: it is told as not run, and why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import TypeVar

from ppdesk.assess.effort import Progress, within
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.wording import duration
from ppdesk.workflow.step import Context

T = TypeVar("T")


class EndedEarlyError(CodedError):
    """{why}."""

    code = "PP-ATTACK-001"
    exit = Exit.CANCELLED
    todo = "Run the step again with more time for what was left out."


@dataclass(frozen=True)
class NotRun:
    """What was asked for and not run. `ended`: because the run was to end, and not for lack of an input."""

    title: str
    why: str
    ended: bool = False


class Parts:
    """Runs the parts of a step. `minutes`: when they have passed, no more is begun and what runs is cut off;
    what is done stays. The same on `ctx.enough`. CancelledRunError stops all."""

    def __init__(self, ctx: Context, minutes: float, shares: list[float]) -> None:
        """`shares`: how long each part takes beside the others; they are run in this order."""
        self._ctx, self._minutes = ctx, minutes
        self._end = monotonic() + 60 * minutes
        whole = sum(shares) or 1.0
        done = [sum(shares[:place]) / whole for place in range(len(shares) + 1)]
        self._places = iter(list(pairwise(done)))
        self.not_run: list[NotRun] = []
        self.errors: list[CodedError] = []

    def run(self, title: str, work: Callable[[Progress], T]) -> T | None:
        """What `work` gives; None where it could not be run or was cut off, which `not_run` then says."""
        low, high = next(self._places)
        try:
            self._look()
            told = within(self._told, low, high)
            told(0.0, title)
            return work(told)
        except CancelledRunError:
            raise
        except EndedEarlyError as early:
            self.not_run.append(NotRun(title, early.message, ended=True))
        except CodedError as error:
            self.errors.append(error)
            self.not_run.append(NotRun(title, f"{error.message} {error.advice}".strip()))
        return None

    def skip(self, title: str, why: str) -> None:
        """A part that was asked for and has nothing to work on."""
        next(self._places)
        self.not_run.append(NotRun(title, why))

    def _told(self, share: float, doing: str) -> None:
        self._look()
        self._ctx.progress(min(1.0, max(0.0, share)), doing)

    def _look(self) -> None:
        if self._ctx.cancelled():
            raise CancelledRunError
        if self._ctx.enough():
            raise EndedEarlyError(why="It was ended early by the person who ran it")
        if monotonic() > self._end:
            raise EndedEarlyError(why=f"The {self._minutes:g} minutes that were allowed had passed")


@dataclass
class Keeping:
    """A Progress for a part of which the main work is short and is always done, and the rest may be cut off:
    EndedEarlyError comes within `rest` alone. CancelledRunError stops all."""

    progress: Progress
    ctx: Context
    _early: EndedEarlyError | None = None
    _in_rest: bool = False

    def __call__(self, share: float, doing: str) -> None:
        if self.ctx.cancelled():
            raise CancelledRunError
        if self._early is None:
            try:
                self.progress(share, doing)
            except EndedEarlyError as early:
                self._early = early
        if self._early is not None and self._in_rest:
            raise self._early

    def rest(self, work: Callable[[], T]) -> "T | EndedEarlyError":
        """What `work` gives; the error where it was cut off, or is not begun any more."""
        self._in_rest = True
        try:
            return work() if self._early is None else self._early
        except EndedEarlyError as early:
            return early
        finally:
            self._in_rest = False


def time_told(seconds: float, minutes: float, what: str, codes: tuple[str, str]) -> Finding:
    """About how long a step takes beside the `minutes` that it may; `codes`: of enough and of too little."""
    if seconds <= 60 * minutes:
        return Finding(
            Level.INFO,
            f"Takes about {duration(max(1.0, seconds))} on one core.",
            f"It ends after {minutes:g} minutes at the latest and keeps what is done.",
            "effort",
            codes[0],
        )
    return Finding(
        Level.CAUTION,
        f"The time will not be enough for all {what}s.",
        f"About {duration(seconds)} are needed, {minutes:g} minutes are allowed: what is not done by then is "
        "told as not run.",
        "minutes",
        codes[1],
    )


def absent_told(
    asked: Sequence[str], missing: Callable[[str], str], what: str, codes: tuple[str, str]
) -> list[Finding]:
    """What was asked for and will not be run, and why; one blocking remark where that is all. `missing` gives
    the reason by title, empty where there is none; `codes`: of the blocking one and of the others."""
    absent = [(title, why) for title in asked if (why := missing(title))]
    if len(absent) == len(asked):
        title = f"There is nothing to {what}." if asked else f"No {what} is chosen."
        whole = " ".join(dict.fromkeys(why for _, why in absent)) or "Turn one on."
        return [Finding(Level.BLOCKING, title, whole, code=codes[0])]
    return [Finding(Level.INFO, f"{title} will not be run.", why, code=codes[1]) for title, why in absent]
