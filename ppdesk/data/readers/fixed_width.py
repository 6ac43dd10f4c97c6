"""Text of fixed width: a column is a range of characters in each line."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.data.bounds import MOST_OBJECTS, check_size
from ppdesk.data.errors import (
    BlankRowError,
    EmptyFileError,
    LineLengthError,
    NoRowsError,
    NulByteError,
    ReadError,
    RowTooLongError,
    TooManyBadRowsError,
    WidthsError,
    WrongEncodingError,
)
from ppdesk.data.readers.csv_blocks import ROW_MOST, Encoding, HashedFile, as_utf8, whole_rows
from ppdesk.data.readers.csv_quarantine import Rejected, as_table
from ppdesk.data.readers.csv_table import BadRows
from ppdesk.data.readers.headers import check_names, numbered

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Widths:
    """Characters per column, and their names where they are declared."""

    sizes: tuple[int, ...]
    names: tuple[str, ...]  # empty: the first line has them, or they are numbered


@dataclass(frozen=True)
class FixedRead:
    """A table of strings, the file's SHA-256 and size, and the rows put aside (see csv_table.ReadTable)."""

    table: "pa.Table"
    sha256: str
    size: int
    quarantine: "pa.Table | None" = None


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
    bad_rows: BadRows = BadRows.REFUSE,
    cancelled: Callable[[], bool] = lambda: False,
) -> FixedRead:
    """Strings without the blanks that pad each value. Where the widths bear names every line is a record,
    else `header` says whether the first is the names.

    A line may end inside its last column (blanks at the end are often cut off), nowhere before it, and
    only blanks may stand behind it. Blank lines at the very end are not rows. Raises a ReadError that names
    the row, and the column where one is at fault; with `bad_rows` the row is put aside instead.
    """
    import pyarrow as pa

    file = HashedFile(path, cancelled)
    named = header and not widths.names
    sieve = _Sieve(widths, encoding.value, aside=bad_rows is BadRows.QUARANTINE, named=named)
    batches: list[list[pa.Array]] = []
    spans = list(pairwise(sieve.edges))
    blocks = whole_rows(as_utf8(file.pieces(), encoding), quoting=False, blank_ends=True)
    for block in blocks:
        if block.overlong:
            raise RowTooLongError(row=sieve.rows + 1, most=f"{ROW_MOST >> 20} MiB")
        good = sieve.good(block.data)
        check_size(sieve.rows, len(spans), most_cells=MOST_OBJECTS)
        if good:
            batches.append([pa.array([line[a:b].strip(" ") for line in good], pa.string()) for a, b in spans])
    if not sieve.rows:
        raise EmptyFileError()
    rows = sieve.rows - int(named)
    if 2 * len(sieve.rejected) > rows:
        raise TooManyBadRowsError(rejected=len(sieve.rejected), rows=rows)
    columns = [pa.chunked_array(parts, pa.string()) for parts in zip(*batches, strict=True)]
    names = list(widths.names)
    if named:
        names = [column[0].as_py() for column in columns]
        check_names(names)
        columns = [column.slice(1) for column in columns]
    table = pa.table(columns, names=names or numbered(len(columns)))
    if table.num_rows == 0:
        raise NoRowsError()
    return FixedRead(table, file.sha256, file.size, as_table(sieve.rejected))


class _Sieve:
    """Lines that fit, as text, and those that do not, with the row's number and a reason."""

    def __init__(self, widths: Widths, encoding: str, *, aside: bool, named: bool) -> None:
        self.edges = list(accumulate(widths.sizes, initial=0))
        self._encoding, self._aside, self._named = encoding, aside, named
        self.rows = 0  # without the blank lines that may be the end of the file
        self._blanks: list[str] = []
        self.rejected: list[Rejected] = []

    def good(self, data: bytes) -> list[str]:
        """The lines of `data`, which are whole, that fit. A blank one is judged when another follows."""
        found: list[str] = []
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
        for raw in lines:
            if not raw.strip(b" "):
                self._blanks.append(raw.decode())
                continue
            for blank in self._blanks:
                self.rows += 1
                self._reject(BlankRowError(row=self.rows), "blank: nothing in the row", blank)
            self._blanks = []
            self.rows += 1
            told = self._wrong(raw)
            if told is None:
                found.append(raw.decode("utf-8"))
            else:
                self._reject(*told, raw.decode("utf-8", "replace").replace("\0", "\ufffd"))
        return found

    def _reject(self, error: ReadError, reason: str, text: str) -> None:
        """Put row `rows` aside, or raise; the row of names is never put aside."""
        if not self._aside or (self._named and self.rows == 1):
            raise error
        self.rejected.append(Rejected(self.rows, reason, text))

    def _wrong(self, raw: bytes) -> tuple[ReadError, str] | None:
        """What is wrong with the line of row `rows`."""
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            column = self._column(len(raw[: error.start].decode("utf-8")))
            reason = f"encoding: column {column} is not {self._encoding} text"
            return WrongEncodingError(row=self.rows, column=column, encoding=self._encoding), reason
        if "\0" in line:
            column = self._column(line.index("\0"))
            return NulByteError(row=self.rows, column=column), f"nul: a NUL byte in column {column}"
        length, edges = len(line), self.edges
        too_short = length <= edges[-2] and length < edges[-1]
        if too_short or (length > edges[-1] and line[edges[-1] :].strip(" ")):
            reason = f"length: {length} characters instead of {edges[-1]}"
            return LineLengthError(row=self.rows, actual=length, expected=edges[-1]), reason
        return None

    def _column(self, at: int) -> int:
        """The number of the column that the character at `at` is in; the last one for what is behind it."""
        return min(bisect_right(self.edges, at), len(self.edges) - 1)
