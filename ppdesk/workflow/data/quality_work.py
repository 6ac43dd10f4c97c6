"""The work of Quality: values in, facts out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.data.quality import held, margins, score
from ppdesk.data.quality.checks import Check, Dimension, Rule
from ppdesk.data.quality.dates import days
from ppdesk.data.quality.missing import Missing, Pattern
from ppdesk.data.quality.raking import rake
from ppdesk.workflow.data.quality_facts import (
    AgeRange,
    CheckResult,
    ColumnQuality,
    MarginResult,
    MissingPattern,
    Origin,
    PassShare,
    Raking,
    ValueCount,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHOWN = 10  # values told per check, where values are asked for
_LISTED = 1_000  # failing records listed per check
_LONGEST = 160  # characters of a sentence in facts
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Held:
    """All checks held against a table: results for the record, and what the scores are made of."""

    results: tuple[CheckResult, ...]
    shares: dict[str, dict[Dimension, score.Share]]
    failures: pa.Table  # check (its place, from 1), record (from 1): at most a thousand of each check


def hold_all(
    checks: Sequence[tuple[Check, Origin]], table: held.Table, *, show_values: bool, cancelled: Cancelled
) -> Held:
    """Every check held against `table`; one that names a column it has not is told as not held."""
    rows = table.rows.num_rows
    results, places, records = [], [], []
    failing: dict[tuple[str, Dimension], NDArray[np.bool_]] = {}
    judged: dict[tuple[str, Dimension], int] = {}
    for place, (check, origin) in enumerate(checks, 1):
        if cancelled():
            raise CancelledRunError
        absent = [name for name in check.columns if name not in table.rows.column_names]
        plain = {
            "sentence": told(check), "dimension": check.dimension.value, "columns": check.columns,
            "origin": origin,
        }  # fmt: skip
        if absent:
            note = said("There is no column {columns}.", columns=", ".join(absent))
            results.append(CheckResult.model_validate({**plain, "failed": None, "judged": 0, "note": note}))
            continue
        met = held.hold(check, table)
        values = _values(check, met.failing, table.rows) if show_values else ()
        results.append(
            CheckResult.model_validate(
                {**plain, "failed": met.failed, "judged": met.judged, "values": values}
            )
        )
        for name in check.columns:
            key = name, check.dimension
            earlier = failing.get(key)
            failing[key] = met.failing if earlier is None else earlier | met.failing
            judged[key] = max(judged.get(key, 0), met.judged)
        first = np.flatnonzero(met.failing)[:_LISTED] + 1
        records.append(first)
        places.append(np.full(first.size, place, np.int64))
    shares: dict[str, dict[Dimension, score.Share]] = {name: {} for name in table.rows.column_names}
    for (name, dimension), mask in failing.items():
        shares[name][dimension] = score.Share(int(mask.sum()), judged[name, dimension])
    for name, own in shares.items():
        own.setdefault(Dimension.COMPLETENESS, score.Share(table.rows.column(name).null_count, rows))
    listed = pa.table(
        {
            "check": pa.array(np.concatenate(places) if places else [], pa.int64()),
            "record": pa.array(np.concatenate(records) if records else [], pa.int64()),
        }
    )
    return Held(tuple(results), shares, listed)


def told(check: Check) -> str:
    """The sentence, cut off where a list of categories is long: the checks themselves have it whole."""
    words = check.words()
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}..."


def _values(check: Check, failing: "NDArray[np.bool_]", rows: pa.Table) -> list[ValueCount]:
    """The values that fail most often, of a check of one column."""
    if len(check.columns) != 1 or check.rule is Rule.PRESENT:
        return []
    counted = pc.value_counts(rows.column(check.columns[0]).filter(pa.array(failing)).drop_null())
    pairs = sorted((-one["counts"], one["values"]) for one in counted.to_pylist())[:_SHOWN]
    return [ValueCount(value=value, records=-count) for count, value in pairs]


def columns(found: Held, missing: Missing, weights: dict[str, float]) -> list[ColumnQuality]:
    """Each column's score, in the table's order."""
    scores = [score.score(name, shares, weights) for name, shares in found.shares.items()]
    return [
        ColumnQuality(
            name=one.name,
            score=one.score,
            reason=one.reason,
            missing=missing.by_column[one.name],
            shares=tuple(
                PassShare(dimension=dimension.value, failed=share.failed, judged=share.judged)
                for dimension, share in sorted(
                    one.shares.items(), key=lambda pair: list(Dimension).index(pair[0])
                )
            ),
        )
        for one in scores
    ]


def ages(checks: Iterable[Check], rows: pa.Table, today: date, floor: int) -> list[AgeRange]:
    """How old the dates of the columns are that a check calls dates."""
    names = dict.fromkeys(
        check.columns[0] for check in checks if check.rule in (Rule.DATE, Rule.RECENT)
        and check.columns[0] in rows.column_names
    )  # fmt: skip
    found = []
    for name in names:
        coded = rows.column(name).combine_chunks().dictionary_encode()
        of_value = np.append((today - date(1970, 1, 1)).days - days(coded.dictionary), np.nan)
        age = of_value[held.codes(coded)]
        age = np.sort(age[~np.isnan(age)])
        told = age.size >= 2 * floor
        found.append(
            AgeRange(
                column=name,
                dates=age.size,
                future=int((age < 0).sum()),
                newest=int(age[floor - 1]) if told else None,
                oldest=int(age[-floor]) if told else None,
            )
        )
    return found


@dataclass(frozen=True)
class Compared:
    """The table beside its margins; `weights`: (record, weight) of raking, where there are any."""

    margins: tuple[MarginResult, ...] = ()
    absent: tuple[str, ...] = ()  # columns that the table has not
    raking: Raking | None = None
    weights: pa.Table | None = None


def compare_margins(path: Path, table: held.Table) -> Compared:
    """How each column of the margins compares, and what weights would make all of them agree.
    MarginsUnreadableError."""
    read = margins.read_margins(path)
    here = [one for one in read if one.column in table.rows.column_names]
    found = []
    for margin in here:
        likeness = margins.compare(margin, table.rows.column(margin.column), table.decimal)
        plain = {**vars(likeness), "cells": tuple(vars(cell) for cell in likeness.cells)}
        found.append(MarginResult.model_validate(plain))
    absent = tuple(one.column for one in read if one not in here)
    if len(here) < 2:
        return Compared(tuple(found), absent)
    places = [margins.places(one, table.rows.column(one.column), table.decimal) for one in here]
    raked = rake(places, [np.array(one.shares) for one in here])
    if raked is None:
        complete = int(np.logical_and.reduce([place >= 0 for place in places]).sum())
        return Compared(tuple(found), absent, Raking(records=complete, effective=None, largest=None))
    weights = pa.table(
        {"record": pa.array(np.arange(1, raked.weights.size + 1)), "weight": pa.array(raked.weights)}
    )
    told_of = Raking(records=raked.records, effective=raked.effective, largest=raked.largest)
    return Compared(tuple(found), absent, told_of, weights)


def pattern(one: Pattern) -> MissingPattern:
    """For the record."""
    return MissingPattern(columns=one.columns, records=one.records)
