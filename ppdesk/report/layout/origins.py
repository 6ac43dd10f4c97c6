"""The line that says from which events of the history a table, a figure or a key figure comes."""

from collections.abc import Sequence
from typing import Any

from ppdesk.report.cited import BUDGET, Cited, Source
from ppdesk.report.document import short
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import markup, mono

_MOST = 4  # events in one line; evidence.json lists all of them
_TIED = "\u00a0"


def source_line(sources: Sequence[Source], setting: Setting) -> list[Any]:
    """``From: event 12 (7be2 91d0 44af)``, short and quiet; nothing where no place is known."""
    from reportlab.platypus import Paragraph

    events = sorted({source.event for source in sources})
    if not events:
        return []
    say = setting.say
    ledger = [say("the project’s ledger")] if BUDGET in events else []
    numbers = [event for event in events if event != BUDGET]
    shown = [_event(number, setting) for number in numbers[:_MOST]]
    rest = len(numbers) - len(shown)
    more = []
    if rest:
        more = [
            say.count("{count} more event, see evidence.json", "{count} more events, see evidence.json", rest)
        ]
    text = markup(say("From: {events}", events=say.joined([*shown, *more, *ledger])))
    for number in numbers[:_MOST]:
        digits = _digits(number, setting)
        if digits:
            text = text.replace(digits, mono(digits))
    return [Paragraph(text, setting.styles.source)]


def _event(number: int, setting: Setting) -> Cited:
    digits = _digits(number, setting)
    if not digits:
        return setting.say("event {number}", number=str(number))
    return setting.say("event {number} ({hash})", number=str(number), hash=digits)


def _digits(number: int, setting: Setting) -> str:
    """The first digits of the event's hash in groups that stay on one line; empty where it is not known."""
    hash_ = setting.hashes.get(number, "")
    return short(hash_).replace(" ", _TIED) if hash_ else ""
