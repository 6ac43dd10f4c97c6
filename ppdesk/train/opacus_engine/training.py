"""The steps: Opacus' gradients of single records, cut and put on whole numbers, summed, with noise.

What one record can change in a step's sum: its gradient over all trained parameters is cut to L2 length
`clip` and put on whole numbers of length FULL at most, rounding towards zero; what is longer all the same,
or no number, becomes zero. That is settled in whole numbers, so the sum (exact in doubles up to 2^53) moves
by a vector of length FULL at most.

Two things are assumed of the network, one is checked:

- A record's gradient is a function of that record, the parameters and dropout's coins. Opacus refuses the
  layers that are known to mix records (BatchNorm); here besides a few made-up inputs are run together and
  one by one, and what comes out must agree. A module that keeps figures of records in a buffer is refused
  after the first step; one that keeps them elsewhere in Python cannot be seen.
- A record's floats are the same wherever it stands in a chunk, and beside whom. Chunks have one fixed size,
  filled up with zeros that count nothing, so no shape depends on the data; torch promises no more than
  that.

Of Opacus only GradSampleModule and ModuleValidator are used: not its DataLoader (its rate and divisor
follow from n), its optimizer's noise (doubles), its accountants or its checkpoints. Nothing is loaded by
torch.load.

Source: Abadi and others, "Deep learning with differential privacy", CCS 2016; Opacus, Yousefpour and others
2021."""

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.gaussian.draws import SecureDraws
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.opacus_engine.errors import NoTorchError, UnsuitableModuleError

if TYPE_CHECKING:
    import torch

FULL = 1 << 22  # the most that one record's whole-number gradient can be long (L2)
_ROOM = 1 << 23  # numbers of a chunk's gradients
_SAME = 1e-3  # what runs of float32 may differ, relative to the size of the outputs


@dataclass(frozen=True)
class Steps:
    """`rate`: each record's chance to be in a batch; `sigma`: noise over `clip`, infinite never, 0 without
    noise."""

    rate: float
    count: int
    sigma: float
    clip: float
    learning_rate: float


def train(
    module: "torch.nn.Module",
    inputs: "torch.Tensor",
    labels: "torch.Tensor",
    loss: Callable[["torch.Tensor", "torch.Tensor"], "torch.Tensor"],
    steps: Steps,
    *,
    entropy: Entropy,
    tick: Callable[[], None],
) -> "torch.nn.Module":
    """A trained copy of `module`. inputs (n, ...), labels (n, ...); `loss`(outputs, labels): each record's
    loss, (b,).

    The step is Adam's (Kingma and Ba 2015) on the noisy sum over sigma clip: neither n nor the batch's size
    enters. UnsuitableModuleError, NoTorchError."""
    torch, grad_sample = _libraries()
    module = copy.deepcopy(module)
    check(module, inputs)
    draws, noise = SecureDraws(entropy), GaussianSource(entropy)
    with seeded(entropy), _quiet():
        wrapped = grad_sample.GradSampleModule(module, loss_reduction="sum")
        wrapped.train()
        trained = [one for one in wrapped.parameters() if one.requires_grad]
        kept = [one.detach().clone() for one in module.buffers()]
        optimizer = torch.optim.Adam(trained, lr=steps.learning_rate)
        for _ in range(steps.count):
            tick()
            chosen = draws.poisson_sample(int(inputs.shape[0]), steps.rate)
            total = clipped_sum(wrapped, trained, inputs, labels, loss, steps.clip, chosen)
            if any(not torch.equal(*pair) for pair in zip(kept, module.buffers(), strict=True)):
                raise UnsuitableModuleError(reason="it keeps figures of the records that it has seen")
            if steps.sigma > 0:
                total = total + noise.draw(steps.sigma * FULL, total.size)
            _put(trained, total / (FULL * max(steps.sigma, 1.0)))
            optimizer.step()
        wrapped.remove_hooks()
    for one in module.parameters():
        one.grad = None
        _forget(one)
    return module.eval()


def clipped_sum(  # noqa: PLR0917 - a kernel
    wrapped: Any,
    trained: "list[torch.nn.Parameter]",
    inputs: "torch.Tensor",
    labels: "torch.Tensor",
    loss: Callable[["torch.Tensor", "torch.Tensor"], "torch.Tensor"],
    clip: float,
    chosen: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """The sum over the records `chosen`, (P,) whole numbers; zeros where none is."""
    import torch

    size = sum(one.numel() for one in trained)
    places = int(min(64, max(1, _ROOM // max(1, size))))
    total = np.zeros(size, dtype=np.int64)
    for start in range(0, chosen.size, places):
        rows = torch.from_numpy(chosen[start : start + places])
        fill = places - rows.numel()
        x, y = (_filled(one[rows], fill) for one in (inputs, labels))
        wrapped.zero_grad(set_to_none=True)
        for one in trained:
            _forget(one)
        torch.autograd.backward(loss(wrapped(x), y).sum())
        parts = []
        for one in trained:
            found = getattr(one, "grad_sample", None)
            if found is None:
                found = torch.zeros((places, one.numel()))
            if not torch.is_tensor(found) or found.shape[0] != places:
                raise UnsuitableModuleError(reason="Opacus finds no gradient of a single record in a layer")
            parts.append(found.detach().reshape(places, -1).double())
        total += _whole(torch.cat(parts, dim=1)[: rows.numel()], clip)
    return total


def _whole(gradients: "torch.Tensor", clip: float) -> npt.NDArray[np.int64]:
    """The sum of the rows, (b, P) doubles, each cut to `clip` and put on whole numbers of length FULL at
    most."""
    import torch

    length = gradients.norm(dim=1)
    sound = torch.isfinite(length)
    factor = FULL / torch.clamp(torch.where(sound, length, 1.0), min=clip) * (1 - 1e-9)
    steps = torch.trunc(torch.where(sound[:, None], gradients, 0.0) * factor[:, None])
    # squares are whole numbers below 2^53 as long as the row is no longer than it should be
    steps[(steps**2).sum(dim=1) > float(FULL) ** 2] = 0.0
    return np.asarray(steps.sum(dim=0).numpy()).astype(np.int64)


def check(module: "torch.nn.Module", inputs: "torch.Tensor") -> None:
    """UnsuitableModuleError where Opacus does not support it, or an output depends on other records. Of
    `inputs` only shape and type are looked at."""
    import torch
    from opacus.validators import ModuleValidator

    module.train()
    errors = ModuleValidator.validate(module, strict=False)
    if errors:
        raise UnsuitableModuleError(reason=str(errors[0]).split(". ")[0].rstrip("."))
    if not any(one.requires_grad for one in module.parameters()):
        raise UnsuitableModuleError(reason="it has no parameter to train")
    shape = (4, *inputs.shape[1:])
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        floats = torch.is_floating_point(inputs)
        made = (
            torch.randn(shape, dtype=inputs.dtype) if floats else torch.randint(0, 2, shape).to(inputs.dtype)
        )
        module.eval()
        try:
            together = module(made)
            alone = torch.cat([module(made[place : place + 1]) for place in range(4)])
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise UnsuitableModuleError(reason="it fails on made-up inputs of the declared shape") from error
    if together.shape != alone.shape or together.shape[0] != 4:
        raise UnsuitableModuleError(reason="it does not give one output for each record")
    if not torch.allclose(together, alone, rtol=_SAME, atol=_SAME * float(alone.abs().max() + 1e-9)):
        raise UnsuitableModuleError(reason="what it says of a record depends on the other records")


def _forget(parameter: Any) -> None:
    """Drop what Opacus' hooks hung onto it."""
    parameter.grad_sample = None


def _put(trained: "list[torch.nn.Parameter]", gradient: npt.NDArray[np.float64]) -> None:
    import torch

    start = 0
    for one in trained:
        part = gradient[start : start + one.numel()]
        one.grad = torch.from_numpy(part).to(one.dtype).reshape(one.shape)
        start += one.numel()


def _filled(rows: "torch.Tensor", fill: int) -> "torch.Tensor":
    import torch

    if fill == 0:
        return rows
    return torch.cat([rows, torch.zeros((fill, *rows.shape[1:]), dtype=rows.dtype)])


def _libraries() -> tuple[Any, Any]:
    try:
        import torch
        from opacus import grad_sample
    except ImportError:
        raise NoTorchError from None
    return torch, grad_sample


@contextmanager
def seeded(entropy: Entropy) -> Iterator[None]:
    """torch's own generator for first weights and dropout's coins, which privacy does not rest on; as it
    was before afterwards."""
    torch, _ = _libraries()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int.from_bytes(entropy.take(8), "big") >> 1)
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # inputs need no gradient here, which is what torch remarks on in Opacus' hooks
        warnings.filterwarnings("ignore", message="Full backward hook is firing", category=UserWarning)
        yield
