"""Counts of cells, with noise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.histogram.cells import Cells, Codes, pairs_of
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending, Whole


@dataclass(frozen=True)
class Noise:
    """The shares of mu^2 of columns, pairs and scores."""

    spending: Spending
    columns: float
    pairs: float
    scores: float


@dataclass(frozen=True)
class Counts:
    """Noisy numbers of records, of any shape, and the standard deviation of the noise on each."""

    values: Floats
    noise: float


def noisy(exact: Whole, squared: int, spending: Spending | None, share: float) -> Counts:
    """`exact` counts with noise. `squared`: how many of them one record is in."""
    if spending is None:
        return Counts(exact.astype(np.float64), 0.0)
    whole = squared * COUNT_UNIT**2
    found = spending.noisy(exact * COUNT_UNIT, whole, share, disjoint=True)
    return Counts(found / COUNT_UNIT, spending.scale(whole, share, disjoint=True) / COUNT_UNIT)


def count_columns(codes: tuple[Codes, ...], cells: Cells, noise: Noise | None) -> list[Counts]:
    """Of each column, (width,)."""
    exact = [
        np.bincount(code, minlength=width).astype(np.int64)
        for code, width in zip(codes, cells.widths, strict=True)
    ]
    spending, share = (noise.spending, noise.columns) if noise else (None, 1.0)
    found = noisy(np.concatenate(exact), len(codes), spending, share)
    ends = np.cumsum(cells.widths)[:-1]
    return [Counts(one, found.noise) for one in np.split(found.values, ends)]


def count_pairs(
    codes: tuple[Codes, ...], cells: Cells, noise: Noise | None, tick: Callable[[], None]
) -> dict[tuple[int, int], Counts]:
    """Of each pair of columns, (width, width), all together one answer."""
    pairs = pairs_of(len(codes))
    spending, share = (noise.spending, noise.pairs) if noise else (None, 1.0)
    found = {}
    exact = []
    for a, b in pairs:
        tick()
        many = cells.widths[a] * cells.widths[b]
        exact.append(np.bincount(codes[a] * cells.widths[b] + codes[b], minlength=many).astype(np.int64))
    answer = noisy(np.concatenate(exact), len(pairs), spending, share)
    ends = np.cumsum([len(one) for one in exact])[:-1]
    for (a, b), one in zip(pairs, np.split(answer.values, ends), strict=True):
        found[a, b] = Counts(one.reshape(cells.widths[a], cells.widths[b]), answer.noise)
    return found
