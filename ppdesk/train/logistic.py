"""Logistic regression with pure epsilon-differential privacy, by objective perturbation.

Claim. `fit` is (epsilon, 0)-DP under replace-one, per record. It covers the coefficients it returns and all
that is computed from them alone. Given are: rows with L2 norm at most 1 (proved by the encoding and checked
here), labels 0 or 1. It minimises, over all coefficients w in d dimensions, the intercept among them,

    J(w) = sum over records of loss(y, w.x) + a/2 |w|^2 + b.w,       loss = log(1 + e^(w.x)) - y w.x

with one noise vector b, density proportional to exp(-|b| e'/2), e' = e_1 - 2 log(1 + 0.25/a), drawn and added
by diffprivlib's Vector mechanism (Chaudhuri, Monteleoni, Sarwate 2011, algorithm 2 and theorem 9).

Proof in short. Each released w belongs to exactly one b: -b = a w + sum (p - y) x. Replacing one record
moves b by at most 2 (|p - y| < 1, |x| <= 1), so the density of b changes by at most e^(e'). The Jacobian of
the map is the Hessian, a I plus a sum; replacing a record changes it by rank two with eigenvalues of at most
0.25 (p (1 - p) <= 0.25), and its least eigenvalue is at least a, so the determinant changes by at most
(1 + 0.25/a)^2. Together e_1.

What is not as in the library, and why (diffprivlib 0.6.6, models.LogisticRegression and mechanisms.Vector):

- The library sets the curvature bound to 0.25 R where R is the norm bound; the proof needs 0.25 R^2. For
  R > 1 it thus takes too little noise. Here R = 1, where both agree.
- The library's intercept is an added column of ones outside the regularization, so the Hessian has no least
  eigenvalue a in that direction, and the Jacobian bound fails. Here the intercept is a column of the encoded
  row, inside the norm and regularized like the rest.
- The library reads the classes off the labels and fails when there is only one. Here labels are 0 and 1 by
  declaration, and any number of records of either class will do, none as well.
- Theorem 9 assumes the exact minimum. Here the gradient is checked to be at most TOLERANCE, so that the point
  found is within r = 2 TOLERANCE / a of the minimum (J is a-strongly convex; the factor 2 is for rounding in
  the gradient itself). A second noise z with density proportional to exp(-|z| e_2 / (2 r)) is added: the same
  exact minimum seen through two inexact solvers moves by at most 2 r, so the sum is (e_1 + e_2)-DP. This
  is the idea of Iyengar and others 2019 ("AMP"), with Laplace-like noise so that it stays pure.
  e_1 + e_2 = epsilon; e_2 is a hundredth.

Replacing a record by one that is dropped (its label is missing) moves the sums by less than the above, so
rows without a declared label may be dropped before. The number of records n does not enter J; under
replace-one it is public anyway.

Not covered: doubles instead of real numbers (Mironov 2012). The coefficients are rounded to multiples of
2^-20, which takes away the low bits such an attack reads, but this is no proof. The room for rounding in the
gradient is a worst-case bound (n^2 2^-53) up to some 90,000 records; beyond, it rests on what is measured
(3e-10 at 400,000 records), not on a bound. Time and memory of the fit are not covered either, nor is the
failure to find a minimum, which is told as an error. Counts (records without a label among them), held-out
figures and the twin without privacy are outside the claim.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.train.errors import NotConvergedError, RegularizationTooWeakError, UnboundedRowsError
from ppdesk.train.regularization import CURVATURE, least_regularization

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

EXACTNESS_SHARE = 0.01  # of epsilon: pays for the minimum not being exact
TOLERANCE = 1e-6  # L2 norm of the gradient of J
GRID = 2.0**-20
_STEPS = 200
_ROWS = 16_384  # at a time, for the Hessian


@dataclass(frozen=True)
class Fitted:
    """`coef`, (d,) float64, the intercept's last. `regularization` is a, `noise_epsilon` is e'."""

    coef: "Floats"
    regularization: float
    noise_epsilon: float

    @property
    def rare_noise(self) -> float:
        """Root mean square of a scaled coefficient that no record touches. There w = -b/a, and |b| is
        Gamma(d, 2/e'), so one entry of b has a mean square of (2/e')^2 (d + 1)."""
        return 2 / self.noise_epsilon * math.sqrt(self.coef.size + 1) / self.regularization


def fit(
    rows: "Floats",
    labels: "Floats",
    *,
    epsilon: float,
    regularization: float,
    seed: int | None,
    tick: Callable[[], None] = lambda: None,
) -> Fitted:
    """Fit on `rows`, (n, d) float64 with row norms of at most 1, and `labels`, (n,) of 0.0 and 1.0.

    `seed` None draws noise from the operating system's generator; a number repeats, and protects nobody.
    `tick` is called between steps and may raise to stop. Errors: UnboundedRowsError, NotConvergedError,
    RegularizationTooWeakError.
    """
    from diffprivlib.mechanisms import Vector
    from diffprivlib.utils import PrivacyLeakWarning, check_random_state

    # a hair of slack, because the bound is a product of two rounded numbers
    if regularization < least_regularization(epsilon) * (1 - 1e-9):
        least = least_regularization(epsilon)
        raise RegularizationTooWeakError(value=regularization, epsilon=epsilon, least=least)
    _check(rows, labels)
    with warnings.catch_warnings():
        # anything the library would read off the data is a defect here, not a remark
        warnings.simplefilter("error", PrivacyLeakWarning)
        # None becomes secrets.SystemRandom, a number numpy's RandomState
        source = check_random_state(seed, True)
        mechanism = Vector(
            epsilon=(1 - EXACTNESS_SHARE) * epsilon,
            function_sensitivity=CURVATURE,
            data_sensitivity=1.0,
            dimension=rows.shape[1],
            alpha=regularization,
            n=1,  # J is a sum, not a mean
            random_state=source,
        )
        objective = mechanism.randomise(_objective(rows, labels, regularization))
    found = _minimum(objective, rows, regularization, tick)
    radius = 2 * TOLERANCE / regularization
    found = found + _ball_laplace(found.size, 2 * radius / (EXACTNESS_SHARE * epsilon), source)
    coef = np.round(found / GRID) * GRID
    left = mechanism.epsilon - 2 * math.log1p(CURVATURE / regularization)
    return Fitted(coef + 0.0, regularization, left)  # + 0.0: no negative zero


def _check(rows: "Floats", labels: "Floats") -> None:
    # The square of the norm of a row of K equal parts errs by some K 1e-16.
    if not np.isfinite(rows).all() or (np.einsum("ij,ij->i", rows, rows) > 1 + 1e-12).any():
        raise UnboundedRowsError(reason="a row is longer than 1")
    if labels.shape != rows.shape[:1] or not np.isin(labels, (0.0, 1.0)).all():
        raise UnboundedRowsError(reason="a label is neither 0 nor 1")


def _objective(rows: "Floats", labels: "Floats", regularization: float) -> Any:
    """w -> (J(w) without its noise, its gradient)."""

    def value(coef: "Floats") -> "tuple[float, Floats]":
        odds = rows @ coef
        loss = float(np.logaddexp(0.0, odds).sum() - labels @ odds) + regularization / 2 * float(coef @ coef)
        return loss, rows.T @ (_probability(odds) - labels) + regularization * coef

    return value


def _minimum(objective: Any, rows: "Floats", regularization: float, tick: Callable[[], None]) -> "Floats":
    """The point where the gradient of `objective` is at most TOLERANCE, by damped Newton steps.

    J is strongly convex and smooth, so this always ends but for rounding; NotConvergedError if it does not.
    """
    coef = np.zeros(rows.shape[1])
    value, gradient = objective(coef)
    for _ in range(_STEPS):
        tick()
        if float(np.linalg.norm(gradient)) <= TOLERANCE:
            return coef
        step = np.linalg.solve(_hessian(rows, coef, regularization), gradient)
        slope, size = float(gradient @ step), 1.0
        while True:
            near = coef - size * step
            value_near, gradient_near = objective(near)
            # close to the minimum the value cannot tell any more, but the gradient can
            if value_near <= value - 1e-4 * size * slope or (
                slope < 1e-9 * abs(value) and np.linalg.norm(gradient_near) < np.linalg.norm(gradient)
            ):
                break
            size /= 2
            if size < 1e-10:
                raise NotConvergedError
        coef, value, gradient = near, value_near, gradient_near
    raise NotConvergedError


def _hessian(rows: "Floats", coef: "Floats", regularization: float) -> "Floats":
    total = regularization * np.eye(rows.shape[1])
    for start in range(0, rows.shape[0], _ROWS):
        part = rows[start : start + _ROWS]
        chance = _probability(part @ coef)
        total += (part * (chance * (1 - chance))[:, None]).T @ part
    return total


def _probability(odds: "Floats") -> "Floats":
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)))


def _ball_laplace(width: int, scale: float, source: Any) -> "Floats":
    """A vector with density proportional to exp(-|z| / scale): uniform direction, Gamma(d, scale) length.

    `source` is a secrets.SystemRandom or a numpy RandomState, as diffprivlib takes them.
    """
    if hasattr(source, "standard_normal"):
        direction, length = source.standard_normal(width), float(source.gamma(width, scale))
    else:
        direction = np.array([source.normalvariate(0.0, 1.0) for _ in range(width)])
        length = source.gammavariate(width, scale)
    return np.asarray(direction / np.linalg.norm(direction) * length)
