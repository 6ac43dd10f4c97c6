"""The accountant of Gopi, Lee and Wutschitz 2021 (Microsoft's prv-accountant), for comparison only.

Its upper end for one direction of add-or-remove-one: removing a record, for sampled noise. Never a bound that
ppdesk charges or claims.
"""

import math
from typing import Any

from ppdesk.privacy.accountants.parts import Parts
from ppdesk.privacy.events import Laplace, Neighbours, UnknownEventError


def epsilon(parts: Parts, delta: float, *, error: float = 0.01) -> float:
    """The upper end of the interval for epsilon at `delta`, at most 2 `error` wide; a thousandth of delta is
    kept for its own error. UnknownEventError for what it does not know."""
    from prv_accountant import (
        GaussianMechanism,
        LaplaceMechanism,
        PoissonSubsampledGaussianMechanism,
        PRVAccountant,
        PureDPMechanism,
    )

    kinds: list[tuple[Any, int]] = []
    if parts.squared:
        kinds.append((GaussianMechanism(noise_multiplier=1 / math.sqrt(parts.squared)), 1))
    for event, count in parts.sampled.items():
        inner = event.event
        if isinstance(inner, Laplace) or inner.neighbours is Neighbours.REPLACE_ONE or event.group > 1:
            raise UnknownEventError(kind="poisson-sampled (PRV knows single records added or removed)")
        kinds.append((PoissonSubsampledGaussianMechanism(
            noise_multiplier=inner.noise_multiplier, sampling_probability=event.rate), count))  # fmt: skip
    for scale, count in parts.laplace.items():
        kinds.append((LaplaceMechanism(mu=1 / scale), count))
    for pair, count in parts.pairs.items():
        if pair.delta:
            raise UnknownEventError(kind="epsilon-delta (PRV knows pure epsilon)")
        kinds.append((PureDPMechanism(pair.epsilon), count))
    if parts.rho or parts.tuned:
        raise UnknownEventError(kind="zero-concentrated or random-tuned (PRV knows neither)")
    if not kinds:
        return 0.0
    counts = [count for _, count in kinds]
    accountant = PRVAccountant(
        prvs=[kind for kind, _ in kinds],
        max_self_compositions=counts,
        eps_error=error,
        delta_error=delta / 1000,
    )
    return float(accountant.compute_epsilon(delta, counts)[2])
