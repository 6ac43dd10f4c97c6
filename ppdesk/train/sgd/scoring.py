"""The threshold of two classes, and how sure the model is: from one noisy histogram of its scores by class.

Claim. The histogram is one Gaussian mechanism on all records. A record is a one in one of its places, found
from the published parameters and the record alone (`Kernel.outputs`: each row by itself, in the same order
of sums). So m records added or removed move it by at most m in L2 norm; m records replaced by at most
sqrt(m^2 + m^2) = sqrt(2) m, as what goes and what comes are vectors without negative entries. m is the group:
of a person the same first m records count as in training. Noise: discrete Gaussian on a grid of at least
2^24 steps per standard deviation; `slack` takes its numbers in with those of the steps.

What is done with it (`ppdesk.train.additive.threshold`) is post-processing.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.privacy.events import Neighbours
from ppdesk.train.additive.threshold import (
    POLICIES,
    SCORE_CELLS,
    calibrate,
    histogram,
    thresholds,
)
from ppdesk.train.schema import Classes, Target
from ppdesk.train.sgd.release import grid_step

if TYPE_CHECKING:
    import numpy.typing as npt

    from ppdesk.privacy.gaussian.source import GaussianSource
    from ppdesk.train.fitted import Asked
    from ppdesk.train.sgd.options import Options

    Floats = npt.NDArray[np.float64]

PLACES = 2 * SCORE_CELLS  # numbers of the histogram
DEFAULT = POLICIES[0]
FREE = "accuracy"  # one half: nothing is looked at
__all__ = ["DEFAULT", "FREE", "PLACES", "PLAIN", "POLICIES", "Cut", "cut", "moved", "paid"]


@dataclass(frozen=True)
class Cut:
    """Outputs z become shift + slope z; from `threshold`, a probability, on a record counts as positive."""

    threshold: float
    shift: float
    slope: float


PLAIN = Cut(0.5, 0.0, 1.0)  # nothing chosen, nothing moved


def paid(target: Target, options: "Options") -> bool:
    """Whether a histogram is paid for: two classes, no declared threshold, another policy than "accuracy"."""
    return (
        isinstance(target, Classes)
        and target.binary
        and options.threshold is None
        and (options.policy or DEFAULT) != FREE
    )


def moved(asked: "Asked") -> float:
    """The L2 sensitivity of the histogram."""
    # the root rounded up
    return asked.group * (1.4142135623730952 if asked.neighbours is Neighbours.REPLACE_ONE else 1.0)


def cut(  # noqa: PLR0917 - scores, labels, and how the histogram is noised
    scores: "Floats", y: "Floats", policy: str, sigma: float, sensitivity: float, source: "GaussianSource"
) -> Cut:
    """From the scores and labels 0 or 1 of all records, (n,) each. sigma: noise over sensitivity."""
    step = min(1.0, grid_step(sigma, sensitivity))
    noise = source.draw(math.nextafter(sigma * sensitivity / step, math.inf), PLACES)
    counts = histogram(scores, y).reshape(-1)
    # a power of two: counts are whole numbers of steps
    noisy: Floats = np.multiply(counts * int(1 / step) + noise, step, dtype=np.float64)
    noisy = noisy.reshape(SCORE_CELLS, 2)
    sd = sigma * sensitivity
    shift, slope = calibrate(noisy, sd)
    positive = float(noisy[:, 1].sum() / max(noisy.sum(), 1.0))
    return Cut(thresholds(noisy, sd, shift, slope, positive)[policy], shift, slope)
