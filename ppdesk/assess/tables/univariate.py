"""One column at a time: how far two distributions are apart, and what is left of the detail.

Total variation is half the sum of absolute differences of shares. Jensen-Shannon divergence (Lin 1991, IEEE
Transactions on Information Theory 37) is in bits, Hellinger distance is sqrt(1 - sum sqrt(p q)). Numbers have
the Kolmogorov-Smirnov distance, the largest difference of distribution functions, and the Wasserstein-1
distance, the mean distance that numbers have to be moved, over the original's standard deviation.

A column with a hierarchy is compared on its leaves, other categories on their own, other numbers on the bins.
"""

import math
from dataclasses import replace

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.tables.columns import Column
from ppdesk.assess.tables.results import FEWEST, QUANTILES, ColumnKept


def kept(column: Column, whole: Bools) -> ColumnKept:
    """What was kept of a column. `whole` (m,): records that are not suppressed as a whole."""
    before, after = column.before_counts, column.after_counts
    missing = (_part(before[-1], before.sum()), _part(after[-1], after.sum()))
    if column.numbers is not None and not column.hierarchy:
        coarse, width = column.coarse
        one = np.bincount(coarse, before, width).astype(np.float64)
        two = np.bincount(coarse, after, width).astype(np.float64)
    else:
        one, two = before, after
    p, q = shares(one), shares(two)
    old, new, parts = (
        column.joined if column.numbers is not None and not column.hierarchy else column.generalized
    )
    new = new[whole & (new >= 0)]
    found = ColumnKept(
        column=column.name,
        numeric=column.numbers is not None,
        cells=int(((one > 0) | (two > 0)).sum()),
        tv=_told(total_variation(p, q)),
        js=_told(jensen_shannon(p, q)),
        hellinger=_told(hellinger(p, q)),
        chance=_told(by_chance(p, before.sum(), after.sum())),
        generalized=_told(total_variation(shares(np.bincount(old, minlength=parts)),
                                          shares(np.bincount(new, minlength=parts)))) if new.size else None,
        generalized_cells=parts,
        told=_told(float(column.told.mean())),
        detail=_told(detail(column)),
        missing_before=_told(missing[0]),
        missing_after=_told(missing[1]),
    )  # fmt: skip
    return found if column.numbers is None else of_numbers(found, column.numbers, before, after)


def shares(counts: Floats | Counts) -> Floats:
    """Counts over their sum; zeros where there are none."""
    return np.asarray(counts / max(1e-300, float(counts.sum())), dtype=np.float64)


def total_variation(p: Floats, q: Floats) -> float:
    """Of two lists of shares."""
    return float(np.abs(p - q).sum() / 2)


def jensen_shannon(p: Floats, q: Floats) -> float:
    """In bits, 0..1."""
    middle = (p + q) / 2
    return max(0.0, entropy(middle) - (entropy(p) + entropy(q)) / 2)


def hellinger(p: Floats, q: Floats) -> float:
    """0..1."""
    return math.sqrt(max(0.0, 1.0 - float(np.sqrt(p * q).sum())))


def entropy(p: Floats) -> float:
    """In bits."""
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def by_chance(p: Floats, n: float, m: float) -> float:
    """The mean total variation of two samples of n and m records that have the shares p, by the normal
    approximation of each share."""
    return float(np.sqrt(2 / math.pi * p * (1 - p) * (1 / n + 1 / m)).sum() / 2) if n and m else 0.0


def detail(column: Column) -> float:
    """1 - sum over labels of (their share of records x entropy of the original values under them) over the
    entropy of all: the share of the entropy that is kept. Where all records are on one level this is the
    entropy of the generalized column over that of the original, as in the non-uniform entropy of Gionis and
    Tassa (2009, IEEE TKDE 21). 1 for a column of one value. It tells how fine cells are, not whether they
    are right."""
    p = shares(column.before_counts)
    full = entropy(p)
    if full <= 0:
        return 1.0
    mass = column.sets.sums(p)
    logs = np.zeros(p.size)
    logs[p > 0] = -p[p > 0] * np.log2(p[p > 0])
    within = column.sets.sums(logs)
    held = mass > 1e-15
    lost = np.zeros(mass.size)
    # the entropy of p under a label: -sum p/P log(p/P) = (-sum p log p)/P + log P
    lost[held] = within[held] / mass[held] + np.log2(mass[held])
    records = np.bincount(column.labels, minlength=mass.size) / column.labels.size
    return min(1.0, max(0.0, 1.0 - float(records @ np.maximum(0.0, lost)) / full))


def of_numbers(found: ColumnKept, numbers: Floats, before: Floats, after: Floats) -> ColumnKept:
    """`found` with the fields for numbers; without, where either side knows fewer than FEWEST of them."""
    x, p, q = numbers[:-2], before[:-2], after[:-2]
    if p.sum() < FEWEST or q.sum() < FEWEST:
        return found
    p, q = shares(p), shares(q)
    first, second = np.cumsum(p), np.cumsum(q)
    gap = np.abs(first - second)
    mean, mean_after = float(p @ x), float(q @ x)
    deviation = math.sqrt(max(0.0, float(p @ (x - mean) ** 2)))
    return replace(
        found,
        ks=_told(float(gap.max())),
        mean_before=_digits(mean),
        mean_after=_digits(mean_after),
        deviation_before=_digits(deviation),
        deviation_after=_digits(math.sqrt(max(0.0, float(q @ (x - mean_after) ** 2)))),
        quantiles_before=tuple(_digits(quantile(x, first, one)) for one in QUANTILES),
        quantiles_after=tuple(_digits(quantile(x, second, one)) for one in QUANTILES),
        wasserstein=_told(float(gap[:-1] @ np.diff(x)) / deviation) if deviation > 0 else None,
    )


def quantile(x: Floats, cumulated: Floats, share: float) -> float:
    """The least number that at least `share` of the records do not exceed."""
    place = int(np.searchsorted(cumulated, share - 1e-12))
    return float(x[min(place, x.size - 1)])


def _part(some: float, all_of: float) -> float:
    return float(some / all_of) if all_of else 0.0


def _told(value: float) -> float:
    return round(float(value), 6)


def _digits(value: float) -> float:
    """Six significant digits."""
    return float(f"{value:.6g}")
