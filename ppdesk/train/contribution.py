"""What one person can contribute to training: which records are kept, and what epsilon one record gets.

The mechanism of `logistic` bounds what ONE record of its table can do. A guarantee for a larger unit rests on
group privacy: a mechanism that is (e, 0)-DP for one record is (g e, 0)-DP for tables that differ in g of them
(Dwork and Roth 2014, theorem 2.2; Vadhan 2017, lemma 2.2). So it runs at epsilon / g, rounded down, where g
(see `group_privacy.group`) comes from two declared numbers:

- `most_rows` (m): a person's records are those with the same id. At most m of them are kept, chosen at random
  and without a look at any value (contribution bounding, as in Wilson and others 2020, "Differentially
  Private SQL with Bounded User Contribution").
- `stability` (s): how many records of the table that was cleaned can change when one record of the imported
  file is replaced (McSherry 2009, PINQ, section 3).

Why g = m without cleaning that reaches other records (s = 1). Take two tables that differ in the records of
one person p alone: p's are replaced by those of somebody else whose id is not in the table, any number of
them and with any values, none as well. Each record gets a random priority, and each id keeps its m records of
the highest; each id is held out or not by a draw of its own. Both see places and which places share an id,
never another value. Give all other records the same order of priorities, and all other ids the same draws:
that leaves the draws of each table as they should be. Then the others keep the same records on the same side,
and the trained parts are at most m replacements apart (a removal moves the sums by less than a replacement).
A mixture over draws cannot be told apart better than its worst pair. Somebody else with an id of the table
already, or a person who shares an id with others, lets others of that id in or out: up to 2 m, told too.

Why g = 2 m s where s > 1. A person with at most m records in the IMPORTED file changes at most m s records of
the cleaned table: so many are taken out and so many put in, also of other ids. One that is taken out lets
the next of its id in, one that is put in drives another out: at most 2 m s records leave and as many enter.
Bounding after cleaning cannot take back what more than m records did to others, so this holds for persons
with at most m records in the imported file. That is told beside the claim.

A record without an id, or with nothing but white space for one, could be anybody's, also a person's who has
m others already. It is kept out of training and of the test, by a look at that record alone, and counted; the
proof holds as for a record that is dropped. To refuse the table for it would let one record decide whether
there is a model.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.train.errors import MissingColumnError

if TYPE_CHECKING:
    import pyarrow as pa

    Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Bounded:
    """Which records may be used. `codes`, (n,) int64: records of one person share a number from 0; -1 without
    an id. `kept`, (n,) bool: with an id, and among the m of its person."""

    codes: "npt.NDArray[np.int64]"
    kept: "Bools"

    @property
    def persons(self) -> int:
        """Different ids."""
        return int(self.codes.max()) + 1 if self.codes.size else 0

    @property
    def without_id(self) -> int:
        """Records that have none."""
        return int((self.codes < 0).sum())

    @property
    def over(self) -> int:
        """Records with an id that were not kept."""
        return int(((self.codes >= 0) & ~self.kept).sum())


def bound(table: "pa.Table", column: str, most_rows: int, entropy: Entropy) -> Bounded:
    """At most `most_rows` random records of each id in `column`; ids are compared as they are written.

    MissingColumnError where the column is not there.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if column not in table.column_names:
        raise MissingColumnError(column=column)
    ids = table.column(column).cast(pa.string()).combine_chunks()
    if isinstance(ids, pa.ChunkedArray):  # of an empty table, by version of pyarrow
        ids = pa.concat_arrays(ids.chunks) if ids.num_chunks else pa.array([], pa.string())
    # nothing but space names nobody: it would make one person of all who have it
    ids = pc.if_else(pc.equal(pc.utf8_trim_whitespace(ids), ""), pa.scalar(None, pa.string()), ids)
    places = pc.fill_null(ids.dictionary_encode().indices, -1)
    codes = places.to_numpy(zero_copy_only=False).astype(np.int64)
    return Bounded(codes, (codes >= 0) & chosen(codes, most_rows, entropy))


def chosen(codes: "npt.NDArray[np.int64]", most_rows: int, entropy: Entropy) -> "Bools":
    """Whether each record is among the `most_rows` of its code, (n,) bool, by random priorities alone."""
    priority = _generator(entropy).permutation(codes.size)
    order = np.lexsort((priority, codes))
    ranks = np.empty(codes.size, dtype=np.int64)
    sorted_codes = codes[order]
    first = np.searchsorted(sorted_codes, sorted_codes, side="left")
    ranks[order] = np.arange(codes.size) - first
    return np.asarray(ranks < most_rows)


def split_persons(bounded: Bounded, share: float, entropy: Entropy) -> "Bools":
    """Whether each record is held out, (n,) bool: all kept records of each person whose own draw, of chance
    `share`, says so. Nobody stands on both sides. Records that are not kept are not held out either.

    A draw for each, not a fixed number of persons: that a person goes must not move another one across.
    """
    held = np.zeros(bounded.persons + 1, dtype=np.bool_)  # the last: records without an id, code -1
    held[:-1] = _generator(entropy).random(bounded.persons) < share
    return np.asarray(held[bounded.codes] & bounded.kept)


def _generator(entropy: Entropy) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(entropy.take(32), "big"))
