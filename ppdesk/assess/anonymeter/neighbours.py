"""The closest published records of each target, by Gower's similarity (1971, Biometrics 27).

A number counts with the difference over the column's range, anything else with 0 where it is equal and 1
where it is not. A generalized cell counts with the mean over the values it stands for, all held equally
likely; for a plain table that is the distance itself. Two missing numbers count 1, as with Anonymeter; two
missing values of another kind are equal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ppdesk.assess.anonymeter.gower import closest
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.columns import Column

_BATCH = 64  # targets between two looks at the clock and at who wants to stop
NUMBER, EQUAL, TABLE = 0, 1, 2


@dataclass(frozen=True)
class Distances:
    """Targets and published records over the same columns, ready for the kernel.

    `asked` (targets, columns): numbers, or codes to compare. `low`, `high` (records, columns): the same of
    the published cells.
    """

    kinds: Counts
    asked: Floats
    low: Floats
    high: Floats
    scale: Floats
    table: Floats
    table_at: Counts
    width: Counts


def prepare(columns: Sequence[Column], side: int, rows: Counts) -> Distances:
    """The records `rows` of the people's table `side` against the published records."""
    # those that tell most first, as a sum that is too large is broken off; numbers last, so that sums of
    # equal terms are equal to the last digit
    order = sorted(columns, key=lambda one: (one.numeric, one.alike, one.name))
    chosen = np.stack([one.label for one in order], axis=1)
    asked = np.zeros((rows.size, len(order)))
    low, high = np.zeros(chosen.shape), np.zeros(chosen.shape)
    kinds, width, at = (np.zeros(len(order), dtype=np.int64) for _ in range(3))
    scale = np.ones(len(order))
    tables: list[Floats] = []
    filled = 0
    for j, one in enumerate(order):
        values = one.people[side][rows].astype(np.int64)
        at[j] = filled
        if one.numeric:
            least, most, start, end = _range(one, values)
            kinds[j], scale[j] = NUMBER, (most - least) or 1.0
            asked[:, j] = one.number[values]
            low[:, j], high[:, j] = start[chosen[:, j]], end[chosen[:, j]]
        elif not one.generalized:
            kinds[j] = EQUAL
            asked[:, j] = one.anc[values, 0]
            low[:, j] = chosen[:, j]
        else:
            kinds[j], width[j] = TABLE, one.labels
            held, place = np.unique(values, return_inverse=True)
            tables.append(np.where(one.holds(held), 1 - 1 / one.size[None, :], 1.0).ravel())
            filled += tables[-1].size
            asked[:, j] = place
            low[:, j] = chosen[:, j]
    table = np.concatenate(tables) if tables else np.zeros(0)
    return Distances(kinds, asked, low, high, scale, table, at, width)


def nearest(
    found: Distances, count: int, source: np.random.Generator, tick: Callable[[float], None]
) -> Counts:
    """(targets, count) int64: the closest published records, the closest first. Of equally close ones any, by
    chance, and for each target anew, so that targets that look alike are not all right or wrong together."""
    records, targets = found.low.shape[0], found.asked.shape[0]
    order = source.permutation(records)
    low, high = found.low[order], found.high[order]
    starts = source.integers(0, records, size=(targets,))
    place = np.empty((targets, min(count, records)), dtype=np.int64)
    kernel = cast(Any, closest)
    for start in range(0, targets, _BATCH):
        tick(start / targets)
        some = slice(start, min(targets, start + _BATCH))
        kernel(
            found.kinds, found.asked[some], low, high, found.scale, found.table, found.table_at, found.width,
            starts[some], place[some],
        )  # fmt: skip
    return np.asarray(order[place])


def _range(one: Column, values: Counts) -> tuple[float, float, Floats, Floats]:
    """(least, greatest, low, high of the labels): over targets and published cells, open ends cut there."""
    every = np.concatenate([one.number[values], one.low, one.high])
    every = every[np.isfinite(every)]
    least, most = (float(every.min()), float(every.max())) if every.size else (0.0, 0.0)
    return least, most, np.clip(one.low, least, most), np.clip(one.high, least, most)
