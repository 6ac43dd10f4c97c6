"""Records that lack a quasi-identifier, under three rules.

own-category: missing is a value like any other, equal to itself alone. A record's class is then a part of all
that a wildcard would match, so whatever meets k here meets it with wildcards, too. The default, as in ARX.

conservative: a record that lacks a quasi-identifier is suppressed whatever the levels, and is counted in no
class, as if each missing value hid a different one. Those records count to the suppression limit. For the
others this is sdcMicro's freqCalc with alpha = 0, where keys with missing values do not add to the frequency
of complete ones (Templ, Kowarik and Meindl, Journal of Statistical Software 67(4), 2015). The optimum is that
of the complete records.

wildcard (sdcMicro's alpha = 1): a missing value matches every value. Matches are no equivalence (30 matches
missing, missing matches 40, 30 does not match 40), so there are no classes to search over and suppressing one
record takes matches from others: not offered. It counts complete records as hidden by incomplete ones,
although who knows all values would look at an exact match first.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.hierarchies import TOP
from ppdesk.anonymize.masking.errors import MissingOverLimitError
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa


def lacking(rows: "pa.Table", quasi: Sequence[str]) -> NDArray[np.bool_]:
    """(rows,) bool: which records lack one of the columns `quasi`."""
    found = np.zeros(rows.num_rows, np.bool_)
    for name in quasi:
        found |= np.asarray(rows.column(name).is_null())
    return found


def limit_of_rest(records: int, hidden: int, limit: float) -> float:
    """The share of the `records` - `hidden` others that may be suppressed where `limit` (a share of all)
    holds for both. MissingOverLimitError where the hidden ones alone are too many, or nothing else is
    left."""
    most = math.floor(limit * records)
    rest = records - hidden
    if hidden > most or rest == 0:
        raise MissingOverLimitError(suppressed=hidden, limit=most)
    return min(1.0, (most - hidden + 0.5) / rest)  # the half keeps floor(share * rest) from losing one


def put_back(released: "pa.Table", hidden: "pa.Table", quasi: Sequence[str], entropy: Entropy) -> "pa.Table":
    """`released` and the `hidden` records with "*" in each of `quasi`, all in a new random order."""
    import pyarrow as pa

    from ppdesk.anonymize.apply import random_order

    columns = {}
    for name in released.column_names:
        mine = hidden.column(name)
        if name in quasi:
            mine = pa.chunked_array([pa.array([TOP] * hidden.num_rows, pa.string())])
        columns[name] = pa.chunked_array([*released.column(name).chunks, *mine.chunks], pa.string())
    both = pa.table(columns)
    return both.take(pa.array(random_order(both.num_rows, entropy)))


def classes_of(quasi: "Sequence[pa.ChunkedArray]") -> NDArray[np.int64]:
    """(rows,) int64: the class of each record by its released quasi-identifiers; -1 where all are "*"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys, hidden = np.zeros(len(quasi[0]), np.int64), np.ones(len(quasi[0]), np.bool_)
    for column in quasi:
        codes = np.asarray(column.combine_chunks().dictionary_encode().indices.fill_null(-1), np.int64) + 1
        joint = keys * (int(codes.max(initial=0)) + 1) + codes
        keys = np.unique(joint, return_inverse=True)[1].reshape(-1).astype(np.int64)
        hidden &= np.asarray(pc.fill_null(pc.equal(column, pa.scalar(TOP)), False))
    return np.where(hidden, -1, keys)
