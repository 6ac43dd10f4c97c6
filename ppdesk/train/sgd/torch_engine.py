"""The same sums and steps as `kernel` and `optimizer`, in torch, on a processor or a graphics card.

A step is queued without waiting for the device: rows and noise are copied from pinned memory, the clipped
sum, the noise and the update stay on the device, and `collect` waits once for many steps. Where the device's
memory does not hold the batch, it is halved, from then on: sums are whole numbers of grid steps, so micro-
batches of whole chunks give the same sum to the last bit.

What a record can change: as in `kernel`. Codes and biases, and all of a linear model: rounded record by
record, added as whole numbers. Products of a network: chunks of m places by one batched product, rounded,
added as whole numbers. One thing that `kernel` has by construction is only assumed here: that what torch
finds for a record is the same float wherever it stands. Torch's libraries promise no order of sums within a
row. Where this matters more than speed, use the kernel ("numpy").
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.kernel import PLACES
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.optimizer import BETA, TINY, Optimizer
from ppdesk.train.sgd.passes import LARGEST, LOGISTIC, SQUARED

if TYPE_CHECKING:
    import numpy.typing as npt

    Double = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]


_WHOLE = 64  # floats: torch's loops on a processor take so many or fewer at once


class NoDeviceError(CodedError):
    """This computer has no {device} that torch can use."""

    code = "PP-TRAIN-151"
    exit = Exit.REFUSED
    todo = "Choose numpy, which needs no torch. To use torch, install ppdesk with its extra torch."


def device_of(device: str) -> Any:
    """The torch device for "cpu", "cuda" or "mps". NoDeviceError where it, or torch, is not there."""
    try:
        import torch
    except ImportError:
        raise NoDeviceError(device=device) from None
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there[device]:
        raise NoDeviceError(device=device)
    return torch.device(device)


def card() -> str | None:
    """A graphics card that torch can use: "cuda" or "mps"; None where there is none."""
    for device in ("cuda", "mps"):
        try:
            device_of(device)
        except NoDeviceError:
            continue
        return device
    return None


class TorchKernel:
    """Clipped sums, as `Kernel`; `places` bounds the records that are on the device at once."""

    def __init__(
        self,
        shape: Shape,
        data: Compact,
        labels: "Double",
        clip: float,
        step: float,
        *,
        device: str = "cpu",
        places: int = 1 << 20,
    ) -> None:
        import torch

        self.device = device_of(device)
        self.shape, self._clip, self._step, self._places = shape, clip, step, max(PLACES, places)
        self._codes = torch.from_numpy(data.codes.astype(np.int32)).to(self.device)
        self._numbers = torch.from_numpy(data.numbers).to(self.device)
        kind = np.float32 if shape.kind in {LOGISTIC, SQUARED} else np.int64
        self._labels = torch.from_numpy(labels.astype(kind)).to(self.device)

    def add(self, rows: "Whole", weights: "Double") -> "Double":
        """As `Kernel.add`: the clipped sum, (d,), multiples of the grid."""
        import torch

        found = self.whole(self.sent(rows), torch.from_numpy(weights.astype(np.float32)).to(self.device))
        total: Double = found.cpu().numpy().astype(np.float64) * self._step
        return total

    def sent(self, values: "Whole") -> Any:
        """Whole numbers, on their way to the device."""
        import torch

        here = torch.from_numpy(np.ascontiguousarray(values))
        if self.device.type == "cuda":
            return here.pin_memory().to(self.device, non_blocking=True)
        return here.clone() if self.device.type == "cpu" else here.to(self.device)

    def whole(self, rows: Any, weights: Any) -> Any:
        """The clipped sum in grid steps, (d,) int64 on the device."""
        import torch

        total = torch.zeros(self.shape.size, dtype=torch.int64, device=self.device)
        start = 0
        while start < rows.shape[0]:
            try:
                part = self._part(rows[start : start + self._places], weights)
            except torch.cuda.OutOfMemoryError:
                if self._places <= PLACES:
                    raise
                self._places = max(PLACES, self._places // 2 // PLACES * PLACES)
                torch.cuda.empty_cache()
                continue
            total += part
            start += self._places
        return total

    def _layers(self, vector: Any) -> list[tuple[Any, Any]]:
        found, place = [], 0
        for inputs, outputs in self.shape.layers:
            middle, end = place + inputs * outputs, place + (inputs + 1) * outputs
            found.append((vector[place:middle].view(inputs, outputs), vector[middle:end]))
            place = end
        return found

    def _part(self, rows: Any, weights: Any) -> Any:
        import torch

        layers, count = self._layers(weights), rows.shape[0]
        if self.device.type == "cpu":
            # no record is left to the loops for the end of an array, whose floats differ in the last bit
            rows = torch.nn.functional.pad(rows, (0, -count % (_WHOLE * torch.get_num_threads())))
        codes, numbers = self._codes[rows], self._numbers[rows]
        inputs, squares = self._forward(codes, numbers, layers)
        gradients, norm = self._backward(self._labels[rows], inputs, squares, layers)
        good = (norm < LARGEST * LARGEST) & (torch.arange(rows.shape[0], device=self.device) < count)
        factor = torch.where(good, torch.clamp(self._clip / torch.sqrt(norm), max=1.0), 0.0)[:, None]
        total = torch.zeros(self.shape.size, dtype=torch.int64, device=self.device)
        for place, (sums, gradient) in enumerate(zip(self._layers(total), gradients, strict=True)):
            matrix, bias = sums
            clipped = torch.where(good[:, None], gradient * factor, 0.0)
            steps = self._steps(clipped)
            bias += steps.sum(0)
            if place == 0:
                for column in range(codes.shape[1]):
                    matrix.index_add_(0, codes[:, column], steps)
                matrix = matrix[self.shape.one_hot :]
            if matrix.shape[0]:
                source = torch.where(good[:, None], inputs[place], 0.0)
                if self.shape.hidden:
                    matrix += self._products(source, clipped)
                else:
                    for row in range(matrix.shape[0]):
                        matrix[row] += self._steps(source[:, row, None] * clipped).sum(0)
        return total

    def _forward(
        self, codes: Any, numbers: Any, layers: list[tuple[Any, Any]]
    ) -> tuple[list[Any], list[Any]]:
        """The inputs of each layer (of the first: its numbers), and |a|^2 + 1 of each."""
        import torch

        first, bias = layers[0]
        inputs, squares = [numbers], [(numbers * numbers).sum(1) + (codes.shape[1] + 1.0)]
        values = bias.expand(codes.shape[0], -1)
        if self.shape.numbers:
            plain = first[self.shape.one_hot :]
            if self.shape.hidden:
                values = values + numbers @ plain
            else:  # term by term: the same floats wherever a record stands
                for place in range(plain.shape[0]):
                    values = values + numbers[:, place, None] * plain[place]
        if not self.shape.hidden:
            for place in range(codes.shape[1]):
                values = values + first[codes[:, place]]
        elif codes.shape[1]:
            values = values + torch.nn.functional.embedding_bag(
                codes, first[: self.shape.one_hot], mode="sum"
            )
        for matrix, biases in layers[1:]:
            values = torch.relu(values)
            inputs.append(values)
            squares.append((values * values).sum(1) + 1.0)
            values = torch.addmm(biases, values, matrix)
        inputs.append(values)
        return inputs, squares

    def _backward(
        self, labels: Any, inputs: list[Any], squares: list[Any], layers: list[tuple[Any, Any]]
    ) -> tuple[list[Any], Any]:
        """The derivative by each layer's output, and the squared norm of each record's gradient."""
        import torch

        outputs = inputs[-1]
        if self.shape.kind == LOGISTIC:
            gradient = torch.sigmoid(outputs) - labels[:, None]
        elif self.shape.kind == SQUARED:
            gradient = outputs - labels[:, None]
        else:
            gradient = torch.softmax(outputs, 1)
            gradient = gradient - torch.nn.functional.one_hot(labels, self.shape.outputs).to(gradient.dtype)
        gradients = [gradient]
        for place in range(len(layers) - 1, 0, -1):
            gradient = (gradient @ layers[place][0].T) * (inputs[place] > 0)
            gradients.insert(0, gradient)
        norm = torch.zeros_like(squares[0])
        for square, gradient in zip(squares, gradients, strict=True):
            share = square * (gradient * gradient).sum(1)
            norm = norm + torch.where(square < LARGEST, share, torch.inf)
        return gradients, norm

    def _steps(self, values: Any) -> Any:
        """Rounded to grid steps, int64. The grid is a power of two, so the scaling is exact."""
        import torch

        return torch.round(values * (1.0 / self._step)).to(torch.int64)

    def _products(self, left: Any, right: Any) -> Any:
        """The sum over chunks of left^T right, each chunk rounded to grid steps."""
        import torch

        chunks = -(-left.shape[0] // PLACES)
        short = chunks * PLACES - left.shape[0]
        if short:
            left = torch.nn.functional.pad(left, (0, 0, 0, short))
            right = torch.nn.functional.pad(right, (0, 0, 0, short))
        left, right = left.view(chunks, PLACES, -1), right.view(chunks, PLACES, -1)
        return self._steps(torch.bmm(left.transpose(1, 2), right)).sum(0)


class TorchRun:
    """The state of an Optimizer on the device."""

    def __init__(self, kernel: TorchKernel, optimizer: Optimizer, step: float, divisor: float) -> None:
        import torch

        self._kernel, self._optimizer, self._share = kernel, optimizer, step / divisor
        exact = torch.float32 if kernel.device.type == "mps" else torch.float64
        self._state = {
            name: torch.from_numpy(getattr(optimizer, name)).to(kernel.device, exact, copy=True)
            for name in ("weights", "velocity", "second", "average")
        }
        self._norms: list[Any] = []

    def advance(self, rows: "Whole", noise: "Whole") -> None:
        """One noisy step. Nothing waits for the device."""
        import torch

        state, optimizer = self._state, self._optimizer
        total = self._kernel.whole(self._kernel.sent(rows), state["weights"].to(torch.float32))
        total += self._kernel.sent(noise)
        gradient = total.to(state["weights"].dtype) * self._share
        self._norms.append(torch.linalg.vector_norm(gradient))
        optimizer.done += 1
        momentum, rate = optimizer.momentum, optimizer.learning_rate
        if optimizer.adam:
            state["velocity"].mul_(momentum).add_(gradient, alpha=1 - momentum)
            state["second"].mul_(BETA).addcmul_(gradient, gradient, value=1 - BETA)
            first, later = 1 - momentum**optimizer.done, 1 - BETA**optimizer.done
            down = torch.sqrt(state["second"] / later) + TINY
            state["weights"].sub_(state["velocity"] / first / down, alpha=rate)
        else:
            state["velocity"].mul_(momentum).add_(gradient)
            state["weights"].sub_(state["velocity"], alpha=rate)
        share = 1.0 / max(1, optimizer.done - optimizer.averaged_from)
        state["average"].add_(state["weights"] - state["average"], alpha=share)

    def collect(self) -> list[float]:
        """Wait, bring the state back to the optimizer; norms of the noisy gradients since the last time."""
        for name, values in self._state.items():
            getattr(self._optimizer, name)[:] = values.cpu().numpy()
        norms = [float(one) for one in self._norms]
        self._norms.clear()
        return norms
