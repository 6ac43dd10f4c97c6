"""Generalizing a column by its hierarchy, and which records of a release are suppressed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Bools

if TYPE_CHECKING:
    import pyarrow as pa

SUPPRESSED = "*"
Hierarchies = Mapping[str, Sequence[Sequence[str]]]  # column -> rows of [value, level 1, ..., "*"]


def suppressed_rows(release: "pa.Table", generalized: Sequence[str]) -> Bools:
    """(n,) bool: records with "*" in every generalized column."""
    import pyarrow.compute as pc

    mask = np.full(release.num_rows, bool(generalized))
    for name in generalized:
        mask &= pc.fill_null(pc.equal(release.column(name), SUPPRESSED), False).to_numpy()
    return mask


def generalize(column: "pa.ChunkedArray", rows: Sequence[Sequence[str]], level: int) -> "pa.Array":
    """The column taken to `level` of its hierarchy; null for values the hierarchy does not hold.

    A missing value stands for the value "", where the hierarchy has one.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    place = pc.index_in(column.fill_null(""), value_set=pa.array([row[0] for row in rows], pa.string()))
    labels = pa.array([row[level] for row in rows], pa.string())
    taken = labels.take(place)
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken
