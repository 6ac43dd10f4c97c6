"""What every estimator asks for and gives back, whatever it does in between."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.privacy.events import DpEvent, ImpossibleCostError, Neighbours, is_finite
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """The guarantee to keep: (epsilon, delta)-DP between tables that differ in `group` records, added or
    removed (ADD_REMOVE), or replaced (REPLACE_ONE). group = 1 where the unit is a record; for a person with
    at most m records it is m. ImpossibleCostError for a cost that is none."""

    epsilon: float
    delta: float
    neighbours: Neighbours = Neighbours.ADD_REMOVE
    group: int = 1

    def __post_init__(self) -> None:
        if not (is_finite(self.epsilon) and self.epsilon > 0):
            raise ImpossibleCostError(name="epsilon")
        if not (is_finite(self.delta) and 0 <= self.delta < 1):
            raise ImpossibleCostError(name="delta")
        if not (isinstance(self.group, int) and self.group >= 1):
            raise ImpossibleCostError(name="the number of records of one person")


def claim(asked: Asked, mechanism: str, entropy: Entropy) -> dict[str, Json]:
    """The `privacy` of a model: the guarantee that was kept, and a stamp where the noise repeats."""
    return {
        "epsilon": asked.epsilon,
        "delta": asked.delta,
        "neighbours": asked.neighbours.value,
        "group": asked.group,
        "mechanism": mechanism,
        "private": entropy.private,
        "stamp": "" if entropy.private else NOT_PRIVATE,
    }


class Fitted(Protocol):
    """A trained model: all that is needed to apply it, and nothing of the data but what the claim covers."""

    @property
    def estimator(self) -> str:
        """The key of the estimator that made it."""
        ...

    @property
    def schema(self) -> Schema:
        """The columns it reads."""
        ...

    @property
    def target(self) -> Target | None:
        """What it predicts; None where it learnt without a target."""
        ...

    @property
    def privacy(self) -> Mapping[str, Json]:
        """What was claimed: epsilon, delta, neighbours, mechanism, private, stamp and so on."""
        ...

    def predict(self, records: Records) -> Floats:
        """Classes: probabilities, (n, classes) float64, rows sum to 1, in the target's order. Quantity:
        (n,) float64 in the target's unit. No target: what the estimator's own docstring says."""
        ...

    def to_json(self) -> bytes:
        """Canonical JSON with "format", which names how to read it back."""
        ...


@dataclass(frozen=True)
class Trained:
    """A model with what it cost. `event`: exactly what was done to the data, for an accountant."""

    model: Fitted
    event: DpEvent
    notes: Mapping[
        str, Any
    ]  # settings by rule, for the record: counts of steps, noise, bins; no value of data
