"""How well attacks tell who was in training, both axes in log scale (Carlini and others 2022, IEEE S&P)."""

import math
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.core.wording import percent
from ppdesk.privacy.attacker import true_positive
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.scales import written
from ppdesk.report.figures.sheet import (
    MAIN,
    MEDIUM,
    OTHER,
    REFERENCE_LINE,
    Margins,
    Sheet,
    fits_below,
    legend_height,
    text_width,
    widest,
)
from ppdesk.report.figures.values import Values
from ppdesk.report.tongue import Tongue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLAIM = SERIES[1]
_FOOT = 46  # px for ticks and title of the horizontal axis
_POINTS = 120  # of the bound


def attack_roc(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Members found against false alarms. `curves`: name, fpr, tpr; `least`: the smallest false-alarm rate
    that the records show. `epsilon`, `delta`: what is claimed, if it is; what that rules out is shaded."""
    say = values.say
    curves = values.groups("curves")
    if len(curves) >= len(SERIES):  # one of them is the claim's
        raise PlotValuesError(name=values.name, reason="there are more curves than can be told apart")
    least, epsilon = values.number("least"), values.maybe("epsilon")
    if not 0 < least <= 1:
        raise PlotValuesError(name=values.name, reason="the smallest rate is none")
    decades = max(1, math.ceil(-math.log10(least) - 1e-9))
    start = 10.0**-decades
    marks = [10.0**-one for one in range(decades, -1, -1)]
    labels = [written(percent(one, None), say) for one in marks]
    names = [one.text("name") for one in curves]
    if epsilon is not None:
        names.append(say("most that ε {epsilon} allows", epsilon=written(f"{epsilon:g}", say)))
    names.append(say("guessing"))
    sheet = Sheet(palette, width, height)
    inside = fits_below(names, width - widest(labels) - 52, height - _FOOT - 10)
    top = 10 if inside else legend_height(names, width - 80)
    axes = sheet.axes(Margins(widest(labels) + 34, 18, top, _FOOT))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.minorticks_off()
    sheet.upward(axes, marks, labels, say("Found in training"))
    sheet.across(axes, marks, labels, say("False alarms"))
    axes.set_xlim(start, 1)
    axes.set_ylim(start, 1)
    handles: list[Line2D] = []
    spare = [one for one in SERIES if one is not CLAIM] if epsilon is not None else list(SERIES)
    for place, (curve, series) in enumerate(zip(curves, spare, strict=False)):
        curve.same_length("fpr", "tpr")
        stroke = sheet.stroke(series, OTHER if place else MAIN)
        across = [max(one, start) for one in curve.numbers("fpr")]
        upward = [max(one, start) for one in curve.numbers("tpr")]
        axes.plot(across, upward, zorder=4 - place / len(curves), **stroke)
        handles.append(Line2D([], [], label=names[place], **stroke))
    if epsilon is not None:
        _impossible(sheet, axes, decades, (epsilon, values.maybe("delta") or 0.0), say)
        handles.append(Line2D([], [], label=names[-2], **sheet.stroke(CLAIM, OTHER)))
    axes.plot([start, 1], [start, 1], zorder=2, **sheet.stroke(REFERENCE, REFERENCE_LINE))
    handles.append(Line2D([], [], label=names[-1], **sheet.stroke(REFERENCE, REFERENCE_LINE)))
    sheet.legend(axes, handles, inside="lower right" if inside else None)
    return sheet


def _impossible(sheet: Sheet, axes: "Axes", decades: int, claim: tuple[float, float], say: Tongue) -> None:
    """What (epsilon, delta) rules out: its edge, shaded, and said in words where there is room."""
    epsilon, delta = claim
    rates = [10 ** (-decades * (1 - one / (_POINTS - 1))) for one in range(_POINTS)]
    most = [true_positive(min(1.0, one), epsilon, delta) for one in rates]
    colour = sheet.colour(CLAIM)
    axes.fill_between(rates, most, 1.0, color=colour, alpha=0.10, linewidth=0, zorder=1)
    axes.plot(rates, most, zorder=2, **sheet.stroke(CLAIM, OTHER))
    words = say("cannot be if ε ≤ {epsilon}", epsilon=written(f"{epsilon:g}", say))
    area = axes.get_position()
    wide, high = area.width * sheet.width, area.height * sheet.height
    # the words end where the edge of the region passes under them
    line = 1 - 26 / high
    under = [
        rate for rate, one in zip(rates, most, strict=True) if 1 + math.log10(one) / decades < line - 0.09
    ]
    room = (1 + math.log10(under[-1]) / decades) * wide if under else 0.0
    if text_width(words, MEDIUM) + 20 <= room:
        sheet.write(
            axes, 12 / wide, line, words, strong=True, color=colour, ha="left", transform=axes.transAxes,
            zorder=3,
        )  # fmt: skip
