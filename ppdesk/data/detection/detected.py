"""What `detect` finds out about a text file, and what a person may have said before.

No value of a person is in it: only names of columns, counts and tokens from a public list.
"""

from dataclasses import dataclass

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.column_types import ColumnType
from ppdesk.data.readers.csv_table import CsvFormat, Encoding
from ppdesk.data.readers.formats import FileFormat


@dataclass(frozen=True)
class Given:
    """What is settled already and not looked for. None: find out."""

    encoding: Encoding | None = None
    delimiter: str | None = None
    header: bool | None = None
    quoting: bool | None = None
    decimal: DecimalMark | None = None
    null_tokens: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Doubt:
    """Something that the file does not settle. `setting` is the field of Detected that a person should look
    at; `columns` are the numbers, from 1, of those that it is about (empty: the file)."""

    code: str
    setting: str
    text: str
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class TokenFound:
    """A word of the public list of missing tokens: in how many cells and columns (numbers from 1) it stands,
    and whether it is proposed as missing."""

    token: str
    cells: int
    columns: tuple[int, ...]
    proposed: bool


@dataclass(frozen=True)
class DetectedColumn:
    """A column as it would be with the proposed settings. `name` is empty where no header is proposed."""

    name: str
    type: ColumnType
    missing: int
    distinct: int


@dataclass(frozen=True)
class Detected:
    """The proposed settings, over all rows of the file, with the reasons and the doubts as sentences."""

    format: FileFormat
    encoding: Encoding
    delimiter: str
    header: bool
    quoting: bool
    decimal: DecimalMark
    null_tokens: tuple[str, ...]
    columns: tuple[DetectedColumn, ...]
    rows: int
    tokens: tuple[TokenFound, ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def text(self) -> CsvFormat:
        """For reading the file with these settings."""
        return CsvFormat(
            delimiter=self.delimiter,
            encoding=self.encoding,
            header=self.header,
            quoting=self.quoting,
            null_tokens=self.null_tokens,
        )
