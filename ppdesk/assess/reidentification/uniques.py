"""All combinations of columns in one walk: minimal sample uniques, and how well each tells records apart.

A minimal sample unique (MSU) of a record is a combination of columns in which no other record is like it,
while it is not unique in any part of that combination (Elliot, Manning and Ford 2002; SUDA2: Manning, Haglin
and Keane 2008). The result is theirs; the search is another one. Columns are bits. The walk goes through
combinations in the order of their number, so that all parts of a combination come before it, and each is made
from one with a bit more by splitting its groups (as TANE does; Huhtala et al. 1999). A record that is unique
leaves the partition: no larger combination is minimal for it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.effort import Progress, no_progress
from ppdesk.assess.errors import TooManyColumnsError, TooManyCombinationsError, TooManyUniquesError
from ppdesk.assess.reidentification.coding import Codes
from ppdesk.assess.reidentification.partitions import Linked, alike, note, refine
from ppdesk.assess.reidentification.sizes import combinations

MOST_COLUMNS = 62  # bits of a mask
_MOST_UNIQUES = 30_000_000  # 16 bytes each
_MOST_COMBINATIONS = 10_000_000  # each is told, which takes some 200 bytes
_ROOM = 1 << 16
_EVERY = 64  # combinations between two reports, or fewer where they are large
_LARGE = 200_000


@dataclass(frozen=True)
class Walk:
    """What was found. Bit v of a mask is column v.

    `masks` (combinations,) int64; of each, over all records, `classes` and `separated`, ordered pairs of
    records that differ, float64, and `singles` unique records: meaningless where values were left out.
    `by_size` (tuples, largest) int32: minimal sample uniques of each tuple by how many columns they have.
    `owners` (uniques,) int64 and `uniques` (uniques,) int64: the tuple and the mask of each.
    """

    largest: int
    masks: Counts
    classes: Counts
    separated: Floats
    singles: Counts
    by_size: NDArray[np.int32]
    owners: Counts
    uniques: Counts


def walk(
    codes: Codes, sizes: tuple[int, ...], counts: Counts, largest: int, progress: Progress = no_progress
) -> Walk:
    """Go through all combinations of up to `largest` columns. `codes` (columns, tuples) int32, all tuples
    different, -1 where a value is to be left out: no unique has it, and it is like nothing; `counts`
    (tuples,) int64 records. Work: at most combinations x tuples, about 10 ns each; memory: 16 bytes for each
    minimal sample unique. TooManyColumnsError, TooManyCombinationsError,
    TooManyUniquesError."""
    if len(codes) > MOST_COLUMNS:
        raise TooManyColumnsError(columns=len(codes), most=MOST_COLUMNS)
    many = combinations(len(codes), largest)
    if many > _MOST_COMBINATIONS:
        raise TooManyCombinationsError(combinations=many, columns=len(codes), largest=largest)
    # few values first: the column of the highest bit is split least often, and should split most
    order = [int(one) for one in np.argsort(np.array(sizes), kind="stable")]
    found = _Walking(codes[order], [sizes[one] for one in order], counts, min(largest, len(codes)), progress)
    found.go()
    return found.done(order)


@dataclass(frozen=True)
class _Node:
    """A combination: `mask` of `width` columns, its partition, and what its settled tuples come to."""

    mask: int
    width: int
    members: NDArray[np.int32]
    starts: Counts
    classes: float
    pairs: float  # ordered pairs of records that are alike
    singles: int


class _Walking:
    def __init__(
        self, codes: Codes, sizes: list[int], counts: Counts, largest: int, progress: Progress
    ) -> None:
        self._codes, self._sizes, self._counts = np.ascontiguousarray(codes), sizes, counts
        self._largest, self._progress = largest, progress
        self._pairs = float(counts.sum()) * (float(counts.sum()) - 1.0)
        self._known = Linked(
            np.full(codes.shape, -1, np.int64),
            np.empty((_ROOM, 2), np.int64),
            np.zeros((len(counts), largest), np.int32),
        )
        self._used = 0
        self._told: list[tuple[int, int, float, int]] = []
        self._all, self._since = combinations(len(sizes), largest), 0

    def go(self) -> None:
        """The whole walk."""
        members = np.arange(len(self._counts), dtype=np.int32)
        self._below(_Node(0, 0, members, np.array([0, len(members)]), 0.0, 0.0, 0), len(self._sizes))

    def _below(self, node: _Node, top: int) -> None:
        """All combinations that are `node` with columns below `top`."""
        for column in range(top):
            self._report(len(node.members))
            members, starts, alone, settled = refine(
                self._codes[column], self._sizes[column], self._counts, node.members, node.starts
            )
            made = _Node(
                mask=node.mask | 1 << column,
                width=node.width + 1,
                members=members,
                starts=starts,
                classes=node.classes + settled[0],
                pairs=node.pairs + settled[1],
                singles=node.singles + len(alone),
            )
            if len(alone):
                self._note(made.mask, alone)
            apart = self._pairs - made.pairs - alike(self._counts, members, starts)
            self._told.append((made.mask, int(made.classes) + len(starts) - 1, apart, made.singles))
            if made.width < self._largest and column:
                self._below(made, column)

    def _report(self, members: int) -> None:
        self._since += 1 + _EVERY * members // _LARGE
        if self._since >= _EVERY:
            self._since = 0
            share = len(self._told) / self._all
            self._progress(share, f"Combination {len(self._told) + 1:,} of {self._all:,}")

    def _note(self, mask: int, alone: NDArray[np.int32]) -> None:
        needed, room = self._used + len(alone), len(self._known.links)
        if needed > room:
            if needed > _MOST_UNIQUES:
                raise TooManyUniquesError(most=_MOST_UNIQUES, largest=self._largest)
            more = np.empty((min(_MOST_UNIQUES, max(needed, 2 * room)) - room, 2), np.int64)
            self._known = self._known._replace(links=np.concatenate([self._known.links, more]))
        self._used = int(note(mask, alone, self._known, self._used))

    def done(self, order: list[int]) -> Walk:
        """With masks of the columns as they came: column v of the walk is `order[v]`."""
        owners = np.full(self._used, -1, np.int64)
        for first in self._known.first:
            at, who = first, np.arange(len(first), dtype=np.int64)
            while (has := at >= 0).any():
                at, who = at[has], who[has]
                owners[at] = who
                at = self._known.links[at, 1]
        told = sorted(self._told)
        return Walk(
            largest=self._largest,
            masks=_renamed(np.array([one[0] for one in told], np.int64), order),
            classes=np.array([one[1] for one in told], np.int64),
            separated=np.array([one[2] for one in told], np.float64),
            singles=np.array([one[3] for one in told], np.int64),
            by_size=self._known.by_size,
            owners=owners,
            uniques=_renamed(self._known.links[: self._used, 0], order),
        )


def _renamed(masks: Counts, order: list[int]) -> Counts:
    """Bit v of `masks` becomes bit order[v]."""
    found = np.zeros_like(masks)
    for bit, column in enumerate(order):
        found |= ((masks >> bit) & 1) << column
    return found
