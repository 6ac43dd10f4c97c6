"""What times say: a computer's clock that was set back, and events that are older than those before them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.wording import counted

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


_DAY, _HOUR, _MINUTE = 86400, 3600, 60  # seconds


def set_back(now: str, known: str) -> list[Finding]:
    """What to say of an event at `now` when an earlier one says the time `known` (both stamps)."""
    here, there = moment(now), moment(known)
    if here is None or there is None or here >= there - TOLERANCE:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("The clock of this computer was set back"),
            said(
                "It says {now}Z, and an earlier event says {known}Z: {time} later. Either the clock is wrong "
                "now, or it was ahead then. The order of events stands, their times do not. Each event says "
                "so until the clock has passed that time.",
                now=now[:19],
                known=known[:19],
                time=_span(there - here),
            ),
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
                said(
                    "Event {event} is older than event {before} before it",
                    event=str(event.seq),
                    before=str(before.seq),
                ),
                said(
                    "{now}Z against {known}Z: the clock was set back by {time} or more, or another "
                    "computer's clock differs. The order holds, the times do not.",
                    now=event.time[:19],
                    known=before.time[:19],
                    time=_span(there - here),
                ),
                f"event {event.seq}",
                OUT_OF_ORDER,
            )


def _span(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds >= _DAY:
        return counted(seconds // _DAY, "day")
    if seconds >= _HOUR:
        return counted(seconds // _HOUR, "hour")
    if seconds >= _MINUTE:
        return counted(seconds // _MINUTE, "minute")
    return said("{number} seconds", number=str(seconds))
