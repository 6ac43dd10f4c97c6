"""The work of Score: what the model says, as a table of scores."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.release.model_manifest import ModelManifest
from ppdesk.release.scorer import Scored

if TYPE_CHECKING:
    import pyarrow as pa

_DIGITS = 6


@dataclass(frozen=True)
class Told:
    """`table`: row, and probability and predicted of classes, or value of a number. `selected` and
    `threshold` of two classes, `counts` of several."""

    table: "pa.Table"
    mean: float
    threshold: float | None = None
    selected: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def told(scored: Scored, manifest: ModelManifest, threshold: float | None) -> Told:
    """`threshold` of a person, else the bundle's own."""
    import pyarrow as pa

    if manifest.output == "probability":
        cut = manifest.threshold if threshold is None else threshold
        cut = 0.5 if cut is None else cut
        chosen = scored.probability >= cut
        table = pa.table(
            {
                "row": _rows(scored.probability.size),
                "probability": pa.array(scored.probability, pa.float64()),
                "predicted": pa.array(chosen, pa.bool_()),
            }
        )
        return Told(table, _mean(scored.probability), cut, int(chosen.sum()))
    rows = scored.output.shape[0]
    if manifest.output == "value":
        values = scored.output[:, 0]
        return Told(pa.table({"row": _rows(rows), "value": pa.array(values, pa.float64())}), _mean(values))
    names = manifest.classes or []
    best = scored.output.argmax(axis=1) if rows else np.zeros(0, dtype=np.intp)
    chances = scored.output[np.arange(rows), best] if rows else np.zeros(0)
    table = pa.table(
        {
            "row": _rows(rows),
            "probability": pa.array(chances, pa.float64()),
            "predicted": pa.array([names[place] for place in best], pa.string()),
        }
    )
    counts = {name: int((best == place).sum()) for place, name in enumerate(names)}
    return Told(table, _mean(chances), None, 0, counts)


def _rows(count: int) -> "pa.Array":
    import pyarrow as pa

    return pa.array(range(1, count + 1), pa.int64())


def _mean(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    return round(float(values.mean()), _DIGITS) if values.size else 0.0
