"""What both readers of databases do: find the table that is meant, and take its rows as texts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ppdesk.data.bounds import MOST_OBJECTS, check_size, check_text
from ppdesk.data.errors import (
    EmptySheetError,
    ManySheetsError,
    NoRowsError,
    NoSuchSheetError,
    NotATableError,
)

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 20_000  # rows
_LISTED = 20  # tables that a message names


def choose(kinds: Mapping[str, str], name: str) -> str:
    """The table called `name`, or the only one. `kinds`: what each name is, "table" or another word."""
    tables = [own for own, kind in kinds.items() if kind == "table"]
    names = ", ".join(one[:60] for one in tables[:_LISTED]) or "none"
    if name:
        if name not in kinds:
            raise NoSuchSheetError(what="table", names=names)
        if kinds[name] != "table":
            raise NotATableError(name=name, kind=kinds[name])
        return name
    if not tables:
        raise EmptySheetError(what="The database", name="")
    if len(tables) > 1:
        raise ManySheetsError(what="table", names=names)
    return tables[0]


def gather(
    names: Sequence[str],
    batches: Iterable[Sequence[Sequence[Any]]],
    text: Callable[[Any, int, int, str], str | None],
) -> "pa.Table":
    """A table of strings. `batches`: rows, some at a time; `text`: a value, its row and column from 1 and the
    name of the column, as text. NoRowsError; too large a table is refused before it is all taken."""
    import pyarrow as pa

    columns: list[list[pa.Array]] = [[] for _ in names]
    rows = size = 0
    for some in batches:
        check_size(rows + len(some), len(names), most_cells=MOST_OBJECTS)
        for at, values in enumerate(zip(*some, strict=True)):
            told = [text(value, rows + 1 + row, at + 1, names[at]) for row, value in enumerate(values)]
            texts = pa.array(told, pa.string())
            size += texts.nbytes
            columns[at].append(texts)
        rows += len(some)
        check_text(size)
    if rows == 0:
        raise NoRowsError()
    return pa.table([pa.chunked_array(parts, pa.string()) for parts in columns], names=list(names))
