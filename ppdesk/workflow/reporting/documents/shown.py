"""Small pieces that documents are put together from: tables of two columns, estimates with their intervals,
answers that follow from the record, and what is said where the record has nothing."""

from collections.abc import Sequence

from ppdesk.core.section import Answer, Block, Section, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Chapter, Edition, Part
from ppdesk.report.tongue import Tongue
from ppdesk.workflow import catalog
from ppdesk.workflow.navigation import State, places
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.told import Record


def part(title: str, *sections: Section) -> Part:
    """Chapters under one heading. A section without blocks is left out."""
    return Part(title, tuple(Chapter(one) for one in sections if one.blocks))


def missing(brief: Brief, key: str) -> Words:
    """That a step has no finished run."""
    words = brief.say("Not on record: the step “{step}” has no finished run.", step=catalog.step(key).title)
    return Words(words, "caution")


def stale(brief: Brief, key: str) -> tuple[Words, ...]:
    """A remark where the step's last finished run no longer stands for the project."""
    found = places(list(catalog.steps()), brief.told.runs())
    if not any(place.key == key and place.state is State.STALE for place in found):
        return ()
    words = brief.say(
        "Out of date: something that the step “{step}” read has changed since its last run. What follows is "
        "what that run found.",
        step=catalog.step(key).title,
    )
    return (Words(words, "caution"),)


def table(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
    caption: str = "",
) -> tuple[Table, ...]:
    """A table, or nothing where it would have no row."""
    return (Table(title, header, rows, right, caption),) if rows else ()


def pairs(brief: Brief, title: str, rows: Sequence[tuple[str, str]], caption: str = "") -> tuple[Table, ...]:
    """A table of names and values; a row without a value is left out."""
    say = brief.say
    kept = [one for one in rows if one[1]]
    return table(title, (say("What"), say("On record")), kept, caption=caption)


def recorded(brief: Brief, question: str, text: Cited, *, clause: str = "") -> Block:
    """A question that the record answers; a remark where it does not."""
    say = brief.say
    if not text:
        return Words(say("{question} The record does not say.", question=question), "caution")
    events = brief.event_of(*text.sources)
    by = say("ppdesk, from event {number}", number=events) if events else say("ppdesk, from the history")
    return Answer(question, text, by, clause)


def asked(brief: Brief, record: Record, pointer: str, question: str, *, clause: str = "") -> Answer:
    """Words that a step asks for, or a visible blank that names the step."""
    title = catalog.step(record.event.kind).title
    help_ = brief.say("Asked by the step “{step}”.", step=title)
    return brief.stated(record(pointer), question, clause=clause, help=help_)


def file_hash(brief: Brief, record: Record) -> Cited:
    """Of the imported file, for insiders: a plain hash confirms a guess at a record of it."""
    inside = brief.edition is Edition.INTERNAL
    return brief.say.text(record("/facts/sha256")) if inside else Cited("")


def quoted(say: Tongue, value: Quoted) -> Cited:
    """Words of the record in quotation marks; empty where there are none."""
    return say("“{words}”", words=value) if value.text else Cited("")


def estimate(say: Tongue, record: Record, pointer: str, digits: int = 3) -> Cited:
    """``0.877 (0.868 to 0.887)``: an estimate with its 95 % interval; empty where there is none."""
    value = record(f"{pointer}/value")
    if value.number is None:
        return Cited("")
    if record(f"{pointer}/low").value == value.value == record(f"{pointer}/high").value:
        return say.number(value, digits)  # counted or proved, not estimated
    return say(
        "{value} ({low} to {high})",
        value=say.number(value, digits),
        low=say.number(record(f"{pointer}/low"), digits),
        high=say.number(record(f"{pointer}/high"), digits),
    )


def share_estimate(say: Tongue, record: Record, pointer: str) -> Cited:
    """The same of a share, in per cent."""
    value = record(f"{pointer}/value")
    if value.number is None:
        return Cited("")
    return say(
        "{value} ({low} to {high})",
        value=say.share(value, 1),
        low=say.share(record(f"{pointer}/low"), 1),
        high=say.share(record(f"{pointer}/high"), 1),
    )


def named(say: Tongue, record: Record, pointer: str, most: int = 12) -> Cited:
    """The texts of a list, at most `most` of them and how many more there are."""
    count = record.count(pointer)
    shown = [say.text(record(f"{pointer}/{place}")) for place in range(min(count, most))]
    told = say.joined(shown)
    if count <= most:
        return told
    return say("{names} and {count} more", names=told, count=count - most)
