"""Run one heuristic: its own checks, the proof beside them, and what is known when it stops."""

from collections.abc import Callable
from dataclasses import dataclass

from ppdesk.anonymize.heuristics.best_first import best_first
from ppdesk.anonymize.heuristics.boxes import Boxes
from ppdesk.anonymize.heuristics.explorer import (
    Candidate,
    Checks,
    Explorer,
    Levels,
    Limits,
    Seen,
    StopSearchError,
)
from ppdesk.anonymize.heuristics.genetic import genetic
from ppdesk.anonymize.heuristics.names import Algorithm
from ppdesk.anonymize.heuristics.neighbours import improve
from ppdesk.core.entropy import Entropy

_PROVE_EVERY = 4  # one check in so many goes to the proof, where a heuristic does not prove by itself
_IMPROVE_EVERY = 64  # after so many checks the neighbours of a new best are tried


@dataclass(frozen=True)
class Explored:
    """What is known at the end. `failed`, `beaten` and `open` count transformations and add up to all that
    the constraints allow; the checked ones are among them."""

    best: tuple[Candidate, ...]  # the best that were found, best first; proved only where `optimal`
    optimal: bool  # proved: nothing comes before the first, or nothing is within the limit at all
    bound: float  # no transformation has a smaller objective
    checked: int
    failed: int  # proved to suppress too much
    beaten: int  # proved not to come before the best, or checked one by one
    open: int
    ended: str  # which limit ended it, in words; empty where it came to its own end
    seen: dict[Levels, Seen]


def explore(
    checker: Checks,
    low: Levels,
    high: Levels,
    algorithm: Algorithm,
    *,
    limits: Limits,
    entropy: Entropy,
    keep: int = 1,
    prove: int = 1,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
    now: Callable[[], float] | None = None,
) -> Explored:
    """Search between `low` and `high`. `entropy` serves the genetic algorithm alone. The `keep` best are
    told; `optimal` speaks of the first `prove` of them. CancelledRunError."""
    clock = {"now": now} if now else {}
    explorer = Explorer(
        checker,
        low,
        high,
        limits=limits,
        keep=keep,
        prove=prove,
        progress=progress,
        cancelled=cancelled,
        **clock,
    )
    boxes = Boxes(explorer)
    through = False  # a heuristic that has seen all that matters
    try:
        boxes.begin()
        explorer.after_check = _Beside(explorer, boxes, prove=algorithm is not Algorithm.TOP_DOWN)
        if algorithm is Algorithm.TOP_DOWN:
            while not boxes.done:
                boxes.cut()
        elif algorithm is Algorithm.GENETIC:
            genetic(explorer, boxes.low, entropy)
        else:
            best_first(explorer, boxes.low)
            through = True
    except StopSearchError:
        pass
    optimal = boxes.done or through
    undecided = 0 if optimal else boxes.undecided
    settled = boxes.beaten + boxes.settled + (boxes.undecided - undecided)
    return Explored(
        best=tuple(explorer.best),
        optimal=optimal,
        bound=explorer.value if optimal else boxes.bound,
        checked=len(explorer.seen),
        failed=boxes.failed,
        beaten=settled,
        open=undecided,
        ended=explorer.ended,
        seen=explorer.seen,
    )


class _Beside:
    """What goes on beside a heuristic: cuts for the proof, and neighbours of the best."""

    def __init__(self, explorer: Explorer, boxes: Boxes, *, prove: bool) -> None:
        self._explorer, self._boxes, self._prove = explorer, boxes, prove
        self._turn, self._busy = 0, False
        self._improved: Levels | None = None

    def __call__(self) -> None:
        if self._busy:
            return
        self._turn += 1
        self._busy = True
        try:
            if self._prove and self._turn % (_PROVE_EVERY - 1) == 0:
                self._boxes.cut()
                if self._boxes.done:
                    raise StopSearchError
            best = self._explorer.best
            if self._turn % _IMPROVE_EVERY == 0 and best and best[0].levels != self._improved:
                improve(self._explorer, self._boxes.low)
                self._improved = self._explorer.best[0].levels
        finally:
            self._busy = False
