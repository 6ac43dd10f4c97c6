"""Claim and measurement side by side: the privacy loss of each audit, the share that each attack got."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.figures.bars import ROW, beyond, rows
from ppdesk.report.figures.scales import per_cent, plain, share, ticks
from ppdesk.report.figures.sheet import MAIN, OTHER, REFERENCE_LINE, Sheet, in_two_lines, legend_height
from ppdesk.report.figures.values import Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_THICK = 12 / ROW  # a bar is 12 px thick, as in bars
_MARK = 8 / ROW  # an upright mark reaches so far from its row's middle
_HALF = 0.46  # of a row's height: what is drawn of a claim
_TOP = 1.15  # room beyond the largest value, so that what lies beyond a claim can be seen
_SMALL = 520  # px; a narrower chart writes each row's words below its mark
_NAMES = 0.3  # of its width for names, in two lines
_FAR = 4.0  # a claim so many times as large as all that was measured is told in words, and not drawn


def claimed_measured(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Each row's `measured` lower bound on epsilon beside its `claimed` upper bound; `power`: the smallest
    loss that the row's effort finds. Either may be absent. What lies beyond a claim is shaded."""
    found, say = values.groups("rows"), values.say
    names = [one.text("name") for one in found]
    measured = [one.maybe("measured") for one in found]
    claimed = [one.maybe("claimed") for one in found]
    power = [one.maybe("power") for one in found]
    words = [one.text("words") for one in found]
    most = _most(measured, claimed, power)
    marks = ticks(max(0.1, most * _TOP))
    labels = [say("measured, at least"), say("claimed, at most"), say("smallest that would be found")]
    top = legend_height(labels, width - 80)
    sheet = Sheet(palette, width, height)
    below = width < _SMALL  # the words stand below their mark, where a column at the right has no room
    if below:
        names = [in_two_lines(name, width * _NAMES) for name in names]
    right = 18 if below else beyond([f"  {one}" for one in words])
    axes = rows(sheet, names, marks, plain(marks, say), say("Privacy loss ε"), top=top, right=right)
    end = marks[-1]
    for row, (low, most_allowed, least) in enumerate(zip(measured, claimed, power, strict=True)):
        shown = most_allowed if _drawn(most_allowed, end) else None
        _one_claim(sheet, axes, (low or 0.0, row), shown, foot=_MARK / 2 if below else _HALF)
        if least is not None and least <= end:
            axes.plot(
                [least], [row], marker="|", markersize=12, markeredgewidth=OTHER, zorder=2,
                color=sheet.colour(REFERENCE), linestyle="none",
            )  # fmt: skip
        if below:
            _write_below(sheet, axes, (low or 0.0, row), words[row])
            continue
        sheet.write(
            axes, 1.0, row, f"  {words[row]}", strong=True, color=palette.text, ha="left",
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip
    sheet.legend(axes, _legend(sheet, labels), edge=below)
    return sheet


def _write_below(sheet: Sheet, axes: "Axes", mark: tuple[float, int], words: str) -> None:
    """`words` under a mark at (loss, row), on the side where there is room."""
    at, row = mark
    bottom, top = axes.get_ylim()
    tall = axes.get_position().height * sheet.height / (bottom - top)
    left = at < 0.5 * axes.get_xlim()[1]
    sheet.write(
        axes, at, row + min(0.34, 20 / tall), f" {words}" if left else f"{words} ", zorder=5,
        ha="left" if left else "right", color=sheet.palette.text, clip_on=False,
    )  # fmt: skip


def _most(*lists: Sequence[float | None]) -> float:
    """The largest value to draw: claims far beyond all that was measured do not press the rest together."""
    measured, claimed, power = lists
    near = max([one for one in (*measured, *power) if one is not None], default=0.0)
    claims = [one for one in claimed if one is not None]
    kept = [one for one in claims if not near or one <= _FAR * near] or claims
    return max([near, *kept], default=0.0)


def _drawn(claim: float | None, right: float) -> bool:
    return claim is not None and claim <= right


def _one_claim(
    sheet: Sheet, axes: "Axes", mark: tuple[float, int], claimed: float | None, *, foot: float
) -> None:
    """The mark of what was measured, (loss, row), the claim's line, and the way that is left between them.
    What is drawn of the claim reaches `foot` below the row's middle."""
    measured, row = mark
    right = axes.get_xlim()[1]
    claim = SERIES[1]
    over = claimed is not None and measured > claimed
    colour = sheet.palette.risk if over else sheet.colour(SERIES[0])
    if claimed is not None:
        axes.fill_between(
            [claimed, right], row - _HALF, row + foot, color=sheet.colour(claim), alpha=0.10, linewidth=0
        )
        axes.vlines(
            [claimed], [row - _HALF], [row + foot], zorder=3, color=sheet.colour(claim), linewidth=MAIN
        )
    axes.hlines([row], measured, claimed if claimed is not None else right, zorder=1, **_dots(colour))
    axes.vlines(
        [measured], [row - _MARK], [row + min(foot, _MARK)], color=colour, linewidth=MAIN + 1, zorder=4
    )


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
    found, say = values.groups("rows"), values.say
    got = [one.number("found") for one in found]
    limits = [one.maybe("limit") for one in found]
    beside = [one.maybe("beside") for one in found]
    over_it = f"  {say('over')}"
    words = [
        f"  {share(one, say)}{over_it if _over(one, limit) else ''}"
        for one, limit in zip(got, limits, strict=True)
    ]
    highs = [one.number("high") for one in found]
    most = max([0.02, *highs, *(one for one in (*limits, *beside) if one is not None)])
    marks = ticks(min(1.0, most))
    labels = [say("attack, 95 % interval"), say("without it"), say("limit")]
    sheet = Sheet(palette, width, height)
    axes = rows(
        sheet, [one.text("name") for one in found], marks, per_cent(marks, say),
        values.text("unit", say("Share")), top=legend_height(labels, width - 80), right=beyond(words),
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
