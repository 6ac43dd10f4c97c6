"""The list of all events, with who, what, outcome, cost and hash."""

from ppdesk.core.section import Section, Table, Words
from ppdesk.report.document import short
from ppdesk.workflow.reporting import noted
from ppdesk.workflow.reporting.told import TellingEvent, Told

_OUTCOMES = {
    "ok": "done",
    "failed": "failed",
    "cancelled": "stopped",
    "reserved": "budget reserved",
    "void": "budget returned",
    "opened": "opened",
    "noted": "noted",
}


def events_section(told: Told) -> Section:
    """Every event of the chain up to its head."""
    count = len(told.events)
    rows = [_row(event) for event in told.events]
    return Section(
        "Every event",
        (
            Words(
                f"{count} events, from the first to the head. Each carries the hash of the one before it, so "
                "that none can be changed, taken out or put in without changing all that follow."
            ),
            Table(
                "Events",
                ("Event", "Time (UTC)", "Who", "Step", "Outcome", "ε", "Hash"),
                rows,
                right=(0, 5),
                caption="Hashes show their first 12 of 64 digits; evidence.json has them whole.",
            ),
        ),
    )


def _row(event: TellingEvent) -> tuple[str, ...]:
    epsilon = event.epsilon
    return (
        str(event.seq),
        event.time[:19].replace("T", " "),
        event.actor,
        noted.words(event.kind, event.params) or event.title,
        _OUTCOMES.get(event.outcome, event.outcome),
        "" if epsilon is None or event.outcome != "reserved" else f"{epsilon:.2f}",
        short(event.hash),
    )
