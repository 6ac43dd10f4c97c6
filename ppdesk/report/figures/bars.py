"""Charts made of bars: one value per column, class or spend, with its limit where it has one."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.typing import LineStyleType

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.core.wording import upward
from ppdesk.report.figures.scales import per_cent, plain, score, share, ticks, written
from ppdesk.report.figures.sheet import (
    MEDIUM,
    Margins,
    Sheet,
    font,
    in_two_lines,
    legend_height,
    widest,
)
from ppdesk.report.figures.values import Values

ROW = 26  # px from bar to bar
_FOOT = 46  # px for ticks and title of the horizontal axis
_THICK = 12 / ROW  # a bar is 12 px thick


def rows_height(count: int, top: float = 8) -> float:
    """The height that `count` rows need, px."""
    return top + ROW * count + _FOOT


def rows(
    sheet: Sheet,
    names: Sequence[str],
    marks: Sequence[float],
    labels: Sequence[str],
    title: str,
    *,
    top: float = 8,
    right: float = 64,
) -> Axes:
    """An empty plot area with a row for each name and a horizontal axis from 0."""
    lines = [line for name in names for line in name.split("\n")]
    most = min(widest(lines, MEDIUM), sheet.width * 0.36)
    axes = sheet.axes(Margins(most + 20, right, top, _FOOT))
    sheet.names(axes, names, most)
    sheet.across(axes, marks, labels, title)
    axes.set_xlim(0, marks[-1])
    return axes


def bars(sheet: Sheet, axes: Axes, values: Sequence[float], words: Sequence[str]) -> None:
    full = axes.get_xlim()[1]
    count = len(values)
    axes.barh(range(count), [full] * count, height=_THICK, color=sheet.palette.sunken)
    axes.barh(range(count), values, height=_THICK, color=sheet.colour(SERIES[0]))
    for row, word in enumerate(words):
        sheet.write(
            axes, 1.0, row, word, strong=True, color=sheet.palette.text, ha="left",
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip


def beyond(words: Sequence[str]) -> float:
    """Room at the right for the worded values, px."""
    return widest(words, MEDIUM) + 16


def column_loss(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Loss of detail by column, 0 (as it was) to 1 (nothing left)."""
    values.same_length("columns", "loss")
    loss, say = values.numbers("loss"), values.say
    words = [f"  {share(one, say)}" for one in loss]
    sheet = Sheet(palette, width, height)
    marks = [0.0, 0.25, 0.5, 0.75, 1.0]
    title = say("Loss of detail")
    axes = rows(sheet, values.texts("columns"), marks, per_cent(marks, say), title, right=beyond(words))
    bars(sheet, axes, loss, words)
    return sheet


def utility(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Total variation distance by column, 0 (same distribution) to 1 (nothing in common)."""
    values.same_length("columns", "distance")
    distance, say = values.numbers("distance"), values.say
    words = [f"  {score(one, say)}" for one in distance]
    sheet = Sheet(palette, width, height)
    marks = ticks(max(0.1, *distance))
    title = say("Total variation distance, 0 to 1")
    right = beyond(words)
    axes = rows(sheet, values.texts("columns"), marks, plain(marks, say), title, right=right)
    bars(sheet, axes, distance, words)
    return sheet


def drift(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Population stability index by column beside the limit from which a column has drifted."""
    values.same_length("columns", "psi")
    psi, limit, say = values.numbers("psi"), values.number("limit"), values.say
    over_it = f"  {say('over')}"
    words = [f"  {score(one, say, 2)}{over_it if one > limit else ''}" for one in psi]
    sheet = Sheet(palette, width, height)
    marks = ticks(max(limit * 1.2, *psi))
    right = beyond(words)
    title = say("Population stability index")
    axes = rows(sheet, values.texts("columns"), marks, plain(marks, say), title, top=28, right=right)
    bars(sheet, axes, psi, words)
    over = [row for row, one in enumerate(psi) if one > limit]
    axes.barh(over, [psi[row] for row in over], height=_THICK, color=palette.risk)
    _limit(sheet, axes, limit, say("limit {limit}", limit=score(limit, say, 2)))
    return sheet


def budget(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """What each run spent, epsilon, beside the limit of the standard."""
    spent = values.groups("rows")
    names, epsilons = [row.text("label") for row in spent], [row.number("epsilon") for row in spent]
    limit, say = values.maybe("limit"), values.say
    words = [f"  ε {score(one, say, 2)}" for one in epsilons]
    sheet = Sheet(palette, width, height)
    marks = ticks(max(0.1, *epsilons, (limit or 0.0) * 1.05))
    right = beyond(words)
    axes = rows(sheet, names, marks, plain(marks, say), say("Privacy loss ε"), top=28, right=right)
    bars(sheet, axes, epsilons, words)
    if limit is not None:
        _limit(sheet, axes, limit, say("limit ε {limit}", limit=score(limit, say, 2)))
    return sheet


def epsilon_words(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """How sure an attacker can become at most: from prior to posterior, each a probability."""
    values.same_length("priors", "posteriors")
    priors, posteriors = values.numbers("priors"), values.numbers("posteriors")
    epsilon, say = values.number("epsilon"), values.say
    bounds = [upward(one, 2 if one <= 0.99 else 4) for one in posteriors]
    words = [f"  {say('at most {share}', share=share(one, say))}" for one in bounds]
    sheet = Sheet(palette, width, height)
    marks = [0.0, 0.25, 0.5, 0.75, 1.0]
    names = [say("{share} sure before", share=share(one, say)) for one in priors]
    title = say("How sure an attacker can be, ε {epsilon}", epsilon=score(epsilon, say, 2))
    axes = rows(sheet, names, marks, per_cent(marks, say), title, right=beyond(words))
    bars(sheet, axes, posteriors, words)
    axes.barh(range(len(priors)), priors, height=_THICK, color=sheet.colour(REFERENCE))
    return sheet


def class_sizes(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """Records by the size of their equivalence class, before (outline) and after (filled)."""
    count = values.same_length("before", "after", "labels")
    before, after, labels = values.numbers("before"), values.numbers("after"), _sizes(values)
    sheet = Sheet(palette, width, height)
    marks = ticks(max(1.0, *before, *after), most=4)
    say = values.say
    shown = plain(marks, say)
    names = [say("before"), say("after")]
    left, right = widest(shown) + 34, 12
    slot = (width - left - right) / count
    words = [in_two_lines(label, slot - 6) for label in labels]
    lines = [line for word in words for line in word.split("\n")]
    step = max(1, -(-int(widest(lines) + 6) // int(slot)))
    foot = _FOOT + (14 if any("\n" in word for word in words) else 0)
    axes = sheet.axes(Margins(left, right, legend_height(names, width - 80), foot))
    sheet.upward(axes, marks, shown, values.text("unit", say("Records")))
    axes.set_ylim(0, marks[-1])
    axes.set_xlim(-0.5, count - 0.5)
    sheet.across(
        axes,
        range(count),
        [word if place % step == 0 else "" for place, word in enumerate(words)],
        say("Records in the class"),
    )
    ours, grey = sheet.colour(SERIES[0]), sheet.colour(REFERENCE)
    axes.bar([at + 0.2 for at in range(count)], after, width=0.36, color=ours, zorder=2)
    dash = (0, tuple(part / 1.25 for part in REFERENCE.dash))
    axes.bar(
        [at - 0.2 for at in range(count)], before, width=0.36, facecolor=palette.surface, edgecolor=grey,
        linewidth=1.25, linestyle=dash, zorder=2,
    )  # fmt: skip
    handles = [
        Patch(facecolor=palette.surface, edgecolor=grey, linewidth=1.25, linestyle=dash, label=names[0]),
        Patch(facecolor=ours, label=names[1]),
    ]
    sheet.legend(axes, handles)
    return sheet


def _sizes(values: Values) -> list[str]:
    """The labels; sizes of classes (``1,000+``) as the language writes them."""
    return [
        written(one, values.say) if one.strip("0123456789,+-") == "" else one
        for one in values.texts("labels")
    ]


def confusion(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """The four cells of predicted against true, counts of records."""
    cells = {name: values.number(name) for name in ("tp", "fp", "fn", "tn")}
    total, say = sum(cells.values()) or 1.0, values.say
    across_words = (say("predicted positive"), say("predicted negative"))
    upward_words = (say("truly positive"), say("truly negative"))
    sheet = Sheet(palette, width, height)
    left = widest(upward_words) + 24
    axes = sheet.axes(Margins(left, 12, 30, 8))
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, 2)
    axes.set_ylim(2, 0)
    across = 4 / (sheet.width - left - 12)  # 2 px of the two units across
    upward = 4 / (sheet.height - 38)
    told = (
        (0, 0, "tp", say("found"), True),
        (1, 0, "fn", say("missed"), False),
        (0, 1, "fp", say("false alarm"), False),
        (1, 1, "tn", say("left alone"), True),
    )
    for x, y, name, word, right in told:
        fill = palette.accent_soft if right else palette.sunken
        edge = palette.accent if right else palette.edge
        corner, wide, high = (x + across, y + upward), 1 - 2 * across, 1 - 2 * upward
        line: LineStyleType = "solid" if right else (0, (3, 3))
        axes.add_patch(Rectangle(corner, wide, high, facecolor=fill, edgecolor=edge, linestyle=line))
        number = score(cells[name], say, 0)
        axes.annotate(
            number, (x + 0.5, y + 0.5), xytext=(0, 8), textcoords="offset points", ha="center", va="center",
            fontproperties=font(MEDIUM, 20), parse_math=False, color=palette.text,
        )  # fmt: skip
        axes.annotate(
            f"{word}, {share(cells[name] / total, say)}", (x + 0.5, y + 0.5), xytext=(0, -12),
            textcoords="offset points", ha="center", va="center", fontproperties=font(), color=palette.text2,
        )  # fmt: skip
    for middle, word in zip((0.5, 1.5), across_words, strict=True):
        sheet.write(axes, middle, -0.04, word, ha="center", va="bottom", clip_on=False)
    for middle, word in zip((0.5, 1.5), upward_words, strict=True):
        sheet.write(axes, -0.03, middle, word, ha="right", clip_on=False)
    return sheet


def _limit(sheet: Sheet, axes: Axes, limit: float, words: str) -> None:
    """The bound: an upright line across all rows with its words above, and what is beyond it shaded."""
    low, high = axes.get_xlim()
    claim = SERIES[1]
    axes.axvspan(limit, high, color=sheet.colour(claim), alpha=0.10, linewidth=0, zorder=0.5)
    axes.add_line(
        Line2D(
            [limit, limit],
            [0, 1],
            transform=axes.get_xaxis_transform(),
            zorder=3,
            **sheet.stroke(claim, 1.75),
        )
    )
    beside = (limit - low) / (high - low)
    place = "right" if beside > 0.7 else "left" if beside < 0.15 else "center"
    sheet.write(
        axes, limit, 1.02, words, strong=True, color=sheet.colour(claim), ha=place, va="bottom",
        transform=axes.get_xaxis_transform(), clip_on=False,
    )  # fmt: skip
