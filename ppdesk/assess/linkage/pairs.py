"""Pairs of people and published records, column by column: how well they agree, and how often they would by
chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.columns import Column, Texts

DIFFERS, NEAR, AGREES, UNKNOWN = 0, 1, 2, 3
NEAR_SHARE = 0.05  # of a number's range: as good as equal but for a slip
NEAR_TEXT = 0.9  # Jaro and Winkler's similarity
_COMPARED = 3_000  # labels up to which each is held against each
_LEAST = 1e-9


@dataclass(frozen=True)
class Pairs:
    """People and distinct published records. `values` (people, columns), `labels` (distinct, columns), int64;
    `counts` (distinct,) records; `member` (records,) the distinct record of each. `levels`: tables of (value,
    label), flat, `at` and `wide` (columns,). `chance`: log chances of each level by label, see `scoring`."""

    values: Counts
    labels: Counts
    counts: Counts
    member: Counts
    levels: npt.NDArray[np.uint8]
    at: Counts
    wide: Counts
    chance: Floats
    chance_at: Counts
    says_nothing: npt.NDArray[np.bool_]  # (distinct,): cells that say nothing in all columns

    @property
    def records(self) -> int:
        return int(self.counts.sum())


def make(
    columns: Sequence[Column],
    side: int,
    texts: Sequence[Texts],
    tick: Callable[[float], None] = lambda _share: None,
) -> Pairs:
    """The people's table `side` against the published records. `texts`: the published columns."""
    labels = np.stack([one.label for one in columns], axis=1).astype(np.int64)
    keys = np.zeros(labels.shape[0], dtype=np.int64)
    for j in range(labels.shape[1]):
        tick(j / (2 * len(columns)))
        keys = np.unique(keys * columns[j].labels + labels[:, j], return_inverse=True)[1].astype(np.int64)
    _, first, member = np.unique(keys, return_index=True, return_inverse=True)
    values = np.zeros((columns[0].people[side].size, len(columns)), dtype=np.int64)
    tables, chances = [], []
    at, wide, chance_at = (np.zeros(len(columns), dtype=np.int64) for _ in range(3))
    filled = begun = 0
    for j, one in enumerate(columns):
        tick(0.5 + j / (2 * len(columns)))
        held, place = np.unique(one.people[side].astype(np.int64), return_inverse=True)
        values[:, j] = place
        words = _words(texts[j], one) if not one.numeric and one.labels <= _COMPARED else []
        table = _levels(one, held, words)
        chance = _chances(one, words)
        at[j], wide[j], chance_at[j] = filled, one.labels, begun
        filled += table.size
        begun += chance.size
        tables.append(table.ravel())
        chances.append(chance.ravel())
    nothing = np.ones(labels.shape[0], dtype=np.bool_)
    for j, one in enumerate(columns):
        nothing &= one.everything[labels[:, j]]
    return Pairs(
        values,
        labels[first],
        np.bincount(member).astype(np.int64),
        member.astype(np.int64),
        np.concatenate(tables),
        at,
        wide,
        np.concatenate(chances),
        chance_at,
        nothing[first],
    )


def cells(columns: Sequence[Column]) -> int:
    """How many bytes the tables of levels take for one person, at most."""
    return sum(one.labels for one in columns)


def _words(texts: Texts, one: Column) -> list[str]:
    """The label of each code; empty where it is missing, stands for several values or says nothing."""
    import pyarrow as pa

    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    _, first = np.unique(one.label, return_index=True)
    named = whole.take(pa.array(first)).to_pylist()
    plain = (one.size == 1) & ~one.everything
    return [str(name) if name and ok else "" for name, ok in zip(named, plain.tolist(), strict=True)]


def _likeness(first: Sequence[str], second: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(first, second): nearly the same word, by Jaro and Winkler's similarity."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.cdist(
        first, second, scorer=JaroWinkler.similarity, score_cutoff=NEAR_TEXT, dtype=np.float32
    )
    near: Any = np.asarray(found) >= NEAR_TEXT
    near[[not one for one in first]] = False
    near[:, [not one for one in second]] = False
    return np.asarray(near, dtype=np.bool_)


def _levels(one: Column, held: Counts, words: Sequence[str]) -> npt.NDArray[np.uint8]:
    """(values held, labels) uint8."""
    found = np.zeros((held.size, one.labels), dtype=np.uint8)
    if one.numeric:
        reach = NEAR_SHARE * _range(one)
        asked = one.number[held][:, None]
        found[(asked >= one.low[None, :] - reach) & (asked <= one.high[None, :] + reach)] = NEAR
    elif words:
        found[_likeness([one.text[place] or "" for place in held.tolist()], words)] = NEAR
    found[one.holds(held)] = AGREES
    if one.numeric:
        found[np.isnan(one.number[held])] = UNKNOWN
    elif one.missing >= 0:
        found[held == one.missing] = UNKNOWN
    return found


def _range(one: Column) -> float:
    every = np.concatenate([one.number, one.low, one.high])
    every = every[np.isfinite(every)]
    return float(every.max() - every.min()) if every.size else 0.0


def _chances(one: Column, words: Sequence[str]) -> Floats:
    """(4, labels): log of the chance of each level between a label and another record's value, that value
    being any that its own cell stands for, all equally likely."""
    share = np.bincount(one.label, minlength=one.labels) / max(1, one.label.size)
    near = np.zeros(one.labels)
    if one.numeric:
        agree, near = _numeric(one, share)
    elif one.generalized and one.labels <= _COMPARED:
        agree = _nested(one, share)
    else:
        agree = share.copy()
    agree[one.everything] = 1.0
    if words:
        near = (_likeness(words, words) & ~np.eye(one.labels, dtype=np.bool_)) @ share
    agree = np.clip(agree, _LEAST, 1 - 2 * _LEAST)
    near = np.clip(near, _LEAST, 1 - agree - _LEAST)
    found = np.zeros((4, one.labels))
    found[AGREES], found[NEAR] = np.log(agree), np.log(near)
    found[DIFFERS] = np.log(np.clip(1 - agree - near, _LEAST, 1))
    return found


def _numeric(one: Column, share: Floats) -> tuple[Floats, Floats]:
    """(share of values inside, share of values near) of each label."""
    span = _range(one)
    reach = NEAR_SHARE * span
    every = np.concatenate([one.low, one.high, one.number])
    every = every[np.isfinite(every)]
    least, most = (float(every.min()), float(every.max())) if every.size else (0.0, 0.0)
    low, high = np.clip(one.low, least, most), np.clip(one.high, least, most)

    def inside(start: Floats, end: Floats) -> Floats:
        if one.labels <= _COMPARED:
            width = high - low
            both = np.minimum(end[:, None], high[None, :]) - np.maximum(start[:, None], low[None, :])
            part = np.where(width > 0, np.clip(both, 0, None) / np.where(width > 0, width, 1), both >= 0)
            return np.asarray(np.nan_to_num(part) @ share)
        order = np.argsort(low)
        middle, heap = ((low + high) / 2)[order], np.concatenate([[0.0], np.cumsum(share[order])])
        return np.asarray(heap[np.searchsorted(middle, end, "right")] - heap[np.searchsorted(middle, start)])

    agree = np.maximum(inside(low, high), share)
    wide = inside(low - reach, high + reach)
    return agree, np.clip(wide - agree, 0, None)


def _nested(one: Column, share: Floats) -> Floats:
    """Share of values that a label stands for; labels of a tree lie in each other or apart."""
    holds = one.holds(np.arange(one.values)).astype(np.float64)
    inside = np.maximum(holds.sum(axis=0), 1)
    spread = holds / inside[None, :]  # a record of the column's label has the row's value
    found = holds.T @ (spread @ share)
    return np.asarray(np.maximum(found, share))
