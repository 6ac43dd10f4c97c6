"""What stands on every page: the running head and foot, the bands of a draft and of the test mode."""

from dataclasses import dataclass
from typing import Any

from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.report.cited import Cited
from ppdesk.report.document import Document, Edition, short
from ppdesk.report.layout.marks import draw_mark
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import bound, colour
from ppdesk.report.tongue import Tongue
from ppdesk.report.typeface import MONO, SANS, SANS_BOLD, SANS_MEDIUM, printable

_HEAD = 46.0  # from the top to the base line of the running head
_FOOT = 40.0
_BAND = 17.0  # height of a band


def edition_words(edition: str, say: Tongue) -> Cited:
    """For whom a document is, in the words of its head."""
    if edition == Edition.RECIPIENT:
        return say("edition for recipients")
    return say("internal edition")


def stamp_words(stamp: str, say: Tongue) -> str:
    """The stamp of the test mode."""
    return say("Made in test mode with a fixed seed: not private.") if stamp == NOT_PRIVATE else stamp


@dataclass(frozen=True)
class Frame:
    """Draws the frame of each page. `total` is the number of pages, 0 while it is not known."""

    document: Document
    setting: Setting
    total: int

    def cover(self, canvas: Any, _: Any) -> None:
        """The first page: the mark and a bar, and the foot that all pages have."""
        left, top = self.setting.measures.left, self.setting.measures.page[1]
        draw_mark(canvas, left, top - 112, 44)
        canvas.setFillColor(colour("text"))
        canvas.setFont(SANS_BOLD, 15)
        canvas.drawString(left + 56, top - 96, "ppdesk")
        self._bands(canvas)
        self._foot(canvas)

    def inner(self, canvas: Any, _: Any) -> None:
        """All other pages: program at the left, title, edition and page at the right, over a rule."""
        of, say = self.setting.measures, self.setting.say
        line = of.page[1] - _HEAD
        draw_mark(canvas, of.left, line - 3.5, 14)
        canvas.setFillColor(colour("text"))
        canvas.setFont(SANS_BOLD, 9)
        canvas.drawString(of.left + 21, line, "ppdesk")
        canvas.setFont(SANS, 8.5)
        canvas.setFillColor(colour("text2"))
        page = str(canvas.getPageNumber())
        counted = (
            say("page {page} of {total}", page=page, total=str(self.total))
            if self.total
            else say("page {page}", page=page)
        )
        right = printable(f", {edition_words(self.document.edition, say)}, {counted}")
        room = of.width - 75 - canvas.stringWidth(right, SANS, 8.5)
        title = fitted(printable(self.document.cover.title), SANS, 8.5, room)
        canvas.drawRightString(of.right, line, title + right)
        canvas.setStrokeColor(colour("accent"))
        canvas.setLineWidth(1.25)
        canvas.line(of.left, line - 11, of.right, line - 11)
        self._bands(canvas)
        self._foot(canvas)

    def _bands(self, canvas: Any) -> None:
        """The words of a draft on a dark band, the stamp of the test mode beside it."""
        of, say = self.setting.measures, self.setting.say
        low, left = of.page[1] - 8 - _BAND, of.left
        if self.document.draft:
            words = printable(say("Draft, not signed"))
            wide = canvas.stringWidth(words, SANS_BOLD, 8.5) + 18
            wide = wide if self.document.stamp else of.width
            canvas.setFillColor(colour("decide"))
            canvas.rect(left, low, wide, _BAND, stroke=0, fill=1)
            canvas.setFillColor(colour("surface"))
            canvas.setFont(SANS_BOLD, 8.5)
            canvas.drawString(left + 9, low + 5.4, words)
            left += wide
        if not self.document.stamp:
            return
        canvas.setFillColor(colour("risk_soft"))
        canvas.rect(left, low, of.right - left, _BAND, stroke=0, fill=1)
        canvas.setFillColor(colour("risk"))
        canvas.rect(left, low, 2.25, _BAND, stroke=0, fill=1)
        canvas.setFont(SANS_MEDIUM, 8.5)
        words = printable(bound(stamp_words(self.document.stamp, say)))
        canvas.drawString(left + 9, low + 5.4, fitted(words, SANS_MEDIUM, 8.5, of.right - left - 14))

    def _foot(self, canvas: Any) -> None:
        of, say = self.setting.measures, self.setting.say
        canvas.setStrokeColor(colour("line"))
        canvas.setLineWidth(0.75)
        canvas.line(of.left, _FOOT + 13, of.right, _FOOT + 13)
        canvas.setFillColor(colour("text3"))
        canvas.setFont(SANS, 7.5)
        label = printable(say("History, event {number}, head", number=str(self.document.head_seq)))
        canvas.drawString(of.left, _FOOT, label)
        start = of.left + canvas.stringWidth(f"{label} ", SANS, 7.5)
        canvas.setFont(MONO, 7.5)
        canvas.drawString(start, _FOOT, short(self.document.head_hash))
        canvas.setFont(SANS, 7.5)
        words = say("Inside this file: {file}", file="evidence.json")
        if self.document.valid_until:
            until = say("Valid until {day}", day=say.day(self.document.valid_until))
            words = say.joined([until, words], "  ·  ")
        canvas.drawRightString(of.right, _FOOT, printable(bound(words)))


def fitted(text: str, face: str, size: float, room: float) -> str:
    """`text`, with its end left out where it is wider than `room`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if stringWidth(text, face, size) <= room:
        return text
    while text and stringWidth(f"{text}…", face, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
