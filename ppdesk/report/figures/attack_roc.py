"""How well attacks tell who was in training, both axes in log scale (Carlini and others 2022, IEEE S&P)."""

import math

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.core.wording import percent
from ppdesk.privacy.attacker import true_positive
from ppdesk.report.errors import PlotValuesError
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
_POINTS = 120  # of the bound


def attack_roc(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Members found against false alarms. `curves`: name, fpr, tpr; `least`: the smallest false-alarm rate
    that the records show. `epsilon`, `delta`: what is claimed, if it is; what that rules out is shaded."""
    curves = values.groups("curves")
    if len(curves) > len(SERIES):
        raise PlotValuesError(name=values.name, reason="there are more curves than can be told apart")
    least, epsilon = values.number("least"), values.maybe("epsilon")
    if not 0 < least <= 1:
        raise PlotValuesError(name=values.name, reason="the smallest rate is none")
    decades = max(1, math.ceil(-math.log10(least) - 1e-9))
    start = 10.0**-decades
    marks = [10.0**-one for one in range(decades, -1, -1)]
    labels = [percent(one, None) for one in marks]
    names = [one.text("name") for one in curves] + ["guessing"]
    shaded = "" if epsilon is None else f"cannot be if ε is at most {epsilon:g}"
    sheet = Sheet(palette, width, height)
    top = legend_height([*names, *([shaded] if shaded else [])], width - 80)
    axes = sheet.axes(Margins(widest(labels) + 34, 18, top, _FOOT))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.minorticks_off()
    sheet.upward(axes, marks, labels, "Found in training")
    sheet.across(axes, marks, labels, "False alarms")
    axes.set_xlim(start, 1)
    axes.set_ylim(start, 1)
    handles: list[Line2D | Patch] = []
    for place, (curve, series) in enumerate(zip(curves, SERIES, strict=False)):
        curve.same_length("fpr", "tpr")
        stroke = sheet.stroke(series, OTHER if place else MAIN)
        across = [max(one, start) for one in curve.numbers("fpr")]
        upward = [max(one, start) for one in curve.numbers("tpr")]
        axes.plot(across, upward, zorder=4 - place / len(curves), **stroke)
        handles.append(Line2D([], [], label=names[place], **stroke))
    axes.plot([start, 1], [start, 1], zorder=2, **sheet.stroke(REFERENCE, REFERENCE_LINE))
    handles.append(Line2D([], [], label=names[-1], **sheet.stroke(REFERENCE, REFERENCE_LINE)))
    if epsilon is not None:
        delta = values.maybe("delta") or 0.0
        rates = [10 ** (-decades * (1 - one / (_POINTS - 1))) for one in range(_POINTS)]
        most = [true_positive(min(1.0, one), epsilon, delta) for one in rates]
        axes.fill_between(rates, most, 1.0, color=palette.grid, linewidth=0, zorder=1)
        axes.plot(rates, most, color=palette.text3, linewidth=1, zorder=2)
        handles.append(Patch(facecolor=palette.grid, edgecolor=palette.text3, linewidth=1, label=shaded))
    sheet.legend(axes, handles)
    return sheet
