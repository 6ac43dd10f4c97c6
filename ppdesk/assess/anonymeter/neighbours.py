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

from ppdesk.assess.anonymeter.gower import closest, one_closest
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.columns import Column

_BATCH = 64  # targets between two looks at the clock and at who wants to stop
NUMBER, EQUAL, TABLE = 0, 1, 2


@dataclass(frozen=True)
class Distances:
    """Targets and distinct published records over the same columns, ready for the kernel.

    `asked` (targets, columns): numbers, or codes to compare. `low`, `high` (distinct, columns): the same of
    the published cells. `member` (records,): the distinct record of each.
    """

    kinds: Counts
    asked: Floats
    low: Floats
    high: Floats
    scale: Floats
    table: Floats
    table_at: Counts
    width: Counts
    member: Counts


def prepare(columns: Sequence[Column], side: int, rows: Counts) -> Distances:
    """The records `rows` of the people's table `side` against the published records."""
    order = sorted(columns, key=lambda one: (not one.numeric, one.name))
    labels = np.stack([one.label for one in order], axis=1)
    member, first = _distinct(labels)
    chosen = labels[first]
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
    return Distances(kinds, asked, low, high, scale, table, at, width, member)


def nearest(
    found: Distances, count: int, source: np.random.Generator, tick: Callable[[float], None]
) -> Counts:
    """(targets, count) int64: the closest published records, the closest first. Of equally close ones any, by
    chance, and for each target anew, so that targets that look alike are not all right or wrong together."""
    records, targets = found.member.size, found.asked.shape[0]
    count = min(count, records)
    place = np.empty((targets, count), dtype=np.int64)
    single, several = cast(Any, one_closest), cast(Any, closest)
    counts = starts = order = np.zeros(0, dtype=np.int64)
    within, chances = np.empty(targets, dtype=np.int64), np.zeros(0)
    if count == 1:
        counts = np.bincount(found.member).astype(np.int64)
        low, high, chances = found.low, found.high, source.random(size=(targets,))
    else:
        order = source.permutation(records)
        low, high = found.low[found.member[order]], found.high[found.member[order]]
        starts = source.integers(0, records, size=(targets,))
    for start in range(0, targets, _BATCH):
        tick(start / targets)
        some = slice(start, min(targets, start + _BATCH))
        asked = (
            found.kinds, found.asked[some], low, high, found.scale, found.table, found.table_at, found.width,
        )  # fmt: skip
        if count == 1:
            single(*asked, counts, chances[some], place[some, 0], within[some])
        else:
            several(*asked, starts[some], place[some])
    if count > 1:
        return np.asarray(order[place])
    by_member = np.argsort(found.member, kind="stable")
    begin = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return np.asarray(by_member[begin[place[:, 0]] + within])[:, None]


def _distinct(labels: Any) -> tuple[Counts, Counts]:
    """(the distinct row of each row, the first row of each distinct one)."""
    keys = np.zeros(labels.shape[0], dtype=np.int64)
    for j in range(labels.shape[1]):
        joint = keys * (int(labels[:, j].max(initial=0)) + 1) + labels[:, j]
        keys = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    _, first = np.unique(keys, return_index=True)
    return keys, np.asarray(first, dtype=np.int64)


def _range(one: Column, values: Counts) -> tuple[float, float, Floats, Floats]:
    """(least, greatest, low, high of the labels): over targets and published cells, open ends cut there."""
    every = np.concatenate([one.number[values], one.low, one.high])
    every = every[np.isfinite(every)]
    least, most = (float(every.min()), float(every.max())) if every.size else (0.0, 0.0)
    return least, most, np.clip(one.low, least, most), np.clip(one.high, least, most)
