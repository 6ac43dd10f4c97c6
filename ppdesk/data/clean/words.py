"""Operations in words: columns and settings, never a value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ppdesk.core.said import said, said_all, said_count
from ppdesk.data.clean import cell_operations as of_cells
from ppdesk.data.clean import column_operations as of_columns
from ppdesk.data.clean import row_operations as of_rows
from ppdesk.data.clean.operation import Operation

_MOST = 3  # names in a sentence


def named(columns: Sequence[str]) -> str:
    """``age``, ``age and sex``, ``age, sex and 4 more columns``."""
    if not columns:
        return said("all columns")
    if len(columns) > _MOST:
        return said_count(
            "{names} and {count:,} more column",
            "{names} and {count:,} more columns",
            len(columns) - _MOST + 1,
            names=", ".join(columns[: _MOST - 1]),
        )
    *first, last = columns
    return said("{names} and {last}", names=", ".join(first), last=last) if first else last


def words(one: Operation) -> str:
    """One operation for a person, for example "Trim spaces in age and sex"."""
    return _WORDS[type(one)](one)


def _fill(one: of_rows.Fill) -> str:
    how = {
        of_rows.FillBy.CONSTANT: said("a constant"), of_rows.FillBy.PREVIOUS: said("the value above"),
        of_rows.FillBy.MODE: said("the most common value"), of_rows.FillBy.MEAN: said("the mean"),
        of_rows.FillBy.MEDIAN: said("the median"),
    }[one.how]  # fmt: skip
    if one.by:
        return said(
            "Fill missing {columns} with {value}, within groups of {by}",
            columns=named(one.columns), value=how, by=named(one.by),
        )  # fmt: skip
    return said("Fill missing {columns} with {value}", columns=named(one.columns), value=how)


def _range(one: of_rows.Range) -> str:
    low = one.earliest or ("" if one.min is None else f"{one.min:g}")
    high = one.latest or ("" if one.max is None else f"{one.max:g}")
    columns, action = named(one.columns), one.action.value
    if low and high:
        message = said(
            "Hold {columns} to {low} to {high}, otherwise {action}",
            columns=columns, low=low, high=high, action=action,
        )  # fmt: skip
    elif low:
        message = said(
            "Hold {columns} to at least {low}, otherwise {action}", columns=columns, low=low, action=action
        )
    else:
        message = said(
            "Hold {columns} to at most {high}, otherwise {action}", columns=columns, high=high, action=action
        )
    return message


def _near(one: of_rows.FuzzyDuplicates) -> str:
    columns, likeness, action = named(one.columns), f"{one.threshold:g}", one.action.value
    if one.block:
        return said(
            "Near duplicates by {columns} among rows of the same {block}, likeness {likeness}: {action}",
            columns=columns, block=named(one.block), likeness=likeness, action=action,
        )  # fmt: skip
    return said(
        "Near duplicates by {columns}, likeness {likeness}: {action}",
        columns=columns, likeness=likeness, action=action,
    )  # fmt: skip


def _merged(one: of_cells.MergeValues) -> str:
    return said_count(
        "Merge {count:,} value of {column} into {into:,}",
        "Merge {count:,} values of {column} into {into:,}",
        len(one.values), column=one.column, into=len(set(one.values.values())),
    )  # fmt: skip


def _outliers(one: of_rows.Outliers) -> str:
    return said(
        "Outliers in {columns} by {how} times {factor:g}: {action}",
        columns=named(one.columns), how=one.how.value, factor=one.factor, action=one.action.value,
    )  # fmt: skip


_WORDS: Mapping[type[Operation], Callable[[Any], str]] = {
    of_cells.Trim: lambda one: said("Trim spaces in {columns}", columns=named(one.columns)),
    of_cells.Case: lambda one: said(
        "Write {columns} in {case} case", columns=named(one.columns), case=one.to.value
    ),
    of_cells.Type: lambda one: said(
        "Read {columns} as {type}", columns=named(one.columns), type=one.type.value
    ),
    of_cells.ParseDates: lambda one: said(
        "Read dates in {columns} written as {formats}",
        columns=named(one.columns), formats=said_all(one.formats, by=said(" or ")),
    ),
    of_cells.Map: lambda one: said_count(
        "Replace {count:,} value of {column}", "Replace {count:,} values of {column}",
        len(one.values), column=one.column,
    ),
    of_cells.MergeValues: _merged,
    of_cells.Missing: lambda one: said_count(
        "Take {count:,} value for missing in {columns}", "Take {count:,} values for missing in {columns}",
        len(one.tokens), columns=named(one.columns),
    ),
    of_cells.Replace: lambda one: said("Find and replace in {columns}", columns=named(one.columns)),
    of_rows.Fill: _fill,
    of_rows.DropMissing: lambda one: said(
        "Drop rows with {how} missing of {columns}", how=one.how.value, columns=named(one.columns)
    ),
    of_rows.Duplicates: lambda one: said(
        "Keep the {keep} of rows alike in {columns}", keep=one.keep.value, columns=named(one.columns)
    ),
    of_rows.FuzzyDuplicates: _near,
    of_rows.Outliers: _outliers,
    of_rows.Range: _range,
    of_rows.Rule: lambda one: said(
        "A rule on {columns}, otherwise {action}", columns=named(one.reads()), action=one.action.value
    ),
    of_rows.Filter: lambda one: said("Keep rows by {columns}", columns=named(one.reads())),
    of_columns.Split: lambda one: said(
        "Split {column} into {into}", column=one.column, into=named(one.into)
    ),
    of_columns.Merge: lambda one: said(
        "Merge {columns} into {into}", columns=named(one.columns), into=one.into
    ),
    of_columns.Rename: lambda one: said("Rename {column} to {to}", column=one.column, to=one.to),
    of_columns.DropColumns: lambda one: said("Leave out {columns}", columns=named(one.columns)),
    of_columns.KeepColumns: lambda one: said("Keep only {columns}", columns=named(one.columns)),
}  # fmt: skip
