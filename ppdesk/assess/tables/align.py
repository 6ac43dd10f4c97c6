"""Which record of a release is which of the original table, where that can be known.

A release has a random order. One with a level for each generalized column can be made again from its table:
every column at its level, a record suppressed where no released record looks like it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Bools, Counts
from ppdesk.assess.rebuild import SUPPRESSED, Hierarchies, generalize, suppressed_rows

if TYPE_CHECKING:
    import pyarrow as pa


def aligned(
    original: "pa.Table", release: "pa.Table", hierarchies: Hierarchies, levels: Mapping[str, int]
) -> "pa.Table | None":
    """The release in the order of the original table. None where it cannot be made again, record for record.

    Whatever rule suppressed a class, it did so to all of it, so a class is kept or is not in the release.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if original.num_rows != release.num_rows or not levels or not set(levels) <= set(hierarchies):
        return None
    if not set(release.column_names) <= set(original.column_names):
        return None
    made = {name: original.column(name).cast(pa.string()) for name in release.column_names}
    made.update({name: generalize(original.column(name), hierarchies[name], levels[name]) for name in levels})
    gone = suppressed_rows(release, list(levels))
    if all(row[level] == SUPPRESSED for name, level in levels.items() for row in hierarchies[name]):
        gone[:] = False
    mine, theirs = keys([made[name] for name in levels], [release.column(name) for name in levels])
    hidden: Bools = ~np.isin(mine, theirs[~gone])
    blank = pa.array([SUPPRESSED], pa.string()).take(pa.array(np.zeros(original.num_rows, np.int64)))
    shown = {
        name: pc.if_else(pa.array(hidden), blank, column) if name in levels else column
        for name, column in made.items()
    }
    names = release.column_names
    one, two = keys([shown[name] for name in names], [release.column(name) for name in names])
    same = np.array_equal(np.sort(one), np.sort(two))
    return pa.table(shown) if same else None


def keys(one: "list[pa.Array]", two: "list[pa.Array]") -> tuple[Counts, Counts]:
    """((n,), (m,)) int64: equal where the rows of the columns are, also across both."""
    import pyarrow as pa

    size = len(one[0])
    keys = np.zeros(size + len(two[0]), np.int64)
    for left, right in zip(one, two, strict=True):
        chunks = [*_chunks(left), *_chunks(right)]
        coded = pa.chunked_array(chunks, pa.string()).combine_chunks().dictionary_encode("encode")
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        keys = np.unique(keys * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1].astype(
            np.int64
        )
    return keys[:size], keys[size:]


def _chunks(column: "pa.Array | pa.ChunkedArray") -> "list[pa.Array]":
    import pyarrow as pa

    text = column.cast(pa.string())
    return text.chunks if isinstance(text, pa.ChunkedArray) else [text]
