"""The two ways a run steps forward: on the NumPy kernel, or in torch."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.looking import Look
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.optimizer import Optimizer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


class Run(Protocol):
    """A run under way."""

    def advance(self, rows: "Whole", noise: "Whole") -> None:
        """One step: the clipped sum of the records `rows`, (b,), plus `noise`, (d,) in grid steps."""
        ...

    def collect(self) -> list[float]:
        """Bring the optimizer up to date; the L2 norms of the noisy gradients since the last time."""
        ...


@dataclass
class HostRun:
    """On the kernel."""

    kernel: Kernel
    optimizer: Optimizer
    divisor: float
    look: Look | None = None
    _norms: list[float] = field(default_factory=list)

    def advance(self, rows: "Whole", noise: "Whole") -> None:
        total = self.kernel.add(rows, self.optimizer.weights)
        if self.look is not None:
            self.look.sum_of(rows, total)
            self.look.step(self.optimizer.weights, total, noise)
        self._norms.append(self.optimizer.update(total, noise, self.kernel.step, self.divisor))

    def collect(self) -> list[float]:
        norms, self._norms = self._norms, []
        return norms


def run_of(
    shape: Shape,
    data: Compact,
    labels: "npt.NDArray[np.float64]",
    optimizer: Optimizer,
    *,
    clip: float,
    step: float,
    divisor: float,
    device: str,
    look: Look | None = None,
) -> Run:
    """On the kernel or in torch, as `device` says (see Options). `look`: on the kernel only.
    NoDeviceError."""
    if device == "auto":
        device = best(shape)
    if device == "numpy":
        return HostRun(Kernel(shape, data, labels, clip, step), optimizer, divisor, look)
    from ppdesk.train.sgd.torch_engine import TorchKernel, TorchRun

    return TorchRun(TorchKernel(shape, data, labels, clip, step, device=device), optimizer, step, divisor)


def best(shape: Shape) -> str:
    """The device for "auto": a graphics card for a network where torch can use one. A linear model is too
    small a step for one."""
    if not shape.hidden or find_spec("torch") is None:
        return "numpy"
    from ppdesk.train.sgd.torch_engine import card

    return card() or "numpy"
