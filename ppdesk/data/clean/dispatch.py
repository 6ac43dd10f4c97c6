"""Which function carries out which operation."""

from collections.abc import Callable, Mapping
from typing import Any

from ppdesk.data.clean import cell_operations as of_cells
from ppdesk.data.clean import cells, columns, rows
from ppdesk.data.clean import column_operations as of_columns
from ppdesk.data.clean import row_operations as of_rows
from ppdesk.data.clean.counts import Effect, Working
from ppdesk.data.clean.fill import fill
from ppdesk.data.clean.near_rows import near_duplicates
from ppdesk.data.clean.operation import Operation

_SIGNS = {of_cells.Thousands.COMMA: ",", of_cells.Thousands.POINT: "."}


class SameSignError(ValueError):
    """The decimal mark and what parts thousands are the same."""


def effect_of(one: Operation, working: Working, cancelled: Callable[[], bool]) -> Effect:
    """What `one` makes of the table. Errors as the functions say; the columns are known to be there."""
    if isinstance(one, of_rows.FuzzyDuplicates):
        return near_duplicates(working, one, cancelled)
    return _CALLS[type(one)](working, one)


def _set_type(working: Working, one: of_cells.Type) -> Effect:
    if _SIGNS.get(one.thousands) == (one.decimal or working.decimal).sign:
        raise SameSignError
    return cells.set_type(working, one)


_CALLS: Mapping[type[Operation], Callable[[Working, Any], Effect]] = {
    of_cells.Trim: cells.trim,
    of_cells.Case: cells.case,
    of_cells.Type: _set_type,
    of_cells.ParseDates: cells.parse_dates,
    of_cells.Map: cells.map_values,
    of_cells.MergeValues: cells.map_values,
    of_cells.Missing: cells.missing,
    of_cells.Replace: cells.replace,
    of_rows.Fill: fill,
    of_rows.DropMissing: rows.drop_missing,
    of_rows.Duplicates: rows.duplicates,
    of_rows.Outliers: rows.outliers,
    of_rows.Range: rows.in_range,
    of_rows.Rule: rows.rule,
    of_rows.Filter: rows.filter_rows,
    of_columns.Split: columns.split,
    of_columns.Merge: columns.merge,
    of_columns.Rename: columns.rename,
    of_columns.DropColumns: columns.choose,
    of_columns.KeepColumns: columns.choose,
}
