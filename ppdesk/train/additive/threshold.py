"""From which probability on to say the positive class, and how sure the probabilities are: from one noisy
histogram of scores by class, paid from the budget. A record is a one in one place.

The noisy histogram moves the scores by a + b score (Platt 1999) where it says so more loudly than its noise;
the thresholds then follow from the calibrated probabilities and the noisy histogram's own weights.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

SCORE_CELLS = 48
_REACH = 6.0  # scores beyond -6..6 stand in the outer cells
DEFAULT = "accuracy-with-recall"
POLICIES = (DEFAULT, "accuracy", "balanced", "f1")
_RECALL = 0.4  # what the default policy wants to find of the positives
_WORTH = 0.01  # the accuracy that it gives for it at most
_FINER = 8  # steps within a cell, records being spread evenly in it
_PRIOR_A, _PRIOR_B = 0.3, 0.15  # how far calibration is believed to be off


def places(scores: Floats) -> "npt.NDArray[np.int64]":
    """The cell of each score, (n,)."""
    edges = np.linspace(-_REACH, _REACH, SCORE_CELLS + 1)[1:-1]
    return np.searchsorted(edges, np.nan_to_num(scores), side="right").astype(np.int64)


def histogram(scores: Floats, y: Floats) -> Whole:
    """(SCORE_CELLS, 2) counts by cell and class."""
    found = np.bincount(places(scores) * 2 + y.astype(np.int64), minlength=2 * SCORE_CELLS)
    return found.reshape(SCORE_CELLS, 2).astype(np.int64)


def centres() -> Floats:
    edges = np.linspace(-_REACH, _REACH, SCORE_CELLS + 1)
    return np.asarray((edges[1:] + edges[:-1]) / 2)


def calibrate(noisy: Floats, sd: float) -> tuple[float, float]:
    """(a, b): score -> a + b score fits the noisy histogram (SCORE_CELLS, 2) best. (0, 1) where noise drowns
    it: a and b - 1 have normal priors."""
    total = np.maximum(noisy.sum(axis=1), 0.0)
    tried_a, tried_b = np.linspace(-1, 1, 41), np.linspace(0.5, 1.6, 23)
    a, b = tried_a[:, None, None], tried_b[None, :, None]
    chance = 1 / (1 + np.exp(-(a + b * centres())))
    # what is left of the positives has the noise of both classes and the binomial's own
    spread = sd**2 * (chance**2 + (1 - chance) ** 2) + total * chance * (1 - chance) + 1e-9
    left = noisy[:, 1] * (1 - chance) - noisy[:, 0] * chance
    prior = (a[..., 0] / _PRIOR_A) ** 2 + ((b[..., 0] - 1) / _PRIOR_B) ** 2
    loss = (left**2 / spread).sum(axis=2) + prior
    best = np.unravel_index(int(loss.argmin()), loss.shape)
    return float(tried_a[best[0]]), float(tried_b[best[1]])


def thresholds(noisy: Floats, sd: float, a: float, b: float, positive: float) -> dict[str, float]:
    """Policy -> probability. accuracy: one half, which no other beats where probabilities are right.
    accuracy-with-recall: the largest up to one half that is estimated to find _RECALL of the positives;
    where that would cost more than _WORTH of accuracy, the smallest that does not. balanced: the share of
    positives, which makes sensitivity + specificity largest. f1: half of the best F1 (Lipton and others
    2014). `positive`: the noisy share of positives."""
    weight = np.maximum(noisy.sum(axis=1) - sd, 0.0)
    share = min(max(positive, 0.01), 0.99)
    if weight.sum() <= 0:
        return {DEFAULT: min(share, 0.5), "accuracy": 0.5, "balanced": share, "f1": min(share, 0.5)}
    # from the highest score down; each cell's records evenly in it
    width = 2 * _REACH / SCORE_CELLS
    within = (np.arange(_FINER) + 0.5) / _FINER - 0.5
    where = (centres()[:, None] + width * within[None, :]).ravel()[::-1]
    chance = 1 / (1 + np.exp(-(a + b * where)))
    each = np.repeat(weight, _FINER)[::-1] / _FINER
    hits, said = (each * chance).cumsum(), each.cumsum()
    best = float((2 * hits / np.maximum(said + hits[-1], 1e-9)).max())
    return {
        DEFAULT: _found_enough(chance, hits, said),
        "accuracy": 0.5,
        "balanced": share,
        "f1": min(max(best / 2, 0.01), 0.5),
    }


def _found_enough(chance: Floats, hits: Floats, said: Floats) -> float:
    """The default policy's probability. chance, (m,): falling; hits and said, (m,): the positives, and all
    records, with at least that chance."""
    right = (2 * hits - said) / said[-1]  # accuracy, less that of saying no to all
    allowed = right >= right.max() - _WORTH
    wanted = (hits >= _RECALL * hits[-1]) & (chance <= 0.5)
    low = chance <= 0.5
    both = np.flatnonzero(wanted & allowed)
    if both.size:
        place = int(both[0])
        return 0.5 if place == int(low.argmax()) else float(chance[place])
    some = np.flatnonzero(allowed & low)
    return float(chance[some[-1]]) if some.size else 0.5
