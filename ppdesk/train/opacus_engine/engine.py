"""Any torch network that Opacus supports, by DP-SGD behind our own interface.

Claim. `fit` is (epsilon, delta)-DP between tables that differ in `group` records, added or removed, or
replaced. It covers the parameters. In each step every record is taken with chance `rate` by a coin of its
own (`SecureDraws`), its gradient is cut (`training`), and discrete Gaussian noise of sigma clip is added
(`GaussianSource`), to an empty batch as well.

Accountant. PoissonSampled Gaussian, `steps` times, by privacy loss distributions
(`calibration.sampled_noise`), less what the discrete Gaussian costs above the continuous one
(`privacy.gaussian.slack`). Replacing a record and groups: as `sampled_noise` charges them.

Never read off the data: the rate and the number of steps are declared or follow from the declared number of
records by the rule below; a sum is divided by the noise, not by a batch's size; bounds, categories and
classes are declared. Where the number of records is not declared the rate is RATE."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.calibration import sampled_noise
from ppdesk.privacy.events import DpEvent, Gaussian, PoissonSampled, SelfComposed
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.train.errors import UndeclaredTargetError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Trained, claim
from ppdesk.train.opacus_engine.model import KEY, Factory, OpacusModel, inputs_of, model_of, widths
from ppdesk.train.opacus_engine.training import FULL, Steps, seeded, train
from ppdesk.train.records import Records
from ppdesk.train.schema import Quantity, Target

if TYPE_CHECKING:
    import torch

MECHANISM = "DP-SGD with Poisson samples and discrete Gaussian noise (Abadi and others 2016)"
RATE = 0.05
_LEAST_SIGMA = 0.2  # of sampled_noise


@dataclass(frozen=True)
class Options:
    """The rule: batches of 1,024 records where the number of records is declared, at a rate of 0.01 at
    least, else the rate RATE; 300 steps; gradients of length 1; Adam's step of 0.01. None of it depends on
    the data."""

    rate: float | None = None
    steps: int = 300
    clip: float = 1.0
    learning_rate: float = 0.01

    def __post_init__(self) -> None:
        given = (self.clip, self.learning_rate, 1.0 if self.rate is None else self.rate)
        if not (all(0 < one < math.inf for one in given) and given[-1] <= 1 and 1 <= self.steps <= 10**6):
            raise UnsuitableGuaranteeError(
                estimator=KEY,
                reason="rate, clip and learning rate are above 0, the rate at most 1, steps 1 to 10^6",
            )

    def rate_for(self, rows: int | None) -> float:
        """The rate, by the rule where none is given. `rows`: the declared number of records."""
        if self.rate is not None:
            return self.rate
        return RATE if rows is None else min(1.0, max(0.01, 1024 / rows))


def cost(asked: Asked, options: Options, parameters: int, rows: int | None = None) -> DpEvent:
    """What a fit of a network with so many trained parameters will have cost; from declared values alone."""
    sampled = PoissonSampled(
        options.rate_for(rows),
        Gaussian(_sigma(asked, options, parameters, rows), asked.neighbours),
        asked.group,
    )
    return SelfComposed(sampled, options.steps)


def fit(
    factory: Factory,
    records: Records,
    y: npt.NDArray[Any],
    asked: Asked,
    target: Target | None,
    *,
    options: Options,
    rows: int | None,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train the network `factory`(inputs, outputs) makes; see `model.inputs_of` for what its inputs are. It
    starts where the factory leaves it, which must not depend on private data. Classes: cross-entropy; a
    quantity: squared error on [-1, 1].

    UnsuitableModuleError, NoTorchError, UnsuitableGuaranteeError, UndeclaredTargetError.
    """
    if target is None:
        raise UndeclaredTargetError(column="(target)", reason="there is nothing to predict")
    module = make(factory, records, target, entropy)
    size = sum(one.numel() for one in module.parameters() if one.requires_grad)
    event = cost(asked, options, size, rows)
    steps = _steps(options, rows, _sigma(asked, options, size, rows))
    trained = _trained(module, records, y, target, steps, entropy=entropy, tick=tick)
    privacy = claim(asked, MECHANISM, entropy)
    notes = {
        "rate": steps.rate,
        "steps": steps.count,
        "sigma": steps.sigma,
        "clip": steps.clip,
        "learning_rate": steps.learning_rate,
        "parameters": size,
    }
    return Trained(model_of(trained, records.schema, target, privacy), event, notes)


def fit_twin(
    factory: Factory,
    records: Records,
    y: npt.NDArray[Any],
    target: Target | None,
    *,
    options: Options,
    rows: int | None,
    entropy: Entropy,
    tick: Callable[[], None],
) -> OpacusModel:
    """The same steps without noise, for comparison only; never to be released."""
    if target is None:
        raise UndeclaredTargetError(column="(target)", reason="there is nothing to predict")
    module = make(factory, records, target, entropy)
    steps = _steps(options, rows, 0.0)
    trained = _trained(module, records, y, target, steps, entropy=entropy, tick=tick)
    return model_of(
        trained, records.schema, target, {"private": False, "mechanism": "clipped steps, no noise"}
    )


def make(factory: Factory, records: Records, target: Target, entropy: Entropy) -> "torch.nn.Module":
    """The network at its start; in the test mode the same each time."""
    with seeded(entropy):
        return factory(*widths(records.schema, target))


def _steps(options: Options, rows: int | None, sigma: float) -> Steps:
    return Steps(options.rate_for(rows), options.steps, sigma, options.clip, options.learning_rate)


def _sigma(asked: Asked, options: Options, parameters: int, rows: int | None) -> float:
    try:
        slack = slack_of(_LEAST_SIGMA * FULL, parameters, options.steps)
        epsilon, delta = slack.target(asked.epsilon, asked.delta)
    except ValueError:
        raise UnsuitableGuaranteeError(
            estimator=KEY, reason="so many parameters and steps have no room in it"
        ) from None
    return sampled_noise(epsilon, delta, options.rate_for(rows), options.steps, asked.neighbours, asked.group)


def _trained(
    module: "torch.nn.Module",
    records: Records,
    y: npt.NDArray[Any],
    target: Target,
    steps: Steps,
    *,
    entropy: Entropy,
    tick: Callable[[], None],
) -> "torch.nn.Module":
    import torch

    def classes(outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(outputs, labels, reduction="none")

    def quantity(outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return 0.5 * (outputs[:, 0] - labels) ** 2

    inputs = torch.from_numpy(inputs_of(records))
    if isinstance(target, Quantity):
        middle, half = target.low / 2 + target.high / 2, target.high / 2 - target.low / 2
        labels = torch.from_numpy(
            np.clip((np.asarray(y, np.float64) - middle) / half, -1.0, 1.0).astype(np.float32)
        )
        return train(module, inputs, labels, quantity, steps, entropy=entropy, tick=tick)
    labels = torch.from_numpy(np.asarray(y, dtype=np.int64))
    return train(module, inputs, labels, classes, steps, entropy=entropy, tick=tick)
