"""Where the centres start: from noisy one-way counts and a noisy sketch of the records, then k-means on the
sketch, with as many restarts as one likes, since that is post-processing.

1. Counts of every column (16 even bins, or the categories): a record is in one cell of each of C columns,
   so the squared sensitivity is C; records are in equal or other cells, so replacing one doubles it.
2. Reference points are drawn from these counts, column by column, so they lie where records are; one look
   (`steps`) tells how many records are nearest to each and where their middle is.
3. Weighted k-means with k-means++ (Arthur and Vassilvitskii 2007) on the sketch gives the first centres.

A sketch of many more points than k avoids what spoils plain private Lloyd iterations, two centres in one
cluster (compare the grid of Su, Cao, Li, Bertino and Jin 2016, which needs few columns, and the trees of
Chang and Kamath 2021).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.train.clusters.steps import Look, look, nearest, radii_of
from ppdesk.train.moments.coding import Coding, Floats, place_of
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric

BINS = 16
_RESTARTS = 16
_ROUNDS = 30


@dataclass(frozen=True)
class Marginals:
    """`shares`: one array a column, that adds up to one; `rows`: the noisy number of records."""

    shares: tuple[Floats, ...]
    rows: float


def marginals(records: Records, spending: Spending | None, share: float) -> Marginals:
    """Noisy one-way counts as shares; without `spending` exact ones."""
    counts = []
    for values, column in zip(records.values, records.schema.columns, strict=True):
        if isinstance(column, Numeric):
            place = place_of(np.asarray(values, dtype=np.float64), column)
            place = np.where(np.isnan(place), 0.5, place)
            cells, width = np.clip((place * BINS).astype(np.int64), 0, BINS - 1), BINS
        else:
            width = len(column.categories) + 1
            cells = np.clip(values, 0, width - 1).astype(np.int64)
        counts.append(np.bincount(cells, minlength=width))
    exact = np.concatenate(counts).astype(np.int64) * COUNT_UNIT
    squared = len(counts) * COUNT_UNIT**2
    found = exact if spending is None else spending.noisy(exact, squared, share, disjoint=True)
    noise = 0.0 if spending is None else spending.scale(squared, share, disjoint=True)
    ends = np.cumsum([len(one) for one in counts])[:-1]
    rows = float(found.sum()) / len(counts) / COUNT_UNIT
    return Marginals(
        tuple(_shares(one / COUNT_UNIT, noise / COUNT_UNIT) for one in np.split(found, ends)), rows
    )


def references(coding: Coding, found: Marginals, many: int, generator: np.random.Generator) -> Floats:
    """Coded points, (many, d), each column drawn from its shares."""
    points = np.zeros((many, coding.width))
    for block, shares in zip(coding.blocks, found.shares, strict=True):
        cells = generator.choice(len(shares), many, p=shares)
        if block.numeric:
            places = (cells + generator.random(many)) / len(shares)
            points[:, block.start] = np.rint((2 * places - 1) * coding.grid)
        else:
            points[np.arange(many), block.start + cells] = coding.category
    return points


def sketch(
    records: Records,
    coding: Coding,
    points: Floats,
    *,
    spending: Spending | None,
    share: float,
    tick: Callable[[], None],
) -> tuple[Floats, Floats]:
    """(points (m, d), weights (m,)): the middle of the records around each reference, and how many."""
    seen: Look = look(
        records,
        coding,
        points,
        radii_of(points, coding.squared**0.5),
        spending=spending,
        share=share,
        tick=tick,
    )
    weights = np.where(seen.counts > seen.noise, seen.counts, 0.0)
    if not weights.any():
        weights = np.ones(len(points))
    return points + seen.shifts, weights


def cluster(points: Floats, weights: Floats, many: int, generator: np.random.Generator) -> Floats:
    """The best of some runs of weighted k-means: centres (many, d)."""
    best, least = points[:1].repeat(many, axis=0), np.inf
    for _ in range(_RESTARTS):
        centres = _spread_out(points, weights, many, generator)
        for _ in range(_ROUNDS):
            near = nearest(points, centres)
            mass = np.bincount(near, weights, many)
            chosen = np.eye(many)[near].T * weights
            moved = np.where(mass[:, None] > 0, chosen @ points / np.maximum(mass, 1e-300)[:, None], centres)
            if np.array_equal(moved, centres):
                break
            centres = moved
        loss = float(weights @ ((points - centres[nearest(points, centres)]) ** 2).sum(axis=1))
        if loss < least:
            best, least = centres, loss
    return best


def _spread_out(points: Floats, weights: Floats, many: int, generator: np.random.Generator) -> Floats:
    """k-means++."""
    chosen = [int(generator.choice(len(points), p=weights / weights.sum()))]
    squared = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(many - 1):
        chances = weights * squared
        total = chances.sum()
        flat = np.full(len(points), 1 / len(points))
        chosen.append(int(generator.choice(len(points), p=chances / total if total > 0 else flat)))
        squared = np.minimum(squared, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _shares(counts: Floats, noise: float) -> Floats:
    """Shares of cells that stand out from the noise; even where none does."""
    kept = np.where(counts > noise, counts, 0.0)
    total = kept.sum()
    return kept / total if total > 0 else np.full(len(counts), 1 / len(counts))
