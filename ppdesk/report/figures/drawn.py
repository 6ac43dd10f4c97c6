"""Reading matplotlib's drawing calls: what paper and page share."""

import math
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Transform

Rgba = tuple[float, float, float, float]  # each 0 to 1


class Recorder(RendererBase):
    """Receives matplotlib's drawing calls, in px from the lower left, at the size that was asked for."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self._size = (width, height)

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def flipy(self) -> bool:
        return False

    def points_to_pixels(self, points: Any) -> Any:
        return points


def segments(path: Path, transform: Transform) -> "list[tuple[str, list[float]]]":
    """(moveTo, lineTo, curveTo or close; its points as x, y, ...) of a path, in px from the lower left."""
    found: list[tuple[str, list[float]]] = []
    at = (0.0, 0.0)
    for raw, code in path.iter_segments(transform, simplify=False):
        points = [float(number) for number in raw]
        if not all(math.isfinite(number) for number in points):
            continue
        if code == Path.CLOSEPOLY:
            found.append(("close", []))
            continue
        if code == Path.CURVE3:  # a quadratic curve as the cubic one that is the same
            cx, cy, x, y = points
            points = [
                at[0] + 2 / 3 * (cx - at[0]), at[1] + 2 / 3 * (cy - at[1]),
                x + 2 / 3 * (cx - x), y + 2 / 3 * (cy - y), x, y,
            ]  # fmt: skip
        name = {Path.MOVETO: "moveTo", Path.LINETO: "lineTo"}.get(code, "curveTo")
        found.append((name, points))
        at = (points[-2], points[-1])
    return found


def rgba(gc: GraphicsContextBase, colour: Sequence[float]) -> Rgba:
    """A colour as it is drawn, with its opacity."""
    alpha = gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3]
    return float(colour[0]), float(colour[1]), float(colour[2]), float(1.0 if alpha is None else alpha)


def dash(gc: GraphicsContextBase) -> tuple[list[float], float]:
    """(lengths on and off, where to begin), px; no lengths for a solid line."""
    dashes: tuple[Any, Any] = gc.get_dashes()
    offset, parts = dashes
    return [float(part) for part in parts] if parts is not None else [], float(offset or 0)


def face(prop: FontProperties) -> str:
    """The shipped face's name, which is its file's stem."""
    return File(str(prop.get_file())).stem
