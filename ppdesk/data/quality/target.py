"""The target: how even its classes are, and which columns may have been made from it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 20  # a column of numbers is cut into so many parts of equal size to be compared with classes
_ALIKE = 0.85  # how alike two names are before they are remarked upon (difflib's ratio); a house rule


@dataclass(frozen=True)
class Balance:
    """Classes of the target. `ratio`: the largest by the smallest that occurs. `evenness`: the entropy of
    the classes over its maximum, 0 (all in one) to 1 (all alike)."""

    counts: tuple[int, ...]
    ratio: float
    evenness: float


@dataclass(frozen=True)
class Leak:
    """How much one column tells of the target.

    `auroc`: of the column as a score, whichever way round; None where it has no numbers or the target not
    two classes. `explained`: of what guessing the most frequent class leaves wrong, the share that the most
    frequent class among the other records with the same value gets right, 0 to 1. `information`: mutual
    information over the target's entropy, with the bias of small samples taken off (Miller 1955), 0 to 1.
    `determines`: every value that two records or more share holds one class, and most records share one.
    """

    column: str
    auroc: float | None
    explained: float
    information: float
    determines: bool
    alike: bool  # in name


def balance(labels: "NDArray[np.int64]", classes: int) -> Balance:
    """Of `labels`, (n,) int64 in 0..classes - 1."""
    counts = np.bincount(labels, minlength=classes)
    there = counts[counts > 0]
    if there.size < 2:
        return Balance(tuple(counts.tolist()), 1.0, 0.0)
    shares = there / there.sum()
    evenness = float(-(shares * np.log(shares)).sum() / np.log(there.size))
    return Balance(tuple(counts.tolist()), float(there.max() / there.min()), min(1.0, evenness))


def leak(
    column: str,
    target: str,
    *,
    codes: "NDArray[np.int64]",
    scores: "NDArray[np.float64] | None",
    labels: "NDArray[np.int64]",
    shuffled: "NDArray[np.int64]",
) -> Leak:
    """What a column tells of `labels`, (n,) int64 from 0.

    `codes`: its values, (n,) int64 from 0. `scores`: its numbers, (n,) float64 with NaN where there is none;
    None for a column of categories. `shuffled`: `labels` in a random order.
    """
    number: float | None = None
    if scores is not None:
        there = ~np.isnan(scores)
        codes = _binned(scores)
        if int(labels.max(initial=0)) == 1:
            number = _auroc(scores[there], labels[there] == 1)
    return Leak(
        column=column,
        auroc=number,
        explained=_explained(codes, labels),
        information=_information(codes, labels, shuffled),
        determines=scores is None and _determines(codes, labels),
        alike=alike(column, target),
    )


def alike(one: str, other: str) -> bool:
    """Whether two names read like the same thing."""
    left, right = (re.sub(r"[^a-z0-9]", "", name.lower()) for name in (one, other))
    if min(len(left), len(right)) < 3:
        return bool(left) and left == right
    return left in right or right in left or SequenceMatcher(None, left, right).ratio() >= _ALIKE


def _auroc(scores: "NDArray[np.float64]", positive: "NDArray[np.bool_]") -> float | None:
    """Mann-Whitney's statistic over the pairs, ties half, folded to 0.5 or more."""
    ones = int(positive.sum())
    zeros = positive.size - ones
    if not ones or not zeros:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2  # the middle rank of equal scores
    area = (rank[place][positive].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    return float(max(area, 1 - area))


def _binned(scores: "NDArray[np.float64]") -> "NDArray[np.int64]":
    there = ~np.isnan(scores)
    inner = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.unique(np.quantile(scores[there], inner)) if there.any() else np.zeros(0)
    found: NDArray[np.int64] = np.searchsorted(edges, scores, side="right").astype(np.int64)
    found[~there] = edges.size + 1
    return found


def _table(
    codes: "NDArray[np.int64]", labels: "NDArray[np.int64]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]":
    """(value, class, records) of each pair that occurs."""
    classes = int(labels.max(initial=0)) + 1
    pairs, counts = np.unique(codes * classes + labels, return_counts=True)
    return pairs // classes, pairs % classes, counts


def _explained(codes: "NDArray[np.int64]", labels: "NDArray[np.int64]") -> float:
    """Leave-one-out, so that a column of ever new values explains nothing. A record is right where its class
    is still strictly the most frequent of its value once it is taken out."""
    value, _, counts = _table(codes, labels)
    _, group = np.unique(value, return_inverse=True)
    size = int(group.max(initial=-1)) + 1
    most, second = np.zeros(size, np.int64), np.zeros(size, np.int64)
    order = np.argsort(counts, kind="stable")
    np.maximum.at(most, group, counts)
    first_of = np.full(size, -1, np.int64)
    first_of[group[order]] = order  # the pair written last has the most records
    rest = np.ones(counts.size, bool)
    rest[first_of] = False
    np.maximum.at(second, group[rest], counts[rest])
    right = int(most[most - 1 > second].sum())
    total, base = labels.size, int(np.bincount(labels).max(initial=0))
    return 0.0 if base == total else min(1.0, max(0.0, (right - base) / (total - base)))


def _information(
    codes: "NDArray[np.int64]", labels: "NDArray[np.int64]", shuffled: "NDArray[np.int64]"
) -> float:
    whole = _entropy(np.bincount(labels))
    by_chance = _mutual(codes, shuffled)
    if whole - by_chance <= 1e-9 * whole:  # each value is held by one record, or there is one class
        return 0.0
    return float(min(1.0, max(0.0, (_mutual(codes, labels) - by_chance) / (whole - by_chance))))


def _mutual(codes: "NDArray[np.int64]", labels: "NDArray[np.int64]") -> float:
    value, kind, counts = _table(codes, labels)
    of_value = np.bincount(np.unique(value, return_inverse=True)[1], counts)
    return _entropy(of_value) + _entropy(np.bincount(kind, counts)) - _entropy(counts)


def _entropy(counts: "NDArray[Any]") -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _determines(codes: "NDArray[np.int64]", labels: "NDArray[np.int64]") -> bool:
    value, _, counts = _table(codes, labels)
    _, group = np.unique(value, return_inverse=True)
    kinds, records = np.bincount(group), np.bincount(group, counts)
    shared = records > 1
    if int(np.bincount(labels).max(initial=0)) == labels.size or shared.sum() < 2:
        return False
    return bool((kinds[shared] == 1).all() and 2 * records[shared].sum() > labels.size)
