"""Counts of a sensitive attribute per group: rows enter once, then groups are merged into classes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled

if TYPE_CHECKING:
    import pyarrow as pa


class Histogram(NamedTuple):
    """Group g has the entries `start[g]` to `start[g + 1]`: `values` int32 codes and `counts` int64."""

    start: NDArray[np.int64]
    values: NDArray[np.int32]
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class Sensitive:
    """A sensitive attribute: its distinct values ("" is missing), (values,) int64 records with each, and the
    histogram of each group of the frequency set."""

    labels: tuple[str, ...]
    totals: NDArray[np.int64]
    histogram: Histogram


@compiled
def tally(groups: Any, codes: Any, size: int, width: int) -> Any:
    """The histogram of rows with a group (below `size`) and a code (below `width`) each, both int32."""
    n = groups.shape[0]
    ends = np.zeros(size + 1, np.int64)
    for i in range(n):
        ends[groups[i] + 1] += 1
    for g in range(size):
        ends[g + 1] += ends[g]
    at = ends[:-1].copy()
    rows = np.empty(n, np.int32)
    for i in range(n):
        rows[at[groups[i]]] = codes[i]
        at[groups[i]] += 1
    ones = np.ones(n, np.int64)
    return merge(Histogram(ends, rows, ones), np.arange(size).astype(np.int32), size, width)


@compiled
def merge(held: Any, ids: Any, size: int, width: int) -> Any:
    """The histogram of classes: `ids` (groups,) int32 says the class, below `size`, of each group of `held`;
    codes are below `width`."""
    groups = ids.shape[0]
    ends = np.zeros(size + 1, np.int64)
    for g in range(groups):
        ends[ids[g] + 1] += 1
    for c in range(size):
        ends[c + 1] += ends[c]
    members = np.empty(groups, np.int32)
    at = ends[:-1].copy()
    for g in range(groups):
        members[at[ids[g]]] = g
        at[ids[g]] += 1
    start = np.zeros(size + 1, np.int64)
    values = np.empty(held.values.shape[0], np.int32)
    counts = np.empty(held.values.shape[0], np.int64)
    place = np.full(width, -1, np.int64)  # where the class at hand has its entry of a value
    used = np.int64(0)
    for c in range(size):
        begin = used
        for member in range(ends[c], ends[c + 1]):
            g = members[member]
            for entry in range(held.start[g], held.start[g + 1]):
                value = held.values[entry]
                found = place[value]
                if found < begin:
                    place[value] = used
                    values[used] = value
                    counts[used] = held.counts[entry]
                    used += 1
                else:
                    counts[found] += held.counts[entry]
        start[c + 1] = used
    return Histogram(start, values[:used].copy(), counts[:used].copy())


def sensitive(column: "pa.ChunkedArray", row_groups: NDArray[np.int32], groups: int) -> Sensitive:
    """The values of a column of strings, counted in the groups of a frequency set."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded: Any = pc.dictionary_encode(pa.chunked_array(column.fill_null("")).combine_chunks())
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    labels = tuple(coded.dictionary.to_pylist())
    totals = np.bincount(codes, minlength=len(labels)).astype(np.int64)
    return Sensitive(labels, totals, tally(row_groups, codes, groups, len(labels)))
