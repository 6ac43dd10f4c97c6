"""The clipped sum against gradients of single records, on the kernel and in torch."""

import math

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.train.schema import Classes, Quantity
from ppdesk.train.sgd import passes
from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.kernel import PLACES, Kernel, margin
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.optimizer import Optimizer
from ppdesk.train.sgd.release import grid_step, sensitivity

STEP = 2.0**-40
CLASSES = {1: Classes("y", ("a", "b")), 3: Classes("y", ("a", "b", "c"))}
CASES = [(0, 1), (1, 3), (2, 1)]


def made(kind, outputs, hidden, numbers=3, columns=4):
    random, rows = np.random.default_rng(1), 300
    codes = (random.integers(0, 5, (rows, columns)) + 5 * np.arange(columns)).astype(np.uint16)
    values = random.uniform(-1, 1, (rows, numbers)).astype(np.float32)
    labels = random.uniform(-1, 1, rows) if kind == 2 else random.integers(0, max(2, outputs), rows) * 1.0
    shape = Shape(5 * columns, numbers, hidden, outputs, kind)
    weights = random.normal(0, 0.3, shape.size)
    return shape, Compact(codes, values), labels, weights


def one_by_one(shape, data, labels, weights, rows):
    """(rows, d): each record's gradient, in float64, by the chain rule on dense rows."""
    found = []
    for row in rows:
        dense = np.zeros(shape.one_hot + shape.numbers)
        dense[data.codes[row]] = 1
        dense[shape.one_hot :] = data.numbers[row]
        layers = shape.views(weights.astype(np.float32).astype(np.float64))
        inputs = [dense]
        for matrix, bias in layers:
            inputs.append(inputs[-1] @ matrix + bias)
            if len(inputs) <= len(layers):
                inputs[-1] = np.maximum(inputs[-1], 0)
        out, label = inputs[-1], labels[row]
        if shape.kind == passes.LOGISTIC:
            slope = 1 / (1 + np.exp(-out)) - label
        elif shape.kind == passes.SQUARED:
            slope = out - label
        else:
            slope = np.exp(out) / np.exp(out).sum() - np.eye(shape.outputs)[int(label)]
        gradient = np.zeros(shape.size)
        views = shape.views(gradient)
        for place in range(len(layers) - 1, -1, -1):
            views[place][0][:] = np.outer(inputs[place], slope)
            views[place][1][:] = slope
            slope = (layers[place][0] @ slope) * (inputs[place] > 0)
        found.append(gradient)
    return np.array(found)


@pytest.mark.parametrize(("kind", "outputs"), CASES)
@pytest.mark.parametrize("hidden", [(), (16,), (16, 8, 12)])
@pytest.mark.parametrize(("numbers", "columns"), [(0, 4), (3, 0), (3, 4)])
def test_the_sum_is_that_of_single_clipped_gradients(kind, outputs, hidden, numbers, columns):
    shape, data, labels, weights = made(kind, outputs, hidden, numbers, columns)
    rows = np.random.default_rng(4).permutation(300)[:201]
    single = one_by_one(shape, data, labels, weights, rows)
    sizes = np.linalg.norm(single, axis=1)
    clip = float(np.median(sizes))
    expected = (single * np.minimum(1, clip / sizes)[:, None]).sum(0)
    found = Kernel(shape, data, labels, clip, STEP).add(rows, weights)
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("hidden", [(), (16, 8)])
def test_no_record_moves_the_sum_by_more_than_is_charged(hidden):
    shape, data, labels, weights = made(0, 1, hidden)
    weights *= 3
    clip, sigma = 0.01, 1.0
    step = grid_step(sigma, clip)
    bound = sensitivity(clip, margin(shape), step, shape.size)
    kernel = Kernel(shape, data, labels, clip, step)
    rows = np.random.default_rng(2).permutation(300)
    whole, most = kernel.add(rows, weights).copy(), 0.0
    for place in (0, 17, 128, 299):
        without = rows.copy()
        without[place] = rows[-1]  # the coupling of the proof: the last record takes the place
        moved = np.linalg.norm(whole - kernel.add(without[:-1], weights))
        most = max(most, moved)
    assert 0.999 * clip < most <= bound
    assert bound < 1.006 * clip


def test_sums_are_whole_numbers_of_grid_steps():
    for hidden in ((), (16, 8)):
        shape, data, labels, weights = made(1, 3, hidden)
        step = 2.0**-20
        found = Kernel(shape, data, labels, 0.7, step).add(np.arange(300), weights) / step
        assert np.array_equal(found, np.rint(found))
        assert found.any()


def test_an_empty_batch_is_zeros():
    for hidden in ((), (16, 8)):
        shape, data, labels, weights = made(0, 1, hidden)
        kernel = Kernel(shape, data, labels, 0.7, STEP)
        kernel.add(np.arange(10), weights)
        assert not kernel.add(np.zeros(0, np.int64), weights).any()


@pytest.mark.parametrize("scale", [1e12, 1e30, np.inf, np.nan])
@pytest.mark.parametrize("hidden", [(), (16, 8)])
def test_records_beyond_all_bounds_count_for_no_more_than_the_clip(hidden, scale):
    shape, data, labels, weights = made(2, 1, hidden)
    with np.errstate(all="ignore"):
        found = Kernel(shape, data, labels, 1.0, 2.0**-26).add(np.arange(100), weights * scale)
    assert np.isfinite(found).all()
    assert np.linalg.norm(found) <= 100 * 1.01


@pytest.mark.parametrize("inner", [1, 6, 50, 128])
def test_a_row_of_a_product_is_the_same_wherever_it_stands(inner):
    random = np.random.default_rng(3)
    left = random.standard_normal((PLACES, inner)).astype(np.float32)
    right = random.standard_normal((inner, 33)).astype(np.float32)
    out, moved = (np.zeros((PLACES, 33), np.float32) for _ in range(2))
    passes.product(PLACES, left, right, out)
    assert np.allclose(out, left @ right, atol=1e-4)
    order = random.permutation(PLACES)
    passes.product(PLACES, left[order], right, moved)
    assert np.array_equal(moved, out[order])
    passes.product(7, left, right, moved)
    assert np.array_equal(moved[:7], out[:7])


def test_shapes_follow_the_target():
    assert Shape.of(3, 1, (), CLASSES[1]).outputs == 1
    assert Shape.of(3, 1, (5,), CLASSES[3]).layers == ((4, 5), (5, 3))
    assert Shape.of(3, 1, (), Quantity("q", 0, 1)).kind == passes.SQUARED
    start = Shape.of(3, 1, (5,), CLASSES[3]).start(TestEntropy(1), 4)
    assert np.abs(start[:20]).max() <= math.sqrt(6 / 4)
    assert not start[20:].any()


@pytest.mark.parametrize("adam", [False, True])
def test_the_optimizer_is_torchs(adam):
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(5)
    weights = random.normal(size=7)
    theirs = torch.tensor(weights.copy(), requires_grad=True)
    kinds = torch.optim.Adam([theirs], lr=0.1, betas=(0.8, 0.999)) if adam else None
    kinds = kinds or torch.optim.SGD([theirs], lr=0.1, momentum=0.8)
    ours = Optimizer(weights, 0.1, 0.8, adam, averaged_from=3)
    iterates = []
    for _ in range(6):
        total, noise = random.integers(-99, 99, 7) * 0.5, random.integers(-9, 9, 7)
        theirs.grad = torch.tensor((total + noise * 0.5) / 12)
        kinds.step()
        norm = ours.update(total, noise, 0.5, 12.0)
        assert norm == pytest.approx(float(theirs.grad.norm()))
        iterates.append(theirs.detach().numpy().copy())
    assert np.allclose(ours.weights, iterates[-1], atol=1e-9)
    assert np.allclose(ours.average, np.mean(iterates[3:], axis=0), atol=1e-9)
