"""Counts of positives and negatives from the highest score down: what curves and costs are made of."""

from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.errors import LengthMismatchError, OneClassError
from ppdesk.assess.model_results import PrecisionRecall

MAX_POINTS = 200


@dataclass(frozen=True)
class Ranked:
    """Records by falling score. `labels` (n,) bool; `last` (m,): where each distinct score ends; `scores`
    (m,): the distinct ones, falling."""

    labels: Bools
    last: Counts
    scores: Floats

    @classmethod
    def of(cls, labels: Bools, scores: Floats) -> "Ranked":
        """LengthMismatchError, OneClassError."""
        if labels.shape != scores.shape:
            raise LengthMismatchError(what="Outcomes and scores", left=labels.size, right=scores.size)
        if labels.size == 0 or labels.all() or not labels.any():
            raise OneClassError(rows=int(labels.size))
        order = np.argsort(-scores, kind="stable")
        ranked = scores[order]
        last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)).astype(np.int64)
        return cls(np.asarray(labels[order]), last, ranked[last])

    def counts(self, weights: Counts | None = None) -> tuple[Counts, Counts]:
        """(positives, negatives) at or above each distinct score, (m,) each. `weights`: how often each
        record counts, in the order of `labels`."""
        if weights is None:
            weights = np.ones(self.labels.size, dtype=np.int64)
        positive = np.cumsum(weights * self.labels)[self.last]
        every = np.cumsum(weights)[self.last]
        return positive, every - positive

    def at(self, thresholds: Floats) -> tuple[Counts, Counts]:
        """(positives, negatives) with a score of at least each threshold, (t,) each."""
        positive, negative = self.counts()
        place = np.searchsorted(-self.scores, -thresholds, side="right")
        return np.append(0, positive)[place], np.append(0, negative)[place]


def average_precision(positive: Counts, negative: Counts) -> float:
    """Sum over the distinct scores of the gain in recall times the precision there, as scikit-learn's; NaN
    without a positive."""
    if positive.size == 0 or positive[-1] == 0:
        return float("nan")
    selected = positive + negative
    gained = np.diff(positive, prepend=0)
    precision = np.divide(positive, selected, out=np.zeros(positive.size), where=selected > 0)
    return float((gained * precision).sum() / positive[-1])


def precision_recall(ranked: Ranked) -> PrecisionRecall:
    """At most MAX_POINTS points, evenly along the recall; the first and the last are kept."""
    positive, negative = ranked.counts()
    recall, precision = positive / positive[-1], positive / (positive + negative)
    if recall.size > MAX_POINTS:
        keep = np.unique(np.searchsorted(recall, np.linspace(0, 1, MAX_POINTS)).clip(0, recall.size - 1))
        keep = np.unique(np.concatenate([[0], keep, [recall.size - 1]]))
        recall, precision = recall[keep], precision[keep]
    return PrecisionRecall(np.round(recall, 4).tolist(), np.round(precision, 4).tolist())
