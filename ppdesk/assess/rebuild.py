"""A release made again from its table, level by level, to know which record is which."""

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


def reconstruct(
    original: "pa.Table", release: "pa.Table", hierarchies: Hierarchies, levels: Mapping[str, int], k: int
) -> "tuple[pa.Table, Bools] | None":
    """The release in the order of the original table, and which records it suppressed, (n,) bool.

    A release has a random order. As it follows from the table, the levels and k, it can be made again in the
    table's order: every column at its level, a record suppressed where fewer than k look like it. None where
    that is not, record for record, the same table as `release`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if original.num_rows != release.num_rows or not levels or not set(levels) <= set(hierarchies):
        return None
    if not set(release.column_names) <= set(original.column_names):
        return None
    keys = np.zeros(original.num_rows, dtype=np.int64)
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in release.column_names:
        columns[name] = original.column(name)
        if name in levels:
            columns[name] = generalize(original.column(name), hierarchies[name], levels[name])
            codes = columns[name].dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
            joint = keys * (int(codes.max()) + 2) + codes + 1
            keys = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    hidden: Bools = (np.bincount(keys) < k)[keys]
    made = pa.table(columns)
    blank = pa.array([SUPPRESSED], pa.string()).take(pa.array(np.zeros(made.num_rows, dtype=np.int64)))
    shown = made
    for name in levels:
        cells = pc.if_else(pa.array(hidden), blank, made.column(name))
        shown = shown.set_column(shown.column_names.index(name), name, cells)
    order = [(name, "ascending") for name in release.column_names]
    same = shown.sort_by(order).equals(release.sort_by(order))
    return (made, hidden) if same else None
