"""Text of fixed width: a column is a range of characters in each line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.bounds import MOST_OBJECTS, check_size
from ppdesk.data.csv_table import Encoding
from ppdesk.data.errors import (
    BlankRowError,
    EmptyFileError,
    FileUnreadableError,
    LineLengthError,
    NoRowsError,
    NulByteError,
    WidthsError,
    WrongEncodingError,
)
from ppdesk.data.headers import check_names, numbered

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 50_000  # lines


@dataclass(frozen=True)
class Widths:
    """Characters per column, and their names where they are declared."""

    sizes: tuple[int, ...]
    names: tuple[str, ...]  # empty: the first line has them, or they are numbered


def parse_widths(texts: Sequence[str]) -> Widths:
    """``["id:8", "town:20"]`` or ``["8", "20"]``. Raises WidthsError or what `check_names` does."""
    if not texts:
        raise WidthsError(reason="none is given")
    parts = [text.rpartition(":") for text in texts]
    named = [bool(colon) for _, colon, _ in parts]
    if any(named) and not all(named):
        raise WidthsError(reason="some have a name and some have none")
    if not all(
        size.strip().isascii() and size.strip().isdigit() and 0 < len(size.strip()) < 7
        for _, _, size in parts
    ):
        raise WidthsError(reason="a width is a whole number of characters")
    sizes = tuple(int(size) for _, _, size in parts)
    if 0 in sizes:
        raise WidthsError(reason="a width is at least 1")
    names = tuple(name.strip() for name, _, _ in parts) if all(named) else ()
    if names:
        check_names(names)
    return Widths(sizes, names)


def read_fixed(
    path: Path,
    widths: Widths,
    *,
    encoding: Encoding = Encoding.UTF_8,
    header: bool = True,
    cancelled: Callable[[], bool] = lambda: False,
) -> "pa.Table":
    """A table of strings without the blanks that pad each value. Where the widths bear names every line is
    a record, else `header` says whether the first is the names.

    A line may end inside its last column (blanks at the end are often cut off), nowhere before it, and
    only blanks may stand behind it. Blank lines at the very end are not rows.
    """
    import pyarrow as pa

    lines = _lines(path, encoding)
    edges = [sum(widths.sizes[:index]) for index in range(len(widths.sizes) + 1)]
    check_size(len(lines), len(widths.sizes), most_cells=MOST_OBJECTS)
    spans = list(pairwise(edges))
    batches = []
    for start in range(0, len(lines), _AT_ONCE):
        if cancelled():
            raise CancelledRunError()
        some = lines[start : start + _AT_ONCE]
        for number, line in enumerate(some, start=start + 1):
            _check_line(line, number, edges)
        batches.append([pa.array([line[a:b].strip(" ") for line in some], pa.string()) for a, b in spans])
    columns = [pa.chunked_array(parts, pa.string()) for parts in zip(*batches, strict=True)]
    names = list(widths.names)
    if not names and header:
        names = [column[0].as_py() for column in columns]
        check_names(names)
        columns = [column.slice(1) for column in columns]
    table = pa.table(columns, names=names or numbered(len(columns)))
    if table.num_rows == 0:
        raise NoRowsError()
    return table


def _check_line(line: str, number: int, edges: Sequence[int]) -> None:
    length = len(line)
    if not line.strip(" "):
        raise BlankRowError(row=number)
    if "\0" in line:
        column = next(
            (at for at, edge in enumerate(edges[1:], start=1) if line.index("\0") < edge), len(edges) - 1
        )
        raise NulByteError(row=number, column=column)
    too_short = length <= edges[-2] and length < edges[-1]
    if too_short or (length > edges[-1] and line[edges[-1] :].strip(" ")):
        raise LineLengthError(row=number, actual=length, expected=edges[-1])


def _lines(path: Path, encoding: Encoding) -> list[str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    codec = "utf-8-sig" if encoding is Encoding.UTF_8 else encoding.value
    if encoding is Encoding.UTF_16 and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise WrongEncodingError(row=1, column=1, encoding=encoding.value)
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        raise WrongEncodingError(row=row, column=1, encoding=encoding.value) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    while lines and not lines[-1].strip(" "):
        lines.pop()
    if not lines:
        raise EmptyFileError()
    return lines
