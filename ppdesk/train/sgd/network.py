"""Shapes and parameters of a network: one flat vector, and the layers as views of it.

The vector holds, layer by layer, the matrix (inputs, outputs), rows first, then the biases (outputs,). The
first layer has one row for each one-hot place, then one for each number. Zero hidden layers make a linear
model: logistic, softmax or linear regression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.train.schema import Classes, Quantity, Target
from ppdesk.train.sgd.passes import LOGISTIC, SOFTMAX, SQUARED

Floats = npt.NDArray[np.float64]
Real = TypeVar("Real", np.float32, np.float64)


@dataclass(frozen=True)
class Shape:
    """one_hot + numbers inputs, hidden layers with relu, outputs. `kind`: the loss."""

    one_hot: int
    numbers: int
    hidden: tuple[int, ...]
    outputs: int
    kind: int

    @classmethod
    def of(cls, one_hot: int, numbers: int, hidden: Sequence[int], target: Target) -> "Shape":
        """The shape for a declared target: one output for two classes or a quantity, else one per class."""
        if isinstance(target, Quantity):
            return cls(one_hot, numbers, tuple(hidden), 1, SQUARED)
        if target.binary:
            return cls(one_hot, numbers, tuple(hidden), 1, LOGISTIC)
        return cls(one_hot, numbers, tuple(hidden), len(target.values), SOFTMAX)

    @cached_property
    def layers(self) -> tuple[tuple[int, int], ...]:
        """(inputs, outputs) of each layer."""
        return tuple(pairwise((self.one_hot + self.numbers, *self.hidden, self.outputs)))

    @property
    def size(self) -> int:
        """Parameters in all."""
        return sum((inputs + 1) * outputs for inputs, outputs in self.layers)

    def views(self, vector: "npt.NDArray[Real]") -> "list[tuple[npt.NDArray[Real], npt.NDArray[Real]]]":
        """(matrix, biases) of each layer, views of `vector`, (size,)."""
        found, place = [], 0
        for inputs, outputs in self.layers:
            middle, end = place + inputs * outputs, place + (inputs + 1) * outputs
            found.append((vector[place:middle].reshape(inputs, outputs), vector[middle:end]))
            place = end
        return found

    def start(self, entropy: Entropy, touched: int) -> Floats:
        """The first parameters: zeros for a linear model and for the last layer; else uniform by He and
        others (2015), where a record touches `touched` rows of the first layer. No data is looked at."""
        vector = np.zeros(self.size)
        if self.hidden:
            generator = np.random.Generator(np.random.PCG64(int.from_bytes(entropy.take(16), "big")))
            for place, (matrix, _) in enumerate(self.views(vector)[:-1]):
                inputs = touched if place == 0 else matrix.shape[0]
                bound = np.sqrt(6.0 / max(1, inputs))
                matrix[:] = generator.uniform(-bound, bound, matrix.shape)
        return vector


def scaled(y: "npt.NDArray[np.int32] | Floats", target: Target) -> Floats:
    """What the loss compares with: codes of classes as numbers; a quantity as -1..1 between its bounds."""
    labels = np.asarray(y, np.float64)
    if isinstance(target, Classes):
        return labels
    middle, half = target.low / 2 + target.high / 2, target.high / 2 - target.low / 2
    return np.asarray(np.clip((labels - middle) / half, -1.0, 1.0))
