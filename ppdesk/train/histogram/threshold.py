"""The score from which on a record is flagged, chosen from noisy counts of scores."""

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.histogram.cells import Codes
from ppdesk.train.histogram.counts import Noise, noisy
from ppdesk.train.histogram.model import HistogramModel

_DRAWN = 20_000
_STEP = 2**0.25  # between the shares above neighbouring edges


def score_edges(model: HistogramModel, share: float, generator: np.random.Generator) -> Floats:
    """Scores, increasing, that shares of the model's own records lie above: most of them near `share`."""
    scores = np.sort(model.scores_of(_drawn(model, generator)))
    above = np.unique(np.clip(share * _STEP ** np.arange(-16.0, 17.0), 0.5 / _DRAWN, 0.999))
    top = scores[-1] + np.array([0.5, 1.0, 2.0, 4.0, 8.0])  # beyond all that was drawn
    return np.unique(np.concatenate([np.quantile(scores, 1 - above), top]))


def threshold_of(scores: Floats, edges: Floats, share: float, noise: Noise | None) -> float:
    """The edge, between two of them interpolated, that the noisy share of the scores lies above. A score
    falls into one cell between edges, so one record changes one count by one."""
    if noise is None:
        return float(np.quantile(scores, 1 - share)) if len(scores) else float(edges[-1])
    exact = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
    counts = noisy(exact.astype(np.int64), 1, noise.spending, noise.scores).values
    above = np.cumsum(counts[::-1])[::-1][1:]  # at or above edges[i]
    wanted = share * max(float(counts.sum()), 1.0)
    above = np.maximum.accumulate(above[::-1])[::-1]  # more at lower edges, as without noise
    return float(np.interp(wanted, above[::-1], edges[::-1]))


def _drawn(model: HistogramModel, generator: np.random.Generator) -> tuple[Codes, ...]:
    """Records of the model itself: each tree from its root outwards."""
    codes: list[Codes | None] = [None] * len(model.single)
    for start in range(len(codes)):
        if codes[start] is not None:
            continue
        codes[start] = _pick(np.tile(model.single[start], (1, 1)), np.zeros(_DRAWN, np.int64), generator)
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for edge in model.edges:
                if here not in (edge.first, edge.second):
                    continue
                there = edge.second if here == edge.first else edge.first
                known = codes[here]
                if codes[there] is None and known is not None:
                    table = np.array(edge.chances)
                    table = table if here == edge.first else table.T
                    codes[there] = _pick(table / table.sum(axis=1, keepdims=True), known, generator)
                    waiting.append(there)
    return tuple(one for one in codes if one is not None)


def _pick(table: Floats, rows: Codes, generator: np.random.Generator) -> Codes:
    """One column of `table` for each of `rows`, by the chances in that row."""
    sums = np.cumsum(table, axis=1)
    picked = np.empty(len(rows), np.int64)
    for row in np.unique(rows):
        at = rows == row
        picked[at] = np.searchsorted(sums[row], generator.random(int(at.sum())) * sums[row, -1], side="right")
    found: Codes = np.minimum(picked, table.shape[1] - 1)
    return found
