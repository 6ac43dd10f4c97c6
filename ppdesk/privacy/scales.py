"""How much noise a guarantee asks for, and how far off it lets a figure be. Light: no library, no data.

Divergences: pure epsilon (max divergence), and rho of zero-concentrated differential privacy (zCDP; Bun and
Steinke 2016), which adds up under composition and is told as (epsilon, delta) in the end.
"""

import math
from fractions import Fraction

SURE = 0.95


def laplace_scale(sensitivity: int, epsilon: float) -> float:
    """The smallest float b with sensitivity / b <= epsilon, exactly (Dwork and others 2006; for whole numbers
    Ghosh, Roughgarden and Sundararajan 2009). `sensitivity`: L1, at least 1."""
    scale = sensitivity / epsilon
    while Fraction(sensitivity) / Fraction(scale) > Fraction(epsilon):
        scale = math.nextafter(scale, math.inf)
    return scale


def gaussian_scale(squared: int, rho: float) -> float:
    """The standard deviation of discrete Gaussian noise that is rho-zCDP where the square of the L2
    sensitivity is `squared` (Canonne, Kamath and Steinke 2020, theorem 4): sensitivity^2 / (2 scale^2) = rho,
    rounded up by more than the library's own arithmetic rounds."""
    return math.sqrt(squared / (2 * rho)) * (1 + 1e-12)


def choice_scale(sensitivity: int, epsilon: float) -> float:
    """The scale of the noise on scores that makes the choice of the highest epsilon-DP: 2 sensitivity /
    epsilon (McSherry and Talwar 2007; McKenna and Sheldon 2020). `sensitivity`: of any one score."""
    return laplace_scale(2 * sensitivity, epsilon)


def concentrated_scale(sensitivity: int, rho: float) -> float:
    """The same for a choice that is rho-zCDP: at epsilon = sqrt(8 rho) (Cesar and Rogers 2021)."""
    return 2 * sensitivity / math.sqrt(8 * rho) * (1 + 1e-12)


def laplace_accuracy(scale: float, sure: float = SURE) -> int:
    """The least whole number a so that discrete Laplace noise of this scale is within -a..a with chance
    `sure` at least. P(|X| > a) = 2 q^(a + 1) / (1 + q) with q = e^(-1 / scale)."""
    q = math.exp(-1 / scale)
    return max(0, math.ceil(math.log((1 - sure) * (1 + q) / 2) / math.log(q) - 1))


def choice_accuracy(scale: float, candidates: int, sure: float = SURE) -> float:
    """How far the chosen score is below the best at most, with chance `sure`: scale (ln candidates +
    ln(1 / (1 - sure))) (Dwork and Roth 2014, corollary 3.12; permute-and-flip is never worse)."""
    return scale * (math.log(candidates) + math.log(1 / (1 - sure)))


def share(epsilon: float, part: float, whole: float | Fraction) -> float:
    """The largest double that is at most epsilon * part / whole, as exact numbers: shares never add up to
    more than the whole."""
    wanted = Fraction(epsilon) * Fraction(part) / Fraction(whole)
    found = float(wanted)
    while Fraction(found) > wanted:
        found = math.nextafter(found, 0.0)
    return found
