"""A sheet to draw a chart on: the design's rules for axes, lines and type, in px at 100 %.

One matplotlib point is one px here (72 dpi), so every width and size below reads as in the design.
No pyplot, no global settings: fonts are given with each text, straight from the shipped files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from ppdesk.core.palette import Palette, Series
from ppdesk.core.resources import resource

Weight = Literal["400Regular", "500Medium"]
REGULAR: Weight = "400Regular"
MEDIUM: Weight = "500Medium"
Corner = Literal["lower right"]
SIZE = 12  # px, tick and axis text
MAIN, OTHER, REFERENCE_LINE = 2.25, 1.75, 1.25  # px
_GAP = 8  # px between texts and what they label
_LEGEND_ROW = 20  # px
_CORNER = 0.97  # of the sum of both sides, as shares of the plot area's, at which the corner is the diagonal
_MEASURE = TextToPath()


def font(weight: Weight = REGULAR, size: float = SIZE) -> FontProperties:
    """IBM Plex Sans from the shipped file."""
    return FontProperties(fname=str(resource("fonts", f"IBMPlexSans_{weight}.ttf")), size=size)


def text_width(text: str, weight: Weight = REGULAR) -> float:
    """How wide `text` will be at 12 px."""
    return float(_MEASURE.get_text_width_height_descent(text, font(weight), False)[0]) if text else 0.0


def shortened(text: str, most: float, weight: Weight = REGULAR) -> str:
    """`text`, with its middle left out where it would be wider than `most` px."""
    if text_width(text, weight) <= most:
        return text
    for keep in range(len(text) - 1, 1, -1):
        head = (keep + 1) // 2
        short = f"{text[:head]}…{text[len(text) - (keep - head) :]}"
        if text_width(short, weight) <= most:
            return short
    return "…"


@dataclass(frozen=True)
class Margins:
    """Room around the plot area, px."""

    left: float
    right: float
    top: float
    bottom: float


class Sheet:
    """A figure of `width` x `height` px with one plot area."""

    def __init__(self, palette: Palette, width: float, height: float) -> None:
        self.palette, self.width, self.height = palette, width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=palette.surface)

    def axes(self, margins: Margins) -> Axes:
        """The plot area: no box, no ticks yet, nothing that the rules don't ask for."""
        width = max(40.0, self.width - margins.left - margins.right)
        height = max(24.0, self.height - margins.top - margins.bottom)
        place = (
            margins.left / self.width,
            margins.bottom / self.height,
            width / self.width,
            height / self.height,
        )
        axes = self.figure.add_axes(place, facecolor="none")
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_edgecolor(self.palette.edge)
            spine.set_linewidth(1)
        axes.set_axisbelow(True)
        axes.set_xticks([], [])
        axes.set_yticks([], [])
        return axes

    def across(self, axes: Axes, ticks: Sequence[float], labels: Sequence[str], title: str) -> None:
        """Ticks, words and title of the horizontal axis."""
        room = axes.get_position().width * self.width
        lines = [line for label in labels for line in label.split("\n")]
        if len(ticks) > 2 and (widest(lines) + 8) * (len(ticks) - 1) > room:  # every other one
            labels = [label if place % 2 == 0 else "" for place, label in enumerate(labels)]
        axes.tick_params(axis="x", length=4, width=1, color=self.palette.edge, pad=4)
        axes.set_xticks(ticks, labels, fontproperties=font(), color=self.palette.text3, parse_math=False)
        axes.set_xlabel(title, fontproperties=font(), color=self.palette.text2, labelpad=6, parse_math=False)

    def upward(self, axes: Axes, ticks: Sequence[float], labels: Sequence[str], title: str) -> None:
        """Grid, ticks, words and title of the vertical axis."""
        axes.tick_params(axis="y", length=0, pad=6)
        axes.set_yticks(ticks, labels, fontproperties=font(), color=self.palette.text3, parse_math=False)
        axes.grid(axis="y", color=self.palette.grid, linewidth=1)
        if title:
            axes.set_ylabel(
                title, fontproperties=font(), color=self.palette.text2, labelpad=_GAP, parse_math=False
            )

    def names(self, axes: Axes, names: Sequence[str], most: float) -> None:
        """Row names at the left, first on top, in place of a vertical axis."""
        axes.tick_params(axis="y", length=0, pad=_GAP)
        short = ["\n".join(shortened(line, most, MEDIUM) for line in name.split("\n")) for name in names]
        axes.set_yticks(
            range(len(names)), short, fontproperties=font(MEDIUM), color=self.palette.text, parse_math=False
        )
        axes.set_ylim(len(names) - 0.4, -0.6)

    def write(self, axes: Axes, x: float, y: float, text: str, *, strong: bool = False, **more: Any) -> None:
        """Words inside the plot area, at data coordinates unless `more` has another transform."""
        more.setdefault("color", self.palette.text2)
        more.setdefault("va", "center_baseline")
        axes.text(x, y, text, fontproperties=font(MEDIUM if strong else REGULAR), parse_math=False, **more)

    def colour(self, series: Series) -> str:
        """The colour of a series in this palette."""
        return str(getattr(self.palette, series.role))

    def stroke(self, series: Series, width: float) -> dict[str, Any]:
        """How a line of `series` is drawn. matplotlib scales dashes by the width; the design gives px."""
        style: Any = (0, tuple(part / width for part in series.dash)) if series.dash else "solid"
        return {"color": self.colour(series), "linewidth": width, "linestyle": style}

    def legend(
        self, axes: Axes, handles: Sequence[Artist], *, inside: Corner | None = None, edge: bool = False
    ) -> None:
        """Line, dash and marker beside each name: in a corner of the plot area, or above it; with `edge` from
        the left edge of the sheet on."""
        start = axes.get_position().x0
        legend = axes.legend(
            handles=list(handles),
            loc=inside or "lower left",
            bbox_to_anchor=None if inside else (-start / axes.get_position().width if edge else 0.0, 1.0),
            ncols=1 if inside else legend_columns([str(one.get_label()) for one in handles], self.width - 80),
            frameon=False,
            prop=font(),
            labelcolor=self.palette.text2,
            handlelength=2.4,
            handletextpad=0.6,
            columnspacing=1.6,
            labelspacing=0.45,
            borderaxespad=0.4,
            borderpad=0.2,
        )
        legend.set_zorder(3)
        for text in legend.get_texts():
            text.set_parse_math(False)  # a dollar sign in a name is a dollar sign


def legend_width(names: Sequence[str]) -> float:
    """The width of a legend with one name a row, px."""
    return max(text_width(name) for name in names) + 46


def legend_columns(names: Sequence[str], room: float) -> int:
    """How many columns of a legend above the plot fit into `room` px."""
    return max(1, min(len(names), int((room + 19) // (legend_width(names) + 19))))


def legend_height(names: Sequence[str], room: float) -> float:
    """The room that a legend above the plot takes, px."""
    rows = -(-len(names) // legend_columns(names, room))
    return rows * _LEGEND_ROW + _GAP


def fits_below(names: Sequence[str], width: float, height: float) -> bool:
    """Whether a legend fits into the lower right corner of a plot area of `width` x `height` px, below the
    diagonal from one corner to the other."""
    return legend_width(names) / width + (len(names) * _LEGEND_ROW + _GAP) / height < _CORNER


def widest(texts: Sequence[str], weight: Weight = REGULAR) -> float:
    """The width of the widest text, px."""
    return max((text_width(text, weight) for text in texts), default=0.0)


def in_two_lines(text: str, room: float) -> str:
    """`text`, broken at the space that makes it narrowest, where it is wider than `room` px."""
    words = text.split(" ")
    if len(words) < 2 or text_width(text) <= room:
        return text
    halves = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    widths = [widest(half) for half in halves]
    return "\n".join(halves[widths.index(min(widths))])
