"""How useful models are by epsilon: a line for each, the first with its band, and what is chosen."""

from typing import Any

from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.scales import plain, ticks, written
from ppdesk.report.figures.sheet import (
    MAIN,
    OTHER,
    REFERENCE_LINE,
    Margins,
    Sheet,
    legend_height,
    widest,
)
from ppdesk.report.figures.values import Values

_FOOT = 46  # px for ticks and title of the horizontal axis
_MARKER = 6.5


def usefulness(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Each line's `means` at its `epsilons` (a logarithmic axis) with the first one's `sds` as a band;
    `ceiling`: without privacy; `current`: the epsilon that is chosen; `wanted`: the level asked for."""
    lines = values.groups("lines")
    if len(lines) > len(SERIES):
        raise PlotValuesError(name=values.name, reason="there are more lines than can be told apart")
    for one in lines:
        one.same_length("epsilons", "means", "sds")
        if min(one.numbers("epsilons")) <= 0:
            raise PlotValuesError(name=values.name, reason="an epsilon is not above 0")
    ceiling, current, say = values.maybe("ceiling"), values.maybe("current"), values.say
    names = [one.text("name") for one in lines] + ([say("No privacy")] if ceiling is not None else [])
    marks = _marks(lines, ceiling)
    sheet = Sheet(palette, width, height)
    axes = sheet.axes(
        Margins(widest(plain(marks, say)) + 34, 22, legend_height(names, width - 80) + 8, _FOOT)
    )
    epsilons = sorted({point for one in lines for point in one.numbers("epsilons")})
    axes.set_xscale("log")
    axes.minorticks_off()
    sheet.upward(axes, marks, plain(marks, say), values.text("measure"))
    told = [written(f"{one:g}", say) for one in epsilons]
    sheet.across(axes, epsilons, told, say("Privacy loss ε: less privacy to the right"))
    low, high = epsilons[0], epsilons[-1]
    if current is not None and current > 0:
        low, high = min(low, current), max(high, current)
    axes.set_xlim(low / 1.15, high * 1.15)
    axes.set_ylim(marks[0], marks[-1])
    own = lines[0]
    pairs = list(zip(own.numbers("means"), own.numbers("sds"), strict=True))
    axes.fill_between(
        own.numbers("epsilons"),
        [max(marks[0], mean - sd) for mean, sd in pairs],
        [min(marks[-1], mean + sd) for mean, sd in pairs],
        color=palette.accent_soft, linewidth=0, zorder=1,
    )  # fmt: skip
    if ceiling is not None:
        axes.axhline(ceiling, zorder=2, **sheet.stroke(REFERENCE, REFERENCE_LINE))
    wanted = values.maybe("wanted")
    if wanted is not None and marks[0] <= wanted <= marks[-1]:
        axes.axhline(wanted, color=palette.caution, linewidth=1, zorder=2)
    if current is not None and current > 0:
        axes.axvline(current, color=palette.accent, linewidth=1.5, zorder=2)
        sheet.write(
            axes, current, 0.04, f"  ε {written(f'{current:g}', say)}  ", strong=True, color=palette.accent,
            va="bottom", transform=axes.get_xaxis_transform(), ha="left" if current < high else "right",
        )  # fmt: skip
    handles: list[Line2D] = []
    for place, one in reversed(list(enumerate(lines))):  # the first on top
        series, line = SERIES[place], MAIN if place == 0 else OTHER
        style: dict[str, Any] = {
            "marker": series.marker, "markersize": _MARKER, "markeredgewidth": 0, **sheet.stroke(series, line)
        }  # fmt: skip
        axes.plot(one.numbers("epsilons"), one.numbers("means"), zorder=3, clip_on=True, **style)
        handles.insert(0, Line2D([], [], label=one.text("name"), **style))
    if ceiling is not None:
        handles.append(Line2D([], [], label=say("No privacy"), **sheet.stroke(REFERENCE, REFERENCE_LINE)))
    sheet.legend(axes, handles)
    return sheet


def _marks(lines: list[Values], ceiling: float | None) -> list[float]:
    """Round values around all means, and the first line's band. What falls far below is cut off: where a
    model is worse than none, by how much says nothing."""
    means = [mean for one in lines for mean in one.numbers("means")]
    band = [
        mean + sign * sd
        for mean, sd in zip(lines[0].numbers("means"), lines[0].numbers("sds"), strict=True)
        for sign in (-1, 1)
    ]
    top = max([*means, *band, *([] if ceiling is None else [ceiling])])
    bottom = max(min([*means, *band]), top - 0.5)
    step = ticks(max(top - bottom, 0.005), 4)[1]
    first = int(bottom // step)
    last = first + 1
    while last * step < top - 1e-12:
        last += 1
    return [round(one * step, 12) for one in range(first, last + 1)]
