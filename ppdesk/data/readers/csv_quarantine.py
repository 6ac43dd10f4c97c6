"""Put aside the rows of a CSV file that do not fit, each with its number, a reason and its text.

A row is put aside only where its end is sure: where the grammar of RFC 4180 reads it to its end, or where a
mark that stands wrongly leaves no doubt. A quotation mark inside a value without marks opens nothing. One
after which a marked value seems to end is in doubt, unless an even number of marks stands in the row. In
doubt, the file is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ppdesk.data.readers.csv_blocks import ROW_MOST, Block, before_blanks, row_end
from ppdesk.data.readers.csv_structure import place, stray_mark

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Rejected:
    """A row that does not fit. `row` counts from 1."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Unsure:
    """A row that does not show where it ends. `open`: a mark never closes."""

    column: int
    open: bool


@dataclass(frozen=True)
class Sifted(Block):
    """`data` holds the good ones of `rows` rows of the file; the others are in `rejected`, numbered from the
    first of these rows. `unsure`: about the row after them."""

    rows: int = 0
    rejected: tuple[Rejected, ...] = ()
    unsure: "Unsure | None" = None


@dataclass(frozen=True)
class Sieve:
    """What a row must be: `width` values, in UTF-8, without NUL, with marks where they belong."""

    delimiter: str
    width: int
    quoting: bool
    encoding: str  # for the reasons

    @cached_property
    def _record(self) -> "re.Pattern[bytes]":
        """A whole row with its end, in time that grows with its length only."""
        mark = re.escape(self.delimiter.encode())
        bare = rb"[^" + mark + rb"\r\n" + (rb'"' if self.quoting else rb"") + rb"]*+"
        value = rb'(?:"[^"]*+(?:""[^"]*+)*+"|' + bare + rb")" if self.quoting else bare
        return re.compile(value + rb"(?:" + mark + value + rb")*+(?:\r\n|\n|\r|\Z)")

    @cached_property
    def _special(self) -> "re.Pattern[bytes]":
        """What means something outside of marks."""
        return re.compile(rb'\r\n|[\r\n"' + re.escape(self.delimiter.encode()) + rb"]")

    def rows(self, pieces: Iterator[bytes]) -> Iterator[Block]:
        """Blocks of rows as `whole_rows` gives, and sifted ones where quotation marks are wrong."""
        rest = b""
        for piece in pieces:
            data = rest + piece if rest else piece
            cut = row_end(data, quoting=self.quoting)
            cut = cut if self.width == 1 else before_blanks(data, cut)
            if not self.quoting or stray_mark(data[:cut], self.delimiter) < 0:
                if cut:
                    yield Block(data[:cut], marks_fine=True)
                rest = data[cut:]
            else:
                sifted, used = self.sift(data, final=False)
                yield sifted
                if sifted.unsure:
                    return
                rest = data[used:]
            if len(rest) > ROW_MOST:
                yield Block(rest, overlong=True)
                return
        rest = rest if self.width == 1 else rest.rstrip(b"\r\n")
        if rest and self.quoting and stray_mark(rest, self.delimiter) >= 0:
            yield self.sift(rest, final=True)[0]
        elif rest:
            yield Block(rest)

    def sift(self, data: bytes, *, final: bool) -> tuple[Sifted, int]:
        """The rows of `data`, which begins with one, up to one that does not show where it ends, and the
        number of bytes looked at; what is left may be the beginning of a row, unless `final`."""
        good: list[bytes] = []
        rejected: list[Rejected] = []
        starts: list[int] = []  # of these
        at = number = kept = 0
        while at < len(data):
            found = self._record.match(data, at)
            if found is not None and (found.end() < len(data) or final or data[-1:] == b"\n"):
                end, reason = found.end(), ""
            else:
                told = self._wrong_end(data, at, final=final)
                if isinstance(told, Unsure):
                    good.append(data[kept:at])
                    return Sifted(b"".join(good), False, False, number, tuple(rejected), told), at
                if told == 0:
                    break
                end = told
                reason = "quotes: the quotation marks do not match"
            number += 1
            row = data[at:end]
            reason = reason or self._reason(row)
            if reason:
                good.append(data[kept:at])
                kept = end
                text = row.rstrip(b"\r\n").decode("utf-8", "replace").replace("\0", "\ufffd")
                rejected.append(Rejected(number, reason, text))
                starts.append(at)
            at = end
        good.append(data[kept:at])
        if not final and self.width > 1:  # blank rows at the end of the file are no rows
            at = before_blanks(data, at)
            while starts and starts[-1] >= at:
                starts.pop()
                rejected.pop()
                number -= 1
        return Sifted(b"".join(good), False, False, number, tuple(rejected)), at

    def _wrong_end(self, data: bytes, at: int, *, final: bool) -> "int | Unsure":
        """Where the row ends whose quotation marks are wrong; 0: not before more is read."""
        inside = closed = False  # within a value in marks; after one
        sure, begin, index = True, at, at  # begin: of the value
        while True:
            if inside:
                index = data.find(b'"', index)
                if index < 0:
                    break
                doubled = data[index + 1 : index + 2] == b'"'
                inside, closed = doubled, not doubled
                index += 2 if doubled else 1
                continue
            found = self._special.search(data, index)
            if closed and (found is None or found.start() > index or found[0] == b'"'):
                sure = False  # something after a mark that closes
            if found is None:
                break
            index = found.end()
            if found[0] == b'"':
                inside = found.start() == begin
            elif found[0] == self.delimiter.encode():
                begin, closed = index, False
            elif not final and found[0] == b"\r" and index == len(data):
                return 0  # its line feed may follow
            elif sure or data.count(b'"', at, index) % 2 == 0:
                return index
            else:
                return self._unsure(data, at, index, open=False)
        if not final:
            return 0
        if not inside and (sure or data.count(b'"', at) % 2 == 0):
            return len(data)
        return self._unsure(data, at, len(data), open=inside and sure)

    def _unsure(self, data: bytes, at: int, end: int, *, open: bool) -> Unsure:
        """About the row from `at`, whose last mark before `end` is named."""
        last = max(0, data.rfind(b'"', at, end) - at)
        return Unsure(place(data[at:end], last, self.delimiter, quoting=True)[1], open)

    def _reason(self, row: bytes) -> str:
        """Why a row that ends where it should is not taken in; empty: it is."""
        text = row.rstrip(b"\r\n")
        if b"\0" in row:
            column = place(row, row.index(b"\0"), self.delimiter, quoting=self.quoting)[1]
            return f"nul: a NUL byte in column {column}"
        try:
            row.decode("utf-8")
        except UnicodeDecodeError as error:
            column = place(row, error.start, self.delimiter, quoting=self.quoting)[1]
            return f"encoding: column {column} is not {self.encoding} text"
        if not text and self.width > 1:
            return "blank: nothing in the row"
        bare = b"".join(row.split(b'"')[::2]) if self.quoting else row
        values = bare.count(self.delimiter.encode()) + 1
        return "" if values == self.width else f"ragged: {values} values instead of {self.width}"


def as_table(rejected: list[Rejected]) -> "pa.Table | None":
    """The rows put aside; None where there are none."""
    import pyarrow as pa

    if not rejected:
        return None
    return pa.table(
        {
            "row": pa.array([one.row for one in rejected], pa.int64()),
            "reason": pa.array([one.reason for one in rejected], pa.string()),
            "text": pa.array([one.text for one in rejected], pa.string()),
        }
    )
