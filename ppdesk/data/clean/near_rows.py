"""Near duplicates among rows."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ppdesk.core.said import said_count
from ppdesk.data.clean.cells import as_column
from ppdesk.data.clean.counts import Effect, Working
from ppdesk.data.clean.groups import group_numbers
from ppdesk.data.clean.near import MOST, Clusters, Pair, jaro_winkler_pairs, levenshtein_pairs, within_share
from ppdesk.data.clean.row_operations import FuzzyDuplicates, Likeness, NearRow

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


class TooManyTextsError(ValueError):
    """More texts in one block than are compared."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def near_duplicates(
    working: Working, op: FuzzyDuplicates, cancelled: Callable[[], bool] = lambda: False
) -> Effect:
    """Rows whose text is like that of an earlier row of their block; chains count (single linkage), and the
    earliest row of a cluster stays. Case and repeated spaces do not count. Rows without any text, or with a
    missing value in a block column, are never near another. TooManyTextsError."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    table = working.table
    # a missing value is an empty one: null_handling="skip" of Arrow drops rows that have nothing else
    joined = pc.binary_join_element_wise(
        *[pc.fill_null(table.column(name), "") for name in op.columns], "\x1f"
    )
    text = pc.utf8_lower(pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r"\s+", " ")))
    can = np.asarray(pc.match_substring_regex(text, r"[^\s\x1f]"))
    for name in op.block:
        can &= np.asarray(table.column(name).is_valid())
    places = np.flatnonzero(can)
    leader = np.arange(table.num_rows)
    if len(places):
        some = pa.table(
            {
                "block": pa.array(group_numbers(table, op.block)[places]).cast(pa.string()),
                "text": text.take(pa.array(places)),
            }
        )
        leader[places] = places[_leaders(some, op, cancelled)]
    near = leader != np.arange(table.num_rows)
    notes = (
        said_count(
            "{count:,} row nearly like an earlier one.",
            "{count:,} rows nearly like an earlier one.",
            int(near.sum()),
        ),
    )
    if op.action is NearRow.FLAG:
        return Effect(table.append_column(op.into, _numbers(leader, near)), notes=notes)
    if op.action is NearRow.QUARANTINE:
        return Effect(table, aside=near, notes=notes)
    return Effect(table, dropped=near, notes=notes)


def _leaders(some: "pa.Table", op: FuzzyDuplicates, cancelled: Callable[[], bool]) -> "NDArray[np.int64]":
    """For each row the first row of its cluster."""
    import numpy as np

    codes = group_numbers(some, ("block", "text"))
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    by_first = np.argsort(first)  # nodes in the order in which the table has them
    rank = np.empty_like(by_first)
    rank[by_first] = np.arange(len(by_first))
    first, node = first[by_first], rank[inverse]
    texts = some["text"].take(first).to_pylist()
    _, blocks = np.unique(group_numbers(some, ("block",))[first], return_inverse=True)
    order = np.argsort(blocks, kind="stable")
    ends = np.flatnonzero(np.diff(blocks[order])) + 1
    clusters = Clusters(len(texts))
    for members in np.split(order, ends):
        if len(members) > MOST:
            raise TooManyTextsError(len(members))
        if len(members) > 1:
            for one, two in _pairs([texts[at] for at in members], op, cancelled):
                clusters.join(int(members[one]), int(members[two]))
    found: NDArray[np.int64] = first[np.asarray(clusters.names())][node]
    return found


def _pairs(texts: list[str], op: FuzzyDuplicates, cancelled: Callable[[], bool]) -> Iterator[Pair]:
    if op.likeness is Likeness.LEVENSHTEIN:
        return levenshtein_pairs(texts, within_share(op.threshold), cancelled)
    return jaro_winkler_pairs(texts, op.threshold, cancelled)


def _numbers(leader: "NDArray[np.int64]", near: "NDArray[np.bool_]") -> "pa.ChunkedArray":
    """The number of the cluster, from 1 in the order of the table; missing for rows that are alone."""
    import numpy as np
    import pyarrow as pa

    heads = np.unique(leader[near])
    place = np.searchsorted(heads, leader)
    inside = np.isin(leader, heads)
    return as_column(pa.array(place + 1, mask=~inside))
