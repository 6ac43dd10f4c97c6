"""Canaries: records that may be, by what is declared of the columns, with a coin for each.

A canary's cells are drawn evenly from the declared values (a number on its declared axis), each by itself,
its target evenly from the declared classes, or one of both bounds of a number: records that differ much,
whose targets the rest does not explain. Add-or-remove-one: true is in, with all copies of the unit.
Replace-one: true is with one target, false with another; without a target, one of two records.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess.arrays import Bools, Counts
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema, Target

if TYPE_CHECKING:
    import numpy.typing as npt

    Labels = npt.NDArray[np.int32] | npt.NDArray[np.float64]

_CELLS = 32  # that a number counts for
LEAST = 64  # canaries


@dataclass(frozen=True)
class Canaries:
    """`first`: the m canaries, `labels` their targets, (m,), None without one. `other`, `other_labels`: what
    is in the table where a coin is false; None: nothing is. `coins`, (m,)."""

    first: Records
    labels: "Labels | None"
    other: Records | None
    other_labels: "Labels | None"
    coins: Bools

    @property
    def count(self) -> int:
        return int(self.coins.size)

    def some(self, start: int, stop: int) -> "Canaries":
        """Those at the places from `start` to before `stop`."""
        few = np.arange(start, min(stop, self.count))
        return Canaries(
            self.first.take(few),
            None if self.labels is None else self.labels[few],
            None if self.other is None else self.other.take(few),
            None if self.other_labels is None else self.other_labels[few],
            self.coins[few],
        )

    def table(self, copies: int) -> "tuple[Records, Labels | None, Counts]":
        """(the records of the run, their targets, whose they are), each record `copies` times."""
        which = np.repeat(np.flatnonzero(self.coins), copies)
        records = self.first.take(which)
        labels = None if self.labels is None else self.labels[which]
        if self.other is None:
            return records, labels, which
        rest = np.repeat(np.flatnonzero(~self.coins), copies)
        more = self.other.take(rest)
        joined: list[Any] = [np.concatenate(pair) for pair in zip(records.values, more.values, strict=True)]
        if labels is not None and self.other_labels is not None:
            labels = np.concatenate([labels, self.other_labels[rest]])
        return replace(records, values=tuple(joined)), labels, np.concatenate([which, rest])


def possible(schema: Schema, target: Target | None) -> int:
    """About how many different canaries there are."""
    sizes = [_CELLS if isinstance(one, Numeric) else len(one.categories) for one in schema.columns]
    count = float(np.prod(np.array(sizes, dtype=np.float64)))
    count *= len(target.values) if isinstance(target, Classes) else 2 if target is not None else 1
    return int(min(count, 1e9))


def drawn(
    schema: Schema, target: Target | None, count: int, source: np.random.Generator, *, replacing: bool
) -> Canaries:
    """`count` canaries. See the head of this file."""
    first = Records(schema, tuple(_cells(one, count, source) for one in schema.columns))
    coins = source.random(count) < 0.5
    if target is None:
        other = Records(schema, tuple(_cells(one, count, source) for one in schema.columns))
        return Canaries(first, None, other if replacing else None, None, coins)
    labels, others = _targets(target, count, source)
    return Canaries(first, labels, first if replacing else None, others if replacing else None, coins)


def columns(records: Records) -> dict[str, Any]:
    """As an estimator takes them."""
    found: dict[str, Any] = {}
    for declared, values in zip(records.schema.columns, records.values, strict=True):
        if isinstance(declared, Categorical):
            found[declared.name] = np.array(declared.categories, dtype=object)[values]
        else:
            found[declared.name] = values
    return found


def cells_of(target: Target, labels: "Labels") -> Any:
    """The target's column."""
    if isinstance(target, Quantity):
        return labels
    return np.array(target.values, dtype=object)[labels]


def _cells(column: Any, count: int, source: np.random.Generator) -> Any:
    if isinstance(column, Categorical):
        return source.integers(0, len(column.categories), count).astype(np.int32)
    low, high = (_axis(one) if column.log else one for one in (column.low, column.high))
    share = source.random(count)
    at = low * (1 - share) + high * share
    values = np.sign(at) * np.expm1(np.abs(at)) if column.log else at
    return np.clip(values, column.low, column.high)


def _axis(value: float) -> float:
    return float(np.sign(value) * np.log1p(abs(value)))


def _targets(target: Target, count: int, source: np.random.Generator) -> "tuple[Labels, Labels]":
    """(target, another one)."""
    if isinstance(target, Quantity):
        high = source.random(count) < 0.5
        ends = np.where(high, target.high, target.low), np.where(high, target.low, target.high)
        return ends[0].astype(np.float64), ends[1].astype(np.float64)
    classes = len(target.values)
    first = source.integers(0, classes, count)
    other = (first + source.integers(1, classes, count)) % classes
    return first.astype(np.int32), other.astype(np.int32)
