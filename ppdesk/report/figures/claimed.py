"""Claim and measurement side by side: the privacy loss of each audit, the share that each attack got."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.figures.bars import ROW, beyond, rows
from ppdesk.report.figures.scales import per_cent, plain, share, ticks
from ppdesk.report.figures.sheet import MAIN, OTHER, REFERENCE_LINE, Sheet, legend_height
from ppdesk.report.figures.values import Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_THICK = 12 / ROW  # a bar is 12 px thick, as in bars
_MARK = 8 / ROW  # an upright mark reaches so far from its row's middle
_TOP = 1.15  # room beyond the largest value, so that what lies beyond a claim can be seen
_FAR = 4.0  # a claim so many times as large as all that was measured is told in words, and not drawn


def claimed_measured(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Each row's `measured` lower bound on epsilon beside its `claimed` upper bound; `power`: the smallest
    loss that the row's effort finds. Either may be absent. What lies beyond a claim is shaded."""
    found = values.groups("rows")
    names = [one.text("name") for one in found]
    measured = [one.maybe("measured") for one in found]
    claimed = [one.maybe("claimed") for one in found]
    power = [one.maybe("power") for one in found]
    words = [f"  {one.text('words')}" for one in found]
    most = _most(measured, claimed, power)
    marks = ticks(max(0.1, most * _TOP))
    labels = ["measured, at least", "claimed, at most", "smallest that would be found"]
    top = legend_height(labels, width - 80)
    sheet = Sheet(palette, width, height)
    axes = rows(sheet, names, marks, plain(marks), "Privacy loss ε", top=top, right=beyond(words))
    right = marks[-1]
    for row, (low, most_allowed, least) in enumerate(zip(measured, claimed, power, strict=True)):
        _one_claim(sheet, axes, row, low or 0.0, most_allowed if _drawn(most_allowed, right) else None)
        if least is not None and least <= right:
            axes.plot(
                [least], [row], marker="|", markersize=12, markeredgewidth=OTHER, zorder=2,
                color=sheet.colour(REFERENCE), linestyle="none",
            )  # fmt: skip
        sheet.write(
            axes, 1.0, row, words[row], strong=True, color=palette.text, ha="left",
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip
    sheet.legend(axes, _legend(sheet, labels))
    return sheet


def _most(*lists: Sequence[float | None]) -> float:
    """The largest value to draw: claims far beyond all that was measured do not press the rest together."""
    measured, claimed, power = lists
    near = max([one for one in (*measured, *power) if one is not None], default=0.0)
    claims = [one for one in claimed if one is not None]
    kept = [one for one in claims if not near or one <= _FAR * near] or claims
    return max([near, *kept], default=0.0)


def _drawn(claim: float | None, right: float) -> bool:
    return claim is not None and claim <= right


def _one_claim(sheet: Sheet, axes: "Axes", row: int, measured: float, claimed: float | None) -> None:
    """The mark of what was measured, the claim's line, and the way that is left between them."""
    right = axes.get_xlim()[1]
    claim = SERIES[1]
    over = claimed is not None and measured > claimed
    colour = sheet.palette.risk if over else sheet.colour(SERIES[0])
    if claimed is not None:
        axes.barh(
            [row], [right - claimed], left=[claimed], height=0.92, color=sheet.colour(claim), alpha=0.10
        )
        axes.vlines(
            [claimed], [row - 0.46], [row + 0.46], zorder=3, color=sheet.colour(claim), linewidth=MAIN
        )
    axes.hlines([row], measured, claimed if claimed is not None else right, zorder=1, **_dots(colour))
    axes.vlines([measured], [row - _MARK], [row + _MARK], color=colour, linewidth=MAIN + 1, zorder=4)


def _dots(colour: str) -> dict[str, Any]:
    return {"color": colour, "linewidth": REFERENCE_LINE, "linestyle": (0, (1.5, 2.5))}


def _legend(sheet: Sheet, labels: Sequence[str]) -> list[Line2D]:
    colours = (sheet.colour(SERIES[0]), sheet.colour(SERIES[1]), sheet.colour(REFERENCE))
    return [
        Line2D(
            [], [], linestyle="none", marker="|", markersize=11, markeredgewidth=MAIN, color=one, label=name
        )
        for one, name in zip(colours, labels, strict=True)
    ]


def risk_bars(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """The share that each attack got with its interval (`low`, `high`), `beside` it what it gets without the
    release or the model, and the `limit` of each where there is one. All in 0..1."""
    found = values.groups("rows")
    got = [one.number("found") for one in found]
    limits = [one.maybe("limit") for one in found]
    beside = [one.maybe("beside") for one in found]
    words = [
        f"  {share(one)}{'  over' if _over(one, limit) else ''}"
        for one, limit in zip(got, limits, strict=True)
    ]
    highs = [one.number("high") for one in found]
    most = max([0.02, *highs, *(one for one in (*limits, *beside) if one is not None)])
    marks = ticks(min(1.0, most))
    labels = ["attack, 95 % interval", "without it", "limit"]
    sheet = Sheet(palette, width, height)
    axes = rows(
        sheet, [one.text("name") for one in found], marks, per_cent(marks), values.text("unit", "Share"),
        top=legend_height(labels, width - 80), right=beyond(words),
    )  # fmt: skip
    for row, one in enumerate(found):
        over = _over(got[row], limits[row])
        colour = palette.risk if over else sheet.colour(SERIES[0])
        axes.barh([row], [marks[-1]], height=_THICK, color=palette.sunken)
        axes.barh([row], [got[row]], height=_THICK, color=colour)
        axes.hlines([row], one.number("low"), highs[row], color=palette.text, linewidth=OTHER, zorder=4)
        for at, series in ((beside[row], REFERENCE), (limits[row], SERIES[1])):
            if at is not None:
                axes.vlines(
                    [at], [row - 0.4], [row + 0.4], color=sheet.colour(series), linewidth=MAIN, zorder=3
                )
        sheet.write(
            axes, 1.0, row, words[row], strong=True, color=palette.text, ha="left",
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip
    handles = [
        Patch(facecolor=sheet.colour(SERIES[0]), label=labels[0]),
        *(
            Line2D([], [], linestyle="none", marker="|", markersize=11, markeredgewidth=MAIN, label=name,
                   color=sheet.colour(series))
            for name, series in zip(labels[1:], (REFERENCE, SERIES[1]), strict=True)
        ),
    ]  # fmt: skip
    sheet.legend(axes, handles)
    return sheet


def _over(found: float, limit: float | None) -> bool:
    return limit is not None and found > limit
