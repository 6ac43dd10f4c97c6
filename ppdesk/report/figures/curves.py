"""Charts made of lines and points."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ppdesk.core.palette import REFERENCE, SERIES, Palette, Series
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.bars import ROW
from ppdesk.report.figures.scales import per_cent, plain, share, ticks
from ppdesk.report.figures.sheet import (
    MAIN,
    MEDIUM,
    OTHER,
    REFERENCE_LINE,
    Margins,
    Sheet,
    fits_below,
    legend_height,
    widest,
)
from ppdesk.report.figures.values import Values
from ppdesk.report.tongue import Tongue

UNIT = [0.0, 0.25, 0.5, 0.75, 1.0]
FOOT = 46  # px for ticks and title of the horizontal axis


def square(sheet: Sheet, titles: tuple[str, str], top: float, say: Tongue) -> Axes:
    """A plot area from 0 to 1 both ways, with the titles across and upward."""
    axes = sheet.axes(Margins(widest(["0.25"]) + 34, 18, top, FOOT))
    across, upward = titles
    sheet.upward(axes, UNIT, plain(UNIT, say), upward)
    sheet.across(axes, UNIT, plain(UNIT, say), across)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.01)
    return axes


def roles(values: Values) -> list[tuple[Values, Series, float]]:
    """Each curve with how it looks: ours c1, baseline c2 and on, trivial the grey reference; several of the
    same rank (classes) c1 and on."""
    curves = values.groups("curves")
    spare = iter(SERIES if all(one.text("role") == "class" for one in curves) else SERIES[1:])
    found = []
    for curve in curves:
        role = curve.text("role")
        if role == "ours":
            found.append((curve, SERIES[0], MAIN))
        elif role in ("baseline", "class"):
            series = next(spare, None)
            if series is None:
                raise PlotValuesError(name=values.name, reason="there are more curves than can be told apart")
            found.append((curve, series, OTHER))
        elif role == "trivial":
            found.append((curve, REFERENCE, REFERENCE_LINE))
        else:
            raise PlotValuesError(name=values.name, reason="a curve has no known role")
    return found


def roc(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Receiver operating characteristic: found among the positive against false alarms."""
    curves = roles(values)
    names = [curve.text("name") for curve, _, _ in curves]
    sheet = Sheet(palette, width, height)
    inside = fits_below(names, width - widest(["0.25"]) - 52, height - FOOT - 10)
    say = values.say
    top = 10 if inside else legend_height(names, width - 80)
    axes = square(sheet, (say("False alarms"), say("Found")), top, say)
    handles = []
    for curve, series, line in reversed(curves):  # ours last, on top
        curve.same_length("fpr", "tpr")
        stroke = sheet.stroke(series, line)
        axes.plot(curve.numbers("fpr"), curve.numbers("tpr"), clip_on=False, zorder=2, **stroke)
    for curve, series, line in curves:
        marks = _few_marks(sheet, axes, curve, series)
        handles.append(
            Line2D(
                [], [], label=curve.text("name"), marker=series.marker if marks else "", markersize=5,
                markeredgewidth=0, **sheet.stroke(series, line),
            )
        )  # fmt: skip
    sheet.legend(axes, handles, inside="lower right" if inside else None)
    return sheet


def _few_marks(sheet: Sheet, axes: Axes, curve: Values, series: Series) -> bool:
    """The series' marker at some points of its curve, evenly along the false alarms."""
    if not series.marker:
        return False
    fpr, tpr = curve.numbers("fpr"), curve.numbers("tpr")
    shift = SERIES.index(series) * 0.05  # so that two curves that agree do not hide each other's marks
    wanted = [0.1 + shift, 0.35 + shift, 0.6 + shift]
    at = sorted({min(range(len(fpr)), key=lambda i: abs(fpr[i] - want)) for want in wanted})
    axes.plot(
        [fpr[i] for i in at], [tpr[i] for i in at], linestyle="none", marker=series.marker, markersize=5.5,
        markeredgewidth=0, color=sheet.colour(series), zorder=3, clip_on=False,
    )  # fmt: skip
    return True


def calibration(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Observed share against predicted probability; a bigger point stands for more records."""
    bins = sorted(values.groups("bins"), key=lambda one: one.number("p"))
    predicted, observed = [one.number("p") for one in bins], [one.number("observed") for one in bins]
    counts = [max(0.0, one.number("n")) for one in bins]
    most = max(counts) or 1.0
    say = values.say
    names = [say("predicted and observed; area by records"), say("perfectly calibrated")]
    sheet = Sheet(palette, width, height)
    axes = square(
        sheet,
        (say("Predicted probability"), say("Observed share")),
        legend_height(names, width - 80),
        say,
    )
    axes.plot([0, 1], [0, 1], zorder=2, **sheet.stroke(REFERENCE, REFERENCE_LINE))
    axes.plot(predicted, observed, zorder=2, clip_on=False, **sheet.stroke(SERIES[0], OTHER))
    areas = [20 + 90 * count / most for count in counts]
    axes.scatter(
        predicted, observed, s=areas, c=sheet.colour(SERIES[0]), edgecolors=palette.surface, linewidths=1,
        zorder=3, clip_on=False,
    )  # fmt: skip
    sheet.legend(
        axes,
        [
            Line2D([], [], label=names[0], marker="o", markersize=6, **sheet.stroke(SERIES[0], OTHER)),
            Line2D([], [], label=names[1], **sheet.stroke(REFERENCE, REFERENCE_LINE)),
        ],
    )
    return sheet


def fairness(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """The rate of each group with its interval, per cent."""
    values.same_length("groups", "rate", "low", "high")
    groups, rates = values.texts("groups"), values.numbers("rate")
    lows, highs = values.numbers("low"), values.numbers("high")
    sheet, say = Sheet(palette, width, height), values.say
    words = [f"  {share(rate, say)}" for rate in rates]
    marks = ticks(min(1.0, max(0.05, *highs)))
    most = min(widest(groups, MEDIUM), width * 0.36)
    axes = sheet.axes(Margins(most + 20, widest(words, MEDIUM) + 16, 8, FOOT))
    sheet.names(axes, groups, most)
    title = values.text("unit", say("Share predicted positive, 95 % interval"))
    sheet.across(axes, marks, per_cent(marks, say), title)
    axes.set_xlim(0, marks[-1])
    colour = sheet.colour(SERIES[0])
    _intervals(sheet, axes, lows, highs)
    axes.plot(
        rates,
        range(len(rates)),
        linestyle="none",
        marker="o",
        markersize=8,
        color=colour,
        zorder=3,
        clip_on=False,
    )
    for row, word in enumerate(words):
        sheet.write(
            axes, 1.0, row, word, strong=True, color=palette.text, ha="left",
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip
    return sheet


def _intervals(sheet: Sheet, axes: Axes, lows: Sequence[float], highs: Sequence[float]) -> None:
    """A thin row line for the eye, the interval on it, and a small bar at each end."""
    right, colour = axes.get_xlim()[1], sheet.colour(SERIES[0])
    tall, rows = 5 / ROW, range(len(lows))
    axes.hlines(rows, 0, right, color=sheet.palette.grid, linewidth=1, zorder=1)
    axes.hlines(rows, lows, highs, color=colour, linewidth=OTHER, zorder=2, clip_on=False)
    below, above = [row - tall for row in rows], [row + tall for row in rows]
    for ends in (lows, highs):
        axes.vlines(ends, below, above, color=colour, linewidth=OTHER, zorder=2, clip_on=False)
