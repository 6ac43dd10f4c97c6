"""The traces of canaries in the noisy sums of DP-SGD: what an attacker sees who has every sum ("white box").

A canary is a record whose place in the table a coin decided. The attacker knows all canaries, the parameters
at each step and the noisy sum S of the step; so, for each canary i, what its clipped gradient would be, g_i.
With q the chance to be sampled and b_i the coin, S is q sum b_j g_j, sampling aside, and noise. Over all
steps

    z_i = sum of <S - q sum g_j / 2, g_i>,   K_ij = sum of <g_i, g_j>,   z = q K (b - 1/2) + noise of s^2 K

and the best linear guess of b - 1/2 is, up to a factor, ((q^2 / 4 + q (1 - q) / 2 T) K + s^2 I)^-1 z; the
second term is the coins of the sampling. K is summed over some of the steps: a poorer guess, no false one.

Where a coin chooses between two targets of one record, g_i is the difference of both gradients, and the mean
that is taken off is that of both.

Gradients are worked out here in float64, layer by layer and not by the code of training: the inner products
need the inputs a and the derivatives d of each layer only, <g_i, V> = (a_i V + v) d_i.

Beside that the eyes of the one who audits: the standard deviation of the noise by itself, per number and in
all, and the largest norm that training's own code lets a canary's part of a sum have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.train.records import Records
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.looking import Setting
from ppdesk.train.sgd.network import Shape, scaled
from ppdesk.train.sgd.passes import LOGISTIC, SQUARED

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32] | npt.NDArray[np.float64]

_PRODUCTS = 24  # steps that K is summed over, at most
_NORMS = 12  # steps at which norms are looked at
_LOOKED_AT = 64  # canaries then
_SOLVING = 200  # steps to the scores, at most


@dataclass(frozen=True)
class Seen:
    """`scores`, (m,): higher where the coin was more likely true, None where they were not asked for.
    `deviation`: of the noise of all numbers of all steps, over what the charge says; `least`, of the number
    with the least; `values`: how many numbers in all, `each`: of one. `norm`: the largest part of one unit in
    a sum, over the clip."""

    scores: Floats | None
    deviation: float
    least: float
    values: int
    each: int
    norm: float


@dataclass(frozen=True)
class _Layers:
    """`inputs`: of each layer, (m, a), the first sparse; `slopes`: the clipped derivatives, (m, b)."""

    inputs: Sequence[Any]
    slopes: Sequence[Floats]


class Traces:
    """A `looking.Look`. `records`: the canaries, m; `first`, (m,): their targets where the coin is true;
    `other`: where it is false, None: the canary is then not there. `group`: its copies; `grouped`: they are
    one person's, sampled together."""

    def __init__(
        self,
        records: Records,
        first: Labels,
        other: Labels | None,
        *,
        group: int,
        grouped: bool,
        tick: Callable[[], None],
    ) -> None:
        self._records, self._targets = records, (first, other)
        self._group, self._grouped, self._tick = group, grouped, tick
        self._done = 0
        self._norm = 0.0

    def begins(self, setting: Setting) -> None:
        """See `looking.Look`."""
        from scipy.sparse import csr_matrix

        self._setting = setting
        plan, shape = setting.plan, setting.plan.shape
        data = plan.encoding.read(self._records)
        self._labels = [scaled(one, setting.learnt) for one in self._targets if one is not None]
        rows, coded = data.rows, data.codes.shape[1]
        places = np.concatenate(
            [data.codes.astype(np.int64), np.tile(np.arange(shape.one_hot, self._width()), (rows, 1))], axis=1
        )
        values = np.concatenate([np.ones((rows, coded)), data.numbers.astype(np.float64)], axis=1)
        ends = np.arange(rows + 1) * places.shape[1]
        self._first = csr_matrix((values.ravel(), places.ravel(), ends), (rows, self._width()))
        self._squares = (values**2).sum(axis=1)
        self._kernel = Kernel(shape, data, self._labels[0], setting.clip, setting.step)
        self._every = max(1, plan.steps // _PRODUCTS)
        self._alike: npt.NDArray[np.float32] | None = None
        self._z = np.zeros(rows)
        self._k = np.zeros((rows, rows), np.float32)
        self._sampled = 0
        self._noise = np.zeros(shape.size)

    def _width(self) -> int:
        shape = self._setting.plan.shape
        return shape.one_hot + shape.numbers

    def sum_of(self, rows: Whole, total: Floats) -> None:
        """See `looking.Look`. These canaries are records: nothing is put in."""

    def step(self, weights: Floats, total: Floats, noise: Whole) -> None:
        """See `looking.Look`."""
        self._tick()
        setting, plan = self._setting, self._setting.plan
        layers, middle = self._gradients(weights)
        seen = total + noise * setting.step
        parts = plan.shape.views(seen)
        for (matrix, bias), inputs, slopes in zip(parts, layers.inputs, middle, strict=True):
            matrix[:] -= plan.rate * (inputs.T @ slopes)
            bias[:] -= plan.rate * slopes.sum(axis=0)
        for (matrix, bias), inputs, slopes in zip(parts, layers.inputs, layers.slopes, strict=True):
            self._z += ((inputs @ matrix + bias) * slopes).sum(axis=1)
        if self._done % self._every == 0:
            self._add_products(layers)
        if self._done % max(1, plan.steps // _NORMS) == 0:
            self._look_at_norms(weights)
        self._noise += (noise * (setting.step / setting.clip)) ** 2
        self._done += 1

    def _gradients(self, weights: Floats) -> tuple[_Layers, list[Floats]]:
        """(inputs and derivatives of what the coin decides, derivatives of the mean of both its sides)."""
        shape = self._setting.plan.shape
        views = shape.views(weights.astype(np.float32).astype(np.float64))
        inputs: list[Any] = [self._first]
        outputs = np.asarray(self._first @ views[0][0]) + views[0][1]
        for matrix, bias in views[1:]:
            inputs.append(np.maximum(outputs, 0.0))
            outputs = inputs[-1] @ matrix + bias
        squares = [self._squares, *((one**2).sum(axis=1) for one in inputs[1:])]
        sides = []
        for labels in self._labels:
            slopes = [_residual(shape, outputs, labels)]
            for place in range(len(views) - 1, 0, -1):
                slopes.insert(0, (slopes[0] @ views[place][0].T) * (inputs[place] > 0))
            norms = sum((a + 1) * (d**2).sum(axis=1) for a, d in zip(squares, slopes, strict=True))
            factor = self._group * np.minimum(1.0, self._setting.clip / np.sqrt(np.maximum(norms, 1e-300)))
            sides.append([factor[:, None] * one for one in slopes])
        if len(sides) == 1:
            return _Layers(inputs, sides[0]), [one / 2 for one in sides[0]]
        change = [one - other for one, other in zip(*sides, strict=True)]
        return _Layers(inputs, change), [(one + other) / 2 for one, other in zip(*sides, strict=True)]

    def _add_products(self, layers: _Layers) -> None:
        if self._alike is None:
            self._alike = np.asarray((self._first @ self._first.T).toarray(), np.float32) + np.float32(1)
        alike = self._alike
        for place, (inputs, slopes) in enumerate(zip(layers.inputs, layers.slopes, strict=True)):
            short = slopes.astype(np.float32)
            if place == 0:
                self._k += alike * (short @ short.T)
            else:
                below = inputs.astype(np.float32)
                self._k += (below @ below.T + np.float32(1)) * (short @ short.T)
        self._sampled += 1

    def _look_at_norms(self, weights: Floats) -> None:
        """By the code of training, each canary alone."""
        copies = self._group if self._grouped else 1
        for row in range(min(_LOOKED_AT, self._first.shape[0])):
            part = self._kernel.add(np.full(copies, row), weights)
            self._norm = max(self._norm, float(np.linalg.norm(part)))

    @property
    def parameters(self) -> int:
        """How many the run has."""
        return self._setting.plan.shape.size

    def seen(self, multiplier: float, *, weigh: bool) -> Seen:
        """After the run. `multiplier`: of the noise, as charged; `weigh`: find the scores."""
        setting, steps = self._setting, self._done
        copies = self._group if self._grouped else 1
        each = np.sqrt(self._noise / steps) / (multiplier * copies)
        return Seen(
            self._scores(multiplier * setting.clip * copies) if weigh else None,
            float(np.sqrt(np.mean(each**2))),
            float(each.min()),
            int(self._noise.size * steps),
            steps,
            self._norm / (setting.clip * copies),
        )

    def _scores(self, deviation: float) -> Floats:
        """See the head of this file. By conjugate gradients, step after step, so that whoever ends it is
        heard: what is left undone is a poorer guess, no false one."""
        from scipy.sparse.linalg import LinearOperator, cg

        rate, steps = self._setting.plan.rate, self._done
        factor = steps / max(1, self._sampled) * (rate**2 / 4 + rate * (1 - rate) / (2 * steps))

        def product(vector: Floats) -> Floats:
            self._tick()
            return factor * (self._k @ vector.ravel().astype(np.float32)) + deviation**2 * vector.ravel()

        whole = LinearOperator(self._k.shape, matvec=product, dtype=np.float64)
        return np.asarray(cg(whole, self._z, rtol=1e-5, maxiter=_SOLVING)[0])


def _residual(shape: Shape, outputs: Floats, labels: Floats) -> Floats:
    """The derivative of the loss by the outputs, (m, K)."""
    if shape.kind == LOGISTIC:
        return np.asarray(0.5 * (1 + np.tanh(0.5 * outputs)) - labels[:, None])
    if shape.kind == SQUARED:
        return np.asarray(outputs - labels[:, None])
    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    raised /= raised.sum(axis=1, keepdims=True)
    raised[np.arange(labels.size), labels.astype(np.intp)] -= 1
    return np.asarray(raised)
