"""How a CSV file is built: quotes, rows, delimiter. Works on bytes of an ASCII-compatible encoding.

All functions name a place as (row, column): both from 1, the header counted as a row (RFC 4180).
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.data.errors import (
    BlankRowError,
    NulByteError,
    OpenQuoteError,
    StrayQuoteError,
    UnclearDelimiterError,
    WrongEncodingError,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = (",", ";", "\t", "|")
_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_LOOK = 1 << 20  # bytes looked at together for quotation marks: what stays near the processor
_BLOCK = 8 << 20  # bytes looked at together, so that masks stay small beside the file


def place(data: bytes, offset: int, delimiter: str, *, quoting: bool) -> tuple[int, int]:
    """(row, column) of the byte at `offset`."""
    import numpy as np

    row, column, marks = 1, 1, 0
    for start in range(0, offset, _LOOK):
        codes = np.frombuffer(data, np.uint8, min(_LOOK, offset - start), start)
        after = np.frombuffer(data[start + 1 : start + 1 + len(codes)].ljust(len(codes), b"\0"), np.uint8)
        ends, splits = (codes == _LF) | ((codes == _CR) & (after != _LF)), codes == ord(delimiter)
        if quoting:
            counts = marks + np.cumsum(codes == _QUOTE)
            outside, marks = counts % 2 == 0, int(counts[-1])
            ends, splits = ends & outside, splits & outside
        found = np.flatnonzero(ends)
        if len(found):
            row, column = row + len(found), 1
            splits = splits[found[-1] :]
        column += int(np.count_nonzero(splits))
    return row, column


PLACED = (NulByteError, WrongEncodingError)


def check_bytes(data: bytes, encoding: str, delimiter: str, *, quoting: bool, before: int = 0) -> None:
    """No NUL, and all of it UTF-8, as the bytes of a file are after decoding. Raises NulByteError or
    WrongEncodingError; `encoding` is what the file was declared to be, `before` the rows that precede."""
    nul = data.find(b"\0")
    if nul >= 0:
        row, column = place(data, nul, delimiter, quoting=quoting)
        raise NulByteError(row=before + row, column=column)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row, column = place(data, error.start, delimiter, quoting=quoting)
        raise WrongEncodingError(row=before + row, column=column, encoding=encoding) from None


def stray_mark(data: bytes, delimiter: str) -> int:
    """Where a quotation mark stands that neither opens nor closes a whole value, nor is doubled inside one;
    -1: nowhere; len(data): all are fine, but the last one never closes.

    In a well-formed file the 1st, 3rd, 5th ... mark stands at the start of a value or right after
    another mark, and the 2nd, 4th, 6th ... at the end of a value or right before another mark.
    """
    import numpy as np

    if b'"' not in data:
        return -1
    seen, whole = 0, np.frombuffer(data, np.uint8)

    def edges(codes: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
        found: NDArray[np.bool_] = (
            (codes == ord(delimiter)) | (codes == _QUOTE) | (codes == _LF) | (codes == _CR)
        )
        return found

    for start in range(0, len(data), _LOOK):
        marks = np.flatnonzero(whole[start : start + _LOOK] == _QUOTE) + start
        opens, closes = marks[seen % 2 :: 2], marks[(seen + 1) % 2 :: 2]
        before, after = edges(whole[opens - 1]), edges(whole[np.minimum(closes + 1, len(data) - 1)])
        if len(opens) and opens[0] == 0:
            before[0] = True
        if not (before.all() and after.all()):
            return int(np.concatenate([opens[~before], closes[~after]]).min())
        seen += len(marks)
    return len(data) if seen % 2 else -1


def check_quotes(data: bytes, delimiter: str, *, before: int = 0) -> None:
    """Every quotation mark is as `stray_mark` wants it. `before` rows precede `data`.

    Raises StrayQuoteError or OpenQuoteError.
    """
    at = stray_mark(data, delimiter)
    if at < 0:
        return
    error = StrayQuoteError if at < len(data) else OpenQuoteError
    at = min(at, data.rindex(b'"'))
    row, column = place(data, at, delimiter, quoting=True)
    raise error(row=before + row, column=column)


def blank_row(data: bytes, *, quoting: bool) -> int:
    """Where the first blank row begins; -1: there is none."""
    import numpy as np

    if data[:1] in (b"\n", b"\r"):
        return 0
    returns, marks, counted = b"\r" in data, 0, 0
    for start in range(0, len(data), _LOOK):
        codes = np.frombuffer(data, np.uint8, min(_LOOK + 1, len(data) - start), start)
        feeds = ends = codes == _LF
        if returns:
            ends = feeds | (codes == _CR)
        twice = ends[:-1] & ends[1:]
        if returns:
            twice &= feeds[:-1] | ~feeds[1:]  # not both of a CR LF
        if twice.any():
            places = np.flatnonzero(twice)
            if quoting:
                marks, counted = marks + data.count(b'"', counted, start), start
                inside = marks + np.searchsorted(np.flatnonzero(codes == _QUOTE), places)
                places = places[inside % 2 == 0]
            if len(places):
                return start + int(places[0]) + 1
    return -1


def check_blank_rows(data: bytes, delimiter: str, *, quoting: bool, before: int = 0) -> None:
    """No blank row before the end. `data` has no line ends at its end. Raises BlankRowError."""
    at = blank_row(data, quoting=quoting)
    if at >= 0:
        raise BlankRowError(row=before + place(data, at, delimiter, quoting=quoting)[0])


def is_utf8(data: bytes) -> bool:
    """Whether all of it decodes. Piece by piece, so that no second copy is made."""
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _LOOK):
            decoder.decode(memoryview(data)[start : start + _LOOK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Marks:
    """The candidates that stand in the first row, with how often, and those that split every row looked at
    alike. `anywhere`: one of them stands somewhere."""

    first: dict[str, int]
    fitting: tuple[str, ...]
    anywhere: bool

    def further(self, data: bytes, *, quoting: bool) -> "Marks":
        """After more rows."""
        fitting = list(self.fitting)
        for codes, inside in _blocks(data, quoting=quoting):
            fitting = [mark for mark in fitting if _fits(codes, inside, mark, self.first[mark])]
        return Marks(self.first, tuple(fitting), self.anywhere or any(m.encode() in data for m in CANDIDATES))

    def chosen(self) -> str:
        """The one that is meant.

        A file without any candidate has one column, and any delimiter does. Where none fits all rows but
        only one stands in the first row, that one is meant (a bad row is then named when the file is
        read). Anything else is not guessed: UnclearDelimiterError.
        """
        if len(self.fitting) == 1:
            return self.fitting[0]
        if not self.fitting and len(self.first) == 1:
            return next(iter(self.first))
        if not self.first and not self.anywhere:
            return ","
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
        raise UnclearDelimiterError(fitting=", ".join(names[mark] for mark in self.fitting) or "none")


def delimiter_marks(data: bytes, *, quoting: bool) -> Marks:
    """The candidates after all rows of `data`, which begins with the first row."""
    first = first_record(data, quoting=quoting)
    found = {mark: len(_cuts(first, mark, quoting=quoting)) for mark in CANDIDATES}
    counts = {mark: count for mark, count in found.items() if count}
    return Marks(counts, tuple(counts), anywhere=False).further(data, quoting=quoting)


def header_names(data: bytes, delimiter: str, *, quoting: bool) -> list[str]:
    """The values of the first row, as text."""
    first = first_record(data, quoting=quoting)
    if not first:
        return []
    cuts = _cuts(first, delimiter, quoting=quoting).tolist()
    names = []
    for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(first)], strict=True):
        name = first[start:end].decode("utf-8")
        marked = quoting and len(name) > 1 and name[0] == name[-1] == '"'
        names.append(name[1:-1].replace('""', '"') if marked else name)
    return names


def _cuts(record: bytes, delimiter: str, *, quoting: bool) -> "NDArray[np.int64]":
    """Where the delimiters between the values of a row stand."""
    import numpy as np

    found, marks = [np.zeros(0, dtype=np.int64)], 0
    for start in range(0, len(record), _LOOK):
        codes = np.frombuffer(record, np.uint8, min(_LOOK, len(record) - start), start)
        hits = codes == ord(delimiter)
        if quoting:
            counts = marks + np.cumsum(codes == _QUOTE)
            hits, marks = hits & (counts % 2 == 0), int(counts[-1])
        found.append(np.flatnonzero(hits) + start)
    return np.concatenate(found)


def first_record(data: bytes, *, quoting: bool) -> bytes:
    """The bytes of the first row, quotes and all."""
    import numpy as np

    marks = 0
    for start in range(0, len(data), _LOOK):
        codes = np.frombuffer(data, np.uint8, min(_LOOK, len(data) - start), start)
        ends = (codes == _LF) | (codes == _CR)
        if quoting:
            counts = marks + np.cumsum(codes == _QUOTE)
            ends, marks = ends & (counts % 2 == 0), int(counts[-1])
        if ends.any():
            return data[: start + int(ends.argmax())]
    return data


def count_values(record: bytes, delimiter: str, *, quoting: bool) -> int:
    """How many values a row has."""
    return len(_cuts(record, delimiter, quoting=quoting)) + 1


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
