"""What stands before the parts: cover and contents; or, on a compact document, a title and a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import PageBreak, Paragraph
from reportlab.platypus import Table as Grid

from ppdesk.report.cover_facts import cover_facts
from ppdesk.report.document import Document
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import colour, markup

_NAMES = 118.0  # width of the names beside their values


@dataclass(frozen=True)
class Heading:
    """A line of the contents. `level` 0 is a part, 1 a chapter; `page` 0 while it is not known."""

    level: int
    text: str
    anchor: str
    page: int


def cover(document: Document, setting: Setting) -> Iterator[Any]:
    """Title, subtitle, and the facts that identify the document."""
    yield Paragraph(markup(document.cover.title), setting.styles.cover_title)
    yield Paragraph(markup(document.cover.subtitle), setting.styles.cover_subtitle)
    yield pairs(cover_facts(document, setting.say), setting)
    yield PageBreak()


def compact_front(document: Document, setting: Setting) -> Iterator[Any]:
    """The same as one paragraph above the first part."""
    yield Paragraph(markup(document.cover.title), setting.styles.cover_title)
    yield Paragraph(markup(document.cover.subtitle), setting.styles.cover_subtitle)
    say = setting.say
    told = [
        f"{markup(say('{name}: {value}', name=name, value=value))}"
        for name, value in cover_facts(document, setting.say)
        if value
    ]
    yield Paragraph(" <b>·</b> ".join(told), setting.styles.note)


def pairs(facts: Sequence[tuple[str, str]], setting: Setting) -> Any:
    """Label and value, line under line."""
    styles = setting.styles
    rows = [
        [Paragraph(markup(name), styles.head), Paragraph(markup(value), styles.body)] for name, value in facts
    ]
    return Grid(
        rows or [["", ""]],
        colWidths=[_NAMES, setting.width - _NAMES],
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 0), (-1, 0 if setting.styles.compact else -1), 0.6, colour("line")),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("LEFTPADDING", (1, 0), (1, -1), 6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (0, -1), 6.5 * styles.scale),
            ("TOPPADDING", (1, 0), (1, -1), 5 * styles.scale),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )


def contents(headings: Sequence[Heading], setting: Setting) -> Iterator[Any]:
    """Each heading with its page, as links once the pages are known."""
    styles = setting.styles
    yield Paragraph(markup(setting.say("Contents")), styles.part)
    rows = [
        [
            Paragraph(
                _linked(one, markup(one.text)),
                styles.contents_part if one.level == 0 else styles.contents_chapter,
            ),
            Paragraph(_linked(one, str(one.page) if one.page else " "), styles.contents_page),
        ]
        for one in headings
    ]
    if rows:
        tops = [
            ("TOPPADDING", (0, row), (-1, row), 7)
            for row, one in enumerate(headings)
            if one.level == 0 and row
        ]
        alone = [  # a part's line is not the last one of a page
            ("NOSPLIT", (0, row), (0, row + 1)) for row, one in enumerate(headings[:-1]) if one.level == 0
        ]
        yield Grid(
            rows,
            colWidths=[setting.width - 40, 40],
            style=[
                ("VALIGN", (0, 0), (0, -1), "TOP"),
                ("VALIGN", (1, 0), (1, -1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
                *tops,
                *alone,
            ],
        )
    yield PageBreak()


def _linked(heading: Heading, inside: str) -> str:
    return f'<a href="#{heading.anchor}">{inside}</a>' if heading.page else inside
