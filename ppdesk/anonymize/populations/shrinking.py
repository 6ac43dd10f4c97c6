"""Models on the whole sample: the smallest classes are suppressed until the rest meets them, as in ARX.

Kept classes are sorted by size, then by what the quality model makes of them, then by their first record; the
suppressed ones are the first p of that order. Conditions depend on sizes alone, so p is found first, and
which of the equally large classes go is decided after.

For average risk and uniqueness a larger p meets what a smaller one meets, and p is the least (proof: taking
away the smallest class neither lowers the mean size nor raises the share of records in small classes). For
the uniqueness of the population that is no rule; p is what ARX's bisection ends at.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria.models import exact
from ppdesk.anonymize.populations.estimators import Sizes, uniques
from ppdesk.anonymize.populations.models import AverageRisk, PopulationUniqueness, SampleUniqueness
from ppdesk.anonymize.populations.thresholds import size_of

SampleModel = AverageRisk | SampleUniqueness | PopulationUniqueness


def shares(model: AverageRisk | SampleUniqueness) -> list[tuple[int, Fraction]]:
    """What is limited: (size, share): at most that share of the records in smaller classes."""
    if isinstance(model, SampleUniqueness):
        return [(2, exact(model.most, model.name))]
    return [] if model.highest is None else [(size_of(model.highest), exact(model.at_risk, model.name))]


def least_prefix(sizes: NDArray[np.int64], model: AverageRisk | SampleUniqueness, start: int) -> int:
    """The least p >= start that meets the model; `sizes` (classes,) are rising."""
    gone = np.concatenate([[0], np.cumsum(sizes)])[start:]
    left = int(sizes.sum()) - gone
    met = np.ones(len(left), bool)
    if isinstance(model, AverageRisk):
        average = exact(model.average, model.name)
        classes = len(sizes) - np.arange(start, len(sizes) + 1)
        met &= classes * average.denominator <= average.numerator * left
    for size, share in shares(model):
        small = np.maximum(0, int(sizes[sizes < size].sum()) - gone)
        met &= small * share.denominator <= share.numerator * left
    met |= left == 0
    return start + int(np.argmax(met))


def unique_enough(sizes: NDArray[np.int64], model: PopulationUniqueness) -> bool:
    """Whether classes of these sizes meet the model: an estimate above 0 and within the limit, or no record
    alone in its class."""
    if len(sizes) == 0:
        return True
    held = Sizes.of(sizes)
    if held.having(1) == 0:
        return True
    share = uniques(held, model.population, model.estimator) / model.population
    return bool(0 < share <= model.most)  # False for NaN


def bisected(count: int, start: int, met: Callable[[int], bool]) -> int:
    """Where ARX's bisection for a prefix ends; `met` tells whether p classes less meet the model, and does
    for p = count. The result does."""
    if met(start):
        return start
    low, high = start, count - 1
    middle = (low + high) // 2
    p = middle + 1
    while low <= high:
        if met(p):
            high = middle - 1
            middle = max(0, low + high) // 2  # Java rounds towards zero
            p = min(p, middle + 1)
        else:
            low = middle + 1
            middle = (low + high) // 2
            p = max(p, middle + 1)
    return p if met(p) else p + 1


def prefix(sizes: NDArray[np.int64], models: Sequence[SampleModel]) -> int:
    """How many of the smallest classes go until all models are met at once; `sizes` (classes,) are rising."""
    known: dict[tuple[int, int], bool] = {}

    def met(number: int, model: PopulationUniqueness, p: int) -> bool:
        if (number, p) not in known:
            known[number, p] = unique_enough(sizes[p:], model)
        return known[number, p]

    p, before = 0, -1
    while p != before:
        before = p
        for model in models:
            if not isinstance(model, PopulationUniqueness):
                p = least_prefix(sizes, model, p)
        for number, model in enumerate(models):
            if isinstance(model, PopulationUniqueness):
                p = bisected(len(sizes), p, lambda q, n=number, m=model: met(n, m, q))  # type: ignore[misc]
    return p


def floor(sums: NDArray[np.int64], lasting: NDArray[np.bool_], models: Sequence[SampleModel]) -> int:
    """Records that this grouping and any finer one suppress at least. `lasting` (classes,) are those of which
    any finer grouping suppresses all, whatever else is asked for.

    Average risk: the kept records of a finer grouping lie in at most as many classes here, which hold at
    least as many records and are not lasting; so some choice of classes with as many records meets the
    limit, and the largest classes do, too. Records in classes smaller than s, at most the share r: of the A
    records that are in such classes here, at most r (N - S) are among the N - S that are kept, so S >= (A -
    r N) / (1 - r). Nothing is proved for the uniqueness of the population."""
    least = 0
    for model in models:
        if isinstance(model, PopulationUniqueness):
            continue
        if isinstance(model, AverageRisk):
            sizes = np.sort(sums[~lasting])
            p = least_prefix(sizes, AverageRisk(model.average), 0)
            least = max(least, int(sums[lasting].sum()) + int(sizes[:p].sum()))
        for size, share in shares(model):
            small, records = int(sums[sums < size].sum()), int(sums.sum())
            if share < 1:
                least = max(least, -int((share * records - small) / (1 - share) // 1))
    return least
