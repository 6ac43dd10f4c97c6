"""Charts of points."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette, Series
from ppdesk.report.figures.scales import plain, ticks
from ppdesk.report.figures.sheet import Margins, Sheet, legend_height, widest
from ppdesk.report.figures.values import Values
from ppdesk.report.tongue import Tongue

_FOOT = 46  # px for ticks and title of the horizontal axis


class _Mark(NamedTuple):
    """How the transformations of some statuses are drawn."""

    statuses: Sequence[str]
    series: Series
    marker: str
    size: float
    filled: bool = True


_MARKS = (
    _Mark(("fails", "implied", "beaten"), REFERENCE, ".", 3),
    _Mark(("open",), REFERENCE, "o", 4, filled=False),
    _Mark(("meets",), SERIES[2], "o", 3.5),
    _Mark(("alternative",), SERIES[1], "s", 5),
    _Mark(("best",), SERIES[0], "D", 7),
)


def _names(say: Tongue) -> tuple[str, ...]:
    """What each of `_MARKS` is called."""
    return (
        say("not within the limit, or beaten: least score"),
        say("not decided: least score"),
        say("checked, within the limit"),
        say("next best"),
        say("taken"),
    )


def lattice(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Transformations by the sum of their levels and their score; the taken one on top."""
    values.same_length("totals", "scores", "statuses")
    statuses = values.texts("statuses")
    points = list(zip(values.numbers("totals"), values.numbers("scores"), strict=True))
    say = values.say
    there = [
        (name, mark)
        for name, mark in zip(_names(say), _MARKS, strict=True)
        if any(one in mark.statuses for one in statuses)
    ]
    sheet = Sheet(palette, width, height)
    up = ticks(max(score for _, score in points))
    across = ticks(max(total for total, _ in points))
    labels = plain(up, say)
    top = legend_height([name for name, _ in there], width - 80) + 4 if there else 8
    axes = sheet.axes(Margins(widest(labels) + 34, 18, top, _FOOT))
    sheet.upward(axes, up, labels, values.text("measure"))
    sheet.across(axes, across, plain(across, say), say("Sum of levels"))
    handles = []
    for order, (name, mark) in enumerate(there):
        chosen = [point for point, status in zip(points, statuses, strict=True) if status in mark.statuses]
        colour = sheet.colour(mark.series)
        look: dict[str, Any] = {
            "linestyle": "none",
            "marker": mark.marker,
            "markersize": mark.size,
            "markeredgewidth": 0 if mark.filled else 1,
            "markeredgecolor": colour,
            "markerfacecolor": colour if mark.filled else "none",
        }
        axes.plot(
            [total for total, _ in chosen], [score for _, score in chosen], clip_on=False, zorder=2 + order,
            **look,
        )  # fmt: skip
        handles.append(Line2D([], [], label=name, **{**look, "markersize": max(5.0, mark.size)}))
    axes.set_xlim(0, across[-1])
    axes.set_ylim(0, up[-1])
    if handles:
        sheet.legend(axes, handles)
    return sheet
