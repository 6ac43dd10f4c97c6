"""Which format a file is of: by its first bytes, then by its name."""

from enum import StrEnum
from pathlib import Path

from ppdesk.data.errors import (
    FileUnreadableError,
    NotThatFormatError,
    ProtectedFileError,
    UnsupportedFormatError,
)


class FileFormat(StrEnum):
    """The formats that are read."""

    CSV = "csv"
    FIXED = "fixed"
    PARQUET = "parquet"
    ARROW = "arrow"
    EXCEL = "excel"
    SPSS = "spss"
    STATA = "stata"
    SAS = "sas"
    XPORT = "xport"
    SQLITE = "sqlite"
    DATABASE = "database"  # of another SQLAlchemy dialect


WORDS = {
    FileFormat.CSV: "CSV",
    FileFormat.FIXED: "text of fixed width",
    FileFormat.PARQUET: "Parquet",
    FileFormat.ARROW: "Arrow (Feather)",
    FileFormat.EXCEL: "an Excel workbook (.xlsx)",
    FileFormat.SPSS: "SPSS",
    FileFormat.STATA: "Stata",
    FileFormat.SAS: "SAS (.sas7bdat)",
    FileFormat.XPORT: "SAS transport (.xpt)",
    FileFormat.SQLITE: "an SQLite database",
    FileFormat.DATABASE: "a database that is a local file",
}
SUFFIXES = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".tab": FileFormat.CSV,
    ".fwf": FileFormat.FIXED,
    ".parquet": FileFormat.PARQUET,
    ".arrow": FileFormat.ARROW,
    ".feather": FileFormat.ARROW,
    ".xlsx": FileFormat.EXCEL,
    ".sav": FileFormat.SPSS,
    ".zsav": FileFormat.SPSS,
    ".por": FileFormat.SPSS,
    ".dta": FileFormat.STATA,
    ".sas7bdat": FileFormat.SAS,
    ".xpt": FileFormat.XPORT,
    ".sqlite": FileFormat.SQLITE,
    ".sqlite3": FileFormat.SQLITE,
    ".db": FileFormat.SQLITE,
    ".duckdb": FileFormat.DATABASE,
}
TEXT = frozenset({FileFormat.CSV, FileFormat.FIXED})
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE 2: old Office files, and encrypted new ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO 2.3.4.4, a name in its directory
WITH_SHEETS = frozenset({FileFormat.EXCEL, FileFormat.SQLITE, FileFormat.DATABASE})
_DUCKDB = b"DUCK"  # after 8 bytes of a checksum
_PORTABLE = b"ASCII SPSS PORT FILE"  # after 40 bytes in another alphabet
_SIGNS = (
    (b"PAR1", FileFormat.PARQUET),
    (b"ARROW1\0\0", FileFormat.ARROW),
    (b"\xff\xff\xff\xff", FileFormat.ARROW),  # a stream: the mark before each message
    (b"PK\x03\x04", FileFormat.EXCEL),
    (b"$FL2", FileFormat.SPSS),
    (b"$FL3", FileFormat.SPSS),
    (b"<stata_dta>", FileFormat.STATA),
    (bytes(12) + b"\xc2\xea\x81\x60", FileFormat.SAS),
    (b"HEADER RECORD*******LI", FileFormat.XPORT),
    (b"SQLite format 3\0", FileFormat.SQLITE),
)
_REFUSED = (
    (b"FEA1", "a Feather file of version 1"),
    (b"PARE", "an encrypted Parquet file"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"BZh", "compressed (bzip2)"),
    (b"\xfd7zXZ\0", "compressed (xz)"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"PK\x05\x06", "an empty archive (zip)"),
    (b"%PDF-", "a PDF document"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
)


def find_format(path: Path) -> FileFormat:
    """The format of the file at `path`. Content counts before the name: a Parquet file called .csv is one.

    Raises UnsupportedFormatError, ProtectedFileError, NotThatFormatError (the name promises a format that
    the content is not), FileUnreadableError.
    """
    head = _head(path)
    by_content = _by_content(head, path)
    if by_content is not None:
        return by_content
    by_name = SUFFIXES.get(path.suffix.lower(), FileFormat.CSV)
    if by_name in TEXT or not head:  # an empty file is told by whoever reads it
        return by_name if by_name in TEXT else FileFormat.CSV
    raise NotThatFormatError(expected=WORDS[by_name])


def check_format(path: Path, form: FileFormat) -> None:
    """NotThatFormatError where a file that is declared to be `form` is not, as far as its head tells."""
    found = _by_content(_head(path), path)
    if found is not form and not (found is None and form in TEXT):
        raise NotThatFormatError(expected=WORDS[form])


def _by_content(head: bytes, path: Path) -> FileFormat | None:
    if head.startswith(_COMPOUND):
        if _ENCRYPTED in _directory(path):
            raise ProtectedFileError()
        raise UnsupportedFormatError(what="an old Office file, such as .xls")
    for sign, what in _REFUSED:
        if head.startswith(sign) and (sign != b"ORC" or not head[3:4].isalnum()) and not _is_text(head):
            raise UnsupportedFormatError(what=what)
    for sign, form in _SIGNS:
        if head.startswith(sign):
            return form
    if head[8:12] == _DUCKDB:
        return FileFormat.DATABASE
    if is_portable(head):
        return FileFormat.SPSS
    if head[:1] and 104 <= head[0] <= 115 and head[1:2] in (b"\1", b"\2") and head[2:4] == b"\1\0":
        return FileFormat.STATA  # versions 3 to 12, before the head became words
    return None


def is_portable(head: bytes) -> bool:
    """Whether a file that begins with `head` is SPSS's portable form, which is text (.por)."""
    return head[40:60] == _PORTABLE


def _is_text(head: bytes) -> bool:
    """Whether nothing in `head` speaks against a table written as text."""
    return all(byte >= 32 or byte in b"\t\r\n" for byte in head) and not head.startswith(b"%PDF-")


def _head(path: Path, size: int = 64) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None


def _directory(path: Path) -> bytes:
    """The start of a compound file, where its directory stands in what Office writes, and its end."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
        file.seek(max(0, path.stat().st_size - (1 << 20)))
        return start + file.read(1 << 20)
