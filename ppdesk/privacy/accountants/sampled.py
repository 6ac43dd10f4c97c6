"""The privacy loss distribution of Poisson-sampled Gaussian noise, for dp-accounting's composition.

dp-accounting finds the hockey-stick divergence of each grid point one by one, in Python; here the same closed
forms are evaluated for all points at once, many times as fast, and given to the library's own
discretisation (connect the dots, pessimistic). With sigma the noise multiplier, q the rate, P the normal
distribution function and N(m) the normal distribution around m, D(e) = sup over sets of upper - e^e lower:

- remove: (1 - q) N(0) + q N(1) against N(0):  D = q P((1 - x) / sigma) - (e^e - 1 + q) P(-x / sigma),
  x = 1/2 + sigma^2 ln((e^e - 1 + q) / q); where e <= ln(1 - q), D = 1 - e^e
- add: N(0) against (1 - q) N(0) + q N(1):  D = (1 - e^e (1 - q)) P(x / sigma) - e^e q P((x - 1) / sigma),
  x = 1/2 + sigma^2 ln((e^-e - 1 + q) / q); where e >= -ln(1 - q), D = 0
- replace: (1 - q) N(0) + q N(1) against (1 - q) N(0) + q N(-1):  D = q P((1 - x) / sigma) -
  (1 - q) (e^e - 1) P(-x / sigma) - e^e q P((-1 - x) / sigma), x = sigma^2 ln t, and t the positive root of
  q c t^2 - (1 - q) (e^e - 1) t - e^e q c = 0, c = e^(-1 / (2 sigma^2))
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]


def distribution(sigma: float, rate: float, step: float, *, replacing: bool) -> Any:
    """dp-accounting's PrivacyLossDistribution of one step on a grid of `step`, 0 < rate < 1."""
    from dp_accounting.pld.privacy_loss_distribution import PrivacyLossDistribution
    from dp_accounting.pld.privacy_loss_mechanism import AdjacencyType

    if replacing:
        return PrivacyLossDistribution(_masses(sigma, rate, step, AdjacencyType.REPLACE, replaced))
    return PrivacyLossDistribution(
        _masses(sigma, rate, step, AdjacencyType.REMOVE, removed),
        _masses(sigma, rate, step, AdjacencyType.ADD, added),
    )


def _masses(
    sigma: float,
    rate: float,
    step: float,
    adjacency: Any,
    divergence: Callable[[Floats, float, float], Floats],
) -> Any:
    from dp_accounting.pld.pld_pmf import create_pmf_pessimistic_connect_dots_fixed_gap
    from dp_accounting.pld.privacy_loss_mechanism import GaussianPrivacyLoss

    bounds = GaussianPrivacyLoss(sigma, sampling_prob=rate, adjacency_type=adjacency).connect_dots_bounds()
    low, high = int(np.floor(bounds.epsilon_lower / step)), int(np.ceil(bounds.epsilon_upper / step))
    epsilons: Floats = np.arange(low, high + 1, dtype=np.float64) * step
    found = np.clip(divergence(epsilons, sigma, rate), 0.0, 1.0)
    # a divergence does not rise with epsilon; rounding may, and is then taken upwards
    falling = np.maximum.accumulate(found[::-1])[::-1]
    return create_pmf_pessimistic_connect_dots_fixed_gap(step, low, high, falling)


def removed(epsilons: Floats, sigma: float, rate: float) -> Floats:
    """D for "remove" at each epsilon, (n,) float64."""
    above = np.expm1(epsilons) + rate
    inside = above > 0
    x = 0.5 + sigma**2 * np.log(np.where(inside, above, rate) / rate)
    found = rate * ndtr((1 - x) / sigma) - above * ndtr(-x / sigma)
    return np.where(inside, found, -np.expm1(epsilons))


def added(epsilons: Floats, sigma: float, rate: float) -> Floats:
    """D for "add" at each epsilon, (n,) float64."""
    above = np.expm1(-epsilons) + rate
    inside = above > 0
    x = 0.5 + sigma**2 * np.log(np.where(inside, above, rate) / rate)
    # e^e times the divergence the other way round: 1 - e^e (1 - q) = e^e above
    found = np.exp(epsilons) * (above * ndtr(x / sigma) - rate * ndtr((x - 1) / sigma))
    return np.where(inside, found, 0.0)


def replaced(epsilons: Floats, sigma: float, rate: float) -> Floats:
    """D for "replace" at each epsilon, (n,) float64."""
    grown = np.expm1(epsilons)
    half = (1 - rate) * grown / (2 * rate)  # over c, in logarithms below: c can underflow
    log_c = -0.5 / sigma**2
    # t = (half + sqrt(half^2 + e^e c^2)) / c, without cancellation where half < 0
    root = np.sqrt(half**2 + np.exp(epsilons + 2 * log_c))
    log_sum = np.log(np.abs(half) + root)
    log_t = np.where(half >= 0, log_sum - log_c, epsilons + log_c - log_sum)
    x = sigma**2 * log_t
    stays = (1 - rate) * grown * ndtr(-x / sigma)
    found: Floats = rate * ndtr((1 - x) / sigma) - stays - np.exp(epsilons) * rate * ndtr((-1 - x) / sigma)
    return found
