"""Several columns at a time: two-way tables, and the k-marginal score of NIST's SDNist.

The score of a k-way table is 1000 (1 - TV), TV the total variation of the two tables' shares; the k-marginal
score is its mean over the tables of k columns (all of them, or a random choice without replacement where
there are too many). 1000 is alike, 0 nothing in common. (Task, Bhagat, Streat, Howarth 2023, "SDNist v2",
NIST; K-Marginal of the NIST PSCR 2020 Temporal Map Challenge, where features are drawn with replacement.)

What a score means is told by its sampling equivalent, as in SDNist: the share of the original records of
which a random sample has the same score beside all of them.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.tables.columns import Column
from ppdesk.assess.tables.results import Marginals, PairKept

MOST = 60  # tables of three or more columns that are compared
SHARES = (0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


def before_table(columns: Sequence[Column]) -> Counts:
    """(coarse cells,) x columns: original records."""
    widths = [one.coarse[1] for one in columns]
    return np.asarray(_counted([one.coarse_before for one in columns], widths).reshape(widths))


def after_table(columns: Sequence[Column]) -> Floats:
    """(coarse cells,) x columns: records of the other table, each spread evenly over what it stands for."""
    rows = [one.coarse_after if len(columns) <= 2 else one.few_after for one in columns]
    heights = [spread.shape[0] for _, spread in rows]
    found = _counted([codes for codes, _ in rows], heights).reshape(heights).astype(np.float64)
    for _, spread in rows:  # the first axis is contracted, and its cells become the last
        found = np.tensordot(found, spread, axes=([0], [0]))
    return np.asarray(found)


def distance(one: Floats | Counts, two: Floats | Counts) -> float:
    """Total variation of two tables of counts."""
    return float(np.abs(one / max(1e-300, one.sum()) - two / max(1e-300, two.sum())).sum() / 2)


def generalized(columns: Sequence[Column], whole: Bools) -> float | None:
    """Total variation on the generalized domain (at most 26 cells of a column), among records that tell a
    value in all of `columns` and are not suppressed (`whole`, (m,) bool); None where there is none."""
    old = np.zeros(columns[0].before.size, np.int64)
    new = np.zeros(columns[0].labels.size, np.int64)
    told = whole.copy()
    for one in columns:
        before, after, width = one.joined
        old, new, told = old * width + before, new * width + np.maximum(0, after), told & (after >= 0)
    new = new[told]
    if not new.size:
        return None
    most = int(max(old.max(), new.max())) + 1
    return distance(np.bincount(old, minlength=most), np.bincount(new, minlength=most))


def pairs(columns: Sequence[Column], whole: Bools, tick: Callable[[], None]) -> list[PairKept]:
    """All two-way tables."""
    found = []
    for two in combinations(columns, 2):
        tick()
        other = generalized(two, whole)
        found.append(
            PairKept(
                (two[0].name, two[1].name),
                round(distance(before_table(two), after_table(two)), 6),
                None if other is None else round(other, 6),
            )
        )
    return found


def marginals(
    columns: Sequence[Column],
    order: int,
    whole: Bools,
    source: np.random.Generator,
    tick: Callable[[], None],
) -> Marginals | None:
    """The k-marginal score of `order` columns at a time; None where there are fewer columns."""
    possible = comb(len(columns), order)
    if possible == 0:
        return None
    chosen = (
        [*combinations(range(len(columns)), order)]
        if possible <= MOST
        else _some(len(columns), order, source)
    )
    sizes = [max(1, round(share * columns[0].before.size)) for share in SHARES]
    apart, told, sampled = [], [], np.zeros(len(SHARES))
    for places in chosen:
        tick()
        some = [columns[place] for place in places]
        before = before_table(some)
        apart.append(distance(before, after_table(some)))
        other = generalized(some, whole)
        if other is not None:
            told.append(other)
        flat = before[before > 0]
        for at, size in enumerate(sizes):
            drawn = source.multivariate_hypergeometric(flat, size, method="marginals")
            sampled[at] += distance(flat, drawn)
    score = 1000 * (1 - float(np.mean(apart)))
    scores = 1000 * (1 - sampled / len(chosen))
    return Marginals(
        order=order,
        tables=len(chosen),
        possible=possible,
        score=round(score, 3),
        generalized=round(1000 * (1 - float(np.mean(told))), 3) if told else None,
        equivalent=round(equivalent(score, scores), 6),
        samples=tuple((share, round(float(one), 3)) for share, one in zip(SHARES, scores, strict=True)),
    )


def equivalent(score: float, scores: Floats) -> float:
    """The share of records at which samples have this score, between those tried on a log scale; 1 for a
    score of 1000, and no less than the least share tried."""
    shares, known = np.log([*SHARES, 1.0]), np.maximum.accumulate([*scores, 1000.0])
    return float(np.exp(np.interp(score, known, shares)))


def _some(columns: int, order: int, source: np.random.Generator) -> list[tuple[int, ...]]:
    found: set[tuple[int, ...]] = set()
    while len(found) < MOST:
        found.add(tuple(sorted(source.choice(columns, order, replace=False).tolist())))
    return sorted(found)


def _counted(codes: Sequence[Counts], widths: Sequence[int]) -> Counts:
    key = codes[0]
    for code, width in zip(codes[1:], widths[1:], strict=True):
        key = key * width + code
    return np.bincount(key, minlength=int(np.prod(widths))).astype(np.int64)
