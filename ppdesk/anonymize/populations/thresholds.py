"""Class sizes that models come down to. Pure arithmetic."""

import math
from fractions import Fraction

from ppdesk.anonymize.populations.models import CellSizes, EstimatedKMap, Profitability

NEVER = (1 << 31) - 1  # no class is that large


def estimated(model: EstimatedKMap, records: int) -> int:
    """The class size in the table from which on a class has k people in the population.

    A class of k people has X ~ Poisson(k * records / population) records in the table (truncated at zero: X
    given X > 0). With c the least number for which P(X <= c) >= 1 - significance, a class of fewer than k
    people shows c + 1 records with a probability of at most the significance, so c + 1 records are asked
    for. ARX 3.9.2 asks for c + 2 with the Poisson estimator, and for c + 1 with the truncated one; that is
    done here too, unless `smallest` is set. Never more than k, as no class has more records than people, nor
    more than the table has records.
    """
    rate = model.k * records / model.population
    truncated = model.cells is CellSizes.ZERO_TRUNCATED
    scale = -math.expm1(-rate) if truncated else 1.0
    term, total, c = math.exp(-rate), 0.0, 0
    if not truncated:
        total = term
    while True:
        if (c > 0 or not truncated) and total / scale >= 1.0 - model.significance:
            break
        if c + 1 >= model.k:
            return min(model.k, records)
        c += 1
        term = math.exp(c * math.log(rate) - rate - math.lgamma(c + 1))
        total += term
    more = 1 if truncated or model.smallest else 2
    return min(model.k, records, c + more)


def no_attack(model: Profitability) -> int:
    """The least class size from which on no attack pays: the first above gain / cost (ARX)."""
    if model.gain == 0:
        return 1
    if model.cost == 0:
        return NEVER
    ratio = Fraction(repr(model.gain)) / Fraction(repr(model.cost))
    size = math.floor(ratio) + 1 if ratio.denominator == 1 else math.ceil(ratio)
    return min(size, NEVER)


def size_of(highest: float) -> int:
    """The class size that a highest risk asks for: 1 / highest rounded up, but down where that stays within
    one percent of the risk (ARX ParameterTranslation)."""
    size = 1.0 / highest
    floor = math.floor(size)
    if 1.0 / floor - 1.0 / size >= 0.01 * highest:
        floor += 1
    return int(floor)
