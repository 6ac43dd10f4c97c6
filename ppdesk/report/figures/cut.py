"""A chart with a line for each of very many rows, cut to what one page holds."""

from dataclasses import replace

from ppdesk.core.section import Plot
from ppdesk.report.figures import natural_height, rows_of
from ppdesk.report.tongue import Tongue


def cut(plot: Plot, width_px: float, most_px: float, say: Tongue) -> Plot:
    """`plot`, or its first rows where all of them would be higher than `most_px` at `width_px`; its caption
    says so then. Lists that run beside the rows are cut with them. UnknownPlotError."""
    name = rows_of(plot)
    rows = plot.values.get(name) if name else None
    if not isinstance(rows, list | tuple) or natural_height(plot, width_px) <= most_px:
        return plot
    low, high = 1, len(rows)
    while low < high:  # the most rows that fit
        middle = (low + high + 1) // 2
        fits = natural_height(_first(plot, name, middle), width_px) <= most_px
        low, high = (middle, high) if fits else (low, middle - 1)
    told = say(
        "The first {shown} of {all}; evidence.json inside this file has all of them.",
        shown=low,
        all=len(rows),
    )
    return replace(_first(plot, name, low), caption=" ".join(part for part in (plot.caption, told) if part))


def _first(plot: Plot, name: str, count: int) -> Plot:
    whole = plot.values[name]
    length = len(whole) if isinstance(whole, list | tuple) else 0
    return replace(
        plot,
        values={
            key: list(value[:count]) if isinstance(value, list | tuple) and len(value) == length else value
            for key, value in plot.values.items()
        },
    )
