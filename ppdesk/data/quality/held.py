"""A table held against checks: which records fail. Vectorised over distinct values and codes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.data.clean.expression import parse as parsed
from ppdesk.data.quality.checks import Check, Rule
from ppdesk.data.quality.dates import days
from ppdesk.data.quality.errors import PatternRefusedError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_INTEGER = r"\A\s*[+-]?[0-9]+\s*\z"


@dataclass(frozen=True)
class Held:
    """One check held against a table: `failing`, (n,) bool, and how many records it could judge."""

    check: Check
    failing: "NDArray[np.bool_]"
    judged: int

    @property
    def failed(self) -> int:
        return int(self.failing.sum())


@dataclass(frozen=True)
class Table:
    """What the checks are held against."""

    rows: "pa.Table"  # columns of strings, null = missing
    decimal: DecimalMark
    today: date  # what an age counts from


def hold(check: Check, table: Table) -> Held:
    """`check` held against `table`. A missing value fails only where the check is that there is one; to be
    unique two missing values are the same. KeyError for a column that the table has not,
    PatternRefusedError."""
    for name in check.columns:
        table.rows.column(name)
    if not table.rows.num_rows:
        return Held(check, np.zeros(0, bool), 0)
    if check.rule is Rule.UNIQUE:
        return Held(check, _repeated(_keys(table, check.columns)), table.rows.num_rows)
    if check.rule is Rule.DETERMINES:
        return _determined(check, table)
    if check.rule is Rule.HOLDS:
        return _expressed(check, table)
    column = table.rows.column(check.columns[0])
    if check.rule is Rule.PRESENT:
        return Held(check, column.is_null().to_numpy(), table.rows.num_rows)
    failing = per_value(column, lambda values: _wrong(check, values, table))
    return Held(check, failing, table.rows.num_rows - column.null_count)


def per_value(
    column: "pa.ChunkedArray", judge: "Callable[[pa.Array], NDArray[np.bool_]]"
) -> "NDArray[np.bool_]":
    """What `judge` says of each distinct value, for each record, (n,) bool; a missing value is False."""
    coded = column.combine_chunks().dictionary_encode()
    told: NDArray[np.bool_] = np.append(judge(coded.dictionary), False)
    return told[codes(coded)]


def codes(coded: "pa.DictionaryArray") -> "NDArray[np.int64]":
    """The place of each value in the dictionary, (n,) int64; -1 for a missing value."""
    import pyarrow.compute as pc

    places: NDArray[np.int64] = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return places.astype(np.int64)


def _wrong(check: Check, values: "pa.Array", table: Table) -> "NDArray[np.bool_]":
    """Which of the distinct `values` fail."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if check.rule in (Rule.NUMBER, Rule.BOUNDS):
        number = numbers(values, table.decimal)
        right = np.isfinite(number)
        right &= True if check.low is None else number >= check.low
        right &= True if check.high is None else number <= check.high
    elif check.rule is Rule.DATE:
        right = ~np.isnan(days(values))
    elif check.rule is Rule.RECENT:
        age = (table.today - date(1970, 1, 1)).days - days(values)
        right = (age >= 0) & (age <= (check.days or 0.0))  # NaN is neither
    elif check.rule is Rule.CATEGORIES:
        right = _flags(pc.is_in(values, value_set=pa.array(check.values, pa.string())))
    else:
        pattern = _INTEGER if check.rule is Rule.INTEGER else rf"\A(?:{check.pattern})\z"
        try:
            right = _flags(pc.match_substring_regex(values, pattern))
        except pa.ArrowInvalid:
            raise PatternRefusedError(check=check.words(), reason="RE2 cannot read it") from None
    return ~right


def _flags(mask: Any) -> "NDArray[np.bool_]":
    import pyarrow as pa

    plain = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
    found: NDArray[np.bool_] = plain.to_numpy(zero_copy_only=False).astype(bool)
    return found


def _keys(table: Table, names: Sequence[str]) -> "NDArray[np.int64]":
    """A number for each record, the same where all of `names` agree, (n,) int64."""
    joint: NDArray[np.int64] = np.zeros(table.rows.num_rows, np.int64)
    for name in names:
        own = codes(table.rows.column(name).combine_chunks().dictionary_encode()) + 1
        joint = own if name == names[0] else joint * (int(own.max(initial=0)) + 1) + own
        if name != names[0]:
            joint = np.unique(joint, return_inverse=True)[1].astype(np.int64)  # so that it cannot overflow
    return joint


def _repeated(keys: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Which records repeat an earlier one."""
    first = np.full(int(keys.max(initial=-1)) + 1, -1, np.int64)
    first[keys[::-1]] = np.arange(keys.size)[::-1]  # the last one written is the first in the table
    later: NDArray[np.bool_] = first[keys] != np.arange(keys.size)
    return later


def _determined(check: Check, table: Table) -> Held:
    """A record fails where its value is not the one most frequent among the records that agree in all the
    other columns; of equally frequent values all fail, so that the order of the rows decides nothing."""
    *by, what = check.columns
    there = np.ones(table.rows.num_rows, bool)
    for name in check.columns:
        there &= table.rows.column(name).is_valid().to_numpy()
    keys, value = _keys(table, by), _keys(table, [what])
    pairs, pair, counts = np.unique(
        keys[there] * (int(value.max(initial=0)) + 1) + value[there], return_inverse=True, return_counts=True
    )
    group = np.unique(pairs // (int(value.max(initial=0)) + 1), return_inverse=True)[1]
    most = np.zeros(int(group.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, group, counts)
    at_most = np.bincount(group, counts == most[group], most.size)
    wrong = (counts < most[group]) | (at_most[group] > 1)
    failing = np.zeros(there.size, bool)
    failing[there] = wrong[pair]
    return Held(check, failing, int(there.sum()))


def _expressed(check: Check, table: Table) -> Held:
    """A record fails where the expression is false; where a missing value leaves it open, it passes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.data.clean.evaluate import evaluate

    try:
        said = evaluate(parsed(check.expression), table.rows, table.decimal)
    except pa.ArrowInvalid:
        raise PatternRefusedError(check=check.words(), reason="RE2 cannot read it") from None
    return Held(check, ~_flags(pc.fill_null(said, True)), int(pc.sum(pc.is_valid(said)).as_py() or 0))
