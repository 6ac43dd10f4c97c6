"""Charts as SVG inside the page. Each shape gets a class for its pair of colours, on light and on dark
ground, so that the page's theme picks one. matplotlib draws in stand-in colours, one for each role of the
palette; a chart that mixes colours is drawn in both palettes instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Transform

from ppdesk.core.palette import DARK, LIGHT, Palette
from ppdesk.core.section import Plot
from ppdesk.report.figures import draw, natural_height
from ppdesk.report.figures.drawn import Recorder, Rgba, dash, face, rgba, segments
from ppdesk.report.html.markup import Markup, tag
from ppdesk.report.tongue import Tongue
from ppdesk.report.typeface import SANS_MEDIUM

WIDE, NARROW = 720.0, 480.0  # px
_NARROW = ("roc", "confusion", "calibration")
_MIXED = ("associations", "risk_map")  # these choose black or white words by how light a mixture is
_MEASURE = TextToPath()
_LETTERS = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "close": "Z"}
Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass
class Inks:
    """The pairs of colours (on light, on dark ground) of a page's charts, each with a name."""

    pairs: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, light: str, dark: str) -> str:
        """The name of a pair: ``k0``, ``k1``, in order of use."""
        return self.pairs.setdefault((light, dark), f"k{len(self.pairs)}")


@dataclass(frozen=True)
class Shape:
    """A path in px from the upper left."""

    path: str
    fill: Rgba | None
    line: Rgba | None
    width: float
    dashes: Sequence[float]
    clip: Box | None


@dataclass(frozen=True)
class Lettering:
    """Words at the left end of their base line."""

    words: str
    x: float
    y: float
    angle: float
    size: float
    strong: bool
    length: float
    ink: Rgba


Mark = Shape | Lettering
Colours = list[tuple[str, str] | None]  # of a mark's fill and of its line: on light, on dark ground


class _Marks(Recorder):
    """Keeps matplotlib's drawing calls as marks."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height)
        self.marks: list[Mark] = []

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803  # matplotlib's name
    ) -> None:
        width = float(gc.get_linewidth())
        line = rgba(gc, gc.get_rgb())
        fill = None if rgbFace is None else rgba(gc, rgbFace)
        stroked = width > 0 and line[3] > 0
        found = segments(path, transform)
        if not found or not (stroked or (fill is not None and fill[3] > 0)):
            return
        written = "".join(_LETTERS[name] + " ".join(self._points(points)) for name, points in found)
        clip = gc.get_clip_rectangle()
        box = None if clip is None or _inside(found, clip.bounds) else self._box(clip.bounds)
        self.marks.append(Shape(written, fill, line if stroked else None, width, dash(gc)[0], box))

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
        size = float(prop.get_size_in_points())
        length = float(_MEASURE.get_text_width_height_descent(s, prop, False)[0])
        strong = face(prop) == SANS_MEDIUM
        ink = rgba(gc, gc.get_rgb())
        self.marks.append(Lettering(s, float(x), self._size[1] - float(y), angle, size, strong, length, ink))

    def _points(self, points: Sequence[float]) -> list[str]:
        height = self._size[1]
        return [_short(height - one if place % 2 else one) for place, one in enumerate(points)]

    def _box(self, bounds: Sequence[float]) -> Box:
        left, low, width, height = (float(one) for one in bounds)
        return left, self._size[1] - low - height, width, height


def svg(plot: Plot, number: int, inks: Inks, say: Tongue, *, title: str, description: str) -> Markup:
    """The chart as an ``<svg>``, an image to assistive technology with `title` and `description`. `number`
    makes its ids unique in the page; its own words are as `say` says them.
    UnknownPlotError, PlotValuesError."""
    width = NARROW if plot.name in _NARROW else WIDE
    height = natural_height(plot, width)
    clips: dict[Box, str] = {}
    drawn = [
        _shape(one, pair, number, inks, clips) if isinstance(one, Shape) else _lettering(one, pair, inks)
        for one, pair in _coloured(plot, width, height, say)
    ]
    names = f"f{number}t", f"f{number}d"
    return tag(
        "svg",
        tag("title", title, id=names[0]),
        tag("desc", description, id=names[1]),
        tag("defs", [_clip(box, name) for box, name in clips.items()]) if clips else None,
        tag("g", drawn),
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=_short(width),
        height=_short(height),
        role="img",
        aria_labelledby=" ".join(names),
        focusable="false",
    )


def _coloured(plot: Plot, width: float, height: float, say: Tongue) -> list[tuple[Mark, Colours]]:
    """The marks of a chart, each with the colours of its fill and its line."""
    roles = [one.name for one in fields(Palette) if one.name != "name"]
    stand_ins = {_stand_in(place): role for place, role in enumerate(roles)}
    marks = [] if plot.name in _MIXED else _marks(plot, Palette("light", *stand_ins), (width, height), say)
    if marks and all(ink is None or _hex(ink) in stand_ins for mark in marks for ink in _inks_of(mark)):
        return [(mark, [_pair(ink, stand_ins) for ink in _inks_of(mark)]) for mark in marks]
    light, dark = (_marks(plot, palette, (width, height), say) for palette in (LIGHT, DARK))
    return [
        (
            one,
            [
                None if ink is None or on_dark is None else (_hex(ink), _hex(on_dark))
                for ink, on_dark in zip(_inks_of(one), _inks_of(other), strict=True)
            ],
        )
        for one, other in zip(light, dark, strict=True)
    ]


def _stand_in(place: int) -> str:
    """A colour that no mixture of two others is likely to give."""
    return f"#{37 * place % 256:02x}{(91 * place + 17) % 256:02x}{(151 * place + 5) % 256:02x}"


def _inks_of(mark: Mark) -> tuple[Rgba | None, Rgba | None]:
    return (mark.fill, mark.line) if isinstance(mark, Shape) else (mark.ink, None)


def _pair(ink: Rgba | None, stand_ins: Mapping[str, str]) -> tuple[str, str] | None:
    if ink is None:
        return None
    role = stand_ins[_hex(ink)]
    return str(getattr(LIGHT, role)).lower(), str(getattr(DARK, role)).lower()


def _marks(plot: Plot, palette: Palette, size: tuple[float, float], say: Tongue) -> list[Mark]:
    figure = draw(plot, palette, *size, say).figure
    figure.patch.set_visible(False)
    recorder = _Marks(*size)
    figure.draw(recorder)
    return recorder.marks


def _shape(one: Shape, pairs: Colours, number: int, inks: Inks, clips: dict[Box, str]) -> Markup:
    fill, line = pairs
    classes = []
    if fill is not None:
        classes.append(f"f-{inks.name(*fill)}")
    if line is not None:
        classes.append(f"s-{inks.name(*line)}")
    clip = None
    if one.clip is not None:
        clip = f"url(#{clips.setdefault(one.clip, f'f{number}c{len(clips)}')})"
    return tag(
        "path",
        d=one.path,
        class_=" ".join(classes),
        stroke_width=_short(one.width) if line is not None else None,
        stroke_dasharray=" ".join(map(_short, one.dashes)) or None,
        fill_opacity=_faint(one.fill),
        stroke_opacity=_faint(one.line),
        clip_path=clip,
    )


def _lettering(one: Lettering, pairs: Colours, inks: Inks) -> Markup:
    """Words that keep their width in whatever face the reader has."""
    x, y = _short(one.x), _short(one.y)
    ink = pairs[0] or ("", "")
    return tag(
        "text",
        one.words,
        x=x,
        y=y,
        class_=f"f-{inks.name(*ink)}{' m' if one.strong else ''}",
        font_size=_short(one.size) if one.size != _USUAL else None,
        textLength=_short(one.length) if one.length else None,
        lengthAdjust="spacingAndGlyphs" if one.length else None,
        transform=f"rotate({_short(-one.angle)} {x} {y})" if one.angle else None,
    )


_USUAL = 12.0  # px, the page's style for words in charts


def _clip(box: Box, name: str) -> Markup:
    x, y, width, height = map(_short, box)
    return tag("clipPath", tag("rect", x=x, y=y, width=width, height=height), id=name)


def _inside(found: Sequence[tuple[str, list[float]]], bounds: Sequence[float]) -> bool:
    """Whether nothing needs to be cut off."""
    left, low, width, height = bounds
    return all(
        left <= x <= left + width and low <= y <= low + height
        for _, points in found
        for x, y in zip(points[::2], points[1::2], strict=True)
    )


def _hex(ink: Rgba) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in ink[:3])


def _faint(ink: Rgba | None) -> str | None:
    return None if ink is None or ink[3] >= 1 else _short(ink[3])


def _short(number: float) -> str:
    """Two decimals at most, and no more signs than it takes."""
    told = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if told in ("-0", "") else told


def styles(inks: Inks) -> tuple[str, str, str]:
    """(rules, variables on light ground, variables on dark ground) of all charts of a page."""
    rules = "".join(
        f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in inks.pairs.values()
    )
    light = "".join(f"--{name}:{pair[0]};" for pair, name in inks.pairs.items())
    dark = "".join(f"--{name}:{pair[1]};" for pair, name in inks.pairs.items())
    return rules, light, dark
