"""ARX's quality models that the released cells alone decide, for releases whose values may be on any level.

1 is the input, 0 keeps nothing, each scaled between the least and the most that can be lost, as in
`anonymize.release_quality`, which has all of them for releases with one level for each column.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.tables.columns import Column, Declared


class Kept(NamedTuple):
    """`value` of all columns together, None where not defined; `columns` by name."""

    name: str
    value: float | None
    columns: dict[str, float]


def measures(columns: Sequence[Column], declared: Sequence[Declared], whole: Bools) -> list[Kept]:
    """Of the columns that have a hierarchy. `whole` (m,): records that are not suppressed as a whole."""
    ours = [(one, two) for one, two in zip(columns, declared, strict=True) if two.rows]
    if not ours:
        return []
    leaves = np.array([float(len(two.rows or ())) for _, two in ours])
    covered = np.stack(
        [
            np.where(whole, _covered(one, rows)[one.labels], rows)
            for (one, _), rows in zip(ours, leaves, strict=True)
        ]
    )
    names = [one.name for one, _ in ours]
    granularity = {
        name: scaled(float(share.mean()), 1 / rows, 1.0)
        for name, share, rows in zip(names, covered / leaves[:, None], leaves, strict=True)
    }
    before = _classes([one.before for one, _ in ours])
    classes = _classes([one.labels[whole] for one, _ in ours]) if whole.any() else np.zeros(0)
    records, suppressed = float(whole.size), float((~whole).sum())
    squares = float(classes @ classes) + suppressed * records
    ambiguity = float(np.prod(covered, axis=0).mean())
    return [
        Kept("granularity", sum(granularity.values()) / len(granularity), granularity),
        Kept(
            "aecs", scaled(float(classes.mean()), before.mean(), before.sum()) if classes.size else None, {}
        ),
        Kept("discernibility", scaled(squares, float(before @ before), records**2), {}),
        Kept("ambiguity", scaled(ambiguity, 1.0, float(np.prod(leaves))), {}),
    ]


def scaled(value: float, least: float, most: float) -> float:
    """1 where as little is lost as can be, 0 where all is."""
    return 1.0 if most <= least else min(1.0, max(0.0, 1.0 - (value - least) / (most - least)))


def _covered(one: Column, rows: float) -> Floats:
    """(labels,) leaves under each label."""
    return np.where(one.sets.every, rows, np.maximum(1.0, one.sets.sizes))


def _classes(codes: Sequence[Counts]) -> Floats:
    """Sizes of the classes of equal records."""
    keys = np.zeros(codes[0].size, np.int64)
    for one in codes:
        keys = np.unique(keys * (int(one.max(initial=0)) + 1) + one, return_inverse=True)[1].astype(np.int64)
    return np.bincount(keys).astype(np.float64)
