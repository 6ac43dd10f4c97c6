"""The map of risks of an impact assessment: severity by likelihood, before and with the measures.

After the CNIL's method (Privacy Impact Assessment, 2018): four levels on both axes. Where a mark stands is
what it says; shape, number and an arrow tell before from after, and never the colour alone.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.sheet import (
    MEDIUM,
    SIZE,
    Margins,
    Sheet,
    font,
    in_two_lines,
    shortened,
    text_width,
    widest,
)
from ppdesk.report.figures.values import Values

_MARK = 18.0  # px across, where there is room
_KEY = 0.34  # of the width at most, for the names at the right
_ROW = 19.0  # px of a line there
_DARKEST = 0.95  # how far the worst cell goes from the surface to `pressed`

Place = tuple[float, float]


def risk_map(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """A square of cells, each risk as a ring before and a disc after the measures, an arrow between them."""
    levels, risks = values.texts("levels"), values.groups("risks")
    count = len(levels)
    sheet = Sheet(palette, width, height)
    named = [f"{number}  {one.text('name')}" for number, one in enumerate(risks, 1)]
    words = [values.text("before"), values.text("after")]
    room = min(_KEY * width, max(widest(named, MEDIUM), widest(words) + 30) + 26)
    left = min(widest(levels, MEDIUM), 130) + 44
    slot = (width - room - left) / count
    below = [_below(one, slot - 8) for one in levels]
    foot = 30 + 15 * max(len(one.split("\n")) for one in below)
    axes = sheet.axes(Margins(left, room, 6, foot))
    sheet.names(axes, levels[::-1], 130)
    axes.set_yticks(range(1, count + 1), [shortened(one, 130, MEDIUM) for one in levels])
    sheet.across(axes, range(1, count + 1), below, values.text("likelihood"))
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel(
        values.text("severity"), fontproperties=font(), color=palette.text2, labelpad=8, parse_math=False
    )
    axes.set_xlim(0.5, count + 0.5)
    axes.set_ylim(0.5, count + 0.5)
    _cells(axes, palette, count)
    apart = 0.95 / max(3, len(risks) + 1)  # of a cell, from one risk's spot to the next
    size = min(_MARK, apart * slot - 1)
    for number, one in enumerate(risks, 1):
        aside = (number - (len(risks) + 1) / 2) * apart
        before, after = _place(one, "before", count, aside, 0.22), _place(one, "after", count, aside, -0.22)
        if before and after and one.raw["before"] != one.raw["after"]:
            _arrow(axes, sheet, before, after)
        if before:
            _mark(axes, sheet, before, str(number), size, filled=False)
        if after:
            _mark(axes, sheet, after, str(number), size, filled=True)
    _key(axes, sheet, named, words, room)
    return sheet


def _cells(axes: Axes, palette: Palette, count: int) -> None:
    """The darker, the more severe and the more likely."""
    light, dark = to_rgb(palette.surface), to_rgb(palette.pressed)
    for x in range(1, count + 1):
        for y in range(1, count + 1):
            share = _DARKEST * (x + y - 2) / max(1, 2 * count - 2) + 0.05
            red, green, blue = (a + (b - a) * share for a, b in zip(light, dark, strict=True))
            axes.add_patch(
                Rectangle(
                    (x - 0.5, y - 0.5),
                    1,
                    1,
                    facecolor=(red, green, blue),
                    edgecolor=palette.edge,
                    linewidth=0.75,
                )
            )


def _below(level: str, room: float) -> str:
    """A level's name under its column."""
    return "\n".join(shortened(line, room) for line in in_two_lines(level, room).split("\n"))


def _place(risk: Values, when: str, count: int, aside: float, up: float) -> Place | None:
    """Where the mark stands: each risk has its own spot in a cell, so that marks in one cell lie apart."""
    pair = risk.raw.get(when)
    if pair is None:
        return None
    severity, likelihood = _pair(risk, pair, count)
    return likelihood + aside, severity + up


def _pair(risk: Values, pair: object, count: int) -> tuple[int, int]:
    """(severity, likelihood), 1 the least."""
    if isinstance(pair, list | tuple) and len(pair) == 2:
        severity, likelihood = pair
        if all(isinstance(one, int) and 1 <= one <= count for one in (severity, likelihood)):
            return severity, likelihood
    raise PlotValuesError(name=risk.name, reason="a risk has no two levels")


def _arrow(axes: Axes, sheet: Sheet, start: Place, end: Place) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": sheet.colour(REFERENCE),
            "linewidth": 1.25,
            "shrinkA": _MARK / 2 + 1,
            "shrinkB": _MARK / 2 + 2,
        },
        zorder=3,
    )


def _mark(axes: Axes, sheet: Sheet, at: Place, number: str, size: float, *, filled: bool) -> None:
    """A ring with its number on the ground, or a disc with its number cut out."""
    ours, ground = sheet.colour(SERIES[0]), sheet.palette.surface
    axes.plot(
        [at[0]],
        [at[1]],
        marker="o",
        markersize=size,
        markerfacecolor=ours if filled else ground,
        markeredgecolor=ours,
        markeredgewidth=1.5,
        linestyle="none",
        clip_on=False,
        zorder=4,
    )
    ink = sheet.palette.on_accent if filled else sheet.palette.text
    sheet.write(axes, *at, number, strong=True, ha="center", color=ink, zorder=5)


def _key(axes: Axes, sheet: Sheet, named: Sequence[str], words: Sequence[str], room: float) -> None:
    """At the right: the risks by number, then what ring and disc mean."""
    box = axes.get_position()
    high, wide = box.height * sheet.height, box.width * sheet.width

    def across(px: float) -> float:
        return 1 + px / wide

    top = 1 - 0.5 * SIZE / high
    for number, name in enumerate(_wrapped(named, room - 26)):
        sheet.write(axes, across(18), top - number * _ROW / high, name, strong=True, transform=axes.transAxes)
        top_of_words = top - (number + 1.8) * _ROW / high
    for number, (text, filled) in enumerate(zip(words, (False, True), strict=True)):
        line = top_of_words - number * 1.3 * _ROW / high
        axes.plot(
            [across(18 + _MARK / 2)],
            [line],
            marker="o",
            markersize=12,
            markerfacecolor=sheet.colour(SERIES[0]) if filled else sheet.palette.surface,
            markeredgecolor=sheet.colour(SERIES[0]),
            markeredgewidth=1.5,
            linestyle="none",
            transform=axes.transAxes,
            clip_on=False,
        )
        sheet.write(axes, across(42), line, shortened(text, room - 50), transform=axes.transAxes)


def _wrapped(lines: Sequence[str], room: float) -> list[str]:
    """`lines`, those too wide on two, the second set in."""
    found: list[str] = []
    for line in lines:
        if text_width(line, MEDIUM) <= room:
            found.append(line)
            continue
        halves = in_two_lines(line, room).split("\n")
        found.append(shortened(halves[0], room, MEDIUM))
        found += [f"    {shortened(half, room - 14, MEDIUM)}" for half in halves[1:]]
    return found
