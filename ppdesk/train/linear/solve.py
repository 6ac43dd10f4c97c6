"""Coefficients from noisy moments: nothing in here sees a record, so all of it is post-processing.

Released are A + E (second moments, E the known noise) and b + e (cross moments) of a design with an
intercept. With b = A w + r, r of covariance s^2 A (residuals of variance s^2), the released ones obey

    b + e  =  (A + E) w  +  noise,     noise covariance V = s^2 A + var(e) I + cov(E w),

and cov(E w), with v_ij the variance of the noise of cell ij, is v_ij w_i w_j off the diagonal and
sum_j v_ij w_j^2 on it. With a normal prior w ~ N(0, P) the posterior is

    w = P A M^-1 b,    covariance P - P A M^-1 A P,    M = A P A + V        (A, b the noisy ones)

which is ridge regression whose strength per direction follows from noise that is known, as in AdaSSP (Wang
2018) it follows from a bound on the noise. Nothing needs A + E to be positive. The prior's variances are
those of greatest evidence log N(b; 0, M): one for all first, then one for each column by expectation
maximization (MacKay 1992, "Bayesian interpolation"; Tipping 2001), each with one imagined weight of variance
_FIRST_PRIOR, so that no column is given up for noise alone. w enters V and s^2 (as its second moment), so
this is gone through a few times. Before that, cells of A between columns are shrunk (`_shrunk`).

Errors. A posterior under a prior of greatest evidence is too sure of what it shrinks: where noise is loud,
its 95 per cent intervals held as little as six in ten coefficients of made-up tables. So `errors` come from a
second fit (`_unshrunk`): cells of A as released, and a wide prior of known width, categories and knots
centred. With f its coefficient and c its standard error, which hold the noise for privacy and that of
sampling (compare Bernstein and Sheldon 2019, "Differentially private Bayesian linear regression"), the
interval f -+ 1.96 c lies within w -+ 1.96 e for the error e = c + |w - f| / 1.96 that is told. That takes the
model as linear and the residuals as equally spread; it is wider than need be where a coefficient was shrunk
rightly. Measured on made-up tables with straight lines: 94 per cent of slopes or more. Knots, categories and
the intercept were not measured.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from ppdesk.train.moments.coding import Coding, Floats
from ppdesk.train.moments.sums import Moments

_ROUNDS = 5
_STEPS = 3  # of expectation maximization in each round
_WIDE = 400  # cells: beyond, two of both, since each costs the cube of the cells
_WIDTH = tuple(10.0**power for power in (-2.5, -2, -1.5, -1, -0.5))
_FIRST_PRIOR = 0.03
_LEAST_PRIOR = 1e-9
_UNSHRUNK_ROUNDS = 3
_WIDE_PRIOR = 4.0  # twice the distance from the middle to a bound, over half a column's width
TWO_SIDED = 1.96  # standard errors to each side of a 95 per cent interval
_LEAST_RESIDUAL = 1e-7  # the answer's own rounding


@dataclass(frozen=True)
class Solved:
    """`weights`, (d + 1,), the intercept first, in units; `errors`, (d + 1,), see the head of this file; the
    variance of the residuals."""

    weights: Floats
    errors: Floats
    residual: float


def solve(moments: Moments, coding: Coding) -> Solved:
    """The posterior. Finite for whatever the noise made of the moments."""
    a, variance, b = _shrunk(*_augmented(moments), coding)
    basis, parts = _parts(coding)
    priors = np.full(len(parts), _FIRST_PRIOR)
    second = basis @ _prior(priors, parts) @ basis.T
    residual, positive, design = 1.0, _positive(a), a @ basis
    rounds, steps = (_ROUNDS, _STEPS) if len(b) <= _WIDE else (2, 2)
    for turn in range(rounds):
        v = _spread(positive, variance, second, residual, moments.noise_answers)
        if turn == 0:
            tried = [np.full(len(parts), one) for one in _WIDTH]
            priors = max(tried, key=lambda one: _evidence(design, b, v, one, parts))
        for _ in range(steps):
            priors = _maximized(*_posterior(design, b, v, priors, parts), parts)
        found, covariance = _posterior(design, b, v, priors, parts)
        weights = basis @ found
        second = basis @ covariance @ basis.T + np.outer(weights, weights)
        residual = _residual(moments, positive, b, weights)
    plain, spread = _unshrunk(moments, coding, second, residual)
    return Solved(weights, spread + np.abs(weights - plain) / TWO_SIDED, residual)


def _unshrunk(moments: Moments, coding: Coding, second: Floats, residual: float) -> tuple[Floats, Floats]:
    """Coefficients under a wide prior and their standard errors, (d + 1,) both. `second`: the expected
    w w^T, `residual`: the variance of residuals, both as the shrunk fit found them."""
    a, variance, b = _augmented(moments)
    basis, parts = _parts(coding)
    priors = np.full(len(parts), _WIDE_PRIOR)
    parts = [(cells, _centred(shape)) for cells, shape in parts]
    design, positive = a @ basis, _positive(a)
    weights, errors = np.zeros(len(b)), np.zeros(len(b))
    for _ in range(_UNSHRUNK_ROUNDS):  # by weights as large as they may be, not as they were shrunk
        v = _spread(positive, variance, second, residual, moments.noise_answers)
        found, covariance = _posterior(design, b, v, priors, parts)
        whole, weights = basis @ covariance @ basis.T, basis @ found
        second = whole + np.outer(weights, weights)
        errors = np.sqrt(np.maximum(np.diag(whole), 0.0))
    return weights, errors


def _centred(shape: Floats) -> Floats:
    """A prior's shape without the mean of its cells, which the intercept has."""
    middle = np.eye(len(shape)) - 1 / len(shape)
    return shape if len(shape) == 1 else middle @ shape @ middle


def ordinary(moments: Moments, ridge: float = 1e-3) -> Solved:
    """Ridge regression from exact moments, for the twin: the intercept is not shrunk."""
    a, _, b = _augmented(moments)
    penalty = np.full(len(b), ridge)
    penalty[0] = ridge * 1e-3
    inverse: Floats = np.asarray(np.linalg.inv(a + np.diag(penalty)), dtype=np.float64)
    weights: Floats = inverse @ b
    residual = _residual(moments, a, b, weights)
    return Solved(weights, np.sqrt(np.maximum(residual * np.diag(inverse), 0.0)), residual)


def _augmented(moments: Moments) -> tuple[Floats, Floats, Floats]:
    """A, the noise variance of its cells, and b, with the intercept first."""
    width = len(moments.first)
    a, variance = np.empty((width + 1, width + 1)), np.empty((width + 1, width + 1))
    a[0, 0], a[0, 1:], a[1:, 0], a[1:, 1:] = moments.count, moments.first, moments.first, moments.second
    variance[0, :], variance[:, 0], variance[1:, 1:] = (
        moments.noise_inputs**2,
        moments.noise_inputs**2,
        moments.variance,
    )
    return a, variance, np.concatenate([[moments.total], moments.cross])


def _shrunk(a: Floats, variance: Floats, b: Floats, coding: Coding) -> tuple[Floats, Floats, Floats]:
    """A with the cells of two columns drawn towards what they would be if the columns were unrelated (James
    and Stein 1961): by the share of what is seen that the known noise accounts for. The variance follows."""
    count = max(float(a[0, 0]), 1.0)
    across = np.ones(a.shape, bool)
    across[0, :] = across[:, 0] = False
    for block in coding.blocks:
        across[
            1 + block.start : 1 + block.start + block.width, 1 + block.start : 1 + block.start + block.width
        ] = False
    noise = float(variance[0, 0])
    if not across.any() or noise == 0:
        return a, variance, b
    expected = np.outer(a[0], a[0]) / count
    seen = float(np.mean((a - expected)[across] ** 2))
    keep = max(0.0, 1 - noise / seen) if seen > 0 else 0.0
    return (
        np.where(across, keep * a + (1 - keep) * expected, a),
        np.where(across, keep * variance, variance),
        b,
    )


def _parts(coding: Coding) -> tuple[Floats, list[tuple[slice, Floats]]]:
    """w = basis u, and the parts of u with a prior variance of their own: where, and the prior's shape. A
    column of categories is one part. A numeric one: its slope; with knots a curve, in which neighbouring
    knots go together; and the missing cell. u begins with the intercept."""
    columns = [np.eye(1 + coding.width)[:, :1]]
    parts: list[tuple[slice, Floats]] = []
    start = 1
    at = np.linspace(-1, 1, coding.knots) if coding.knots > 1 else np.ones(1)
    for block in coding.blocks:
        cells = np.eye(1 + coding.width)[:, 1 + block.start : 1 + block.start + block.width]
        made: list[tuple[Floats, Floats]] = [(cells, np.eye(block.width))]
        if block.numeric:
            line, missing = cells[:, : coding.knots], cells[:, coding.knots :]
            made = [((line @ at)[:, None], np.eye(1)), (missing, np.eye(missing.shape[1]))]
            if coding.knots > 1:
                made.append((line, np.exp(-np.abs(at[:, None] - at[None, :]))))
        for one, shape in made:
            if one.shape[1]:
                columns.append(one)
                parts.append((slice(start, start + one.shape[1]), shape))
                start += one.shape[1]
    return np.hstack(columns), parts


def _prior(priors: Floats, parts: list[tuple[slice, Floats]]) -> Floats:
    width = parts[-1][0].stop
    p = np.zeros((width, width))
    p[0, 0] = 1.0  # the intercept: somewhere between the declared bounds
    for prior, (cells, shape) in zip(priors, parts, strict=True):
        p[cells, cells] = prior * shape
    return p


def _maximized(found: Floats, covariance: Floats, parts: list[tuple[slice, Floats]]) -> Floats:
    best = []
    for cells, shape in parts:
        moment = covariance[cells, cells] + np.outer(found[cells], found[cells])
        expected = float(np.trace(np.linalg.solve(shape, moment)))
        best.append((expected + _FIRST_PRIOR) / (len(shape) + 1))
    priors: Floats = np.clip(np.array(best), _LEAST_PRIOR, 1.0)
    return priors


def _spread(positive: Floats, variance: Floats, second: Floats, residual: float, answers: float) -> Floats:
    """V, with the posterior's second moments of w for w w^T."""
    own = variance * second
    np.fill_diagonal(own, variance @ np.diag(second))
    v = residual * positive + own
    v[np.diag_indices_from(v)] += answers**2 + 1e-9 * (1 + positive[0, 0])
    return v


def _weighed(design: Floats, priors: Floats, parts: list[tuple[slice, Floats]]) -> Floats:
    """The design times the prior covariance, part by part."""
    found = design.copy()  # the intercept's prior variance is 1
    for prior, (cells, shape) in zip(priors, parts, strict=True):
        found[:, cells] = prior * (design[:, cells] @ shape)
    return found


def _factored(design: Floats, weighed: Floats, v: Floats) -> Floats:
    """The lower triangle L of M = L L^T."""
    m = weighed @ design.T + v
    m = (m + m.T) / 2
    step = 1e-12 * np.trace(m) / len(m)
    while True:
        try:
            found: Floats = cholesky(m, lower=True)
        except LinAlgError:  # too near to singular for doubles
            m[np.diag_indices_from(m)] += step
            step *= 10
        else:
            return found


def _evidence(
    design: Floats, b: Floats, v: Floats, priors: Floats, parts: list[tuple[slice, Floats]]
) -> float:
    lower = _factored(design, _weighed(design, priors, parts), v)
    return float(-(solve_triangular(lower, b, lower=True) ** 2).sum() / 2 - np.log(np.diag(lower)).sum())


def _posterior(
    design: Floats, b: Floats, v: Floats, priors: Floats, parts: list[tuple[slice, Floats]]
) -> tuple[Floats, Floats]:
    weighed = _weighed(design, priors, parts)
    lower = _factored(design, weighed, v)
    half = solve_triangular(lower, weighed, lower=True)
    covariance = _prior(priors, parts) - half.T @ half
    return half.T @ solve_triangular(lower, b, lower=True), covariance


def _residual(moments: Moments, positive: Floats, b: Floats, weights: Floats) -> float:
    left = moments.square - 2 * float(b @ weights) + float(weights @ positive @ weights)
    # never more than the variance of an answer at both bounds; where noise outweighs it, that
    unsure = 2 * moments.noise_square / max(moments.count, 1.0)
    return float(np.clip(left / max(moments.count, 1.0), max(_LEAST_RESIDUAL, min(unsure, 1.0) * 0.01), 1.0))


def _positive(a: Floats) -> Floats:
    """The nearest matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(a)
    found: Floats = (vectors * np.maximum(values, 0)) @ vectors.T
    return found
