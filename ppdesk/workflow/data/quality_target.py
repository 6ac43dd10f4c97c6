"""What Quality looks at in the target: balance, leakage, label errors. Uses the labels as they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.data.quality import held, labels, target
from ppdesk.workflow.data.quality_facts import (
    BalanceResult,
    ClassCount,
    LabelPair,
    LabelResult,
    LeakResult,
)
from ppdesk.workflow.declared import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
_CATEGORIES = 50  # indicator columns per column, the most frequent values
_FEATURES = 400  # in all
_FARTHEST = 1e100  # squares and sums of such numbers are still doubles


@dataclass(frozen=True)
class Target:
    """The target of a table: the record numbers (from 0) that have a declared class, and these classes."""

    column: Column
    classes: tuple[str, ...]
    records: "NDArray[np.int64]"
    labels: "NDArray[np.int64]"
    undeclared: int
    missing: int


def target_of(name: str, columns: Mapping[str, Column], rows: pa.Table) -> tuple[Target | None, str]:
    """(the target, empty) or (None, why there is none to look at)."""
    column = columns.get(name)
    if column is None or name not in rows.column_names:
        return None, said("No target is declared, so balance, leakage and label errors were not looked at.")
    if column.numeric or not column.categories or len(column.categories) < 2:
        return None, said(
            "The target {name} has no declared classes, so balance, leakage and label errors were not looked"
            " at.",
            name=name,
        )
    values = rows.column(name)
    place = pc.fill_null(pc.index_in(values, value_set=pa.array(column.categories, pa.string())), -1)
    code = place.to_numpy().astype(np.int64)
    there = np.flatnonzero(code >= 0)
    return Target(
        column, column.categories, there, code[there],
        undeclared=rows.num_rows - there.size - values.null_count, missing=values.null_count,
    ), ""  # fmt: skip


def balance(found: Target) -> BalanceResult:
    """How even the classes are."""
    told = target.balance(found.labels, len(found.classes))
    return BalanceResult(
        target=found.column.name,
        classes=tuple(
            ClassCount(name=name, records=count)
            for name, count in zip(found.classes, told.counts, strict=True)
        ),
        undeclared=found.undeclared,
        missing=found.missing,
        ratio=told.ratio,
        evenness=told.evenness,
    )


def leaks(
    found: Target,
    columns: Mapping[str, Column],
    rows: pa.Table,
    *,
    decimal: DecimalMark,
    limit: float,
    rng: np.random.Generator,
    cancelled: Callable[[], bool],
) -> list[LeakResult]:
    """What each other column alone tells of the target."""
    shuffled = rng.permutation(found.labels)
    told = []
    for name in rows.column_names:
        if cancelled():
            raise CancelledRunError
        if name == found.column.name:
            continue
        column = rows.column(name)
        coded = column.combine_chunks().dictionary_encode()
        scores = None
        if name in columns and columns[name].numeric:
            of_value = np.append(numbers(coded.dictionary, decimal), np.nan)
            scores = of_value[held.codes(coded)][found.records]
            scores[np.isinf(scores)] = np.nan
        one = target.leak(
            name, found.column.name,
            codes=held.codes(coded)[found.records] + 1, scores=scores, labels=found.labels, shuffled=shuffled,
        )  # fmt: skip
        likely = one.determines or one.explained >= limit or (one.auroc is not None and one.auroc >= limit)
        told.append(
            LeakResult(
                column=name,
                auroc=one.auroc,
                explained=one.explained,
                information=one.information,
                determines=one.determines,
                alike=one.alike,
                verdict="likely" if likely else "look" if one.alike else "none",
            )
        )
    return told


def label_errors(
    found: Target,
    columns: Mapping[str, Column],
    rows: pa.Table,
    *,
    decimal: DecimalMark,
    sample: int,
    rng: np.random.Generator,
    cancelled: Callable[[], bool],
) -> tuple[LabelResult | None, str, pa.Table | None]:
    """(what confident learning found, remark, the suspects as record (from 1) and likely class)."""
    counts = np.bincount(found.labels, minlength=len(found.classes))
    chosen = np.arange(found.labels.size)
    if chosen.size > sample:
        chosen = np.sort(rng.choice(chosen.size, sample, replace=False))
    often = np.flatnonzero(np.bincount(found.labels[chosen], minlength=len(found.classes)) >= 2 * FOLDS)
    chosen = chosen[np.isin(found.labels[chosen], often)]
    left = int((counts > 0).sum()) - often.size
    if often.size < 2:
        return (
            None,
            said(
                "Fewer than two classes have {records} records, too few to search for errors.",
                records=2 * FOLDS,
            ),
            None,
        )
    note = said("{left} of the classes have too few records to be searched.", left=left) if left else ""
    records = found.records[chosen]
    features = _features(found, columns, rows.take(pa.array(records)), decimal)
    if features.shape[1] == 0:
        return None, said("No declared column is left to tell the classes apart by."), None
    given = np.searchsorted(often, found.labels[chosen])
    seed = int(rng.integers(2**31))
    seen = labels.out_of_sample(features, given, folds=FOLDS, seed=seed, cancelled=cancelled)
    told = labels.confident_joint(given, seen)
    name = [found.classes[one] for one in often]
    pairs = [
        LabelPair(given=name[i], likely=name[j], records=int(told.joint[i, j]))
        for i in range(often.size) for j in range(often.size) if i != j and told.joint[i, j]
    ]  # fmt: skip
    suspects = pa.table(
        {
            "record": pa.array(records[told.suspects] + 1, pa.int64()),
            "likely": pa.array([name[one] for one in told.likely[told.suspects]], pa.string()),
        }
    )
    result = LabelResult(
        searched=int(given.size),
        available=int(found.labels.size),
        suspects=int(told.suspects.sum()),
        share=told.share,
        folds=FOLDS,
        features=features.shape[1],
        right=float((seen.argmax(1) == given).mean()),
        guessed=float(np.bincount(given).max() / given.size),
        pairs=tuple(sorted(pairs, key=lambda one: -one.records)),
    )
    return result, note, suspects


def _features(
    found: Target, columns: Mapping[str, Column], rows: pa.Table, decimal: DecimalMark
) -> "NDArray[np.float64]":
    """Numbers with a missing value at the mean and a column that says so; an indicator for each of the most
    frequent values of the others. Direct identifiers tell people apart, not classes, and stay out."""
    made: list[NDArray[np.float64]] = []
    for name, column in columns.items():
        if name == found.column.name or column.role == "direct-identifier" or name not in rows.column_names:
            continue
        if column.numeric:
            value = numbers(rows.column(name), decimal)
            there = np.isfinite(value)
            if there.any():
                value = np.clip(value, -_FARTHEST, _FARTHEST)
                made.append(np.where(there, value, value[there].mean()))
                if not there.all():
                    made.append((~there).astype(float))
            continue
        coded = rows.column(name).combine_chunks().dictionary_encode()
        place = held.codes(coded)
        sizes = np.bincount(place[place >= 0], minlength=len(coded.dictionary))
        for one in np.argsort(-sizes, kind="stable")[:_CATEGORIES]:
            made.append((place == one).astype(float))
    return np.column_stack(made[:_FEATURES]) if made else np.zeros((rows.num_rows, 0))
