"""Column operations on Arrow tables."""

import re
from typing import TYPE_CHECKING, Any

from ppdesk.data.clean.cells import as_column
from ppdesk.data.clean.column_operations import DropColumns, KeepColumns, Merge, Rename, Split
from ppdesk.data.clean.counts import Effect, Working

if TYPE_CHECKING:
    import pyarrow as pa

_REST = "rest"


class GroupCountError(ValueError):
    """A regular expression has another number of groups than there are new columns."""


def split(working: Working, op: Split) -> Effect:
    """The parts of a column as columns of their own. GroupCountError, pyarrow.ArrowInvalid."""
    column = working.table.column(op.column)
    parts = _by_pattern(column, op) if op.pattern else _by_separator(column, op)
    shape = op.shape(tuple(working.table.column_names))
    return Effect(_arranged({**_columns(working.table), **dict(zip(op.into, parts, strict=True))}, shape))


def _by_separator(column: "pa.ChunkedArray", op: Split) -> list[Any]:
    import pyarrow.compute as pc

    mark = re.escape(op.separator or " ")
    parts, rest = [], column
    for _ in op.into[:-1]:
        cut = pc.extract_regex(rest, rf"(?s)^(?P<part>.*?){mark}(?P<{_REST}>.*)$")
        met = cut.is_valid()
        parts.append(as_column(pc.if_else(met, pc.struct_field(cut, "part"), rest)))
        rest = pc.if_else(met, pc.struct_field(cut, _REST), None)
    return [*parts, as_column(rest)]


def _by_pattern(column: "pa.ChunkedArray", op: Split) -> list[Any]:
    import pyarrow.compute as pc

    cut = pc.extract_regex(column, named_groups(op.pattern))
    if cut.type.num_fields != len(op.into):
        raise GroupCountError
    return [
        as_column(pc.if_else(cut.is_valid(), pc.struct_field(cut, [place]), None))
        for place in range(len(op.into))
    ]


def named_groups(pattern: str) -> str:
    """A regular expression with a name for each of its groups, as Arrow wants it."""
    found, at, inside, number = [], 0, False, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            found.append(pattern[at : at + 2])
            at += 2
            continue
        if letter == "[" and not inside:
            inside = True
        elif letter == "]" and inside:
            inside = False
        elif letter == "(" and not inside and pattern[at + 1 : at + 2] != "?":
            number += 1
            letter = f"(?P<group{number}>"
        found.append(letter)
        at += 1
    return "".join(found)


def merge(working: Working, op: Merge) -> Effect:
    """Several columns joined as text; missing where all of them are."""
    import pyarrow.compute as pc

    columns = [working.table.column(name) for name in op.columns]
    joined = columns[0]
    for column in columns[1:]:
        both = pc.binary_join_element_wise(joined, column, op.separator)
        joined = pc.coalesce(both, joined, column) if op.skip_missing else both
    shape = op.shape(tuple(working.table.column_names))
    return Effect(_arranged({**_columns(working.table), op.into: as_column(joined)}, shape))


def rename(working: Working, op: Rename) -> Effect:
    return Effect(working.table.rename_columns(list(op.shape(tuple(working.table.column_names)))))


def choose(working: Working, op: DropColumns | KeepColumns) -> Effect:
    return Effect(working.table.select(list(op.shape(tuple(working.table.column_names)))))


def _columns(table: "pa.Table") -> dict[str, Any]:
    return dict(zip(table.column_names, table.columns, strict=True))


def _arranged(columns: dict[str, Any], shape: tuple[str, ...]) -> "pa.Table":
    import pyarrow as pa

    return pa.table({name: columns[name] for name in shape})
