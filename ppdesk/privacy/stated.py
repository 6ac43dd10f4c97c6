"""Whether what was claimed and charged for a mechanism covers what it did. Loads dp-accounting when asked."""

from collections.abc import Iterable, Iterator

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.privacy.events import Composed, DpEvent, SelfComposed, Stated

_ROUNDING = 1e-9  # relative; the accountants give back at least as much


class UnprovedClaimError(CodedError):
    """The record charges epsilon {epsilon} at delta {delta} for a mechanism that is proved for {proved}
    only."""

    code = "PP-PRIVACY-010"
    exit = Exit.INTEGRITY
    todo = "Treat the larger epsilon as spent, and have the record looked at."


def stated_in(events: Iterable[DpEvent]) -> Iterator[Stated]:
    """The outermost stated events."""
    for event in events:
        if isinstance(event, Stated):
            yield event
        elif isinstance(event, Composed):
            yield from stated_in(event.events)
        elif isinstance(event, SelfComposed):
            yield from stated_in((event.event,))


def verify_stated(events: Iterable[DpEvent]) -> int:
    """How many stated events there are, each of whose pairs was found to cover its exact event by loss
    distributions, Renyi divergences or a pure sum. UnprovedClaimError for the first that does not;
    UnknownEventError where the exact event cannot be said under the stated relation."""
    from ppdesk.privacy.calibration import epsilon_of

    count = 0
    for event in stated_in(events):
        proved = epsilon_of(event.event, event.delta, neighbours=event.neighbours)
        if not proved <= event.epsilon * (1 + _ROUNDING):
            raise UnprovedClaimError(epsilon=event.epsilon, delta=event.delta, proved=proved)
        count += 1
    return count
