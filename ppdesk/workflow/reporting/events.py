"""The list of all events, with who, what, outcome, cost and hash."""

from ppdesk.core.section import Section, Table, Words
from ppdesk.report.document import short
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting import noted
from ppdesk.workflow.reporting.told import TellingEvent, Told


def events_section(told: Told, say: Tongue) -> Section:
    """Every event of the chain up to its head. What the events say stands as the record has it."""
    outcomes = _outcomes(say)
    rows = [_row(event, say, outcomes) for event in told.events]
    return Section(
        say("Every event"),
        (
            Words(
                say.count(
                    "{count} event, the first and the head.",
                    "{count} events, from the first to the head. Each carries the hash of the one before it, "
                    "so that none can be changed, taken out or put in without changing all that follow.",
                    len(told.events),
                )
            ),
            Table(
                say("Events"),
                (
                    *(say("Event"), say("Time (UTC)"), say("Who"), say("Step"), say("Outcome")),
                    *(say("ε"), say("Hash")),
                ),
                rows,
                right=(0, 5),
                caption=say("Hashes show their first 12 of 64 digits; evidence.json has them whole."),
            ),
        ),
    )


def _outcomes(say: Tongue) -> dict[str, str]:
    return {
        "ok": say("done"),
        "failed": say("failed"),
        "cancelled": say("stopped"),
        "reserved": say("budget reserved"),
        "void": say("budget returned"),
        "opened": say("opened"),
        "noted": say("noted"),
    }


def _row(event: TellingEvent, say: Tongue, outcomes: dict[str, str]) -> tuple[str, ...]:
    epsilon = event.epsilon
    return (
        str(event.seq),
        event.time[:19].replace("T", " "),
        event.actor,
        noted.words(event.kind, event.params) or event.title,
        outcomes.get(event.outcome, event.outcome),
        "" if epsilon is None or event.outcome != "reserved" else say.bound(epsilon, 2),
        short(event.hash),
    )
