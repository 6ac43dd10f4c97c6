"""Operations in words: columns and settings, never a value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ppdesk.core.wording import counted
from ppdesk.data.clean import cell_operations as of_cells
from ppdesk.data.clean import column_operations as of_columns
from ppdesk.data.clean import row_operations as of_rows
from ppdesk.data.clean.operation import Operation

_MOST = 3  # names in a sentence


def named(columns: Sequence[str], otherwise: str = "all columns") -> str:
    """``age``, ``age and sex``, ``age, sex and 4 more columns``."""
    if not columns:
        return otherwise
    if len(columns) > _MOST:
        return f"{', '.join(columns[: _MOST - 1])} and {counted(len(columns) - _MOST + 1, 'more column')}"
    *first, last = columns
    return f"{', '.join(first)} and {last}" if first else last


def words(one: Operation) -> str:
    """One operation for a person, for example "Trim spaces in age and sex"."""
    return _WORDS[type(one)](one)


def _type(one: of_cells.Type) -> str:
    return f"Read {named(one.columns)} as {one.type.value}"


def _fill(one: of_rows.Fill) -> str:
    how = {
        of_rows.FillBy.CONSTANT: "a constant", of_rows.FillBy.PREVIOUS: "the value above",
        of_rows.FillBy.MODE: "the most common value", of_rows.FillBy.MEAN: "the mean",
        of_rows.FillBy.MEDIAN: "the median",
    }[one.how]  # fmt: skip
    within = f", within groups of {named(one.by)}" if one.by else ""
    return f"Fill missing {named(one.columns)} with {how}{within}"


def _range(one: of_rows.Range) -> str:
    low = one.earliest or ("" if one.min is None else f"{one.min:g}")
    high = one.latest or ("" if one.max is None else f"{one.max:g}")
    bounds = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    return f"Hold {named(one.columns)} to {bounds}, otherwise {one.action.value}"


def _near(one: of_rows.FuzzyDuplicates) -> str:
    among = f" among rows of the same {named(one.block)}" if one.block else ""
    return f"Near duplicates by {named(one.columns)}{among}, likeness {one.threshold:g}: {one.action.value}"


_WORDS: Mapping[type[Operation], Callable[[Any], str]] = {
    of_cells.Trim: lambda one: f"Trim spaces in {named(one.columns)}",
    of_cells.Case: lambda one: f"Write {named(one.columns)} in {one.to.value} case",
    of_cells.Type: _type,
    of_cells.ParseDates: lambda one: (
        f"Read dates in {named(one.columns)} written as {' or '.join(one.formats)}"
    ),
    of_cells.Map: lambda one: f"Replace {counted(len(one.values), 'value')} of {one.column}",
    of_cells.MergeValues: lambda one: (
        f"Merge {counted(len(one.values), 'value')} of {one.column} into {len(set(one.values.values())):,}"
    ),
    of_cells.Missing: lambda one: (
        f"Take {counted(len(one.tokens), 'value')} for missing in {named(one.columns)}"
    ),
    of_cells.Replace: lambda one: f"Find and replace in {named(one.columns)}",
    of_rows.Fill: _fill,
    of_rows.DropMissing: lambda one: f"Drop rows with {one.how.value} missing of {named(one.columns)}",
    of_rows.Duplicates: lambda one: f"Keep the {one.keep.value} of rows alike in {named(one.columns)}",
    of_rows.FuzzyDuplicates: _near,
    of_rows.Outliers: lambda one: (
        f"Outliers in {named(one.columns)} by {one.how.value} times {one.factor:g}: {one.action.value}"
    ),
    of_rows.Range: _range,
    of_rows.Rule: lambda one: f"A rule on {named(one.reads())}, otherwise {one.action.value}",
    of_rows.Filter: lambda one: f"Keep rows by {named(one.reads())}",
    of_columns.Split: lambda one: f"Split {one.column} into {named(one.into)}",
    of_columns.Merge: lambda one: f"Merge {named(one.columns)} into {one.into}",
    of_columns.Rename: lambda one: f"Rename {one.column} to {one.to}",
    of_columns.DropColumns: lambda one: f"Leave out {named(one.columns)}",
    of_columns.KeepColumns: lambda one: f"Keep only {named(one.columns)}",
}
