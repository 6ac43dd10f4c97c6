"""Points of several solutions: what each loses, and the risk it leaves."""

from typing import Any

from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.scales import per_cent, plain, ticks
from ppdesk.report.figures.sheet import OTHER, Margins, Sheet, legend_height, widest
from ppdesk.report.figures.values import Values

_FOOT = 46  # px for ticks and title of the horizontal axis
# state -> (marker size in px, order from back to front)
_STATES = {
    "other": (6.0, 2),
    "front": (8.0, 3),
    "recommended": (10.0, 4),
}


def tradeoff(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Average risk against loss, with a step line along the best trade-offs."""
    points = values.groups("points")
    if any(one.text("state") not in _STATES for one in points):
        raise PlotValuesError(name=values.name, reason="a point has no known state")
    losses, risks = [one.number("loss") for one in points], [one.number("risk") for one in points]
    across, upward = ticks(max(losses, default=1.0)), ticks(max(risks, default=1.0))
    say = values.say
    names = [say("another"), say("best trade-off"), say("recommended")]
    sheet = Sheet(palette, width, height)
    labels = per_cent(upward, say)
    axes = sheet.axes(Margins(widest(labels) + 34, 18, legend_height(names, width - 80), _FOOT))
    sheet.upward(axes, upward, labels, say("Average risk"))
    sheet.across(axes, across, plain(across, say), say("Loss (0 keeps all, 1 keeps nothing)"))
    axes.set_xlim(0, across[-1])
    axes.set_ylim(0, upward[-1])
    best = sorted((one.number("loss"), one.number("risk")) for one in points if one.text("state") != "other")
    axes.step(
        [loss for loss, _ in best], [risk for _, risk in best], where="post", zorder=1,
        **sheet.stroke(REFERENCE, OTHER),
    )  # fmt: skip
    styles: dict[str, dict[str, Any]] = {
        "other": {"markerfacecolor": palette.surface, "markeredgecolor": palette.text3, "marker": "o"},
        "front": {"color": sheet.colour(SERIES[0]), "marker": "o"},
        "recommended": {"color": sheet.colour(SERIES[1]), "marker": "D"},
    }
    handles = []
    for name, (state, (size, order)) in zip(names, _STATES.items(), strict=True):
        some = [one for one in points if one.text("state") == state]
        style: dict[str, Any] = {"linestyle": "none", "markersize": size, **styles[state]}
        axes.plot(
            [one.number("loss") for one in some], [one.number("risk") for one in some], zorder=order,
            clip_on=False, **style,
        )  # fmt: skip
        handles.append(Line2D([], [], label=name, **style))
    sheet.legend(axes, handles)
    return sheet
