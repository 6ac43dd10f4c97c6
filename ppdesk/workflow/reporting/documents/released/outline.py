"""Small helpers to put parts of a document together."""

from collections.abc import Iterable, Sequence

from ppdesk.core.section import Block, Section
from ppdesk.report.cited import Cited, Quoted
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.told import Record


def section(title: str, *groups: Block | Sequence[Block]) -> Section:
    """Blocks, and lists of them, under one heading."""
    blocks: list[Block] = []
    for one in groups:
        blocks.extend(one) if isinstance(one, Sequence) else blocks.append(one)
    return Section(title, tuple(blocks))


def answers(brief: Brief, document: str, *names: str) -> list[Block]:
    """The questions `document.name` with their answers, or with blanks."""
    return [brief.answer(f"{document}.{name}") for name in names]


def stated(brief: Brief, key: str, field: str, question: str, clause: str = "") -> Block:
    """Words that the step `key` asks for, or a blank where it never ran or nobody wrote them."""
    record = brief.record(key)
    return brief.stated(None if record is None else record(f"/params/{field}"), question, clause=clause)


def places(record: Record, list_: str) -> Iterable[tuple[int, str]]:
    """(number, pointer) of each member of a list."""
    return [(number, f"{list_}/{number}") for number in range(record.count(list_))]


def reworded(told: str, quoted: Quoted) -> Cited:
    """A translation of recorded words, with their place."""
    return Cited(told, quoted.sources)


def escaped(name: str) -> str:
    """A name inside a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
