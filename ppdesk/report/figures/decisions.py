"""What a score is good for: precision against recall, cost and benefit by threshold, predicted and actual."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.curves import FOOT, UNIT, roles, square
from ppdesk.report.figures.scales import plain, score, ticks
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


def precision_recall(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Precision against recall, as steps; `prevalence`: what guessing gives."""
    curves = roles(values)
    base = values.number("prevalence")
    say = values.say
    words = say("guessing: {rate}", rate=score(base, say))
    names = [*(curve.text("name") for curve, _, _ in curves), words]
    sheet = Sheet(palette, width, height)
    axes = square(sheet, (say("Recall"), say("Precision")), legend_height(names, width - 80), say)
    axes.axhline(base, zorder=1, **sheet.stroke(REFERENCE, REFERENCE_LINE))
    handles: list[Line2D] = []
    for curve, series, line in reversed(curves):  # ours last, on top
        curve.same_length("recall", "precision")
        recall, precision = curve.numbers("recall"), curve.numbers("precision")
        stroke = sheet.stroke(series, line)
        # a step back to the recall before: between two scores the precision is that of the lower one
        axes.step([0.0, *recall], [precision[0], *precision], where="pre", zorder=2, clip_on=False, **stroke)
        handles.insert(0, Line2D([], [], label=curve.text("name"), **stroke))
    handles.append(Line2D([], [], label=words, **sheet.stroke(REFERENCE, REFERENCE_LINE)))
    sheet.legend(axes, handles)
    return sheet


def costs(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Cost (or benefit) by threshold. `curves`: role, name, `at` and `value`; `levels`: what needs no score,
    name and value; `marks`: thresholds to point out, name and at; `least`: where the axis starts at most."""
    curves = roles(values)
    levels, marks = _listed(values, "levels"), _listed(values, "marks")
    if len(levels) > len(_LEVELS):
        raise PlotValuesError(name=values.name, reason="there are more levels than can be told apart")
    names = [*(curve.text("name") for curve, _, _ in curves), *(one.text("name") for one in levels)]
    every = [value for curve, _, _ in curves for value in curve.numbers("value")]
    every += [one.number("value") for one in levels]
    least = values.maybe("least")
    bottom = min(0.0, min(every) if least is None else max(least, min(every)))
    upward = _upward(bottom, max(1e-9, *every))
    sheet = Sheet(palette, width, height)
    above, say = legend_height(names, width - 80), values.say
    axes = sheet.axes(Margins(widest(plain(upward, say)) + 34, 18, above, FOOT))
    sheet.upward(axes, upward, plain(upward, say), values.text("measure"))
    sheet.across(axes, UNIT, plain(UNIT, say), say("Threshold"))
    axes.set_xlim(0, 1)
    axes.set_ylim(upward[0], upward[-1])
    handles: list[Line2D] = []
    for curve, series, line in reversed(curves):
        curve.same_length("at", "value")
        stroke = sheet.stroke(series, line)
        axes.plot(curve.numbers("at"), curve.numbers("value"), zorder=3, **stroke)
        handles.insert(0, Line2D([], [], label=curve.text("name"), **stroke))
    for one, dash in zip(levels, _LEVELS, strict=False):
        style = {**sheet.stroke(REFERENCE, REFERENCE_LINE), "linestyle": dash}
        shown = one.raw.get("values")
        if shown is None:
            axes.axhline(one.number("value"), zorder=2, **style)
        else:
            axes.plot(one.numbers("at"), one.numbers("values"), zorder=2, **style)
        handles.append(Line2D([], [], label=one.text("name"), **style))
    _pointed(sheet, axes, marks)
    sheet.legend(axes, handles)
    return sheet


_LEVELS = ((0, (3, 3)), (0, (1, 2)))


def _listed(values: Values, key: str) -> list[Values]:
    found = values.raw.get(key)
    return values.groups(key) if found else []


def _upward(bottom: float, top: float) -> list[float]:
    """Round values around both."""
    step = ticks(top - bottom)[1]
    first, last = int(bottom // step), 0
    while last * step < top - 1e-12:
        last += 1
    return [round(one * step, 12) for one in range(first, last + 1)]


def _pointed(sheet: Sheet, axes: Axes, marks: list[Values]) -> None:
    """A thin upright line at each threshold, with its name beside it; names that would meet stand higher."""
    for place, one in enumerate(sorted(marks, key=lambda mark: mark.number("at"))):
        at = one.number("at")
        if not 0 <= at <= 1:
            continue
        axes.axvline(at, color=sheet.palette.accent, linewidth=1.25, zorder=2)
        sheet.write(
            axes, at, 0.04 + 0.085 * place, f"  {one.text('name')}  ", strong=True,
            color=sheet.palette.accent, va="bottom", ha="left" if at < 0.6 else "right",
            transform=axes.get_xaxis_transform(), zorder=4,
        )  # fmt: skip


def agreement(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Mean actual against mean predicted number, in groups of like prediction; `low`, `high`: both axes."""
    bins = sorted(values.groups("bins"), key=lambda one: one.number("predicted"))
    predicted = [one.number("predicted") for one in bins]
    actual = [one.number("actual") for one in bins]
    most = max(max(0.0, one.number("n")) for one in bins) or 1.0
    low, high = values.number("low"), values.number("high")
    if not low < high:
        raise PlotValuesError(name=values.name, reason="low is not below high")
    step = ticks(high - low)[1]
    first = low // step
    marks = [round((first + one) * step, 12) for one in range(int((high - first * step) // step) + 2)]
    say = values.say
    names = [say("mean of records of like prediction"), say("exact")]
    labels = plain(marks, say)
    sheet = Sheet(palette, width, height)
    axes = sheet.axes(Margins(widest(labels) + 34, 18, legend_height(names, width - 80), FOOT))
    sheet.upward(axes, marks, labels, say("Actual"))
    sheet.across(axes, marks, labels, say("Predicted"))
    axes.set_xlim(marks[0], marks[-1])
    axes.set_ylim(marks[0], marks[-1])
    axes.plot(
        [marks[0], marks[-1]], [marks[0], marks[-1]], zorder=1, **sheet.stroke(REFERENCE, REFERENCE_LINE)
    )
    axes.plot(predicted, actual, zorder=2, clip_on=False, **sheet.stroke(SERIES[0], OTHER))
    axes.scatter(
        predicted, actual, s=[20 + 60 * max(0.0, one.number("n")) / most for one in bins],
        c=sheet.colour(SERIES[0]), edgecolors=palette.surface, linewidths=1, zorder=3, clip_on=False,
    )  # fmt: skip
    sheet.legend(
        axes,
        [
            Line2D([], [], label=names[0], marker="o", markersize=6, **sheet.stroke(SERIES[0], MAIN)),
            Line2D([], [], label=names[1], **sheet.stroke(REFERENCE, REFERENCE_LINE)),
        ],
    )
    return sheet
