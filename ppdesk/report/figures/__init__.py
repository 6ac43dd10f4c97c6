"""Charts for screen and paper: one function per plot name, drawn by matplotlib with the palette's roles."""

from io import BytesIO
from typing import TYPE_CHECKING, Literal

from ppdesk.core.palette import PALETTES, Palette, PaletteName
from ppdesk.core.section import Plot
from ppdesk.report.errors import UnknownPlotError
from ppdesk.report.tongue import Tongue

if TYPE_CHECKING:
    from collections.abc import Callable

    from ppdesk.report.figures.sheet import Sheet
    from ppdesk.report.figures.values import Values

    Chart = Callable[[Palette, Values, float, float], Sheet]

Form = Literal["png", "svg"]

# plot name -> (module, the list in its values that makes one row each, empty for a plot of fixed shape)
_PLOTS: dict[str, tuple[str, str]] = {
    "class_sizes": ("bars", ""),
    "column_loss": ("bars", "columns"),
    "confusion": ("bars", ""),
    "drift": ("bars", "columns"),
    "utility": ("bars", "columns"),
    "budget": ("bars", "rows"),
    "epsilon_words": ("bars", "priors"),
    "noisy_counts": ("noisy", "labels"),
    "lattice": ("scatter", ""),
    "roc": ("curves", ""),
    "calibration": ("curves", ""),
    "fairness": ("curves", "groups"),
    "precision_recall": ("decisions", ""),
    "costs": ("decisions", ""),
    "agreement": ("decisions", ""),
    "tradeoff": ("tradeoffs", ""),
    "shape_function": ("shapes", ""),
    "usefulness": ("usefulness", ""),
    "associations": ("tables", "columns"),
    "sampling": ("tables", ""),
    "claimed_measured": ("claimed", "rows"),
    "risk_bars": ("claimed", "rows"),
    "attack_roc": ("attack_roc", ""),
    "risk_map": ("risk_map", ""),
    "drift_over_time": ("over_time", "columns"),
    "by_batch": ("over_time", ""),
}
NAMES = tuple(_PLOTS)
_ABOVE = {
    "drift": 28,
    "drift_over_time": 22,
    "budget": 28,
    "claimed_measured": 48,
    "risk_bars": 48,
}  # px of words over the rows
MOST_CATEGORIES = 9  # of a shape function: those that move the answer most
_SHAPE = 0.62  # height by width of a plot of fixed shape


def draw(
    plot: Plot, palette: Palette, width_px: float, height_px: float, say: Tongue | None = None
) -> "Sheet":
    """The chart as a matplotlib figure, its own words as `say` says them, English without it. Sizes in px at
    100 %. UnknownPlotError, PlotValuesError."""
    from importlib import import_module

    from ppdesk.report.figures.values import Values

    module, _ = _entry(plot.name)
    chart: Chart = getattr(import_module(f"ppdesk.report.figures.{module}"), plot.name)
    return chart(palette, Values(plot.name, plot.values, say or Tongue()), width_px, height_px)


def rows_of(plot: Plot) -> str:
    """The list in the values that makes one row each; empty for a chart of fixed shape. UnknownPlotError."""
    if plot.name == "shape_function" and not plot.values.get("edges"):
        return "labels"  # a line for each category
    return _entry(plot.name)[1]


def natural_height(plot: Plot, width_px: float) -> float:
    """The height, px, at which the chart looks best when it is `width_px` wide. UnknownPlotError."""
    rows = rows_of(plot)
    if rows:
        from ppdesk.report.figures.bars import rows_height

        values = plot.values.get(rows)
        count = len(values) if isinstance(values, list | tuple) else 1
        if plot.name == "shape_function":
            count = min(count, MOST_CATEGORIES)
        if plot.name == "claimed_measured":
            return max(rows_height(count, 68), 40.0 * count + 114)
        return rows_height(count, _ABOVE.get(plot.name, 8))
    return min(300.0, _SHAPE * width_px + 40)


def render(
    plot: Plot,
    *,
    palette: PaletteName,
    width_px: int,
    height_px: int,
    scale: float = 2.0,
    form: Form = "png",
    language: str = "en",
) -> bytes:
    """The chart as an image of `width_px` x `height_px` px at 100 %; a PNG has `scale` times as many. Its own
    words are in `language`.

    The same values give the same bytes. UnknownPlotError, PlotValuesError.
    """
    import matplotlib as mpl

    figure = draw(plot, PALETTES[palette], width_px, height_px, Tongue(language)).figure
    out = BytesIO()
    if form == "png":
        figure.savefig(out, format="png", dpi=72 * scale, metadata={"Software": None})
    else:
        # the only way to fix the ids of clip paths; it holds for this one call
        with mpl.rc_context({"svg.hashsalt": "ppdesk", "svg.fonttype": "path"}):
            figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _entry(name: str) -> tuple[str, str]:
    if name not in _PLOTS:
        raise UnknownPlotError(name=name)
    return _PLOTS[name]
