"""From noisy sums to parameters. Everything in here sees noisy values only: post-processing, free of cost."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Double = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

BETA = 0.999  # Adam's second moment (Kingma and Ba 2015)
TINY = 1e-8


@compiled
def _momentum_step(  # noqa: PLR0917 - a kernel
    total: "Double", noise: "Whole", step: float, divisor: float, rate: float, momentum: float,
    velocity: "Double", weights: "Double", share: float, average: "Double",
) -> float:  # fmt: skip
    norm = 0.0
    for j in range(total.shape[0]):
        gradient = (total[j] + noise[j] * step) / divisor
        norm += gradient * gradient
        velocity[j] = momentum * velocity[j] + gradient
        weights[j] -= rate * velocity[j]
        average[j] += share * (weights[j] - average[j])
    return norm


@compiled
def _adam_step(  # noqa: PLR0917 - a kernel
    total: "Double", noise: "Whole", step: float, divisor: float, rate: float, momentum: float, count: int,
    velocity: "Double", second: "Double", weights: "Double", share: float, average: "Double",
) -> float:  # fmt: skip
    norm = 0.0
    first, later = 1 - momentum**count, 1 - BETA**count
    for j in range(total.shape[0]):
        gradient = (total[j] + noise[j] * step) / divisor
        norm += gradient * gradient
        velocity[j] = momentum * velocity[j] + (1 - momentum) * gradient
        second[j] = BETA * second[j] + (1 - BETA) * gradient * gradient
        weights[j] -= rate * (velocity[j] / first) / (np.sqrt(second[j] / later) + TINY)
        average[j] += share * (weights[j] - average[j])
    return norm


@dataclass
class Optimizer:
    """Momentum or Adam, and the mean of the iterates after `averaged_from` steps."""

    weights: "Double"
    learning_rate: float
    momentum: float
    adam: bool
    averaged_from: int
    done: int = 0
    velocity: "Double" = field(init=False)
    second: "Double" = field(init=False)
    average: "Double" = field(init=False)

    def __post_init__(self) -> None:
        self.velocity = np.zeros_like(self.weights)
        self.second = np.zeros_like(self.weights) if self.adam else np.zeros(0)
        self.average = self.weights.copy()

    def update(self, total: "Double", noise: "Whole", step: float, divisor: float) -> float:
        """One step down the noisy gradient (total + step * noise) / divisor; its L2 norm."""
        self.done += 1
        share = 1.0 / max(1, self.done - self.averaged_from)
        if self.adam:
            squared = _adam_step(
                total, noise, step, divisor, self.learning_rate, self.momentum, self.done,
                self.velocity, self.second, self.weights, share, self.average,
            )  # fmt: skip
        else:
            squared = _momentum_step(
                total, noise, step, divisor, self.learning_rate, self.momentum,
                self.velocity, self.weights, share, self.average,
            )  # fmt: skip
        return float(np.sqrt(squared))
