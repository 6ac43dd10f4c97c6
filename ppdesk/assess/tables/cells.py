"""What the labels of a released column stand for: sets of cells, held so that a million of them are cheap.

A label stands for one cell, for a run of neighbouring cells (an interval of sorted numbers), for listed cells
(the leaves that a hierarchy puts under it), or for anything (a suppressed cell).
"""

from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats

_ROUNDED = (10**9, 1_000, 100, 20, 8, 4, 2)  # parts of the whole, until few enough rows differ


@dataclass(frozen=True)
class Sets:
    """For each of the labels, what it stands for. Exactly one form holds for a label.

    one (labels,): its cell, -1 where it has another form. low, high (labels,): the run low..high-1 of those
    cells that are in `base`, empty for another form. start (labels + 1,), members: listed cells. every
    (labels,) bool: anything, that is all of `base`. base (cells,) bool: the cells of the original domain.
    """

    one: Counts
    low: Counts
    high: Counts
    start: Counts
    members: Counts
    every: Bools
    base: Bools

    @property
    def sizes(self) -> Floats:
        """(labels,) how many cells each stands for."""
        upto = self._upto
        found = np.where(self.one >= 0, 1, upto[self.high] - upto[self.low]) + np.diff(self.start)
        return np.where(self.every, self.base.sum(), found).astype(np.float64)

    @property
    def _upto(self) -> Counts:
        return np.concatenate([[0], np.cumsum(self.base)]).astype(np.int64)

    @property
    def _owner(self) -> Counts:
        return np.repeat(np.arange(self.one.size), np.diff(self.start)).astype(np.int64)

    def spread(self, counts: Floats) -> Floats:
        """(cells,) the weights `counts` of the labels, each shared evenly among its cells."""
        cells = self.base.size
        each = counts / np.maximum(1, self.sizes)
        single = self.one >= 0
        found = np.bincount(self.one[single], counts[single], cells)
        found += np.bincount(self.members, each[self._owner], cells)
        run = self.high > self.low
        steps = np.bincount(self.low[run], each[run], cells + 1)
        steps -= np.bincount(self.high[run], each[run], cells + 1)
        found += np.where(self.base, np.cumsum(steps)[:-1], 0.0)
        found += np.where(self.base, each[self.every].sum(), 0.0)
        return np.asarray(np.maximum(found, 0.0), dtype=np.float64)

    def sums(self, values: Floats) -> Floats:
        """(labels,) the sum of `values` (cells,) over each label's cells."""
        found = np.where(self.one >= 0, values[np.maximum(0, self.one)], 0.0)
        found += np.bincount(self._owner, values[self.members], self.one.size)
        upto = np.concatenate([[0.0], np.cumsum(np.where(self.base, values, 0.0))])
        run = self.high > self.low
        found[run] += upto[self.high[run]] - upto[self.low[run]]
        found[self.every] = values[self.base].sum()
        return np.asarray(found, dtype=np.float64)

    def means(self, values: Floats) -> Floats:
        """(labels,) the mean of `values` (cells,) over each label's cells; cells that are NaN do not count,
        and a label of such alone is NaN."""
        known = ~np.isnan(values)
        weight = self.sums(known.astype(np.float64))
        total = self.sums(np.where(known, values, 0.0))
        return np.asarray(np.where(weight > 0, total / np.maximum(weight, 1), np.nan), dtype=np.float64)

    def components(self) -> Counts:
        """(cells,) the finest parts of the domain of which no label is split, numbered from 0. What stands
        for anything does not count."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        cells = self.base.size
        first = self.members[self.start[:-1][self._owner]] if self.members.size else self.members
        run = self.high > self.low
        cover = np.bincount(self.low[run], minlength=cells + 1)
        cover = np.cumsum(cover - np.bincount(np.maximum(self.low, self.high - 1)[run], minlength=cells + 1))
        linked = np.flatnonzero(cover[:-1] > 0)
        left = np.concatenate([self.members, linked])
        right = np.concatenate([first, np.minimum(linked + 1, cells - 1)])
        graph = coo_array((np.ones(left.size, np.int8), (left, right)), shape=(cells, cells))
        _, found = connected_components(graph, directed=False)
        return np.asarray(found, dtype=np.int64)

    def any_cell(self) -> Counts:
        """(labels,) one cell of each label; -1 for what stands for anything."""
        found = np.where(self.one >= 0, self.one, np.where(self.high > self.low, self.low, -1))
        filled = np.diff(self.start) > 0
        found[filled] = self.members[self.start[:-1][filled]]
        found[self.every] = -1
        return np.asarray(found, dtype=np.int64)

    def rows(self, coarse: Counts, width: int, counts: Floats, most: int) -> tuple[Counts, Floats]:
        """((labels,) row, (rows, width) float64): the shares of `width` coarse cells in what labels stand
        for; equal rows once. `coarse` (cells,) is the coarse cell of each, `counts` (labels,) the records.

        Where more than `most` rows differ, those that are alike are one, their mean by records, so that the
        shares of the column stay what they are."""
        single = self.one >= 0
        row = np.where(single, coarse[np.maximum(0, self.one)], 0)
        spread = np.eye(width)
        rest = np.flatnonzero(~single)
        if not rest.size:
            return row.astype(np.int64), spread
        made = np.zeros((rest.size, width))
        place = np.zeros(self.one.size, np.int64)
        place[rest] = np.arange(rest.size)
        np.add.at(made, (place[self._owner], coarse[self.members]), 1.0)
        for cell in range(width):
            upto = np.concatenate([[0], np.cumsum(self.base & (coarse == cell))])
            made[:, cell] += upto[self.high[rest]] - upto[self.low[rest]]
            made[self.every[rest], cell] = upto[-1]
        made /= np.maximum(1.0, made.sum(axis=1, keepdims=True))
        groups = made.argmax(axis=1)  # where no rounding makes few enough
        for parts in _ROUNDED:
            found = np.unique(np.rint(made * parts), axis=0, return_inverse=True)[1].reshape(-1)
            if found.max(initial=0) < most:
                groups = found
                break
        weights = np.maximum(counts[rest], 1e-9)  # a label that nobody has must not divide by nothing
        kept = np.zeros((int(groups.max()) + 1, width))
        np.add.at(kept, groups, made * weights[:, None])
        row[rest] = width + groups
        return row.astype(np.int64), np.vstack(
            [spread, kept / np.maximum(1e-300, kept.sum(axis=1, keepdims=True))]
        )
