"""Cells of an Arrow table by row and column, without Qt: read in small blocks, which are kept for a while.

A column of millions of rows is never turned into Python values: the chunk that holds a row is found by
bisection, a block of a few rows is read from it, and only the blocks that were asked for last are kept.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 64  # rows read at once: about two screens
_KEPT = 1024  # blocks: at most 65,536 cells
LONGEST = 2_000  # characters of a cell that are read for showing
MOST_COPIED = 200_000  # cells: what a clipboard can bear
_SAMPLES = 24  # blocks looked at for the width of a column, spread over the table
_SAMPLED = 160  # characters of a cell looked at for it
_PICTURES = 0x2400  # Unicode's pictures of control characters

# what would break a line, or turn the order of the letters around, is shown as a sign
_SIGNS = {code: chr(_PICTURES + code) for code in range(32)} | {0x7F: "\u2421"}
_SIGNS |= {0x0A: "\u21b5", 0x0D: "\u21b5", 0x09: "\u2192"}
_SIGNS |= dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029), "\ufffd"
)


def shown(text: str) -> str:
    """`text` on one line, with signs for what cannot be seen."""
    return text.translate(_SIGNS)


class ArrowCells:
    """Reads `table`; None is a missing value. Row and column count from 0."""

    def __init__(self, table: "pa.Table") -> None:
        self._columns = [table.column(at) for at in range(table.num_columns)]
        self.names: list[str] = list(table.column_names)
        self.rows: int = table.num_rows
        self._starts: dict[int, list[int]] = {}  # column -> the first row of each chunk
        self._blocks: OrderedDict[tuple[int, int], list[str | None]] = OrderedDict()

    def let_go(self) -> None:
        """Forget the table and what was read of it."""
        self._columns, self.names, self.rows = [], [], 0
        self._starts.clear()
        self._blocks.clear()

    def cell(self, row: int, column: int) -> str | None:
        """The text of a cell, cut at `LONGEST` characters."""
        return self._block(row // BLOCK, column)[row % BLOCK]

    def _block(self, number: int, column: int) -> list[str | None]:
        key = (number, column)
        found = self._blocks.get(key)
        if found is None:
            first = number * BLOCK
            found = self._read(column, first, min(BLOCK, self.rows - first), LONGEST)
            self._blocks[key] = found
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(key)
        return found

    def _read(self, column: int, first: int, count: int, longest: int | None = None) -> list[str | None]:
        """`count` cells from the row `first` on, read chunk by chunk."""
        chunks = self._columns[column].chunks
        starts = self._starts.get(column)
        if starts is None:
            starts = self._starts[column] = [0, *accumulate(len(chunk) for chunk in chunks)][:-1]
        found: list[str | None] = []
        at = bisect_right(starts, first) - 1
        while len(found) < count and 0 <= at < len(chunks):
            inside = first + len(found) - starts[at]
            piece = chunks[at].slice(inside, count - len(found))
            found += _texts(piece, longest)
            at += 1
        return found

    def copied(self, rows: range, columns: Sequence[int]) -> str:
        """These cells as lines of values parted by tabs, a missing one empty. ValueError beyond MOST_COPIED.

        Values that hold tabs, line ends or quotation marks stand in quotation marks, as spreadsheets read it.
        """
        if len(rows) * len(columns) > MOST_COPIED:
            raise ValueError(MOST_COPIED)
        whole = [self._read(column, rows.start, len(rows)) for column in columns]
        return "\n".join("\t".join(_quoted(one or "") for one in line) for line in zip(*whole, strict=True))

    def sample(self, column: int) -> list[str]:
        """Some texts of a column, from places all over the table; how many does not grow with the table."""
        blocks = max(1, -(-self.rows // BLOCK))
        step = max(1, blocks // _SAMPLES)
        found: list[str] = []
        for number in range(0, min(blocks, step * _SAMPLES), step):
            first = number * BLOCK
            read = self._read(column, first, min(16, self.rows - first), _SAMPLED)
            found += [one for one in read if one is not None]
        return found


def _quoted(text: str) -> str:
    if any(sign in text for sign in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _texts(piece: Any, longest: int | None) -> list[str | None]:
    """The cells of a slice as texts; long ones are cut by Arrow before Python sees them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(piece.type):
        piece = piece.dictionary_decode()
    kind = piece.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        if longest is not None:
            piece = pc.utf8_slice_codeunits(piece, 0, longest)
        return list(piece.to_pylist())
    return [None if one is None else str(one) for one in piece.to_pylist()]
