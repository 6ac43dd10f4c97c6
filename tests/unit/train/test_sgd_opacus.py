"""The fused step is Opacus' step: the same batches and the same noise give the same parameters."""

import numpy as np
import pytest

from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.optimizer import Optimizer
from ppdesk.train.sgd.runs import best, run_of
from ppdesk.train.sgd.torch_engine import NoDeviceError, TorchKernel, card, device_of

torch = pytest.importorskip("torch")
STEP, CLIP, BATCH, RATE = 2.0**-26, 0.5, 40.0, 0.3


def made(hidden, kind=0, outputs=1):
    random = np.random.default_rng(6)
    codes = (random.integers(0, 6, (200, 4)) + 6 * np.arange(4)).astype(np.uint16)
    numbers = random.uniform(-1, 1, (200, 3)).astype(np.float32)
    labels = random.uniform(-1, 1, 200) if kind == 2 else random.integers(0, max(2, outputs), 200) * 1.0
    shape = Shape(24, 3, hidden, outputs, kind)
    batches = [random.permutation(200)[:size] for size in (40, 33, 0, 150)]
    noise = [np.rint(random.normal(0, 0.5 * CLIP / STEP, shape.size)).astype(np.int64) for _ in batches]
    return shape, Compact(codes, numbers), labels, random.normal(0, 0.3, shape.size), batches, noise


def ours(made, device, *, adam=False):
    shape, data, labels, weights, batches, noise = made
    optimizer = Optimizer(weights.copy(), RATE, 0.9, adam, averaged_from=1)
    run = run_of(shape, data, labels, optimizer, clip=CLIP, step=STEP, divisor=BATCH, device=device)
    for rows, values in zip(batches, noise, strict=True):
        run.advance(rows, values)
    norms = run.collect()
    return optimizer, norms


def by_opacus(made, monkeypatch):
    pytest.importorskip("opacus")
    from opacus import GradSampleModule
    from opacus.optimizers import DPOptimizer
    from opacus.optimizers import optimizer as module

    shape, data, labels, weights, batches, noise = made
    dense = np.zeros((200, shape.one_hot + shape.numbers), np.float32)
    dense[np.arange(200)[:, None], data.codes] = 1
    dense[:, shape.one_hot :] = data.numbers
    inputs, truth = torch.from_numpy(dense), torch.from_numpy(labels.astype(np.float32))
    parts = []
    for matrix, bias in shape.views(weights.astype(np.float32)):
        layer = torch.nn.Linear(*matrix.shape)
        layer.weight.data, layer.bias.data = torch.tensor(matrix.T.copy()), torch.tensor(bias.copy())
        parts += [layer, torch.nn.ReLU()]
    network = GradSampleModule(torch.nn.Sequential(*parts[:-1]), loss_reduction="sum")
    optimizer = DPOptimizer(
        torch.optim.SGD(network.parameters(), lr=RATE, momentum=0.9),
        noise_multiplier=0.5, max_grad_norm=CLIP, expected_batch_size=BATCH, loss_reduction="mean",
    )  # fmt: skip
    loss = torch.nn.BCEWithLogitsLoss(reduction="sum")
    for rows, values in zip(batches, noise, strict=True):
        queue = []
        for matrix, bias in shape.views(values * STEP):
            queue += [torch.from_numpy(matrix.T.copy()).float(), torch.from_numpy(bias.copy()).float()]
        monkeypatch.setattr(module, "_generate_noise", lambda queue=queue, **_: queue.pop(0))
        optimizer.zero_grad()
        if rows.size:
            loss(network(inputs[rows])[:, 0], truth[rows]).backward()
        else:
            for one in network.parameters():
                one.grad_sample = torch.zeros((0, *one.shape))
        optimizer.step()
    found = [one.detach().numpy() for one in network.parameters()]
    return np.concatenate([one.T.ravel() for one in found])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hidden", [(), (16, 12)])
def test_parameters_are_those_of_opacus(hidden, monkeypatch):
    setting = made(hidden)
    theirs = by_opacus(setting, monkeypatch)
    for device in ("numpy", "cpu"):
        found, _ = ours(setting, device)
        assert np.abs(found.weights - theirs).max() < 1e-5


@pytest.mark.parametrize(("kind", "outputs"), [(0, 1), (1, 3), (2, 1)])
@pytest.mark.parametrize("hidden", [(), (16, 12)])
@pytest.mark.parametrize("adam", [False, True])
def test_torch_goes_the_way_of_the_kernel(kind, outputs, hidden, adam):
    setting = made(hidden, kind, outputs)
    (one, norms), (other, others) = ours(setting, "numpy", adam=adam), ours(setting, "cpu", adam=adam)
    for name in ("weights", "velocity", "second", "average"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-5)
    assert norms == pytest.approx(others, abs=1e-5)
    assert one.done == other.done == 4


@pytest.mark.parametrize("hidden", [(), (16, 12)])
def test_micro_batches_give_the_same_sum(hidden):
    shape, data, labels, weights, _, _ = made(hidden)
    rows = np.arange(200)
    whole = TorchKernel(shape, data, labels, CLIP, STEP, device="cpu").add(rows, weights)
    parts = TorchKernel(shape, data, labels, CLIP, STEP, device="cpu", places=128).add(rows, weights)
    assert np.abs(whole - parts).max() < 1e-5


def test_out_of_memory_falls_back_to_micro_batches(monkeypatch):
    shape, data, labels, weights, _, _ = made((16,))
    kernel = TorchKernel(shape, data, labels, CLIP, STEP, device="cpu", places=512)
    expected, part, asked = kernel.add(np.arange(200), weights), kernel._part, []

    def small(rows, values):
        asked.append(len(rows))
        if len(rows) > 128:
            raise torch.cuda.OutOfMemoryError
        return part(rows, values)

    monkeypatch.setattr(kernel, "_part", small)
    assert np.abs(kernel.add(np.arange(200), weights) - expected).max() < 1e-5
    assert asked[-2:] == [128, 72]


def test_records_beyond_all_bounds_count_for_nothing_in_torch():
    shape, data, labels, weights, _, _ = made((16,), kind=2)
    for scale in (1e12, 1e30, np.inf, np.nan):
        with np.errstate(all="ignore"):
            found = TorchKernel(shape, data, labels, 1.0, STEP, device="cpu").add(
                np.arange(100), weights * scale
            )
        assert np.linalg.norm(found) <= 101


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_goes_the_way_of_the_kernel():
    for hidden in ((), (16, 12)):
        setting = made(hidden)
        assert ours(setting, "cuda")[0].weights == pytest.approx(ours(setting, "numpy")[0].weights, abs=1e-5)


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(NoDeviceError):
        device_of("cuda")
    assert card() is None
    assert best(Shape(1, 1, (4,), 1, 0)) == "numpy"
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(NoDeviceError):
        device_of("cpu")
