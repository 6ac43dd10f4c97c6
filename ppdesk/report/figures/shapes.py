"""What one column adds to a model's answer: a step function of a number, a line for each category."""

from ppdesk.core.palette import SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures import MOST_CATEGORIES
from ppdesk.report.figures.bars import ROW
from ppdesk.report.figures.scales import plain, ticks, written
from ppdesk.report.figures.sheet import MAIN, MEDIUM, Margins, Sheet, widest
from ppdesk.report.figures.values import Values
from ppdesk.report.tongue import Tongue

Parts = tuple[list[float], list[float], list[float]]  # middle, low, high

_BAND = 2  # standard deviations each way
_FOOT = 46  # px for ticks and title of the horizontal axis


def shape_function(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """`effect` and its `deviation` of each bin. A number: of the bins between two of `edges`, and at last
    of a missing one, which is told in words beside. Categories: of each of `labels`."""
    count = values.same_length("effect", "deviation")
    middle = values.numbers("effect")
    low, high = (
        [one + sign * _BAND * wide for one, wide in zip(middle, values.numbers("deviation"), strict=True)]
        for sign in (-1, 1)
    )
    sheet = Sheet(palette, width, height)
    if not values.raw.get("edges"):
        if values.same_length("effect", "labels") != count:
            raise PlotValuesError(name=values.name, reason="it has not one label for each bin")
        _categories(sheet, values.texts("labels"), (middle, low, high), values.say)
        return sheet
    edges = values.numbers("edges")
    if len(edges) != count:  # one more than bins between them, and one bin for missing values
        raise PlotValuesError(name=values.name, reason="it has not one bin between each two edges")
    _number(sheet, edges, (middle[:-1], low[:-1], high[:-1]), values.say)
    return sheet


def _number(sheet: Sheet, edges: list[float], parts: Parts, say: Tongue) -> None:
    middle, low, high = parts
    marks = _marks(min(low), max(high))
    axes = sheet.axes(Margins(widest(plain(marks, say)) + 34, 18, 10, _FOOT))
    sheet.upward(axes, marks, plain(marks, say), say("Added to the answer"))
    across = [edges[0], (edges[0] + edges[-1]) / 2, edges[-1]]
    sheet.across(axes, across, [written(f"{one:,.4g}", say) for one in across], say("Value"))
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(marks[0], marks[-1])
    axes.stairs(high, edges, baseline=low, fill=True, color=sheet.palette.sunken)
    axes.axhline(0, color=sheet.palette.edge, linewidth=1)
    stroke = sheet.stroke(SERIES[0], MAIN)
    axes.stairs(middle, edges, baseline=None, color=stroke["color"], linewidth=MAIN, clip_on=False)


def _categories(sheet: Sheet, labels: list[str], parts: Parts, say: Tongue) -> None:
    middle, low, high = parts
    order = sorted(range(len(labels)), key=lambda place: (-abs(middle[place]), place))[:MOST_CATEGORIES]
    order.sort(key=lambda place: -middle[place])
    most = min(widest(labels, MEDIUM), sheet.width * 0.36)
    marks = _marks(min(low[one] for one in order), max(high[one] for one in order))
    axes = sheet.axes(Margins(most + 20, 24, 8, _FOOT))
    sheet.names(axes, [labels[one] for one in order], most)
    sheet.across(axes, marks, plain(marks, say), say("Added to the answer"))
    axes.set_xlim(marks[0], marks[-1])
    axes.axvline(0, color=sheet.palette.edge, linewidth=1)
    places, tall = range(len(order)), 4 / ROW
    axes.hlines(
        places, [low[one] for one in order], [high[one] for one in order],
        color=sheet.palette.edge, linewidth=6,
    )  # fmt: skip
    found = [middle[one] for one in order]
    axes.vlines(
        found, [one - tall for one in places], [one + tall for one in places],
        color=sheet.colour(SERIES[0]), linewidth=3,
    )  # fmt: skip


def _marks(low: float, high: float) -> list[float]:
    """Round values from at most `low` to at least `high`, 0 among them."""
    step = ticks(max(high, -low, 1e-9), 3)[1]
    below = 0
    while -below * step > low:
        below += 1
    above = 1
    while above * step < high:
        above += 1
    return [round(one * step, 12) for one in range(-below, above + 1)]
