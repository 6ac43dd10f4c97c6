"""Records of both tables as coarse cells, for classifiers: a sample of each, one-hot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.tables.columns import Column

MOST = 20_000


@dataclass(frozen=True)
class Coded:
    """codes (records, columns) int64 below `widths`, one for each column."""

    codes: Counts
    widths: Sequence[int]

    def rows(self, some: Counts | Bools) -> "Coded":
        """Some of the records."""
        return Coded(self.codes[some], self.widths)

    def without(self, place: int) -> "Coded":
        """All columns but one."""
        return Coded(np.delete(self.codes, place, axis=1), [*self.widths[:place], *self.widths[place + 1 :]])

    def one_hot(self) -> Floats:
        """(records, sum of widths) float64 of zeros and ones."""
        found = np.zeros((self.codes.shape[0], sum(self.widths)))
        starts = np.concatenate([[0], np.cumsum(self.widths)[:-1]]).astype(np.int64)
        if self.codes.size:
            np.put_along_axis(found, self.codes + starts, 1.0, axis=1)
        return found


def original(columns: Sequence[Column], some: Counts) -> Coded:
    """Original records `some` as coarse cells."""
    return Coded(_stacked([one.coarse_before[some] for one in columns], some.size), _widths(columns))


def drawn(columns: Sequence[Column], some: Counts, source: np.random.Generator) -> Coded:
    """Records `some` of the other table: of what each value stands for, one coarse cell drawn at random, with
    the chance of its share."""
    found = []
    for one in columns:
        row, spread = one.coarse_after
        upto = np.cumsum(spread, axis=1)[row[some]]
        drawn_at = source.random((some.size, 1)) * upto[:, -1:]
        found.append((drawn_at >= upto).sum(axis=1).astype(np.int64))
    return Coded(_stacked(found, some.size), _widths(columns))


def parts(columns: Sequence[Column], whole: Bools) -> tuple[list[Column], Bools]:
    """(the columns that any record tells, (m,) the records that tell them all and are not suppressed)."""
    told = [one for one in columns if (one.generalized[1][whole] >= 0).any()]
    every = whole.copy()
    for one in told:
        every &= one.generalized[1] >= 0
    return told, every


def generalized(columns: Sequence[Column], before: Counts, after: Counts) -> tuple[Coded, Coded]:
    """Records `before` of the original and `after` of the other table on the generalized domain; records
    `after` tell all columns, see `parts`."""
    ours = [one.joined[0][before] for one in columns]
    others = [one.joined[1][after] for one in columns]
    widths = [one.joined[2] for one in columns]
    return Coded(_stacked(ours, before.size), widths), Coded(_stacked(others, after.size), widths)


def split(columns: Sequence[Column]) -> bool:
    """Whether any value stands for more than one cell; else the generalized domain is the original one."""
    return any(bool((one.sets.sizes > 1).any()) for one in columns)


def affordable(width: int, classes: int = 2) -> int:
    """Records that a classifier of `width` categories in all learns from: 20,000, and fewer where it is wide
    (a step of Newton's method takes records x width², one of several classes records x width x classes)."""
    work = width**2 if classes == 2 else 20 * width * classes
    return max(2_000, min(MOST, 1_000_000_000 // max(1, work)))


def sample(size: int, most: int, source: np.random.Generator) -> Counts:
    """All places below `size`, or `most` of them at random, ascending."""
    return np.arange(size) if size <= most else np.sort(source.permutation(size)[:most])


def _stacked(columns: Sequence[Counts], rows: int) -> Counts:
    return np.stack(columns, axis=1) if columns else np.zeros((rows, 0), np.int64)


def _widths(columns: Sequence[Column]) -> list[int]:
    return [one.coarse[1] for one in columns]
