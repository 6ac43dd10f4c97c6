"""Charts on paper: recorded once, however often they are set; two small ones stand side by side."""

from dataclasses import dataclass, field

from ppdesk.core.section import Block, Plot
from ppdesk.report.figures.cut import cut
from ppdesk.report.figures.paper import PT_PER_PX, Step, recorded
from ppdesk.report.tongue import Language, Tongue

_ABREAST = ("roc", "confusion", "calibration", "class_sizes", "fairness", "epsilon_words", "budget")


@dataclass
class Charts:
    """Charts drawn once, however often they are set."""

    _cut: dict[tuple[int, float, Language], tuple[Plot, Plot]] = field(default_factory=dict)
    _drawn: dict[tuple[int, float, Language], tuple[Plot, list[Step], float]] = field(default_factory=dict)

    def fitting(self, plot: Plot, width: float, height: float, say: Tongue) -> Plot:
        """`plot`, with as many of its rows as `height` holds at `width`, both in pt."""
        key = (id(plot), width, say.language)
        if key not in self._cut:
            self._cut[key] = (plot, cut(plot, width / PT_PER_PX, height / PT_PER_PX, say))
        return self._cut[key][1]

    def of(self, plot: Plot, width: float, say: Tongue) -> tuple[list[Step], float]:
        """(steps, height) of `plot` at `width`, both lengths in pt, its own words by `say`. The plot is kept,
        so that its id stays its own."""
        key = (id(plot), width, say.language)
        if key not in self._drawn:
            self._drawn[key] = (plot, *recorded(plot, width, say))
        _, steps, height = self._drawn[key]
        return steps, height


def is_small(block: Block) -> bool:
    """Whether the block is a chart that half a page's width is enough for."""
    return isinstance(block, Plot) and block.name in _ABREAST


def width_alone(name: str, width: float) -> float:
    """How wide a small chart is set that has no neighbour, on a text of `width`."""
    return width if name == "class_sizes" else 0.72 * width  # many labels need the room
