"""How well a score tells two outcomes apart, beside a classifier that learnt nothing."""

import numpy as np

from ppdesk.assess import intervals
from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.errors import OneClassError
from ppdesk.assess.results import CalibrationBin, Classification, Confusion, Estimate
from ppdesk.assess.roc import auroc, roc_curve

CALIBRATION_FLOOR = 50  # records in a bin: fewer would say little, and something about too few people


def measure(labels: Bools, scores: Floats, *, threshold: float = 0.5) -> Classification:
    """All measures on one set of records.

    labels: (n,) bool, True is the positive outcome; scores: (n,) float64, probabilities in 0..1.
    A record is predicted positive where its score is at least `threshold`.
    Raises OneClassError where all labels are the same, LengthMismatchError where lengths differ.
    """
    area, error = auroc(labels, scores)
    predicted = scores >= threshold
    cells = _confusion(labels, predicted)
    recall = _share(cells.tp, cells.tp + cells.fn)
    specificity = _share(cells.tn, cells.tn + cells.fp)
    return Classification(
        n=int(labels.size),
        positives=int(labels.sum()),
        threshold=threshold,
        accuracy=_share(cells.tp + cells.tn, labels.size),
        balanced_accuracy=intervals.mean_of_two(recall, specificity),
        precision=intervals.wilson(cells.tp, cells.tp + cells.fp),
        recall=recall,
        specificity=specificity,
        f1=intervals.f_measure(cells.tp, cells.fp, cells.fn),
        auroc=area,
        auroc_se=error,
        brier=_brier(labels, scores),
        confusion=cells,
        curve=roc_curve(labels, scores),
        calibration=calibration(labels, scores),
    )


def trivial_scores(train_labels: Bools, rows: int) -> Floats:
    """What a classifier without any feature says: the share of positives it was trained on, for all."""
    return np.full(rows, float(train_labels.mean()), dtype=np.float64)


def _share(successes: int, trials: int) -> Estimate:
    found = intervals.wilson(int(successes), int(trials))
    if found is None:  # auroc() has already refused one class; kept for direct callers
        raise OneClassError(rows=int(trials))
    return found


def _confusion(labels: Bools, predicted: Bools) -> Confusion:
    return Confusion(
        tp=int((labels & predicted).sum()),
        fp=int((~labels & predicted).sum()),
        fn=int((labels & ~predicted).sum()),
        tn=int((~labels & ~predicted).sum()),
    )


def _brier(labels: Bools, scores: Floats) -> Estimate:
    """Mean squared error of the probabilities (Brier 1950) with the normal interval of a mean."""
    errors = (scores - labels) ** 2
    mean = float(errors.mean())
    half = intervals.Z95 * float(errors.std(ddof=1)) / float(np.sqrt(errors.size))
    return intervals.estimate(mean, max(0.0, mean - half), min(1.0, mean + half))


def calibration(labels: Bools, scores: Floats, *, bins: int = 10) -> list[CalibrationBin]:
    """Records in `bins` equal-width bins of score; a bin under CALIBRATION_FLOOR joins its neighbour.

    Empty where there are fewer records than the floor.
    """
    if labels.size < CALIBRATION_FLOOR:
        return []
    place = np.minimum((scores * bins).astype(np.int64), bins - 1)
    groups: list[Bools] = []
    held = np.zeros(labels.size, dtype=np.bool_)
    for number in range(bins):
        held = held | (place == number)
        if held.sum() >= CALIBRATION_FLOOR:
            groups.append(held)
            held = np.zeros(labels.size, dtype=np.bool_)
    if held.any():  # too few at the upper end: with the bin before
        groups[-1] = groups[-1] | held
    return [
        CalibrationBin(
            p=round(float(scores[group].mean()), 4),
            observed=round(float(labels[group].mean()), 4),
            n=int(group.sum()),
        )
        for group in groups
    ]
