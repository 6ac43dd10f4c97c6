"""Two tables beside each other: how columns hang together, and samples of the original as a scale."""

from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ppdesk.core.palette import REFERENCE, SERIES, Palette
from ppdesk.report.figures.scales import plain, score, share, ticks
from ppdesk.report.figures.sheet import MAIN, MEDIUM, OTHER, Margins, Sheet, legend_height, shortened, widest
from ppdesk.report.figures.values import Values

_FOOT = 46  # px for ticks and title of the horizontal axis
_WRITTEN = 34  # px that a cell needs for its number


def associations(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """A square of columns: below the diagonal the original, above it the other table, |0| to |1|."""
    names = values.texts("columns")
    place = {name: at for at, name in enumerate(names)}
    sheet = Sheet(palette, width, height)
    most = min(widest(names, MEDIUM), width * 0.3)
    axes = sheet.axes(Margins(most + 20, 12, 8, _FOOT))
    sheet.names(axes, names, most)
    count = len(names)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    slot = (width - most - 32) / max(1, count)
    below = [shortened(name, slot - 6) for name in names]
    say = values.say
    sheet.across(axes, range(count), below, say("original below, the other table above"))
    plain_colour, full = to_rgb(palette.surface), to_rgb(sheet.colour(SERIES[0]))
    for at in range(count):
        axes.add_patch(Rectangle((at - 0.5, at - 0.5), 1, 1, facecolor=palette.sunken, linewidth=0))
    for one in values.groups("pairs"):
        first, second = place.get(one.text("first")), place.get(one.text("second"))
        if first is None or second is None:
            continue
        low, high = sorted((first, second))
        for key, x, y in (("before", low, high), ("after", high, low)):
            value = one.maybe(key)
            if value is None:
                continue
            strength = min(1.0, abs(value))
            red, green, blue = (a + (b - a) * strength for a, b in zip(plain_colour, full, strict=True))
            colour = (red, green, blue)
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, linewidth=0))
            if slot >= _WRITTEN:
                inks = (palette.surface, palette.text)
                ink = max(inks, key=lambda ink: abs(_light(to_rgb(ink)) - _light(colour)))
                sheet.write(axes, x, y, score(strength, say, 2), ha="center", color=ink)
    return sheet


def _light(colour: tuple[float, float, float]) -> float:
    """How bright a colour looks, 0..1."""
    return float(sum(part * one for part, one in zip((0.299, 0.587, 0.114), colour, strict=True)))


def sampling(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """The score of random samples by their share of the records, and of the table as a level line."""
    samples = values.groups("samples")
    shares, scores = [one.number("share") for one in samples], [one.number("score") for one in samples]
    level, say = values.number("score"), values.say
    label = f"{values.text('label')}: {score(level, say, 0)}"
    sheet = Sheet(palette, width, height)
    names = [say("random samples of the original"), label]
    upward = ticks(1000.0)
    told = plain(upward, say)
    axes = sheet.axes(Margins(widest(told) + 34, 18, legend_height(names, width - 80), _FOOT))
    sheet.upward(axes, upward, told, say("Score"))
    axes.set_xscale("log")
    marks = [one for one in (0.001, 0.01, 0.1, 1.0) if not shares or one >= min(shares) * 0.99]
    sheet.across(axes, marks, [share(one, say) for one in marks], say("Share of the records in the sample"))
    axes.tick_params(axis="x", which="minor", length=0)
    axes.set_xlim(min([*shares, 0.001]), 1.0)
    axes.set_ylim(0, 1000)
    axes.plot(shares, scores, marker="o", markersize=5, clip_on=False, **sheet.stroke(REFERENCE, OTHER))
    axes.axhline(level, **sheet.stroke(SERIES[0], MAIN))
    handles = [
        Line2D([], [], marker="o", markersize=5, label=names[0], **sheet.stroke(REFERENCE, OTHER)),
        Line2D([], [], label=names[1], **sheet.stroke(SERIES[0], MAIN)),
    ]
    sheet.legend(axes, handles)
    return sheet
