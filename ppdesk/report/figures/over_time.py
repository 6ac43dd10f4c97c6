"""Batches in their order: drift of each column as cells, and lines by batch with the band they belong in."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ppdesk.core.palette import SERIES, Palette
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.figures.scales import plain, score, ticks, written
from ppdesk.report.figures.sheet import (
    MAIN,
    MEDIUM,
    OTHER,
    Margins,
    Sheet,
    legend_height,
    shortened,
    widest,
)
from ppdesk.report.figures.values import Values

_FOOT = 46  # px for ticks and title of the horizontal axis
_HEAD = 26  # px for the names of the batches
_CELL = 92.0  # px: no cell is wider
_TIGHT = 46.0  # px: narrower cells have no room for shape and number
_SHAPES = {"watch": ("^", False), "drifted": ("^", True), "unclear": ("D", False)}


def drift_over_time(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """The stability index of each of `columns` in each of `batches`. `rows`: one for each column, with `psi`
    and `verdict` (steady, watch, drifted, unclear; none where the batch did not have it) for each batch. Each
    cell has its number, and a shape and a colour where it is not steady."""
    columns, batches, rows = values.texts("columns"), values.texts("batches"), values.groups("rows")
    if len(rows) != len(columns):
        raise PlotValuesError(name=values.name, reason="it has not one row for each column")
    sheet, say = Sheet(palette, width, height), values.say
    most = min(widest(columns, MEDIUM), width * 0.36)
    left = most + 16
    right = max(4.0, width - left - _CELL * len(batches))
    axes = sheet.axes(Margins(left, right, _HEAD, 4))
    sheet.names(axes, columns, most)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(-0.5, len(batches) - 0.5)
    cell = axes.get_position().width * width / len(batches)
    for at, name in enumerate(batches):
        sheet.write(
            axes, at, 1.0, shortened(name, cell - 6), color=palette.text3, ha="center", va="bottom",
            transform=axes.get_xaxis_transform(), clip_on=False,
        )  # fmt: skip
    for line, row in enumerate(rows):
        if row.same_length("psi", "verdict") != len(batches):
            raise PlotValuesError(name=values.name, reason="a row has not one cell for each batch")
        found, told = row.raw["psi"], row.texts("verdict")
        assert isinstance(found, list | tuple)  # noqa: S101  same_length looked
        for at, (psi, verdict) in enumerate(zip(found, told, strict=True)):
            if psi is None:
                sheet.write(axes, at, line, "–", color=palette.text3, ha="center")
            elif isinstance(psi, int | float):
                _cell(sheet, axes, (at, line), (score(psi, say, 2), verdict), cell)
    return sheet


def _cell(sheet: Sheet, axes: Axes, place: tuple[int, int], said: tuple[str, str], wide: float) -> None:
    """One cell: its frame, its shape and its number."""
    palette, (at, line), (number, verdict) = sheet.palette, place, said
    ink, fill = palette.text2, palette.surface
    if verdict == "drifted":
        ink, fill = palette.risk, palette.risk_soft
    elif verdict == "watch":
        ink, fill = palette.caution, palette.caution_soft
    loud = verdict in ("drifted", "watch")
    axes.add_patch(
        Rectangle(
            (at - 0.47, line - 0.43), 0.94, 0.86, facecolor=fill, edgecolor=ink if loud else palette.line,
            linewidth=1.4 if loud else 1, zorder=1, clip_on=False,
        )
    )  # fmt: skip
    shape = _SHAPES.get(verdict)
    beside = shape is not None and wide >= _TIGHT
    if shape is not None:
        mark, full = shape
        axes.plot(
            [at - 17 / wide if beside else at - 0.36], [line], linestyle="none", marker=mark,
            markersize=8 if beside else 5, markeredgecolor=ink, markeredgewidth=1.4,
            markerfacecolor=ink if full else "none", zorder=3, clip_on=False,
        )  # fmt: skip
    x = at + 8 / wide if beside else at
    sheet.write(axes, x, line, number, strong=loud, ha="center", color=palette.text if loud else ink)


def by_batch(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Lines over `batches`. `lines`: name, `at` (the place of each point) and `values`. `low`, `high` and
    `band`: between which it is as it should be, and what that is called; `measure` names the upward axis."""
    batches, lines, say = values.texts("batches"), values.groups("lines"), values.say
    if len(lines) > len(SERIES):
        raise PlotValuesError(name=values.name, reason="there are more lines than can be told apart")
    low, high, band = values.maybe("low"), values.maybe("high"), values.text("band", "")
    numbers = [one for line in lines for one in line.numbers("values")]
    marks = _marks([*numbers, *(one for one in (low, high) if one is not None)])
    names = [line.text("name") for line in lines]
    sheet = Sheet(palette, width, height)
    top = 12 if len(lines) == 1 else legend_height(names, width - 80) + 8
    axes = sheet.axes(Margins(widest(plain(marks, say)) + 34, 22, top, _FOOT))
    sheet.upward(axes, marks, plain(marks, say), values.text("measure"))
    room = axes.get_position().width * width / max(1, len(batches))
    told = [shortened(one, max(40.0, room - 6)) for one in batches]
    sheet.across(axes, [float(at) for at in range(len(batches))], told, values.text("across", say("Batch")))
    axes.set_xlim(-0.25, len(batches) - 0.75)
    axes.set_ylim(marks[0], marks[-1])
    if low is not None and high is not None:
        axes.axhspan(low, high, color=palette.accent_soft, linewidth=0, zorder=0.5)
        for edge in (low, high):
            axes.axhline(edge, color=palette.edge, linewidth=1, zorder=1)
        if band:
            sheet.write(
                axes, 10 / (axes.get_position().width * width), high, band, ha="left", va="top",
                transform=axes.get_yaxis_transform(), zorder=4,
            )  # fmt: skip
    handles = []
    for place, line in enumerate(lines):
        line.same_length("at", "values")
        series = SERIES[place]
        style = {
            "marker": series.marker, "markersize": 6.5, "markeredgewidth": 0,
            **sheet.stroke(series, OTHER if place else MAIN),
        }  # fmt: skip
        axes.plot(line.numbers("at"), line.numbers("values"), zorder=3, clip_on=False, **style)
        handles.append(Line2D([], [], label=names[place], **style))
    if len(lines) > 1:
        sheet.legend(axes, handles)
    else:
        last = lines[0]
        x, y = last.numbers("at")[-1], last.numbers("values")[-1]
        under = y < marks[0] + 0.9 * (marks[-1] - marks[0])
        sheet.write(
            axes, x, y, f"{written(f'{y:.3f}', say)}  ", strong=True, ha="right", color=palette.text,
            va="bottom" if under else "top", zorder=5,
        )  # fmt: skip
    return sheet


def _marks(numbers: list[float]) -> list[float]:
    """Round values around all numbers."""
    bottom, top = min(numbers), max(numbers)
    step = ticks(max(top - bottom, 0.005), 4)[1]
    first = int(bottom // step)
    last = first + 1
    while last * step < top - 1e-12:
        last += 1
    return [round(one * step, 12) for one in range(first, last + 1)]
