"""Charts as vectors on paper: matplotlib draws, ReportLab's canvas receives lines, fills and real text.

A chart is drawn once and kept as a list of steps, because a document is set more than once until its
page numbers hold. Text stays text (it can be selected and searched) in the same embedded fonts.
"""

from collections.abc import Callable
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Transform

from ppdesk.core.palette import LIGHT
from ppdesk.core.section import Plot
from ppdesk.report.figures import draw, natural_height
from ppdesk.report.figures.drawn import Recorder, dash, face, rgba, segments
from ppdesk.report.tongue import Tongue

PT_PER_PX = 0.625  # 12 px text becomes 7.5 pt
Step = Callable[[Any], None]
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


class _Steps(Recorder):
    """Turns matplotlib's drawing calls into steps for a ReportLab canvas."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height)
        self.steps: list[Step] = []

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803  # matplotlib's name
    ) -> None:
        shapes = segments(path, transform)
        fill = None if rgbFace is None else rgba(gc, rgbFace)
        line = rgba(gc, gc.get_rgb())
        width = float(gc.get_linewidth())
        dashes = dash(gc)
        clip = gc.get_clip_rectangle()
        box = None if clip is None else clip.bounds
        cap, join = _CAPS[str(gc.get_capstyle())], _JOINS[str(gc.get_joinstyle())]

        def step(canvas: Any) -> None:
            canvas.saveState()
            if box is not None:
                window = canvas.beginPath()
                window.rect(*box)
                canvas.clipPath(window, stroke=0, fill=0)
            shape = canvas.beginPath()
            for name, points in shapes:
                getattr(shape, name)(*points)
            stroked = width > 0 and line[3] > 0
            if stroked:
                canvas.setLineWidth(width)
                canvas.setLineCap(cap)
                canvas.setLineJoin(join)
                canvas.setStrokeColorRGB(*line[:3], alpha=line[3])
                canvas.setDash(*dashes)
            if fill is not None:
                canvas.setFillColorRGB(*fill[:3], alpha=fill[3])
            canvas.drawPath(shape, stroke=int(stroked), fill=int(fill is not None))
            canvas.restoreState()

        if shapes and (fill is not None or (width > 0 and line[3] > 0)):
            self.steps.append(step)

    def draw_text(  # noqa: PLR0917  # matplotlib's signature
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,  # noqa: ARG002
        mtext: Any = None,  # noqa: ARG002
    ) -> None:
        name, size, colour = face(prop), float(prop.get_size_in_points()), rgba(gc, gc.get_rgb())

        def step(canvas: Any) -> None:
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(angle)
            canvas.setFillColorRGB(*colour[:3], alpha=colour[3])
            canvas.setFont(name, size)
            canvas.drawString(0, 0, s)
            canvas.restoreState()

        self.steps.append(step)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        _, height, descent = super().get_text_width_height_descent(s, prop, ismath)
        return float(stringWidth(s, face(prop), prop.get_size_in_points())), height, descent


def recorded(plot: Plot, width: float, say: Tongue | None = None) -> tuple[list[Step], float]:
    """(steps, height) of the chart at `width`; both lengths in pt. The steps draw in px.

    The fonts must be known to ReportLab, see `layout.styles.register_fonts`.
    """
    px = width / PT_PER_PX
    height = natural_height(plot, px)
    figure = draw(plot, LIGHT, px, height, say).figure
    figure.patch.set_visible(False)
    recorder = _Steps(px, height)
    figure.draw(recorder)
    return recorder.steps, height * PT_PER_PX
