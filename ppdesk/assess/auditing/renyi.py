"""A second opinion without confidence: the Renyi divergence of order 2 that a score shows.

For every bounded g, with runs of P and Q (Birrell and others 2021, "Variational representations and neural
network estimation of Renyi divergences", theorem 1):

    R_a(P, Q) >= a / (a - 1) ln E_P[exp((a - 1) g)] - ln E_Q[exp(a g)],

with equality at the logarithm of the likelihood ratio, which the score of a classifier comes close to. The
means are those of the runs, so this is an estimate. It is told as the epsilon of what has such a
divergence: of randomized response where delta is 0 (no pure mechanism of the same epsilon has a larger
one), else of a Gaussian mechanism (R_2 = mu^2).
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_FARTHEST = 4.0  # of g: beyond it a few runs would decide


def epsilon(first: Floats, second: Floats, delta: float) -> float:
    """From scores of runs under each input, (n,) each, about logarithms of the likelihood ratio: the larger
    of the two directions, at least 0."""
    divergence = max(0.0, _two(first, second), _two(-second, -first))
    if delta > 0:
        from ppdesk.privacy.gaussian_dp import epsilon_of_mu

        return float(epsilon_of_mu(math.sqrt(divergence), delta)) if divergence > 0 else 0.0
    return _response(divergence)


def _two(first: Floats, second: Floats) -> float:
    left, right = (np.clip(one, -_FARTHEST, _FARTHEST) for one in (first, second))
    return 2 * math.log(float(np.exp(left).mean())) - math.log(float(np.exp(2 * right).mean()))


def _response(divergence: float) -> float:
    """The epsilon of randomized response of this divergence: e^R = p^2 / q + q^2 / p with p = e^epsilon q and
    p + q = 1, so e^R = 2 cosh(epsilon) - 1."""
    return math.acosh((math.exp(min(divergence, 600.0)) + 1) / 2)
