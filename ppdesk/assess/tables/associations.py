"""How strongly columns hang together, before and after, every generalized value spread evenly.

Two columns of numbers: Pearson's and Spearman's correlation. Two of categories: Cramér's V (1946). One of
each: the correlation ratio (Pearson 1905), the root of the share of the numbers' variance that lies between
categories. Categories are the coarse cells of `columns`, of which none and missing are left out.

Spread out, the two values of a record are independent within what they stand for, so that coarse cells make
every association weaker: what is told is what somebody without the original can see. Spearman's ranks are
those of each column on its own; where values are missing in pairs they are not ranked anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.tables.columns import Column
from ppdesk.assess.tables.marginals import after_table, before_table
from ppdesk.assess.tables.results import Association

_LEAST = 1e-12  # share of a variance under which it is rounding


@dataclass(frozen=True)
class Moments:
    """Of what each record stands for, (records,): mean and mean square; NaN where no number is known."""

    mean: Floats
    square: Floats


def associations(columns: Sequence[Column], tick: Callable[[], None]) -> list[Association]:
    """All pairs."""
    values = {one.name: _values(one) for one in columns if one.numbers is not None}
    found = []
    for first, second in combinations(columns, 2):
        tick()
        both = first.numbers is not None, second.numbers is not None
        names = (first.name, second.name)
        if all(both):
            one, two = values[first.name], values[second.name]
            told = [_round(correlation(one[way], two[way])) for way in range(4)]
            found.append(Association(names, "pearson", told[0], told[1], told[2], told[3]))
        elif not any(both):
            before, after = cramers_v(before_table((first, second))), cramers_v(after_table((first, second)))
            found.append(Association(names, "cramers-v", _round(before), _round(after)))
        else:
            number, words = (first, second) if both[0] else (second, first)
            ways = values[number.name]
            width = words.coarse[1]
            before = ratio(words.coarse_before, np.eye(width), ways[0])
            after = ratio(*words.coarse_after, ways[1])
            found.append(Association(names, "correlation-ratio", _round(before), _round(after)))
    return found


def _values(one: Column) -> tuple[Moments, Moments, Moments, Moments]:
    """(numbers before, after, ranks before, after)."""
    numbers = one.numbers
    if numbers is None:
        raise ValueError("no column of numbers")
    known = numbers[:-2]
    scale = float(np.sqrt(np.average((known - known.mean()) ** 2))) if known.size else 1.0
    even = (numbers - (known.mean() if known.size else 0.0)) / (scale or 1.0)
    ranks = []
    for counts in (one.before_counts, one.after_counts):
        upto = np.cumsum(counts[:-2])
        middle = (upto - counts[:-2] / 2) / (upto[-1] if upto.size and upto[-1] else 1.0)
        ranks.append(np.concatenate([middle, [np.nan, np.nan]]))
    return (
        _plain(even, one.before),
        _spread(one, even),
        _plain(ranks[0], one.before),
        _spread(one, ranks[1]),
    )


def _plain(values: Floats, cells: Counts) -> Moments:
    return Moments(values[cells], values[cells] ** 2)


def _spread(one: Column, values: Floats) -> Moments:
    means, squares = one.sets.means(values), one.sets.means(values**2)
    return Moments(means[one.labels], squares[one.labels])


def correlation(one: Moments, two: Moments) -> float | None:
    """Of the records that know both; None where one of them does not vary."""
    both = ~np.isnan(one.mean) & ~np.isnan(two.mean)
    if both.sum() < 2:
        return None
    x, y = one.mean[both], two.mean[both]
    left = float(one.square[both].mean() - x.mean() ** 2)
    right = float(two.square[both].mean() - y.mean() ** 2)
    if left < _LEAST or right < _LEAST:
        return None
    return float(((x - x.mean()) * (y - y.mean())).mean() / sqrt(left * right))


def cramers_v(table: Floats | Counts) -> float | None:
    """0..1; None where a column has one category alone. The last two cells of each side are left out."""
    table = np.asarray(table[:-2, :-2], dtype=np.float64)
    table = table[table.sum(axis=1) > 1e-9][:, table.sum(axis=0) > 1e-9]
    least = min(table.shape) - 1
    if least < 1:
        return None
    shares = table / table.sum()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return float(np.sqrt(((shares - expected) ** 2 / expected).sum() / least))


def ratio(codes: Counts, spread: Floats, numbers: Moments) -> float | None:
    """Categories (rows of `spread`, whose last two cells are left out) and numbers."""
    known = ~np.isnan(numbers.mean)
    rows = spread.shape[0]
    size = np.bincount(codes[known], minlength=rows)
    total = np.bincount(codes[known], numbers.mean[known], rows)
    square = np.bincount(codes[known], numbers.square[known], rows)
    inside = spread[:, :-2]
    weight, sums = size @ inside, total @ inside
    held = weight > 1e-9
    if held.sum() < 2:
        return None
    mean = sums[held].sum() / weight[held].sum()
    variance = float((square @ inside)[held].sum() / weight[held].sum() - mean**2)
    if variance < _LEAST:
        return None
    between = weight[held] @ (sums[held] / weight[held] - mean) ** 2 / weight[held].sum()
    return float(np.sqrt(min(1.0, max(0.0, between / variance))))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
