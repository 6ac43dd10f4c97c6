"""Budget that nobody can add up: events that may have spent were lost to damage.

A repaired project counts what is left of its record, which may be too little. So it says so wherever the
budget is shown, and spends no more until a person has run the standard step again after the repair.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.workbench.errors import UnknownSpendingError

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_WORDS = (
    "Events that may have spent budget were lost before the repair (event {seq}): more may be spent than "
    "is shown."
)


def of_repair(events: "Sequence[Event]") -> "Event | None":
    """The last repair after which not all that was spent is known."""
    return next(
        (
            event
            for event in reversed(events)
            if event.kind == "repair" and event.plain.get("spending_known") is not True
        ),
        None,
    )


def words(events: "Sequence[Event]") -> tuple[str, ...]:
    """What to say beside the budget. It stays said, also when a person has answered for it."""
    repair = of_repair(events)
    return () if repair is None else (_WORDS.format(seq=repair.seq),)


def require_answered(events: "Sequence[Event]") -> None:
    """UnknownSpendingError until the standard step was run again after such a repair."""
    repair = of_repair(events)
    if repair is not None and not any(
        event.kind == "standard" and event.outcome == "ok" and event.seq > repair.seq for event in events
    ):
        raise UnknownSpendingError
