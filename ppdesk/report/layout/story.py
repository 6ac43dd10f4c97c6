"""The order of a document's content: front, parts with their chapters, signature page."""

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, KeepTogether, NextPageTemplate, Paragraph

from ppdesk.report.document import Chapter, Document, short
from ppdesk.report.layout.blocks import flowables
from ppdesk.report.layout.closing import closing
from ppdesk.report.layout.front import Heading, compact_front, contents, cover
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import markup, mono
from ppdesk.report.typeface import printable

_PART_NEEDS = 250.0  # pt: a part begins on a new page where less is left
_CHAPTER_NEEDS = 120.0
_SIGNATURE_NEEDS = 0.75  # of a page: the signature comes after some last lines, but never crowded


def story(
    document: Document, headings: Sequence[Heading], evidence: bytes, setting: Setting
) -> Iterator[Any]:
    """The flowables of the whole document. `headings` of the pass before; none: their pages are unknown."""
    if document.compact:
        yield from compact_front(document, setting)
    else:
        yield NextPageTemplate("inner")
        yield from cover(document, setting)
        yield from contents(headings or planned(document, setting), setting)
    for part in document.parts:
        yield CondPageBreak(_CHAPTER_NEEDS if document.compact else _PART_NEEDS)
        lead = [_part_title(part.title, setting)]
        for chapter in part.chapters:
            yield from _chapter(chapter, lead, setting)
            lead = []
        yield from lead
    if not document.compact:
        yield CondPageBreak(_SIGNATURE_NEEDS * setting.height)
    yield from _led([_part_title(setting.say("Signature"), setting)], closing(document, evidence, setting))


def planned(document: Document, setting: Setting) -> tuple[Heading, ...]:
    """The headings that the document will have, on pages nobody knows yet."""
    found: list[tuple[int, str]] = []
    for part in document.parts:
        found.append((0, part.title))
        found += [(1, chapter.section.title) for chapter in part.chapters]
    found.append((0, setting.say("Signature")))
    return tuple(Heading(level, printable(text), f"h{place}", 0) for place, (level, text) in enumerate(found))


def _part_title(text: str, setting: Setting) -> Any:
    title = Paragraph(markup(text), setting.styles.part)
    title.mark = (0, printable(text))
    return title


def _chapter(chapter: Chapter, lead: list[Any], setting: Setting) -> Iterator[Any]:
    """Title, origin, blocks. `lead` is the part's title over its first chapter."""
    title = Paragraph(markup(chapter.section.title), setting.styles.chapter)
    title.mark = (1, printable(chapter.section.title))
    heads = [*lead, title]
    origin = chapter.origin
    if origin is not None:
        say = setting.say
        words = say(
            "Event {number}, {actor}, {moment}, hash",
            number=str(origin.event),
            actor=origin.actor,
            moment=say.moment(origin.time),
        )
        line = f"{markup(words)} {mono(short(origin.hash))}"
        heads.append(Paragraph(line, setting.styles.origin))
    if not lead:
        yield CondPageBreak(_CHAPTER_NEEDS)
    yield from _led(heads, flowables(chapter, setting))


def _led(heads: list[Any], rest: Iterator[Any]) -> Iterator[Any]:
    """`heads`, held to what comes after them. What is kept together takes them in: ReportLab would leave
    them behind at the foot of a page."""
    first = next(rest, None)
    if isinstance(first, CondPageBreak):
        first = next(rest, None)
    if first is None:
        yield from heads
    elif isinstance(first, KeepTogether):
        yield KeepTogether([*heads, *first._content])
    else:
        for head in heads:
            head.keepWithNext = 1
        yield from heads
        yield first
    yield from rest
