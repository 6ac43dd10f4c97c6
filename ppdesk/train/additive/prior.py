"""What is believed about a column's function before and after noisy figures of it are seen.

All of this is post-processing of noisy releases: nothing here ever meets a record.

A column's function f (one value for each bin) is normal with mean zero and covariance V: along the bins of a
numeric column an exponential kernel and some independent part, for categories independent values; f sums to
zero over the records, by the noisy counts. A noisy gradient g at f says z = A (H f - g), a noisy picture of
A H f* with f* the best function: H the curvature by the noisy counts, A the observed sums (coarse and fine
sums of the same bins). S is the noise's variance, known exactly, and that of the sample. So E[f* | z] = P z
with P = V H A' (A H V H A' + S)^-1, the Wiener filter, and how likely z is under each V (the evidence)
chooses V.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.train.additive.layout import Block, Side

Floats = npt.NDArray[np.float64]

AMPLITUDES = (0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 2.0, 4.0)  # sd of a column's function, in logits
SHAPES = ((0.05, 0.0), (0.3, 0.0), (2.0, 0.0), (0.3, 0.3), (2.0, 0.3))  # (length, independent part)
PAIR_SHAPES = ((0.3, 0.0), (2.0, 0.0), (0.3, 0.3))
NOTHING = 1e-3  # an amplitude so small that the column says nothing
_APART = 1e6  # where the bin of missing cells stands: far from all others


@dataclass(frozen=True)
class Belief:
    """V of one column: amplitude, and for numeric columns the length along the axis and the part of the
    variance that is each bin's own."""

    amplitude: float = 0.5
    length: float = 0.3
    loose: float = 0.1


@dataclass(frozen=True)
class Gain:
    """`filter`: P, (bins, observed); `prior`: V; `inverse`: of z's covariance, (observed, observed)."""

    filter: Floats
    prior: Floats
    inverse: Floats
    curvature: Floats  # (bins,): H

    def posterior_sd(self, block: Block) -> Floats:
        """The standard deviation of f* given z, (bins,)."""
        shrunk = self.filter @ observe(block, self.curvature[:, None] * self.prior)
        return np.asarray(np.sqrt(np.maximum(np.diag(self.prior) - np.diag(shrunk), 0.0)))


def covariance(block: Block, counts: Floats, belief: Belief) -> Floats:
    """V, (bins, bins)."""
    if block.sides is not None:
        return _of_pair(block.sides, counts, belief)
    width = block.bins
    if block.coarse is None:
        kernel = np.eye(width)
    else:
        axis = np.where(np.isnan(block.axis), _APART, block.axis)
        kernel = np.exp(-np.abs(axis[:, None] - axis[None, :]) / belief.length)
        kernel = (1 - belief.loose) * kernel + belief.loose * np.eye(width)
    return np.asarray(belief.amplitude**2 * _centred(kernel, counts))


def _centred(kernel: Floats, counts: Floats) -> Floats:
    """The covariance of what sums to zero over the records."""
    share = counts / counts.sum()
    kernel = kernel - (kernel @ share)[:, None]
    return np.asarray(kernel - (share @ kernel)[None, :])


def _of_pair(sides: tuple[Side, Side], counts: Floats, belief: Belief) -> Floats:
    """V of the cells of a pair: a product, centred on both sides, so that it holds nothing that a function of
    one column could say (where the columns are independent)."""
    kernels = _both(sides, counts, belief)
    return np.asarray(belief.amplitude**2 * np.kron(*kernels))


def _both(sides: tuple[Side, Side], counts: Floats, belief: Belief) -> list[Floats]:
    """The covariances of two sides, (groups, groups) each, at amplitude one."""
    cells = counts.reshape(sides[0].groups, sides[1].groups)
    kernels = []
    for side, margin in zip(sides, (cells.sum(axis=1), cells.sum(axis=0)), strict=True):
        apart = np.abs(side.axis[:, None] - side.axis[None, :])  # NaN: no order
        kernel = (1 - belief.loose) * np.exp(-np.where(np.isnan(apart), _APART, apart) / belief.length)
        np.fill_diagonal(kernel, 1.0)
        kernels.append(_centred(kernel, margin))
    return kernels


def observe(block: Block, values: Floats) -> Floats:
    """A times values, (bins, ...): the coarse sums first where there are any, then the bins themselves."""
    if block.coarse is None:
        return values
    return np.concatenate([np.add.reduceat(values, block.begins, axis=0), values])


def spread(block: Block, part: Floats) -> Floats:
    """The value of each part (parts,) at each observed sum, (observed,)."""
    if block.coarse is None:
        return np.full(block.bins, part[0])
    return np.concatenate([np.full(block.groups, part[0]), np.full(block.bins, part[1])])


def solve(block: Block, counts: Floats, belief: Belief, bend: Floats, noise: Floats) -> Gain:
    """P and what belongs to it; `bend`, (bins,): H; `noise`, (observed,): the variances S."""
    prior = covariance(block, counts, belief)
    seen, wide = _seen(block, bend, prior)
    inverse: Floats = np.asarray(np.linalg.inv(wide + _unsure(block, bend, noise)), dtype=np.float64)
    return Gain(seen.T @ inverse, prior, inverse, bend)


def _seen(block: Block, bend: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """A H V and A H V H A'."""
    seen = observe(block, bend[:, None] * prior)
    return seen, observe(block, (seen * bend[None, :]).T)


def _unsure(block: Block, bend: Floats, noise: Floats) -> Floats:
    """What z is off by, (observed, observed): the noise that was added, and that the records are a sample: a
    sum of residuals varies by as much as its curvature (of a logistic loss, exactly so at the best
    function)."""
    sample = observe(block, observe(block, np.diag(bend)).T)
    return np.asarray(sample + np.diag(noise))


def evidence(
    block: Block, counts: Floats, z: Floats, *, bend: Floats, noise: Floats, before: Belief
) -> Belief:
    """The V under which z, (observed, K), is most likely; bend (bins, K), noise (observed, K)."""
    shapes = _shapes(block) or ((before.length, before.loose),)
    grid = np.array(AMPLITUDES)
    units = np.stack([covariance(block, counts, Belief(1.0, *shape)) for shape in shapes])
    fit = np.zeros((len(shapes), grid.size))  # log likelihood, above that of no effect at all
    for k in range(z.shape[1]):
        root = _root(block, bend[:, k], noise[:, k])
        # white z = Q R f + noise of variance one: what is not along Q says nothing of f
        along, seen = np.linalg.qr(root @ observe(block, np.diag(bend[:, k])))
        values, vectors = np.linalg.eigh(seen @ units @ seen.T)
        power = (along.T @ (root @ z[:, k]) @ vectors) ** 2
        scale = 1 + grid[:, None] ** 2 * np.maximum(values, 0.0)[:, None, :]
        fit += 0.5 * (power[:, None, :] * (1 - 1 / scale) - np.log(scale)).sum(axis=2)
    best = fit.max(axis=1)
    place = int(best.argmax())
    if not best[place] > 0:
        return Belief(NOTHING, before.length, before.loose)
    return Belief(AMPLITUDES[int(fit[place].argmax())], *shapes[place])


def likelier(sides: tuple[Side, Side], counts: Floats, z: Floats, *, bend: Floats, noise: float) -> float:
    """How much likelier (log) z, (cells, K), is where a pair has an effect of the likeliest amplitude than
    where it has none. `bend`, (cells,): H, for all outputs; `noise`: the variance of all of z.

    For a look at many pairs: of ordered sides only the smoothest functions, V = Q Q' with few columns."""
    parts = []
    for side, kernel in zip(sides, _both(sides, counts, _ROUGH), strict=True):
        values, vectors = np.linalg.eigh(kernel)
        few = slice(1, None) if np.isnan(side.axis).all() else slice(-_SMOOTH, None)
        parts.append(vectors[:, few] * np.sqrt(np.maximum(values[few], 0.0)))
    seen = (bend / np.sqrt(bend + noise))[:, None] * np.kron(*parts)
    pull = seen.T @ (z / np.sqrt(bend + noise)[:, None])
    squares = np.array(AMPLITUDES)[:, None, None] ** 2
    wide = np.eye(seen.shape[1]) + squares * (seen.T @ seen)
    gain = (squares * pull * np.linalg.solve(wide, np.broadcast_to(pull, (len(squares), *pull.shape)))).sum(
        (1, 2)
    )
    return float((0.5 * (gain - z.shape[1] * np.linalg.slogdet(wide)[1])).max())


_ROUGH = Belief(1.0, 0.5, 0.1)  # what a pair is looked for with
_SMOOTH = 4  # functions of an ordered side


def _shapes(block: Block) -> tuple[tuple[float, float], ...]:
    """What V of a block may look like; nothing where there is but one way."""
    if block.sides is None:
        return SHAPES if block.coarse is not None else ()
    ordered = any(not np.isnan(side.axis).all() for side in block.sides)
    return PAIR_SHAPES if ordered else ()


def _root(block: Block, bend: Floats, noise: Floats) -> Floats:
    """R with R S R' = 1."""
    return np.asarray(np.linalg.inv(np.linalg.cholesky(_unsure(block, bend, noise))), dtype=np.float64)
