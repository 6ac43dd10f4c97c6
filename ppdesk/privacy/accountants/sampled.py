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

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


def mixture(sigma: float, distances: Sequence[float], chances: Sequence[float], step: float) -> Any:
    """The same for a sum that moves by a random one of `distances`, ascending: add or remove."""
    from dp_accounting.pld.privacy_loss_distribution import PrivacyLossDistribution
    from dp_accounting.pld.privacy_loss_mechanism import AdjacencyType, MixtureGaussianPrivacyLoss

    mixed = Mixture(sigma, np.asarray(distances, np.float64), np.asarray(chances, np.float64))
    kinds = ((AdjacencyType.REMOVE, mixed.removed), (AdjacencyType.ADD, mixed.added))
    return PrivacyLossDistribution(
        *(
            _pessimistic(
                MixtureGaussianPrivacyLoss(sigma, distances, chances, adjacency_type=adjacency), step, found
            )
            for adjacency, found in kinds
        )
    )


@dataclass(frozen=True)
class Mixture:
    """N(0) against the sum over k of chances[k] N(distances[k]), both of standard deviation sigma. The
    logarithm of their ratio is convex and rises with x, so Newton's method from the right finds where it is
    e; an x that is off by d moves D by the order of d^2 only, because D is largest there."""

    sigma: float
    distances: Floats
    chances: Floats

    def removed(self, epsilons: Floats) -> Floats:
        """D of the mixture against N(0) at each epsilon, (n,) float64."""
        inside = epsilons > self._least + 1e-9
        x = self._where(np.where(inside, epsilons, 0.0))
        found = self._tail(-x) - np.exp(epsilons) * ndtr(-x / self.sigma)
        return np.where(inside, found, -np.expm1(np.minimum(epsilons, 0.0)))

    def added(self, epsilons: Floats) -> Floats:
        """D of N(0) against the mixture at each epsilon, (n,) float64."""
        inside = -epsilons > self._least + 1e-9
        x = self._where(np.where(inside, -epsilons, 0.0))
        below = np.zeros_like(x)
        for distance, chance in zip(self.distances, self.chances, strict=True):
            below += chance * ndtr((x - distance) / self.sigma)
        return np.where(inside, ndtr(x / self.sigma) - np.exp(epsilons) * below, 0.0)

    @property
    def _least(self) -> float:
        """The logarithm's limit to the left."""
        return math.log(self.chances[0]) if self.distances[0] == 0 else -math.inf

    def _tail(self, below: Floats) -> Floats:
        """The mixture's mass above -below."""
        total = np.zeros_like(below)
        for distance, chance in zip(self.distances, self.chances, strict=True):
            total += chance * ndtr((below + distance) / self.sigma)
        return total

    def _ratio(self, x: Floats) -> tuple[Floats, Floats]:
        """The logarithm of mixture over N(0) at x, and its slope."""
        logs = np.log(self.chances) - self.distances**2 / (2 * self.sigma**2)
        parts = logs + np.multiply.outer(x, self.distances) / self.sigma**2
        top = parts.max(axis=-1, keepdims=True)
        weights = np.exp(parts - top)
        whole = weights.sum(axis=-1)
        slope = (weights @ self.distances) / whole / self.sigma**2
        return top[..., 0] + np.log(whole), slope

    def _where(self, epsilons: Floats) -> Floats:
        """x at which the logarithm is epsilon."""
        far, apart = 12 * self.sigma + float(self.distances[-1]), self.sigma / 50
        grid = np.linspace(-far, far, min(100_000, math.ceil(2 * far / apart)))
        x: Floats = np.interp(epsilons, self._pieces(grid)[0], grid)
        for _ in range(4):
            found, slope = self._pieces(x)
            x = x + np.clip((epsilons - found) / np.maximum(slope, 1e-300), -apart, apart)
        return x

    def _pieces(self, x: Floats) -> tuple[Floats, Floats]:
        """`_ratio`, some thousands at a time: it needs memory for each distance."""
        found = [self._ratio(x[start : start + 4096]) for start in range(0, x.size, 4096)]
        return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])


def _masses(
    sigma: float,
    rate: float,
    step: float,
    adjacency: Any,
    divergence: Callable[[Floats, float, float], Floats],
) -> Any:
    from dp_accounting.pld.privacy_loss_mechanism import GaussianPrivacyLoss

    loss = GaussianPrivacyLoss(sigma, sampling_prob=rate, adjacency_type=adjacency)
    return _pessimistic(loss, step, lambda epsilons: divergence(epsilons, sigma, rate))


def _pessimistic(loss: Any, step: float, divergence: Callable[[Floats], Floats]) -> Any:
    """The library's masses on its own range for `loss`."""
    from dp_accounting.pld.pld_pmf import create_pmf_pessimistic_connect_dots_fixed_gap

    bounds = loss.connect_dots_bounds()
    low, high = int(np.floor(bounds.epsilon_lower / step)), int(np.ceil(bounds.epsilon_upper / step))
    epsilons: Floats = np.arange(low, high + 1, dtype=np.float64) * step
    found = np.clip(divergence(epsilons), 0.0, 1.0)
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
