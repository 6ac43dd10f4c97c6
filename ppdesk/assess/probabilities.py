"""What the probabilities of a model of two classes are worth, beyond `classification.measure`."""

import numpy as np

from ppdesk.assess import bootstrap, calibration, thresholds
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.intervals import estimate
from ppdesk.assess.means import LEAST, mean
from ppdesk.assess.model_results import Costs, ScoreQuality
from ppdesk.assess.ranked import Ranked, average_precision, precision_recall
from ppdesk.assess.results import Estimate


def study(
    labels: Bools,
    scores: Floats,
    source: np.random.Generator,
    *,
    threshold: float = 0.5,
    costs: Costs | None = None,
    rounds: int | None = None,
    tick: bootstrap.Tick = lambda: None,
) -> ScoreQuality:
    """labels: (n,) bool, True is the positive outcome; scores: (n,) float64, probabilities in 0..1.
    `rounds`: bootstrap samples, None for the usual number. `tick` may raise to stop.
    Raises OneClassError where all labels are the same, LengthMismatchError where lengths differ."""
    ranked = Ranked.of(labels, scores)
    rounds = bootstrap.resamples(labels.size) if rounds is None else rounds
    return ScoreQuality(
        average_precision=precision_of(ranked, source, rounds, tick),
        log_loss=log_loss(labels, scores),
        calibration=calibration.calibrated(labels, scores, source, rounds=rounds, tick=tick),
        curve=precision_recall(ranked),
        thresholds=thresholds.table(ranked, costs, (threshold,)),
        costs=None
        if costs is None
        else thresholds.study(ranked, costs, threshold, source, rounds=rounds, tick=tick),
        resamples=rounds,
    )


def log_loss(labels: Bools, scores: Floats) -> Estimate:
    """Mean of minus the natural logarithm of the probability of what happened, with its normal interval."""
    chance = np.where(labels, scores, 1 - scores)
    return mean(-np.log(np.clip(chance, LEAST, 1.0)), least=0.0)


def precision_of(ranked: Ranked, source: np.random.Generator, rounds: int, tick: bootstrap.Tick) -> Estimate:
    """The average precision with its bootstrap interval."""

    def of(weights: Counts) -> Floats:
        return np.array([average_precision(*ranked.counts(weights))])

    value = average_precision(*ranked.counts())
    replicated = bootstrap.replicates(of, ranked.labels.size, source, rounds=rounds, tick=tick)
    low, high = bootstrap.ends(replicated)
    return estimate(value, min(value, float(low[0])), max(value, float(high[0])))
