"""Fonts and text styles of paper. All lengths in pt."""

import html
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ppdesk.core.palette import LIGHT
from ppdesk.core.resources import resource
from ppdesk.report.document import in_groups
from ppdesk.report.typeface import MONO, SANS, SANS_BOLD, SANS_MEDIUM, printable

PAD = 5.0  # left and right in table cells
_HASH = re.compile(r"\b[0-9a-f]{32,}\b|\b(?:[0-9A-F]{4} ){3,}[0-9A-F]{4}\b")

_GROUPS = re.compile(r"^[0-9a-f]{4}(?: [0-9a-f]{4}){2}$")
_BINDS = re.compile(r"(?<=[0-9]) (?=[%‰€$°])| (?=[;:!?»](?:\s|$))|(?<=\b[ελδρσk]) (?==)|(?<==) (?=[0-9])")
_OPENS = re.compile("« ")


def register_fonts() -> None:
    """Make the shipped fonts known to ReportLab, whose register is the process's. May be repeated."""
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    known = set(getRegisteredFontNames())
    for face in (SANS, SANS_MEDIUM, SANS_BOLD, MONO):
        if face not in known:
            registerFont(TTFont(face, str(resource("fonts", f"{face}.ttf"))))
    registerFontFamily(SANS, normal=SANS, bold=SANS_BOLD, italic=SANS, boldItalic=SANS_BOLD)


def colour(role: str) -> Any:
    """A role's colour of the light palette, as ReportLab has it."""
    from reportlab.lib.colors import HexColor

    return HexColor(getattr(LIGHT, role))


def markup(text: str) -> str:
    """`text` safe for a Paragraph: no sign the fonts lack, no tag, hashes in mono and in groups, and no line
    that breaks between a number and its unit, or before French punctuation."""
    safe = html.escape(bound(printable(text)), quote=False)
    return _HASH.sub(lambda found: mono(found.group(0)), safe)


def bound(text: str) -> str:
    """`text` with spaces that must not break where a line would break badly."""
    if " " not in text:
        return text
    return _OPENS.sub("«\u00a0", _BINDS.sub("\u00a0", text))


def is_plain(text: str) -> bool:
    """Whether a paragraph of `text` would be one run of one face: no hash in it, no line of its own."""
    return not (_GROUPS.search(text) or _HASH.search(text) or "\n" in text or "\r" in text)


def mono(digits: str) -> str:
    """Markup for a hash: IBM Plex Mono, a little smaller, in groups of 8 that may break."""
    grouped = in_groups(digits, 8) if digits.isalnum() else digits
    return f'<font name="{MONO}" size="-0.5">{grouped}</font>'


@dataclass(frozen=True)
class Styles:
    """Paragraph styles by name. `scale` makes type and spacing smaller, for a document that must fit on few
    pages; such a document is `compact`, its headings are smaller still."""

    scale: float = 1.0
    compact: bool = False

    def _style(self, name: str, size: float, leading: float, **more: Any) -> Any:
        from reportlab.lib.styles import ParagraphStyle

        more.setdefault("fontName", SANS)
        more.setdefault("textColor", colour("text"))
        spaces = {
            key: value * self.scale * (0.6 if self.compact else 1.0)
            for key, value in more.items()
            if key in ("spaceBefore", "spaceAfter")
        }
        return ParagraphStyle(
            name,
            fontSize=round(size * self.scale, 2),
            leading=round(leading * self.scale, 2),
            splitLongWords=1,
            **{**more, **spaces},
        )

    @cached_property
    def body(self) -> Any:
        return self._style("body", 9, 13, spaceAfter=6, allowWidows=0, allowOrphans=0)

    @cached_property
    def bare(self) -> Any:
        """Body text inside a frame of its own."""
        return self._style("bare", 9, 13, allowWidows=0, allowOrphans=0)

    @cached_property
    def part(self) -> Any:
        if self.compact:
            return self._style("part", 11.5, 15, fontName=SANS_BOLD, spaceBefore=13, spaceAfter=2)
        return self._style("part", 18, 24, fontName=SANS_BOLD, spaceBefore=26, spaceAfter=4)

    @cached_property
    def chapter(self) -> Any:
        if self.compact:
            return self._style("chapter", 9.5, 13, fontName=SANS_BOLD, spaceBefore=8, spaceAfter=2)
        return self._style("chapter", 12.5, 17, fontName=SANS_BOLD, spaceBefore=14, spaceAfter=2)

    @cached_property
    def origin(self) -> Any:
        return self._style("origin", 7.5, 10.5, textColor=colour("text3"), spaceAfter=7)

    @cached_property
    def label(self) -> Any:
        """Above tables and figures."""
        return self._style("label", 8.5, 12, fontName=SANS_BOLD, spaceBefore=8, spaceAfter=4)

    @cached_property
    def caption(self) -> Any:
        return self._style("caption", 7.5, 10.5, textColor=colour("text3"), spaceBefore=3)

    @cached_property
    def source(self) -> Any:
        """Where values come from."""
        return self._style("source", 6.5, 9, textColor=colour("text3"), spaceBefore=2.5)

    @cached_property
    def cell(self) -> Any:
        return self._style("cell", 8, 11)

    @cached_property
    def cell_right(self) -> Any:
        return self._style("cell-right", 8, 11, alignment=2)

    @cached_property
    def head(self) -> Any:
        return self._style("head", 7.5, 10.5, fontName=SANS_MEDIUM, textColor=colour("text2"))

    @cached_property
    def head_right(self) -> Any:
        return self._style(
            "head-right", 7.5, 10.5, fontName=SANS_MEDIUM, textColor=colour("text2"), alignment=2
        )

    @cached_property
    def figure(self) -> Any:
        """Key numbers."""
        size = (12.5, 16) if self.compact else (15, 19)
        return self._style("figure", *size, fontName=SANS_MEDIUM)

    @cached_property
    def note(self) -> Any:
        """Under a key number, and other small print that brings no space with it."""
        return self._style("note", 7.5, 10.5, textColor=colour("text3"))

    @cached_property
    def question(self) -> Any:
        """What a person is asked."""
        return self._style("question", 9, 12.5, fontName=SANS_BOLD, spaceBefore=7, spaceAfter=2)

    @cached_property
    def blank(self) -> Any:
        """The words in an unanswered place."""
        return self._style("blank", 9, 13, fontName=SANS_MEDIUM, textColor=colour("decide"))

    @cached_property
    def cover_title(self) -> Any:
        if self.compact:
            return self._style("cover-title", 18, 23, fontName=SANS_BOLD, spaceAfter=2)
        return self._style("cover-title", 28, 35, fontName=SANS_BOLD, spaceAfter=6)

    @cached_property
    def cover_subtitle(self) -> Any:
        if self.compact:
            return self._style("cover-subtitle", 10, 14, textColor=colour("text2"), spaceAfter=6)
        return self._style("cover-subtitle", 12, 17, textColor=colour("text2"), spaceAfter=26)

    @cached_property
    def contents_part(self) -> Any:
        return self._style("contents-part", 9.5, 14, fontName=SANS_BOLD)

    @cached_property
    def contents_chapter(self) -> Any:
        return self._style("contents-chapter", 9, 14, leftIndent=14)

    @cached_property
    def contents_page(self) -> Any:
        """The number of the page beside a line of the contents."""
        return self._style("contents-page", 9, 14, alignment=2)
