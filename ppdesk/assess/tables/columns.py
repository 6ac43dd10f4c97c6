"""A column of two tables over one list of cells.

The cells are the values of the original column and the leaves of its hierarchy, and for a column of numbers
also the other table's numbers, in ascending order; then one for values that are none of these, and one for
missing. A cell of the other table stands for a set of cells: a generalized value for the leaves under it on
its level (where no level holds for the whole column: on any level), an interval for the numbers inside, a
suppressed value for anything. Two ways to compare follow:

- *spread out*: each set is shared evenly among its cells. What somebody knows who has that table and the
  hierarchies alone.
- *generalized*: both tables in the finest cells of which no released value is split. What the release says,
  taken at its word; suppressed cells are left out.

For tables of several columns, cells are joined to some 12 to 26 coarse ones: numbers to ten bins that hold
like numbers of original records, categories to the 23 most frequent and the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.rebuild import SUPPRESSED
from ppdesk.assess.tables.cells import Sets
from ppdesk.assess.tables.labels import intervals, listed
from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa

BINS = 10
_CATEGORIES = 24
_ROWS, _FEW = 1_500, 100  # kinds of what records stand for: of one or two columns, and of more


@dataclass(frozen=True)
class Declared:
    """What is declared of a column. `rows`: its hierarchy, [value, level 1, ...] each, where it has one;
    `level`: the one level that the other table has it on, None where values may be on any."""

    name: str
    numeric: bool
    rows: Sequence[Sequence[str]] | None = None
    level: int | None = None


@dataclass(frozen=True)
class Column:
    """`numbers` (cells,) float64 ascending, then NaN twice, of a column of numbers; None for another.
    `before` (n,) the cell of each original record; `labels` (m,) the label of each other record, and `sets`
    what it stands for. The last two cells: none of the values, and missing."""

    name: str
    numbers: Floats | None
    hierarchy: bool
    before: Counts
    labels: Counts
    sets: Sets

    @property
    def cells(self) -> int:
        return self.sets.base.size

    @cached_property
    def before_counts(self) -> Floats:
        """(cells,) original records."""
        return np.bincount(self.before, minlength=self.cells).astype(np.float64)

    @cached_property
    def after_counts(self) -> Floats:
        """(cells,) records of the other table, spread out."""
        return self.sets.spread(np.bincount(self.labels, minlength=self.sets.one.size).astype(np.float64))

    @cached_property
    def told(self) -> Bools:
        """(m,) whether the record tells anything of the column."""
        return np.asarray(~self.sets.every[self.labels])

    @cached_property
    def generalized(self) -> tuple[Counts, Counts, int]:
        """((n,), (m,), number of parts): the part of each record; -1 where nothing is told."""
        parts = self.sets.components()
        cell = self.sets.any_cell()
        shown = np.where(cell >= 0, parts[np.maximum(0, cell)], -1)[self.labels]
        seen = np.unique(np.concatenate([parts[self.sets.base], parts[self.before], shown]))
        number = np.full(int(parts.max()) + 2, -1, np.int64)
        number[seen[seen >= 0]] = np.arange((seen >= 0).sum())
        return number[parts[self.before]], number[shown], int((seen >= 0).sum())

    @cached_property
    def joined(self) -> tuple[Counts, Counts, int]:
        """As `generalized`, more than 24 parts joined to coarse cells, each to that of its first cell."""
        if self.generalized[2] <= _CATEGORIES:
            return self.generalized
        coarse, width = self.coarse
        parts = self.sets.components()
        first = np.full(int(parts.max()) + 1, parts.size, np.int64)
        np.minimum.at(first, parts, np.arange(parts.size))
        of, cell = coarse[first[parts]], self.sets.any_cell()
        shown = np.where(cell >= 0, of[np.maximum(0, cell)], -1)
        return of[self.before], shown[self.labels], width

    @cached_property
    def coarse(self) -> tuple[Counts, int]:
        """((cells,) the coarse cell of each, how many there are)."""
        cells = self.cells
        found = np.zeros(cells, np.int64)
        if self.numbers is not None and cells > _CATEGORIES:
            upto = np.cumsum(self.before_counts[:-2])
            last = upto[-1] if upto.size else 0.0
            edges = np.unique(np.searchsorted(upto, last * np.arange(1, BINS) / BINS)) + 1
            found[:-2] = np.searchsorted(edges, np.arange(cells - 2), side="right")
            width = int(found[:-2].max(initial=0)) + 1
        elif cells - 2 > _CATEGORIES:
            often = np.argsort(-self.before_counts[:-2], kind="stable")[: _CATEGORIES - 1]
            found[:-2] = _CATEGORIES - 1
            found[often] = np.arange(_CATEGORIES - 1)
            width = _CATEGORIES
        else:
            width = cells - 2
            found[:-2] = np.arange(width)
        found[-2:] = width, width + 1
        return found, width + 2

    @cached_property
    def coarse_before(self) -> Counts:
        """(n,) coarse cells."""
        return np.asarray(self.coarse[0][self.before])

    @cached_property
    def coarse_after(self) -> tuple[Counts, Floats]:
        """((m,) row, (rows, coarse) shares of what the record stands for), some 1,500 rows at most."""
        return self._rows(_ROWS)

    @cached_property
    def few_after(self) -> tuple[Counts, Floats]:
        """The same with some 120 rows at most."""
        return self.coarse_after if len(self.coarse_after[1]) <= _FEW + _CATEGORIES else self._rows(_FEW)

    def _rows(self, most: int) -> tuple[Counts, Floats]:
        counts = np.bincount(self.labels, minlength=self.sets.one.size).astype(np.float64)
        row, spread = self.sets.rows(*self.coarse, counts, most)
        used, again = np.unique(row[self.labels], return_inverse=True)
        return again.astype(np.int64), spread[used]


def column(
    declared: Declared,
    original: "pa.ChunkedArray",
    other: "pa.ChunkedArray",
    decimal: DecimalMark = DecimalMark.POINT,
) -> Column:
    """Both columns are strings; null is missing. The leaf "" of a hierarchy is missing, too."""
    codes, values = _encoded(original)
    labels, texts = _encoded(other)
    leaves = [row[0] for row in declared.rows or ()]
    known = list(dict.fromkeys([*values, *leaves]))
    numeric: Floats | None = None
    if declared.numeric:
        of_values, of_texts = _of_numbers(known, decimal), _of_numbers(texts, decimal)
        numeric = np.unique(np.concatenate([of_values, of_texts]))
        numeric = numeric[~np.isnan(numeric)]
        cells = numeric.size + 2
        place = np.where(np.isnan(of_values), cells - 2, np.searchsorted(numeric, of_values))
    else:
        cells = sum(one != "" for one in known) + 2
        place = np.arange(len(known))
        if "" in known:
            place[place > known.index("")] -= 1
    place = np.array([cells - 1 if one == "" else at for one, at in zip(known, place, strict=True)], np.int64)
    of = dict(zip(known, place.tolist(), strict=True))
    base = np.zeros(cells, np.bool_)
    base[[of[one] for one in (leaves or values)]] = True
    if not leaves and (codes < 0).any():
        base[cells - 1] = True
    before = np.append(place[: len(values)], cells - 1)[codes]
    sets = _sets(texts, declared, of, base, (numeric, decimal))
    if numeric is not None:
        numeric = np.concatenate([numeric, [np.nan, np.nan]])
    ends = np.where(labels < 0, len(texts), labels)
    return Column(declared.name, numeric, declared.rows is not None, before, ends, sets)


def _encoded(column: "pa.ChunkedArray") -> tuple[Counts, list[str]]:
    """((n,) codes, values); -1 for missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def _of_numbers(texts: Sequence[str], decimal: DecimalMark) -> Floats:
    import pyarrow as pa

    found = numbers(pa.array(texts, pa.string()), decimal)
    return np.where(np.isinf(found), np.nan, found)


def _sets(
    texts: Sequence[str],
    declared: Declared,
    of: dict[str, int],
    base: Bools,
    numbers_of: tuple[Floats | None, DecimalMark],
) -> Sets:
    """One set for each text, and a last one for missing."""
    numeric, decimal = numbers_of
    cells, n = base.size, len(texts)
    one = np.full(n + 1, -1, np.int64)
    one[n] = cells - 1
    low, high = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    every = np.zeros(n + 1, np.bool_)
    owner, members = _under(texts, declared, of)
    counted = np.bincount(owner, minlength=n + 1)
    open_ = counted == 0
    open_[n] = False
    for label in np.flatnonzero(open_).tolist():
        text = texts[label]
        if text in of:
            one[label] = of[text]
        elif text == SUPPRESSED:
            every[label] = True
        elif (inside := listed(text)) is not None and all(item in of for item in inside):
            more = np.unique([of[item] for item in inside])
            owner = np.concatenate([owner, np.full(more.size, label)])
            members = np.concatenate([members, more])
        else:
            continue
        open_[label] = False
    rest = np.flatnonzero(open_)
    if numeric is not None and rest.size:
        found = _of_numbers([texts[label] for label in rest.tolist()], decimal)
        plain = ~np.isnan(found)
        one[rest[plain]] = np.searchsorted(numeric, found[plain])
        rest = rest[~plain]
        _runs(
            rest,
            intervals([texts[label] for label in rest.tolist()], decimal),
            numeric,
            base,
            (one, low, high),
        )
        rest = rest[(one[rest] < 0) & (high[rest] <= low[rest])]
    one[rest] = cells - 2
    order = np.argsort(owner, kind="stable")
    sizes = np.bincount(owner, minlength=n + 1)
    whole = sizes >= max(2, int(base.sum()))  # a label that covers all says nothing
    every |= whole
    keep = ~whole[owner[order]]
    members = members[order][keep]
    sizes[whole] = 0
    run = high > low
    upto = np.concatenate([[0], np.cumsum(base)])
    full = run & (upto[high] - upto[low] >= max(2, int(base[:-2].sum())))
    every |= full
    high[full] = low[full]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Sets(one, low, high, start, members.astype(np.int64), every, base)


def _under(texts: Sequence[str], declared: Declared, of: dict[str, int]) -> tuple[Counts, Counts]:
    """(label, cell) of all pairs of a label and a leaf that the hierarchy puts under it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = declared.rows
    if not rows or not texts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    cell = np.array([of[row[0]] for row in rows], np.int64)
    wanted = pa.array(texts, pa.string())
    levels = range(len(rows[0])) if declared.level is None else (declared.level,)
    found = []
    for level in levels:
        label = pc.index_in(pa.array([row[level] for row in rows], pa.string()), value_set=wanted)
        here = pc.is_valid(label).to_numpy(zero_copy_only=False)
        found.append(
            np.stack([pc.fill_null(label, 0).to_numpy(zero_copy_only=False)[here], cell[here]]).astype(
                np.int64
            )
        )
    both = np.unique(np.concatenate(found, axis=1), axis=1)
    return both[0], both[1]


def _runs(
    labels: Counts,
    found: tuple[Floats, Floats, Bools, Bools],
    numeric: Floats,
    base: Bools,
    into: tuple[Counts, Counts, Counts],
) -> None:
    """Intervals as runs of cells; one that holds no known number is the known number closest to it."""
    least, most, least_in, most_in = found
    here = ~np.isnan(least)
    if not here.any() or not numeric.size:
        return
    one, low, high = into
    known = np.flatnonzero(base[: numeric.size])
    if not known.size:
        return
    labels, least, most = labels[here], least[here], most[here]
    first = np.where(
        least_in[here], np.searchsorted(numeric, least), np.searchsorted(numeric, least, "right")
    )
    last = np.where(most_in[here], np.searchsorted(numeric, most, "right"), np.searchsorted(numeric, most))
    upto = np.concatenate([[0], np.cumsum(base)])
    last = np.maximum(first, last)
    filled = upto[last] > upto[first]
    low[labels[filled]], high[labels[filled]] = first[filled], last[filled]
    near = np.clip(np.searchsorted(numeric[known], least[~filled]), 0, known.size - 1)
    one[labels[~filled]] = known[near]
