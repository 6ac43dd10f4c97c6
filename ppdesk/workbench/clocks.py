"""What times say: a computer's clock that was set back, and events that are older than those before them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level

if TYPE_CHECKING:
    from ppdesk.store.events import Event

TOLERANCE = timedelta(seconds=2)  # what clocks are corrected by while somebody works
SET_BACK, OUT_OF_ORDER = "PP-WORKBENCH-101", "PP-WORKBENCH-102"


def moment(stamp: str) -> datetime | None:
    """The moment that a stamp says; None for what is none."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def latest(times: Sequence[str]) -> str:
    """The latest of some stamps, empty if there is none."""
    return max((each for each in times if moment(each) is not None), key=datetime.fromisoformat, default="")


def set_back(now: str, known: str) -> list[Finding]:
    """What to say of an event at `now` when an earlier one says the time `known` (both stamps)."""
    here, there = moment(now), moment(known)
    if here is None or there is None or here >= there - TOLERANCE:
        return []
    return [
        Finding(
            Level.CAUTION,
            "The clock of this computer was set back",
            f"It says {now[:19]}Z, and an earlier event says {known[:19]}Z: {_span(there - here)} later. "
            "Either the clock is wrong now, or it was ahead then. The order of events stands, their times do "
            "not. Each event says so until the clock has passed that time.",
            code=SET_BACK,
        )
    ]


def out_of_order(events: "Sequence[Event]") -> Iterator[Finding]:
    """Each event that is older than the one before it says it is."""
    for before, event in pairwise(events):
        here, there = moment(event.time), moment(before.time)
        if here is not None and there is not None and here < there - TOLERANCE:
            yield Finding(
                Level.CAUTION,
                f"Event {event.seq} is older than event {before.seq} before it",
                f"{event.time[:19]}Z against {before.time[:19]}Z: the clock was set back by "
                f"{_span(there - here)} or more, or another computer's clock differs. The order holds, "
                "the times do not.",
                f"event {event.seq}",
                OUT_OF_ORDER,
            )


def _span(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for size, one, many in ((86400, "day", "days"), (3600, "hour", "hours"), (60, "minute", "minutes")):
        if seconds >= size:
            count = seconds // size
            return f"{count:,} {one if count == 1 else many}"
    return f"{seconds} seconds"
