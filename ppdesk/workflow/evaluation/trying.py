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
from ppdesk.core.said import said, said_all
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
            self.not_run.append(NotRun(title, said_all((error.message, error.advice))))
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
            raise EndedEarlyError(why=said("It was ended early by the person who ran it"))
        if monotonic() > self._end:
            raise EndedEarlyError(
                why=said("The {minutes:g} minutes that were allowed had passed", minutes=self._minutes)
            )


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
    """About how long a step takes beside the `minutes` that it may; `what`: attack or audit; `codes`: of
    enough and of too little."""
    if seconds <= 60 * minutes:
        return Finding(
            Level.INFO,
            said("Takes about {time} on one core.", time=duration(max(1.0, seconds))),
            said("It ends after {minutes:g} minutes at the latest and keeps what is done.", minutes=minutes),
            "effort",
            codes[0],
        )
    return Finding(
        Level.CAUTION,
        said("The time will not be enough for all attacks.")
        if what == "attack"
        else said("The time will not be enough for all audits."),
        said(
            "About {time} are needed, {minutes:g} minutes are allowed: what is not done by then is told as "
            "not run.",
            time=duration(seconds),
            minutes=minutes,
        ),
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
        if what == "attack":
            title = said("There is nothing to attack.") if asked else said("No attack is chosen.")
        else:
            title = said("There is nothing to audit.") if asked else said("No audit is chosen.")
        whole = said_all(dict.fromkeys(why for _, why in absent)) or said("Turn one on.")
        return [Finding(Level.BLOCKING, title, whole, code=codes[0])]
    return [
        Finding(Level.INFO, said("{title} will not be run.", title=title), why, code=codes[1])
        for title, why in absent
    ]
