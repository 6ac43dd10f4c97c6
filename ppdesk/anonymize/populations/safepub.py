"""(epsilon, delta)-differential privacy by SafePub: sample, generalize by a fixed scheme, suppress.

Bild, Kuhn, Prasser, SafePub: A truthful data anonymization algorithm with strong privacy guarantees, PoPETs
2018, after Li, Qardaji, Su, On sampling, anonymization, and differential privacy, 2012. The data-independent
variant: nothing is searched, nothing else of the data is looked at.

* Neighbours: tables of which one has one record more (add or remove one).
* Mechanism: each record stays with probability b <= 1 - e^-epsilon, on its own; the quasi-identifiers are
  generalized to levels that were fixed before; classes of fewer than k sampled records are left out. What
  comes out is the multiset of generalized tuples, in an order that does not depend on the table's. One
  record changes one class, and classes are sampled independently.
* Noise: the sampling, from the run's entropy; 64 random bits per record against
  floor(2^64 (1 - e^-epsilon)), so that b is never above what the theorem allows. No floating-point number
  takes part.
* Theorem: with g = 1 - (1 - b) / e^epsilon, a class of m records shows j of them with a probability that is
  more than e^epsilon times that of a class of m - 1 records only where j > g m; in the other direction, and
  for a class that is left out, the ratio stays within e^epsilon always. So delta is at most
  max over m of P[Bin(m, b) > g m and >= k], which is the largest of T(i) = P[Bin(m_i, b) >= i], i >= k, where
  m_i = ceil(i / g) - 1 is the largest m that i is too much for (between, the tail grows with m).
* k: the smallest with T(i) <= delta for all i >= k. By Chernoff T(i) <= exp(-m_i KL(g, b)), so there are
  finitely many to look at. All of it in decimal arithmetic of 60 digits; a T within 1e-20 of delta counts as
  above it.

ARX 3.9.2 asks for the same tails and takes k + 1, as its loop counts once more after it has found k;
`as_arx` does so. It is safe, too, and suppresses more.

What this covers is the released multiset. It does not cover columns that are no quasi-identifiers (they are
left out), suppressed records (left out: their number depends on the table), the number of records that were
put in, and figures of this run that are kept in the project. Hierarchies, levels, epsilon and delta must
have been chosen without looking at the table. ARX's data-dependent variant, which chooses the levels by the
exponential mechanism, is not here: its scores and their sensitivities are computed in floating point, for
which no proof holds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.populations.errors import LevelsError, PrivacyParametersError
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy

DIGITS = Context(prec=60)
_BITS = 64
_HAIR = Decimal(1) + Decimal("1e-20")
# ARX's generalization degrees: share of a hierarchy's highest level, rounded half up
DEGREES = {
    "none": 0.0,
    "low": 0.2,
    "low-medium": 0.4,
    "medium": 0.5,
    "medium-high": 0.6,
    "high": 0.8,
    "complete": 1.0,
}
SMALLEST_EPSILON, LARGEST_EPSILON = 0.001, 8.0
SMALLEST_DELTA, LARGEST_DELTA = 1e-15, 0.01


@dataclass(frozen=True)
class Plan:
    """What SafePub does for an epsilon and a delta. A record stays with probability `threshold` / 2^64."""

    epsilon: float
    delta: float
    threshold: int
    k: int

    @property
    def beta(self) -> float:
        """The sampling probability, for texts."""
        return float(Fraction(self.threshold, 2**_BITS))


def plan(epsilon: float, delta: float, *, as_arx: bool = False) -> Plan:
    """The sampling probability and k. PrivacyParametersError outside of the range that is computed."""
    inside = SMALLEST_EPSILON <= epsilon <= LARGEST_EPSILON and SMALLEST_DELTA <= delta <= LARGEST_DELTA
    if not inside:  # NaN is not inside
        raise PrivacyParametersError(epsilon=epsilon, delta=delta)
    threshold = sampling_threshold(epsilon)
    k = smallest_k(epsilon, delta, threshold)
    return Plan(epsilon, delta, threshold, k + 1 if as_arx else k)


def sampling_threshold(epsilon: float) -> int:
    """floor(2^64 (1 - e^-epsilon)), with a unit less where 60 digits do not decide."""
    with localcontext(DIGITS):
        scaled = (1 - (-Decimal(repr(epsilon))).exp()) * 2**_BITS
        return int((scaled - Decimal("1e-20")).to_integral_value(ROUND_FLOOR))


def gamma(epsilon: float, threshold: int) -> Decimal:
    """g of the theorem."""
    with localcontext(DIGITS):
        beta = Decimal(threshold) / 2**_BITS
        found: Decimal = 1 - (1 - beta) * (-Decimal(repr(epsilon))).exp()
        return found


def largest_allowing(i: int, g: Decimal) -> int:
    """m_i: the largest number of records m for which i of them are too many, i > g m."""
    with localcontext(DIGITS):
        return int((Decimal(i) / g).to_integral_value(ROUND_CEILING)) - 1


def tail(m: int, i: int, threshold: int) -> Decimal:
    """P[Bin(m, threshold / 2^64) >= i], terms below 1e-40 of the sum bounded by a geometric series."""
    if i > m:
        return Decimal(0)
    with localcontext(DIGITS):
        beta = Decimal(threshold) / 2**_BITS
        term: Decimal = Decimal(math.comb(m, i)) * beta**i * (1 - beta) ** (m - i)
        total: Decimal = term
        odds = beta / (1 - beta)
        for j in range(i, m):
            ratio = odds * (m - j) / (j + 1)
            term *= ratio
            total += term
            if ratio < Decimal("0.9") and term * 10 < total * Decimal("1e-40"):
                return total + term * 10  # not less than all that is left
        return total


def smallest_k(epsilon: float, delta: float, threshold: int) -> int:
    """The smallest k with T(i) <= delta for all i >= k."""
    with localcontext(DIGITS):
        beta = Decimal(threshold) / 2**_BITS
        g, most = gamma(epsilon, threshold), Decimal(repr(delta))
        divergence = g * (g / beta).ln() + (1 - g) * ((1 - g) / (1 - beta)).ln()
        records = int((-most.ln() / divergence).to_integral_value(ROUND_CEILING)) + 1
        i = int((g * (records + 1)).to_integral_value(ROUND_CEILING))
        while i > 0 and tail(largest_allowing(i, g), i, threshold) * _HAIR <= most:
            i -= 1
        return i + 1


def sampled(records: int, threshold: int, entropy: Entropy) -> NDArray[np.bool_]:
    """(records,) which records stay: each with probability threshold / 2^64, independently."""
    draws = np.frombuffer(entropy.take(8 * records), np.uint64)
    found: NDArray[np.bool_] = draws < np.uint64(threshold)
    return found


def scheme(hierarchies: "Sequence[Hierarchy]", degree: str, levels: Mapping[str, int]) -> tuple[int, ...]:
    """The level of each column: as `levels` say, else of `degree` (ARX: share of the highest level, half up).
    Raises LevelsError."""
    share = Fraction(str(DEGREES[degree]))
    found = []
    for one in hierarchies:
        level = levels.get(one.column, math.floor(share * (one.levels - 1) + Fraction(1, 2)))
        if not 0 <= level < one.levels:
            raise LevelsError(column=one.column, highest=one.levels - 1)
        found.append(level)
    return tuple(found)


def release(
    table: "pa.Table", hierarchies: "Sequence[Hierarchy]", levels: Sequence[int], how: Plan, entropy: Entropy
) -> "pa.Table":
    """The released records of `table`, which has the columns of `hierarchies` alone: strings, in a random
    order, nothing of what was suppressed. Raises OutsideHierarchyError."""
    import pyarrow as pa

    from ppdesk.anonymize.apply import apply, classes
    from ppdesk.anonymize.frequency import frequency_set

    sample = table.filter(pa.array(sampled(table.num_rows, how.threshold, entropy)))
    empty = pa.table({one.column: pa.array([], pa.string()) for one in hierarchies})
    if sample.num_rows == 0:
        return empty
    frequencies = frequency_set(sample, hierarchies)
    found = classes(frequencies, levels, how.k)
    stays = ~found.hidden[found.of][frequencies.row_groups]
    if not stays.any():
        return empty
    large = sample.filter(pa.array(stays))
    made = apply(
        large, hierarchies, frequency_set(large, hierarchies), levels, how.k, drop=[], entropy=entropy
    )
    return made.table.select([one.column for one in hierarchies])
