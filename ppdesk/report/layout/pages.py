"""What stands on every page: the running head and foot, the stamp of the test mode, the cover's frame."""

from dataclasses import dataclass
from typing import Any

from ppdesk.report.document import Document, short
from ppdesk.report.layout.marks import draw_mark
from ppdesk.report.layout.styles import BOTTOM, LEFT, PAGE, RIGHT, WIDTH, colour
from ppdesk.report.typeface import MONO, SANS, SANS_BOLD, SANS_MEDIUM, printable

_HEAD = PAGE[1] - 46  # base line of the running head
_FOOT = 40.0
_STAMP_HEIGHT = 17.0


@dataclass(frozen=True)
class Frame:
    """Draws the frame of each page. `total` is the number of pages, 0 while it is not known."""

    document: Document
    total: int

    def cover(self, canvas: Any, _: Any) -> None:
        """The first page: the mark and a bar, and the foot that all pages have."""
        draw_mark(canvas, LEFT, PAGE[1] - 112, 44)
        canvas.setFillColor(colour("text"))
        canvas.setFont(SANS_BOLD, 15)
        canvas.drawString(LEFT + 56, PAGE[1] - 96, "ppdesk")
        self._stamp(canvas)
        self._foot(canvas)

    def inner(self, canvas: Any, _: Any) -> None:
        """All other pages: program at the left, title and page at the right, over a rule."""
        draw_mark(canvas, LEFT, _HEAD - 3.5, 14)
        canvas.setFillColor(colour("text"))
        canvas.setFont(SANS_BOLD, 9)
        canvas.drawString(LEFT + 21, _HEAD, "ppdesk")
        canvas.setFont(SANS, 8.5)
        canvas.setFillColor(colour("text2"))
        page = canvas.getPageNumber()
        counted = f"page {page} of {self.total}" if self.total else f"page {page}"
        title = _fitted(printable(self.document.cover.title), SANS, 8.5, WIDTH - 150)
        canvas.drawRightString(PAGE[0] - RIGHT, _HEAD, f"{title}, {counted}")
        canvas.setStrokeColor(colour("accent"))
        canvas.setLineWidth(1.25)
        canvas.line(LEFT, _HEAD - 11, PAGE[0] - RIGHT, _HEAD - 11)
        self._stamp(canvas)
        self._foot(canvas)

    def _stamp(self, canvas: Any) -> None:
        if not self.document.stamp:
            return
        top = PAGE[1] - 8 - _STAMP_HEIGHT
        canvas.setFillColor(colour("risk_soft"))
        canvas.rect(LEFT, top, WIDTH, _STAMP_HEIGHT, stroke=0, fill=1)
        canvas.setFillColor(colour("risk"))
        canvas.rect(LEFT, top, 2.25, _STAMP_HEIGHT, stroke=0, fill=1)
        canvas.setFont(SANS_MEDIUM, 8.5)
        canvas.drawString(LEFT + 9, top + 5.4, printable(self.document.stamp))

    def _foot(self, canvas: Any) -> None:
        canvas.setStrokeColor(colour("line"))
        canvas.setLineWidth(0.75)
        canvas.line(LEFT, _FOOT + 13, PAGE[0] - RIGHT, _FOOT + 13)
        canvas.setFillColor(colour("text3"))
        canvas.setFont(SANS, 7.5)
        label = f"History, event {self.document.head_seq}, head "
        canvas.drawString(LEFT, _FOOT, label)
        start = LEFT + canvas.stringWidth(label, SANS, 7.5)
        canvas.setFont(MONO, 7.5)
        canvas.drawString(start, _FOOT, short(self.document.head_hash))
        canvas.setFont(SANS, 7.5)
        canvas.drawRightString(PAGE[0] - RIGHT, _FOOT, "Inside this file: evidence.json")


def _fitted(text: str, face: str, size: float, room: float) -> str:
    """`text`, with its end left out where it is wider than `room`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if stringWidth(text, face, size) <= room:
        return text
    while text and stringWidth(f"{text}…", face, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


SIGNATURE_HEIGHT = 118.0
SIGNATURE_BOX = (LEFT, BOTTOM + 6, PAGE[0] - RIGHT, BOTTOM + 6 + SIGNATURE_HEIGHT)  # pt, on the last page
