"""How a CSV file is built: quotes, rows, delimiter. Works on bytes of an ASCII-compatible encoding.

All functions name a place as (row, column): both from 1, the header counted as a row (RFC 4180).
"""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ppdesk.data.errors import BlankRowError, OpenQuoteError, StrayQuoteError, UnclearDelimiterError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = (",", ";", "\t", "|")
_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_BLOCK = 8 << 20  # bytes looked at together, so that masks stay small beside the file


def place(data: bytes, offset: int, delimiter: str, *, quoting: bool) -> tuple[int, int]:
    """(row, column) of the byte at `offset`."""
    row = column = 1
    inside = False
    separator = ord(delimiter)
    for index in range(offset):
        byte = data[index]
        if quoting and byte == _QUOTE:
            inside = not inside
        elif inside:
            continue
        elif byte == separator:
            column += 1
        elif byte == _LF or (byte == _CR and data[index + 1 : index + 2] != b"\n"):
            row, column = row + 1, 1
    return row, column


def check_quotes(data: bytes, delimiter: str) -> None:
    """Every quotation mark opens or closes a whole value, or is doubled inside one.

    In a well-formed file the 1st, 3rd, 5th ... mark stands at the start of a value or right after
    another mark, and the 2nd, 4th, 6th ... at the end of a value or right before another mark.
    Raises StrayQuoteError or OpenQuoteError.
    """
    import numpy as np

    if b'"' not in data:
        return
    seen = 0
    edges = np.zeros(256, dtype=bool)
    edges[[ord(delimiter), _CR, _LF, _QUOTE]] = True
    for start in range(0, len(data), _BLOCK):
        marks = np.flatnonzero(np.frombuffer(data, np.uint8, min(_BLOCK, len(data) - start), start) == _QUOTE)
        marks += start
        whole = np.frombuffer(data, np.uint8)
        opens = (np.arange(seen, seen + len(marks)) % 2) == 0
        beside = np.where(opens, marks - 1, marks + 1)
        outside = (beside < 0) | (beside >= len(data))
        fine = outside | edges[whole[np.clip(beside, 0, len(data) - 1)]]
        if not fine.all():
            row, column = place(data, int(marks[~fine][0]), delimiter, quoting=True)
            raise StrayQuoteError(row=row, column=column)
        seen += len(marks)
    if seen % 2:
        row, column = place(data, data.rindex(b'"'), delimiter, quoting=True)
        raise OpenQuoteError(row=row, column=column)


def check_blank_rows(data: bytes, delimiter: str, *, quoting: bool) -> None:
    """No blank row before the end. `data` has no line ends at its end. Raises BlankRowError."""
    quoting = quoting and b'"' in data
    if data[:1] in (b"\n", b"\r"):
        raise BlankRowError(row=1)
    for pair in (b"\n\n", b"\n\r", b"\r\r"):
        found = data.find(pair)
        while found >= 0:
            if not quoting or data.count(b'"', 0, found) % 2 == 0:
                raise BlankRowError(row=place(data, found + 1, delimiter, quoting=quoting)[0])
            found = data.find(pair, found + 1)


def find_delimiter(data: bytes, *, quoting: bool) -> str:
    """The one candidate that splits every row of the file into the same number of values.

    A file without any candidate has one column, and any delimiter does. Where none fits all rows but
    only one stands in the first row, that one is meant (a bad row is then named when the file is
    read). Anything else is not guessed: UnclearDelimiterError.
    """
    first = _first_row(data, quoting=quoting)
    counts = {mark: first.count(mark.encode()) for mark in CANDIDATES}
    in_first = [mark for mark in CANDIDATES if counts[mark]]
    fitting = list(in_first)
    for codes, inside in _blocks(data, quoting=quoting):
        fitting = [mark for mark in fitting if _fits(codes, inside, mark, counts[mark])]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and len(in_first) == 1:
        return in_first[0]
    if not in_first and not any(mark.encode() in data for mark in CANDIDATES):
        return ","
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    raise UnclearDelimiterError(fitting=", ".join(names[mark] for mark in fitting) or "none")


def header_names(data: bytes, delimiter: str, *, quoting: bool) -> list[str]:
    """The values of the first row, as text."""
    first = _record(data, quoting=quoting).decode("utf-8")
    lines = io.StringIO(first, newline="")
    if quoting:
        return next(csv.reader(lines, delimiter=delimiter), [])
    return next(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE), [])


def _record(data: bytes, *, quoting: bool) -> bytes:
    """The bytes of the first row, quotes and all."""
    inside = False
    for index, byte in enumerate(data):
        if quoting and byte == _QUOTE:
            inside = not inside
        elif not inside and byte in (_CR, _LF):
            return data[:index]
    return data


def _first_row(data: bytes, *, quoting: bool) -> bytes:
    """The first row without what stands in quotes."""
    record = _record(data, quoting=quoting)
    return b"".join(record.split(b'"')[::2]) if quoting else record


def _blocks(data: bytes, *, quoting: bool) -> "Iterator[tuple[NDArray[np.uint8], Any]]":
    """Runs of whole rows, each with a mask of what stands outside quotes (None: everything)."""
    import numpy as np

    quoting = quoting and b'"' in data
    start, size = 0, _BLOCK
    while start < len(data):
        codes = np.frombuffer(data, np.uint8, min(size, len(data) - start), start)
        outside = None
        if quoting:
            outside = np.bitwise_xor.accumulate((codes == _QUOTE).astype(np.uint8)) == 0
        if start + len(codes) < len(data):
            ends = (codes == _LF) if outside is None else (codes == _LF) & outside
            found = np.flatnonzero(ends)
            if len(found) == 0:
                size *= 2  # a row longer than the block
                continue
            cut = int(found[-1]) + 1
            codes, outside = codes[:cut], None if outside is None else outside[:cut]
        start, size = start + len(codes), _BLOCK
        yield codes, outside


def _fits(codes: "NDArray[np.uint8]", outside: Any, mark: str, expected: int) -> bool:
    """Whether each row of the block has `expected` delimiters. A last row without an end counts."""
    import numpy as np

    hits, ends = codes == ord(mark), codes == _LF
    if not ends.any():
        ends = codes == _CR
    if outside is not None:
        hits, ends = hits & outside, ends & outside
    edges = np.flatnonzero(ends)
    if len(edges) == 0 or edges[-1] != len(codes) - 1:
        edges = np.append(edges, len(codes))
    upto = np.searchsorted(np.flatnonzero(hits), edges)
    return bool((np.diff(upto, prepend=0) == expected).all())
