"""The parts of a step that are no matrix product: gather, scatter, activations, norms, rounding to the grid.

Shapes: m places of a chunk, h units of a layer, k outputs, w rows of the first layer. A chunk may hold fewer
records than places; what stands behind them is never read into a sum.
"""

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    from ppdesk.train.sgd.encoding import Codes

    Single = npt.NDArray[np.float32]
    Double = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

# sums in any order, so that they run on whole registers; NaN and infinity keep their meaning (the clipping
# rests on seeing them)
fast = partial(compiled, fastmath=frozenset({"reassoc", "contract", "nsz"}))
# products and sums fused, in the order as written
fused = partial(compiled, fastmath=frozenset({"contract", "nsz"}))

LOGISTIC, SOFTMAX, SQUARED = 0, 1, 2
BLOCK = 32  # records of a linear model at a time; a multiple of 4
LARGEST = 2.0**40  # squared norm of activations or gradients from which a record counts as not finite


@compiled
def on_grid(value: float, magic: float) -> float:
    """`value` rounded to a multiple of s, for magic = 1.5 * 2**52 * s and |value| < 2**51 s."""
    return (value + magic) - magic


@compiled
def residual(z: "Double", label: float, kind: int) -> None:
    """z, (k,): outputs in, the derivative of the loss by them out."""
    if kind == LOGISTIC:
        z[0] = 1.0 / (1.0 + math.exp(-max(min(z[0], 700.0), -700.0))) - label
    elif kind == SQUARED:
        z[0] = z[0] - label
    else:
        top = z[0]
        for o in range(z.shape[0]):
            top = max(top, z[o])
        total = 0.0
        for o in range(z.shape[0]):
            z[o] = math.exp(z[o] - top)
            total += z[o]
        for o in range(z.shape[0]):
            z[o] /= total
        z[int(label)] -= 1.0


@compiled
def clip_factor(squared: float, clip: float) -> float:
    """min(1, clip / norm); 0 where the norm is no finite number, so that such a record counts for nothing."""
    if not squared < LARGEST * LARGEST:
        return 0.0
    if squared <= clip * clip:
        return 1.0
    return clip / math.sqrt(squared)


@compiled
def share(activation: float, gradient: float) -> float:
    """The product of two squared norms; infinite where the first is too large for the float32 sum of the
    second to be trusted next to it."""
    return activation * gradient if activation < LARGEST else np.inf


@fast
def _fetch(rows: "Whole", codes: "Codes", numbers: "Single", labels: "Double") -> float:
    """Touch each line of memory (16 numbers, 16 to 32 codes) of rows that come next, so that their reads
    overlap with one another and with the work on those before. What it returns means nothing, but keeps the
    reads."""
    total = 0.0
    for i in range(rows.shape[0]):
        line, chosen = numbers[rows[i]], codes[rows[i]]
        total += labels[rows[i]]
        for f in range(0, line.shape[0], 16):
            total += line[f]
        for c in range(0, chosen.shape[0], 16):
            total += chosen[c]
    return total


@fast
def outputs(  # noqa: PLR0917 - a kernel
    rows: "Whole", codes: "Codes", numbers: "Single", w: "Single", plain: "Single", out: "Double"
) -> None:
    """out, (b, 2): the output without its bias, and |a|^2 + 1, of each chosen row. plain, (f,): the part of w
    for numbers."""
    columns = codes.shape[1]
    for i in range(rows.shape[0]):
        line, chosen = numbers[rows[i]], codes[rows[i]]
        value, size = np.float32(0.0), np.float32(0.0)
        for f in range(line.shape[0]):
            x = line[f]
            value += x * plain[f]
            size += x * x
        for c in range(columns):
            value += w[chosen[c]]
        out[i, 0] = value
        out[i, 1] = size + columns + 1.0


@compiled
def _spread(rows: "Whole", numbers: "Single", parts: "Double", magic: float, total: "Double") -> None:
    """total, (f,): add parts[i] times the numbers of each chosen row, each product rounded to the grid by
    itself; four records at a time. parts: zeros behind the last record."""
    last = rows.shape[0] - 1
    for i in range(0, rows.shape[0], 4):
        p0, p1, p2, p3 = parts[i], parts[i + 1], parts[i + 2], parts[i + 3]
        x0, x1 = numbers[rows[i]], numbers[rows[min(i + 1, last)]]
        x2, x3 = numbers[rows[min(i + 2, last)]], numbers[rows[min(i + 3, last)]]
        for f in range(total.shape[0]):
            total[f] += (
                ((p0 * x0[f] + magic) - magic)
                + ((p1 * x1[f] + magic) - magic)
                + ((p2 * x2[f] + magic) - magic)
                + ((p3 * x3[f] + magic) - magic)
            )


@compiled
def linear_binary(  # noqa: PLR0917 - a kernel
    rows: "Whole",
    codes: "Codes",
    numbers: "Single",
    labels: "Double",
    w: "Single",
    bias: float,
    one_hot: int,
    clip: float,
    kind: int,
    magic: float,
    total: "Double",
) -> float:
    """Add the clipped gradients of the chosen rows of a linear model with one output to `total`, (w + 1,):
    each rounded to the grid by itself, so the sum is exact. Gradient of a record: (p - y) (x, 1). What is
    returned means nothing (see `_fetch`)."""
    columns, count, width = codes.shape[1], numbers.shape[1], w.shape[0]
    z = np.empty(1, np.float64)
    found = np.empty((BLOCK, 2), np.float64)
    parts = np.empty(BLOCK, np.float64)
    plain, sums, seen = w[one_hot:], total[one_hot:width], 0.0
    for start in range(0, rows.shape[0], BLOCK):
        block = rows[start : start + BLOCK]
        seen += _fetch(rows[start + BLOCK : start + 2 * BLOCK], codes, numbers, labels)
        outputs(block, codes, numbers, w, plain, found)
        parts[:] = 0.0
        for i in range(block.shape[0]):
            z[0] = found[i, 0] + bias
            residual(z, labels[block[i]], kind)
            factor = clip_factor(z[0] * z[0] * found[i, 1], clip)
            if factor == 0.0:
                continue
            parts[i] = z[0] * factor
            whole = (parts[i] + magic) - magic
            chosen = codes[block[i]]
            for c in range(columns):
                total[chosen[c]] += whole
            total[width] += whole
        if count:
            _spread(block, numbers, parts, magic, sums)
    return seen


@compiled
def linear_many(  # noqa: PLR0912, PLR0917 - a kernel
    rows: "Whole",
    codes: "Codes",
    numbers: "Single",
    labels: "Double",
    w: "Single",
    bias: "Single",
    one_hot: int,
    clip: float,
    kind: int,
    magic: float,
    total: "Double",
) -> None:
    """The same with k outputs: w is (w, k), `total` is (w + 1, k), the last row that of the biases."""
    columns, count, width, outputs = codes.shape[1], numbers.shape[1], w.shape[0], w.shape[1]
    z = np.empty(outputs, np.float64)
    whole = np.empty(outputs, np.float64)
    for i in range(rows.shape[0]):
        row = rows[i]
        size = columns + 1.0
        for o in range(outputs):
            z[o] = bias[o]
        for c in range(columns):
            for o in range(outputs):
                z[o] += w[codes[row, c], o]
        for f in range(count):
            x = numbers[row, f]
            size += x * x
            for o in range(outputs):
                z[o] += x * w[one_hot + f, o]
        residual(z, labels[row], kind)
        squared = 0.0
        for o in range(outputs):
            squared += z[o] * z[o]
        factor = clip_factor(squared * size, clip)
        if factor == 0.0:
            continue
        for o in range(outputs):
            z[o] *= factor
            whole[o] = on_grid(z[o], magic)
            total[width, o] += whole[o]
        for c in range(columns):
            for o in range(outputs):
                total[codes[row, c], o] += whole[o]
        for f in range(count):
            for o in range(outputs):
                total[one_hot + f, o] += on_grid(z[o] * numbers[row, f], magic)


@fast
def gather_numbers(rows: "Whole", numbers: "Single", out: "Single", squares: "Double", columns: int) -> None:
    """out, (m, f): the numbers of the chosen rows. squares: |a|^2 + 1 of the first layer's input."""
    for i in range(rows.shape[0]):
        source, line = numbers[rows[i]], out[i]
        for f in range(source.shape[0]):
            line[f] = source[f]
    for i in range(rows.shape[0]):
        line = out[i]
        total = np.float32(0.0)
        for f in range(line.shape[0]):
            total += line[f] * line[f]
        squares[i] = columns + 1.0 + total


@fast
def first_layer(  # noqa: PLR0917 - a kernel
    rows: "Whole",
    codes: "Codes",
    w: "Single",
    bias: "Single",
    numbered: bool,
    out: "Single",
    squares: "Double",
) -> None:
    """out, (m, h): relu(out + bias + the rows of w that the codes choose); out holds the product of the
    numbers where `numbered`. squares: |out|^2 + 1 by record."""
    units = bias.shape[0]
    for i in range(rows.shape[0]):
        row, line = rows[i], out[i]
        if numbered:
            for j in range(units):
                line[j] += bias[j]
        else:
            for j in range(units):
                line[j] = bias[j]
        for c in range(codes.shape[1]):
            source = w[codes[row, c]]
            for j in range(units):
                line[j] += source[j]
        total = np.float32(0.0)
        for j in range(units):
            value = max(line[j], np.float32(0.0))
            line[j] = value
            total += value * value
        squares[i] = total + 1.0


@fast
def activate(count: int, bias: "Single", out: "Single", squares: "Double") -> None:
    """out, (m, h): relu(out + bias) for the first `count` records. squares: |out|^2 + 1."""
    units = bias.shape[0]
    for i in range(count):
        line = out[i]
        total = np.float32(0.0)
        for j in range(units):
            value = max(line[j] + bias[j], np.float32(0.0))
            line[j] = value
            total += value * value
        squares[i] = total + 1.0


@fast
def head(  # noqa: PLR0917 - a kernel
    rows: "Whole",
    labels: "Double",
    hidden: "Single",
    w: "Single",
    bias: "Single",
    kind: int,
    squares: "Double",
    out: "Single",
    below: "Single",
    norms: "Double",
) -> None:
    """The last layer, forward and back. w is (k, h). out, (m, k): the derivative by the outputs; below,
    (m, h): by the last hidden layer before its relu. norms, (m,): |a|^2 + 1 times |g|^2 of the last layer,
    for which `squares` gives the first factor; and |below|^2 in the second column."""
    outputs, units = w.shape
    z = np.empty(outputs, np.float64)
    for i in range(rows.shape[0]):
        line, lower = hidden[i], below[i]
        for o in range(outputs):
            source = w[o]
            dot = np.float32(0.0)
            for j in range(units):
                dot += line[j] * source[j]
            z[o] = bias[o] + dot
        residual(z, labels[rows[i]], kind)
        squared = 0.0
        for j in range(units):
            lower[j] = 0.0
        for o in range(outputs):
            squared += z[o] * z[o]
            slope, source = np.float32(z[o]), w[o]
            out[i, o] = slope
            for j in range(units):
                lower[j] += slope * source[j]
        norms[i, 0] = share(squares[i], squared)
        total = np.float32(0.0)
        for j in range(units):
            value = lower[j] if line[j] > 0 else np.float32(0.0)
            lower[j] = value
            total += value * value
        norms[i, 1] = total


@fast
def last(hidden: "Single", w: "Single", out: "Double") -> None:
    """out, (b,): the product of each of the first b rows of `hidden`, (m, h), with w, (h,)."""
    for i in range(out.shape[0]):
        line = hidden[i]
        dot = np.float32(0.0)
        for j in range(w.shape[0]):
            dot += line[j] * w[j]
        out[i] = dot


@fast
def back(count: int, hidden: "Single", below: "Single", norms: "Double") -> None:
    """below, (m, h): 0 where the unit did not fire; norms[:, 1]: |below|^2."""
    for i in range(count):
        total = np.float32(0.0)
        for j in range(below.shape[1]):
            value = below[i, j] if hidden[i, j] > 0 else np.float32(0.0)
            below[i, j] = value
            total += value * value
        norms[i, 1] = total


@compiled
def add_norms(count: int, squares: "Double", norms: "Double") -> None:
    """norms[:, 0] += squares * norms[:, 1]: one layer's share of the squared norm of a record's gradient."""
    for i in range(count):
        norms[i, 0] += share(squares[i], norms[i, 1])


@compiled
def factors(count: int, clip: float, norms: "Double", out: "Single") -> bool:
    """out, (m,): the clip factor of each record. Whether any is 0."""
    dropped = False
    for i in range(count):
        out[i] = np.float32(clip_factor(norms[i, 0], clip))
        dropped = dropped or out[i] == 0.0
    return dropped


@compiled
def forget(count: int, factor: "Single", line: "Single") -> None:
    """Put zeros for the records whose factor is 0: infinity times 0 would not be 0."""
    for i in range(count):
        if factor[i] == 0.0:
            line[i] = 0.0


@compiled
def scale(count: int, factor: "Single", below: "Single", magic: float, bias: "Double") -> None:
    """below *= factor, by record; and its sum, each record rounded to the grid, onto `bias`, (h,)."""
    for i in range(count):
        each = factor[i]
        for j in range(below.shape[1]):
            value = below[i, j] * each
            below[i, j] = value
            bias[j] += (value + magic) - magic


@compiled
def scatter(rows: "Whole", codes: "Codes", below: "Single", magic: float, total: "Double") -> None:
    """total, (w, h): add each record's `below`, rounded to the grid, to the rows that its codes choose."""
    units = below.shape[1]
    whole = np.empty(units, np.float64)
    for i in range(rows.shape[0]):
        for j in range(units):
            whole[j] = (below[i, j] + magic) - magic
        for c in range(codes.shape[1]):
            target = total[codes[rows[i], c]]
            for j in range(units):
                target[j] += whole[j]


@compiled
def settle(product: "Single", magic: float, total: "Double") -> None:
    """total += product, rounded to the grid; both (a, b)."""
    for i in range(product.shape[0]):
        for j in range(product.shape[1]):
            total[i, j] += (product[i, j] + magic) - magic


@fused
def product(count: int, a: "Single", b: "Single", out: "Single") -> None:
    """out = a b for the first `count` records; a (m, p), b (p, q), m even. Each row is summed in the same
    order by the same instructions, whatever its place, its neighbours and `count`. Two rows and four terms
    at a time stay in registers: as fast as OpenBLAS at these sizes, whose rows differ in their last bits from
    place to place."""
    inner, outer = b.shape
    even = inner - inner % 4
    for i in range(0, count, 2):
        one, two = out[i], out[i + 1]
        for j in range(outer):
            one[j] = 0.0
            two[j] = 0.0
        for k in range(0, even, 4):
            a0, a1, a2, a3 = a[i, k], a[i, k + 1], a[i, k + 2], a[i, k + 3]
            c0, c1, c2, c3 = a[i + 1, k], a[i + 1, k + 1], a[i + 1, k + 2], a[i + 1, k + 3]
            for j in range(outer):
                b0, b1, b2, b3 = b[k, j], b[k + 1, j], b[k + 2, j], b[k + 3, j]
                one[j] = one[j] + a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3
                two[j] = two[j] + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3
        for k in range(even, inner):
            a0, c0 = a[i, k], a[i + 1, k]
            for j in range(outer):
                one[j] = one[j] + a0 * b[k, j]
                two[j] = two[j] + c0 * b[k, j]
