"""The sum of clipped gradients of a batch, in NumPy and numba: no gradient of a single record is ever built.

Ghost norms. For a layer z = a W + b the gradient of one record is the outer product of its input a and the
derivative g of its loss by z, and g itself for b. So its squared norm is (|a|^2 + 1) |g|^2, summed over the
layers (Goodfellow 2015; Li, Tramer, Liang, Hashimoto 2022; Bu, Mao, Xu 2022). With the clip factor f of each
record known, the clipped sum of a layer is one product, sum of a^T (f g). One backward pass does for both:
g is kept. A first layer that reads codes is a gather forward, and a scatter back.

What a record can change in the result, with C the clip, s the grid, u = 2^-24, m the places of a chunk:

1. *Linear models.* Each record is computed by itself and its clipped gradient is rounded to multiples of s
   before it is added. Sums of multiples of s in float64 are exact while they stay below 2^53 s, in any
   order (`Grid` of this room sees to that). So a record changes the result by its own contribution and
   nothing else: at most C (1 + gamma) + s sqrt(d), d parameters; gamma is that of the norm's
   float32 sum of squares. Proved.
2. *Networks.* Codes of the first layer and all biases as in 1. The other products are float32 products of
   chunks of m places each, rounded to multiples of s once, then added exactly. Where a record lands matters:
   records stand in a uniformly random order. Take a batch with the record x and the same without it. Couple
   the two orders so that x stands where, without it, some other record e stands, and e at the end (or x
   itself stands there); both orders are then uniform. Only two chunks differ. In any order of summation a
   product over m terms is off by at most gamma = (m + 4) u / (1 - (m + 4) u) times the sum of the terms'
   sizes (Higham 2002, section 3.1), so by gamma m C in L2 norm for a chunk. Two chunks on two sides: 4 gamma
   m C, and s sqrt(d) for each rounding. The privacy loss of a mixture over orders is at most that of the
   worst pair of orders (joint convexity), so the bound holds for the random order. The norms are float32
   sums of squares: relative error below gamma. Together C (1 + gamma) (1 + 4 gamma m) + 6 s sqrt(d);
   for m = 128 that is 1.0041 C, and the noise is that much larger.
   That e's own part is the same at both places holds because forward and backward products are this room's
   (`passes.product`): each row is summed by itself in the same order. OpenBLAS is used for sums over records
   only: its rows come out different from place to place in the last bits, and with relu that could flip a
   unit.
3. A record whose norm is no finite number, or beyond 2^40, counts as zeros. That depends on it alone.

Floating-point sums without such a bound understate the sensitivity: Casacuberta, Shoemate, Vadhan, Wagaman
2022.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.train.sgd import passes
from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.network import Shape

if TYPE_CHECKING:
    import numpy.typing as npt

    Single = npt.NDArray[np.float32]
    Double = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

PLACES = 128  # m, of a chunk: even
_UNIT = 2.0**-24


def margin(shape: Shape, places: int = PLACES) -> float:
    """By how much float32 can raise a record's influence above the clip, as a share of it: see the head."""
    longest = max((*shape.hidden, shape.numbers, 64)) + 8
    norm = longest * _UNIT / (1 - longest * _UNIT)
    if not shape.hidden:
        return norm
    gamma = (places + 8) * _UNIT / (1 - (places + 8) * _UNIT)
    return (1 + norm) * (1 + 4 * gamma * places) - 1


@dataclass
class Kernel:
    """Clipped sums for one shape of network. `total`, (d,) float64, is filled by `add`; all buffers are made
    once."""

    shape: Shape
    data: Compact
    labels: "Double"
    clip: float
    step: float  # s, a power of two
    total: "Double" = field(init=False)

    def __post_init__(self) -> None:
        self.total = np.zeros(self.shape.size)
        self._weights = np.zeros(self.shape.size, np.float32)
        self._layers = self.shape.views(self._weights)
        self._sums = self.shape.views(self.total)
        self._magic = 1.5 * 2.0**52 * self.step
        if self.shape.hidden:
            self._make_buffers()

    def _make_buffers(self) -> None:
        shape = self.shape
        self._inputs = np.zeros((PLACES, max(1, shape.numbers)), np.float32)[:, : shape.numbers]
        self._hidden = [np.zeros((PLACES, units), np.float32) for units in shape.hidden]
        self._below = [np.zeros((PLACES, units), np.float32) for units in shape.hidden]
        self._out = np.zeros((PLACES, shape.outputs), np.float32)
        self._squares = [np.ones(PLACES) for _ in range(len(shape.hidden) + 1)]
        self._norms = np.zeros((PLACES, 2))
        self._factor = np.zeros(PLACES, np.float32)
        self._products = [np.zeros(layer, np.float32) for layer in shape.layers[1:]]
        self._number_product = np.zeros((shape.numbers, shape.hidden[0]), np.float32)
        self._turned = [np.zeros((outputs, inputs), np.float32) for inputs, outputs in shape.layers[1:]]

    def add(self, rows: "Whole", weights: "Double") -> "Double":
        """`total`: the sum of the clipped gradients at `weights`, (d,), of the chosen rows, (b,), each a
        multiple of the grid. Valid until the next call."""
        self.total[:] = 0.0
        self._weights[:] = weights
        if not self.shape.hidden:
            self._linear(rows)
            return self.total
        for turned, (matrix, _) in zip(self._turned, self._layers[1:], strict=True):
            turned[:] = matrix.T
        for start in range(0, rows.shape[0], PLACES):
            self._chunk(rows[start : start + PLACES])
        return self.total

    def outputs(self, rows: "Whole", weights: "Double") -> "Double":
        """(b,) float64: the output of a network with one, of each of the chosen rows by itself: the same bits
        wherever a row stands."""
        self._weights[:] = weights
        found = np.empty((rows.shape[0], 2), np.float64)
        if not self.shape.hidden:
            matrix, bias = self._layers[0]
            w, data = matrix[:, 0], self.data
            passes.outputs(rows, data.codes, data.numbers, w, w[self.shape.one_hot :], found)
        else:
            matrix, bias = self._layers[-1]
            for start in range(0, rows.shape[0], PLACES):
                chunk = rows[start : start + PLACES]
                self._forward(chunk)
                passes.last(self._hidden[-1], matrix[:, 0].copy(), found[start : start + PLACES, 0])
        return found[:, 0] + float(bias[0])

    def _linear(self, rows: "Whole") -> None:
        w, bias = self._layers[0]
        data, shape = self.data, self.shape
        if shape.outputs == 1:
            passes.linear_binary(
                rows, data.codes, data.numbers, self.labels, w[:, 0], float(bias[0]), shape.one_hot,
                self.clip, shape.kind, self._magic, self.total,
            )  # fmt: skip
            return
        passes.linear_many(
            rows, data.codes, data.numbers, self.labels, w, bias, shape.one_hot, self.clip, shape.kind,
            self._magic, self.total.reshape(-1, shape.outputs),
        )  # fmt: skip

    def _chunk(self, rows: "Whole") -> None:
        self._forward(rows)
        self._backward(rows)

    def _forward(self, rows: "Whole") -> None:
        data, (w, bias) = self.data, self._layers[0]
        numbered, count = self.shape.numbers > 0, rows.shape[0]
        passes.gather_numbers(rows, data.numbers, self._inputs, self._squares[0], data.codes.shape[1])
        if numbered:
            passes.product(count, self._inputs, w[self.shape.one_hot :], self._hidden[0])
        passes.first_layer(rows, data.codes, w, bias, numbered, self._hidden[0], self._squares[1])
        for place, (matrix, biases) in enumerate(self._layers[1:-1], start=1):
            passes.product(count, self._hidden[place - 1], matrix, self._hidden[place])
            passes.activate(count, biases, self._hidden[place], self._squares[place + 1])

    def _backward(self, rows: "Whole") -> None:
        count, last = rows.shape[0], len(self.shape.hidden)
        hidden, below, norms, squares = self._hidden, self._below, self._norms, self._squares
        passes.head(
            rows, self.labels, hidden[-1], self._turned[-1], self._layers[-1][1], self.shape.kind,
            squares[-1], self._out, below[-1], norms,
        )  # fmt: skip
        passes.add_norms(count, squares[last - 1], norms)
        for place in range(last - 1, 0, -1):
            passes.product(count, below[place], self._turned[place - 1], below[place - 1])
            passes.back(count, hidden[place - 1], below[place - 1], norms)
            passes.add_norms(count, squares[place - 1], norms)
        if passes.factors(count, self.clip, norms, self._factor):
            for line in (*hidden, *below, self._out, self._inputs):
                passes.forget(count, self._factor, line)
        self._collect(rows)

    def _collect(self, rows: "Whole") -> None:
        count, magic = rows.shape[0], self._magic
        gradients = [*self._below, self._out]
        for (_, bias), gradient in zip(self._sums, gradients, strict=True):
            passes.scale(count, self._factor, gradient, magic, bias)
        for place, product in enumerate(self._products):
            np.dot(self._hidden[place][:count].T, gradients[place + 1][:count], out=product)
            passes.settle(product, magic, self._sums[place + 1][0])
        passes.scatter(rows, self.data.codes, gradients[0], magic, self._sums[0][0])
        if self.shape.numbers:
            np.dot(self._inputs[:count].T, gradients[0][:count], out=self._number_product)
            passes.settle(self._number_product, magic, self._sums[0][0][self.shape.one_hot :])
