"""Predicates on records ("age >= 71 and education is Doctorate"), and how many records each is true for.

A predicate is a list of clauses, one a column. On a published table a clause is true for a cell where it is
true for all that the cell stands for. No clause but MISSING is true for a missing value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.assess.anonymeter.matching import matches
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.linkage.columns import Codes, Column

TRUE, MISSING, PRESENT, GE, LE, GT, LT, INSIDE, OUTSIDE, IN, NOT_IN = range(11)
Tick = Callable[[], None]  # called between columns; may raise to stop
Side = tuple[Floats, Floats, Codes | None]  # low, high; of what is no number the labels of each code
_NESTED = 3_000  # labels of a column up to which it is worked out which label lies within which


@dataclass(frozen=True)
class Predicates:
    """n predicates of m clauses. `column`, `op` (n, m) int64; `low`, `high` (n, m) float64: the numbers of a
    clause, or the label in `low`."""

    column: Counts
    op: Counts
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return int(self.op.shape[0])

    def some(self, chosen: "Bools | Counts") -> "Predicates":
        return Predicates(self.column[chosen], self.op[chosen], self.low[chosen], self.high[chosen])

    def keys(self) -> list[bytes]:
        """Equal for equal predicates."""
        order = np.argsort(self.column, axis=1, kind="stable")
        parts = [
            np.take_along_axis(part.astype(np.float64), order, axis=1)
            for part in (self.column, self.op, self.low, self.high)
        ]
        whole = np.ascontiguousarray(np.concatenate(parts, axis=1))
        return [row.tobytes() for row in whole]

    def joined(self, other: "Predicates") -> "Predicates":
        pairs = zip(
            (self.column, self.op, self.low, self.high),
            (other.column, other.op, other.low, other.high),
            strict=True,
        )
        return Predicates(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Records:
    """Distinct records with, for each column, which ones a clause can be true for. `rows`: how many."""

    rows: int
    numeric: Bools
    low: Floats  # (columns, rows): the numbers, or the code; NaN: missing
    high: Floats
    order: Counts  # rows sorted by low and by high, or by label, column after column
    sorted: Floats
    start: Counts  # (columns, 2): where in `order` those of low and of high begin, or of labels
    labels: Counts  # where in `order` each label begins
    label_at: Counts  # (columns,): where in `labels` a column begins
    anc: Codes  # codes -> labels that stand for them, flat
    anc_at: Counts
    anc_wide: Counts

    def count(self, asked: Predicates, most: int) -> Counts:
        """(predicates,) int64: for how many records each is true; counting stops at `most`."""
        found = np.zeros(len(asked), dtype=np.int64)
        kernel: Any = matches
        kernel(
            asked.column, asked.op, asked.low, asked.high, self.numeric, self.low, self.high, self.order,
            self.sorted, self.start, self.labels, self.label_at, self.anc, self.anc_at, self.anc_wide,
            most, found,
        )  # fmt: skip
        return found


def of_people(columns: Sequence[Column], side: int, tick: Tick) -> Records:
    """The distinct records of the people's table `side`."""
    codes = np.stack([one.people[side] for one in columns], axis=1)
    codes = codes[distinct_rows(codes, tick)]
    sides: list[Side] = []
    for j, one in enumerate(columns):
        code = codes[:, j].astype(np.int64)
        if one.numeric:
            sides.append((one.number[code], one.number[code], None))
        else:
            number = np.where(code == one.missing, np.nan, code)
            sides.append((number, number, one.anc))
    return _records(columns, codes.shape[0], sides, tick)


def of_published(columns: Sequence[Column], tick: Tick) -> tuple[Records, Codes]:
    """(the distinct published records, (rows, columns) their labels)."""
    labels = np.stack([one.label for one in columns], axis=1)
    labels = labels[distinct_rows(labels, tick)]
    sides: list[Side] = []
    for j, one in enumerate(columns):
        code = labels[:, j].astype(np.int64)
        if one.numeric:
            sides.append((one.low[code], one.high[code], None))
        else:
            number = np.where(missing_labels(one)[code], np.nan, code)
            sides.append((number, number, _within(one)))
    return _records(columns, labels.shape[0], sides, tick), labels


def missing_labels(one: Column) -> Bools:
    """(labels,): cells that stand for a missing value."""
    found = np.arange(one.labels) == one.empty
    return np.asarray(found)


def distinct_rows(codes: Codes, tick: Tick) -> Counts:
    """The first of each group of equal rows, in their order."""
    keys = np.zeros(codes.shape[0], dtype=np.int64)
    for j in range(codes.shape[1]):
        tick()
        joint = keys * (int(codes[:, j].max(initial=0)) + 1) + codes[:, j]
        keys = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    return np.sort(np.unique(keys, return_index=True)[1]).astype(np.int64)


def _within(one: Column) -> Codes:
    """(labels, m): the labels that stand for all that a label stands for, itself first."""
    own = np.arange(one.labels, dtype=np.int32)[:, None]
    if not one.generalized or one.labels > _NESTED:
        return own
    holds = one.holds(np.arange(one.values)).astype(np.float32)
    inside = holds.sum(axis=0)
    nested = (holds.T @ holds >= inside[:, None]) & (inside > 0)[:, None] & ~one.everything[None, :]
    np.fill_diagonal(nested, val=True)
    wide = int(nested.sum(axis=1).max(initial=1))
    found = np.full((one.labels, wide), -1, dtype=np.int32)
    for g in range(one.labels):
        named = np.flatnonzero(nested[g])
        found[g, : named.size] = named
    return found


def _records(columns: Sequence[Column], rows: int, sides: Sequence[Side], tick: Tick) -> Records:
    count = len(columns)
    order: list[Counts] = []
    kept: list[Floats] = []
    begins, ancs = [], []
    start = np.zeros((count, 2), dtype=np.int64)
    label_at, anc_at, anc_wide = (np.zeros(count, dtype=np.int64) for _ in range(3))
    filled = begun = anced = 0
    for j, (one, (low, high, anc)) in enumerate(zip(columns, sides, strict=True)):
        tick()
        if anc is None:
            for place, part in enumerate((low, high)):
                some = np.flatnonzero(~np.isnan(part))
                some = some[np.argsort(part[some], kind="stable")]
                start[j, place] = filled
                order.append(some)
                kept.append(np.concatenate([part[some], np.full(1, np.inf)]))
                order.append(np.zeros(1, dtype=np.int64))  # so that both lists have the same places
                filled += some.size + 1
            continue
        known = np.flatnonzero(~np.isnan(low))
        named = anc[low[known].astype(np.int64)]
        label, row = named.ravel(), np.repeat(known, named.shape[1])
        label, row = label[label >= 0], row[label >= 0]
        sorting = np.argsort(label, kind="stable")
        start[j] = filled
        order.append(row[sorting])
        kept.append(np.zeros(row.size))
        label_at[j] = begun
        sizes = np.bincount(label, minlength=one.labels)
        begins.append(filled + np.concatenate([[0], np.cumsum(sizes)]))
        begun += one.labels + 1
        filled += row.size
        anc_at[j], anc_wide[j] = anced, anc.shape[1]
        ancs.append(np.asarray(anc, dtype=np.int32).ravel())
        anced += anc.size
    empty = np.zeros(0, dtype=np.int64)
    return Records(
        rows,
        np.array([one.numeric for one in columns], dtype=np.bool_),
        np.stack([low for low, _, _ in sides]),
        np.stack([high for _, high, _ in sides]),
        np.concatenate(order).astype(np.int64),
        np.concatenate(kept),
        start,
        np.concatenate(begins).astype(np.int64) if begins else empty,
        label_at,
        np.concatenate(ancs) if ancs else np.zeros(0, np.int32),
        anc_at,
        anc_wide,
    )
