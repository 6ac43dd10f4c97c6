"""How many people of a population are unique, estimated from the classes of a sample.

n records in u classes, c_j classes of j records; N people, f = n / N. All estimates are 0 where no record is
alone in its class, and NaN where the model does not fit (no solution of its equations). As in ARX 3.9.2
(risk.ModelZayatz, ModelPitman, ModelSNB, RiskModelPopulationUniqueness), but for two slips in its SNB model,
see `snb`.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.populations.models import Estimator

_SMALL_SHARE = 0.1  # Dankar et al.: up to this sampling fraction Pitman's model is the best
_ROUNDS = 100


@dataclass(frozen=True)
class Sizes:
    """The classes of a sample: `size` (different sizes,) int64 rising, and how many `classes` have each."""

    size: NDArray[np.int64]
    classes: NDArray[np.int64]

    @classmethod
    def of(cls, sums: NDArray[np.int64]) -> "Sizes":
        """From the size of each class."""
        size, classes = np.unique(sums, return_counts=True)
        return cls(size.astype(np.int64), classes.astype(np.int64))

    @property
    def records(self) -> int:
        return int(self.size @ self.classes)

    @property
    def total(self) -> int:
        return int(self.classes.sum())

    def having(self, size: int) -> int:
        """How many classes have this size."""
        return int(self.classes[self.size == size].sum())


def uniques(sizes: Sizes, population: int, estimator: Estimator, *, fallback: bool = False) -> float:
    """Estimated number of unique people; NaN where the model does not fit.

    Dankar et al., Estimating the re-identification risk of clinical data sets, 2012: Pitman's model up to a
    sampling fraction of 0.1 (with `fallback`, Zayatz's where that does not fit), above it the smaller of SNB
    and Zayatz, or Zayatz where SNB does not fit. `dankar-arx` takes Zayatz's above 0.1, which is what ARX
    3.9.2 comes to: its SNB equations have had no solution in any table that was tried.
    """
    if sizes.having(1) == 0:
        return 0.0
    alone = {Estimator.ZAYATZ: zayatz, Estimator.PITMAN: pitman, Estimator.SNB: snb}.get(estimator)
    if alone is not None:
        return alone(sizes, population)
    if sizes.records / population <= _SMALL_SHARE:
        found = pitman(sizes, population)
        return zayatz(sizes, population) if math.isnan(found) and fallback else found
    second = zayatz(sizes, population)
    if estimator is Estimator.DANKAR_ARX:
        return second
    first = snb(sizes, population)
    return second if math.isnan(first) else min(first, second)


def zayatz(sizes: Sizes, population: int) -> float:
    """Zayatz, Estimation of the percent of unique population elements, 1991: c_1 / f times the probability
    that a class alone in the sample is alone in the population, when the sample's class sizes are taken for
    the population's and records are drawn without replacement (hypergeometric)."""
    n, largest = sizes.records, int(sizes.size[-1])
    # log P[one of j drawn] = log(j n / N) + sum_{i < j - 1} log((N - n - i) / (N - 1 - i))
    steps = np.arange(largest - 1, dtype=np.float64)
    with np.errstate(divide="ignore"):
        logs = (
            np.log(np.maximum(population - n - steps, 0.0) / (population - 1 - steps))
            if largest > 1
            else steps
        )
    falling = np.concatenate([[0.0], np.cumsum(logs)])
    single = n / population
    chance = sizes.size * single * np.exp(falling[sizes.size - 1])
    shares = sizes.classes / sizes.total
    alone = sizes.having(1)
    conditional = alone / sizes.total * single / float(shares @ chance)
    return alone * conditional / single


def pitman(sizes: Sizes, population: int) -> float:
    """Pitman's sampling formula (Hoshino 2001): Gamma(t + 1) / Gamma(t + a) * N^a, with t >= 0 and a < 1 of
    the greatest likelihood

        sum_{i<u} log(t + i a) - sum_{i<n} log(t + i) + sum_j c_j sum_{i<j} log(i - a).

    Newton's method from Hoshino's moment estimate, then from a grid. As in ARX a may be negative; where ARX's
    solver gives up although there is a solution, the estimate here exists and ARX's does not."""
    from scipy.special import gammaln

    for start in (_guess(sizes), *((t, a) for t in (1.0, 100.0, 1e4) for a in (0.1, 0.5, 0.9))):
        t, a = _climb(sizes, *start)
        if math.isfinite(t) and math.isfinite(a):
            found = math.exp(min(700.0, float(gammaln(t + 1) - gammaln(t + a)) + a * math.log(population)))
            return found if found <= population and t + a > 0 else math.nan
    return math.nan


def _guess(sizes: Sizes) -> tuple[float, float]:
    """Hoshino's moment estimate of (t, a); NaN where it does not exist."""
    n, u = float(sizes.records), float(sizes.total)
    one, two = float(sizes.having(1)), float(sizes.having(2) or 1)
    c = one * (one - 1) / two
    below = 2 * one * u + one * c - n * c
    if below == 0:
        return math.nan, math.nan
    t = (n * u * c - one * (n - 1) * (2 * u + c)) / below
    return t, (t * (one - n) + (n - 1) * one) / (n * u)


def _climb(sizes: Sizes, t: float, a: float) -> tuple[float, float]:
    """Newton's method on the two equations of the likelihood; NaN where it leaves the domain."""
    lost = math.nan, math.nan
    for _ in range(_ROUNDS):
        inside = math.isfinite(t) and math.isfinite(a) and t >= 0 and a < 1 and a != 0
        if not inside or t + (sizes.total - 1) * a <= 0:
            return lost
        (x, y), (xx, xy, yy) = _score(sizes, t, a)
        determinant = xx * yy - xy * xy
        if not math.isfinite(determinant) or determinant == 0:
            return lost
        step_t, step_a = (x * yy - y * xy) / determinant, (y * xx - x * xy) / determinant
        share = 1.0  # a step that leaves the domain is shortened
        while share > 1e-6 and (t - share * step_t < 0 or a - share * step_a >= 1):
            share /= 2
        t, a = t - share * step_t, a - share * step_a
        if abs(share * step_t) <= 1e-10 * (1 + abs(t)) and abs(share * step_a) <= 1e-12:
            (x, y), _ = _score(sizes, t, a)
            # a root, and not the border of the domain
            return (t, a) if share == 1.0 and abs(x) < 1e-6 and abs(y) < 1e-6 * (1 + sizes.records) else lost
    return lost


def _score(sizes: Sizes, t: float, a: float) -> tuple[tuple[float, float], tuple[float, float, float]]:
    """First and second derivatives of the log likelihood by (t, a)."""
    from scipy.special import polygamma, psi

    u, n = float(sizes.total), float(sizes.records)
    ratio = t / a
    if a > 0:
        level, bend = psi([u + ratio, 1 + ratio]), polygamma(1, [u + ratio, 1 + ratio])
    else:  # reflected: what is added is the same for both, and only differences count
        level, bend = psi([1 - u - ratio, -ratio]), -polygamma(1, [1 - u - ratio, -ratio])
    one = (level[0] - level[1]) / a  # sum 1 / (t + i a)
    squares = (bend[1] - bend[0]) / a**2  # sum 1 / (t + i a)^2
    first = (u - 1 - t * one) / a  # sum i / (t + i a)
    mixed = (one - t * squares) / a  # sum i / (t + i a)^2
    second = (first - t * mixed) / a  # sum i^2 / (t + i a)^2
    many = sizes.size > 1
    size, classes = sizes.size[many], sizes.classes[many]
    held = float(classes @ (psi(size - a) - psi(1 - a)))
    held2 = float(classes @ (polygamma(1, 1 - a) - polygamma(1, size - a)))
    x = float(one - (psi(n + t) - psi(1 + t)))
    xx = float(-squares + polygamma(1, 1 + t) - polygamma(1, n + t))
    return (x, float(first - held)), (xx, float(-mixed), float(-second - held2))


def snb(sizes: Sizes, population: int, *, as_arx: bool = False) -> float:
    """Slide negative binomial (Chen and Keller-McNulty, 1998): K b^a, where K classes of the population have
    1 + NB(a, b) people each. K is Shlosser's estimate (Haas and Stokes 1998); a and b let as many classes of
    one and of two records be expected as there are (Bernoulli sampling, q = (1 - f)(1 - b)):

        c_1 = K f (b / (1 - q))^a (a q / (1 - q) + 1)
        c_2 = K a b^a f^2 (1 - b) (2 - (1 - a) q) / (2 (1 - q)^(a + 2))

    ARX 3.9.2 multiplies by the last power instead of dividing, and subtracts 1 once per class size in
    Shlosser's second sum instead of weighting it; the formulas here are the papers'. With `as_arx` they are
    ARX's, and the estimate is 0 where they have no solution, as ARX tells it."""
    from scipy.optimize import root

    f = sizes.records / population
    none = 0.0 if as_arx else math.nan
    if not 0 < f < 1:
        return none
    one, two = sizes.having(1), sizes.having(2)
    classes = shlosser(sizes, f, as_arx=as_arx)
    if not math.isfinite(classes) or classes <= 0 or one == 0 or two == 0:
        return none
    power = 1 if as_arx else -1

    def missed(at: NDArray[np.float64]) -> list[float]:
        a, b = math.exp(float(np.clip(at[0], -30, 30))), 1 / (1 + math.exp(-float(np.clip(at[1], -30, 30))))
        q = (1 - f) * (1 - b)
        first = math.log(classes * f) + a * math.log(b / (1 - q)) + math.log(a * q / (1 - q) + 1)
        second = math.log(classes * a * f * f * (1 - b) / 2) + a * math.log(b) + math.log(2 - (1 - a) * q)
        return [first - math.log(one), second + power * (a + 2) * math.log(1 - q) - math.log(two)]

    for start_a in (0.1, 0.5, 1.0, 5.0):
        for start_b in (0.01, 0.1, 0.5, 0.9):
            found = root(missed, [math.log(start_a), math.log(start_b / (1 - start_b))], tol=1e-12)
            if max(map(abs, missed(found.x))) < 1e-8:
                a, b = math.exp(float(found.x[0])), 1 / (1 + math.exp(-float(found.x[1])))
                unique = classes * b**a
                return unique if unique <= population else none
    return none


def shlosser(sizes: Sizes, f: float, *, as_arx: bool = False) -> float:
    """Shlosser's modified estimate of how many classes the population has (Haas and Stokes 1998, "Sh3")."""
    size, classes = sizes.size.astype(np.float64), sizes.classes.astype(np.float64)
    missed = (1 - f) ** size
    one = float((size * f**2 * (1 - f**2) ** (size - 1)) @ classes)
    two = float(((1 - f**2) ** size - missed) @ classes)
    if as_arx:  # 1 is subtracted once per class size
        two = float((missed * (1 + f) ** size) @ classes) - len(size)
    three = float(missed @ classes)
    four = float((size * f * (1 - f) ** (size - 1)) @ classes)
    if two == 0 or four == 0:
        return math.nan
    return sizes.total + sizes.having(1) * (one / two) * (three / four) ** 2
