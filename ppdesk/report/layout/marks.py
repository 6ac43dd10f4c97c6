"""Things drawn by hand: the mark, the signs of the four tones, a recorded chart, a line to write on."""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable

from ppdesk.report.figures.paper import PT_PER_PX
from ppdesk.report.layout.styles import colour
from ppdesk.report.typeface import SANS_BOLD


class Chart(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A chart drawn from recorded steps."""

    def __init__(self, steps: Sequence[Callable[[Any], None]], width: float, height: float) -> None:
        super().__init__()
        self.steps, self.width, self.height = steps, width, height

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.scale(PT_PER_PX, PT_PER_PX)
        for step in self.steps:
            step(self.canv)
        self.canv.restoreState()


class OneLine(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Plain words on one line, set like a paragraph of `style` and much faster: for cells of tables."""

    def __init__(self, text: str, style: Any) -> None:
        super().__init__()
        self.text, self.style = text, style
        self.room = 0.0

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        self.room = width
        return width, self.style.leading

    def draw(self) -> None:
        style, canvas = self.style, self.canv
        canvas.setFont(style.fontName, style.fontSize)
        canvas.setFillColor(style.textColor)
        low = style.leading - style.fontSize
        if style.alignment == TA_RIGHT:
            canvas.drawRightString(self.room, low, self.text)
        else:
            canvas.drawString(0, low, self.text)


class Sign(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The shape of a tone, 9 pt: tick on a disc, triangle outlined or filled with a stroke, i on a disc, and
    a diamond with a question mark for what a person must decide."""

    def __init__(self, tone: str, fill: Any) -> None:
        super().__init__()
        self.tone, self.fill = tone, fill
        self.width, self.height = 9.0, 11.0

    def draw(self) -> None:
        canvas = self.canv
        white = colour("surface")
        canvas.setFillColor(self.fill)
        canvas.setStrokeColor(self.fill)
        canvas.setLineWidth(1)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        if self.tone in ("ok", "info"):
            canvas.circle(4.5, 4.5, 4.5, stroke=0, fill=1)
            canvas.setStrokeColor(white)
            canvas.setFillColor(white)
            if self.tone == "ok":
                canvas.lines([(2.5, 4.4, 4.0, 2.9), (4.0, 2.9, 6.6, 6.0)])
            else:
                canvas.line(4.5, 2.3, 4.5, 4.8)
                canvas.circle(4.5, 6.7, 0.65, stroke=0, fill=1)
            return
        if self.tone == "decide":
            self._diamond(white)
            return
        triangle = canvas.beginPath()
        triangle.moveTo(0.6, 0.8)
        triangle.lineTo(8.4, 0.8)
        triangle.lineTo(4.5, 8.2)
        triangle.close()
        filled = self.tone == "risk"
        canvas.drawPath(triangle, stroke=1, fill=int(filled))
        if filled:
            canvas.setStrokeColor(white)
            canvas.setFillColor(white)
        canvas.line(4.5, 3.4, 4.5, 5.4)
        canvas.circle(4.5, 2.0, 0.55, stroke=0, fill=1)

    def _diamond(self, ink: Any) -> None:
        canvas = self.canv
        shape = canvas.beginPath()
        shape.moveTo(4.5, -1.2)
        for x, y in ((10.2, 4.5), (4.5, 10.2), (-1.2, 4.5)):
            shape.lineTo(x, y)
        shape.close()
        canvas.drawPath(shape, stroke=0, fill=1)
        canvas.setFillColor(ink)
        canvas.setFont(SANS_BOLD, 7.5)
        canvas.drawCentredString(4.5, 1.9, "?")


def draw_mark(canvas: Any, x: float, y: float, size: float) -> None:
    """The program's mark with its lower left corner at (x, y): single dots become pairs, pairs one bar."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / 22, size / 22)
    canvas.setFillColor(colour("accent"))
    canvas.roundRect(0, 0, 22, 22, 4, stroke=0, fill=1)
    canvas.setFillColor(colour("on_accent"))
    for row, bars in (
        (13.7, ((4, 3.6), (9.2, 3.6), (14.4, 3.6))),
        (9.2, ((4, 8.8), (14.4, 3.6))),
        (4.7, ((4, 14),)),
    ):
        for left, width in bars:
            canvas.roundRect(left, row, width, 3.6, 1.8, stroke=0, fill=1)
    canvas.restoreState()
