"""Counts with noise: bars, and the interval that the noise leaves open."""

from ppdesk.core.palette import Palette
from ppdesk.report.figures.bars import ROW, bars, beyond, rows
from ppdesk.report.figures.scales import plain, score, ticks
from ppdesk.report.figures.sheet import Sheet
from ppdesk.report.figures.values import Values


def noisy_counts(palette: Palette, values: Values, width: float, height: float) -> Sheet:
    """A bar for each cell's count, and a line as long as the noise's 95 % interval. What noise brought
    below 0 is drawn at 0; the words beside tell it as it is."""
    values.same_length("labels", "counts")
    counts, accuracy = values.numbers("counts"), values.number("accuracy")
    say = values.say
    words = [f"  {score(one, say, 0)}" for one in counts]
    sheet = Sheet(palette, width, height)
    marks = ticks(max(1.0, max(counts) + accuracy))
    title = say("Count with noise")
    axes = rows(sheet, values.texts("labels"), marks, plain(marks, say), title, right=beyond(words))
    bars(sheet, axes, [max(0.0, one) for one in counts], words)
    tall, places = 4 / ROW, range(len(counts))
    lows, highs = ([max(0.0, one + sign * accuracy) for one in counts] for sign in (-1, 1))
    # on a light ground, to be seen on the bar too
    axes.hlines(places, lows, highs, color=palette.sunken, linewidth=5, clip_on=False)
    axes.hlines(places, lows, highs, color=palette.text, linewidth=1, clip_on=False)
    for ends in (lows, highs):
        axes.vlines(
            ends,
            [row - tall for row in places],
            [row + tall for row in places],
            color=palette.text,
            linewidth=1,
            clip_on=False,
        )
    return sheet
