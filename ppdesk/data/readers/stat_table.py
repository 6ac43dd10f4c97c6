"""Read SPSS, Stata and SAS files with ReadStat (through pyreadstat) into a table of strings."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.bounds import MOST_OBJECTS, check_size, check_text
from ppdesk.data.errors import (
    BadDateError,
    BytesCellError,
    DamagedFileError,
    NoRowsError,
    NulByteError,
    SameLabelError,
    WrongEncodingError,
)
from ppdesk.data.readers.formats import WORDS, FileFormat, is_portable
from ppdesk.data.readers.headers import check_names
from ppdesk.data.readers.stat_dates import writer_of

if TYPE_CHECKING:
    import pyarrow as pa

_READERS = {
    FileFormat.SPSS: "read_sav",
    FileFormat.STATA: "read_dta",
    FileFormat.SAS: "read_sas7bdat",
    FileFormat.XPORT: "read_xport",
}

_LEAST_BYTE = frozenset({FileFormat.SPSS, FileFormat.STATA})  # each cell takes a byte or more of the file
_RELEASE = b"<stata_dta><header><release>"  # of 117 and later; what is older begins with its number
_MOST_DEFLATED = 1032  # to one, the limit of zlib, which .zsav is packed with
_REMEMBERED = 65_536  # distinct values of a column whose texts are kept


@dataclass(frozen=True)
class StatRead:
    """A table of strings, and how many columns had their codes replaced by value labels. `guessed`: the file
    names no encoding, and there is text that depends on it."""

    table: "pa.Table"
    labelled: int
    guessed: bool = False


def read_stat(
    path: Path, form: FileFormat, *, labels: bool = False, cancelled: Callable[[], bool] = lambda: False
) -> StatRead:
    """Values as in `cell_text`, by the display format of each column: dates and times only where it says so.

    Missing values, those a user declared too, are null. With `labels` a code that has a value label is
    replaced by it. A code without one stays.
    """
    import pyarrow as pa

    _, about = _load(path, form, metadataonly=True)
    names = list(about.column_names)
    promised = max(about.number_rows or 0, 0)  # not every format tells
    check_size(promised, len(names), most_cells=MOST_OBJECTS)
    if form in _LEAST_BYTE and promised * len(names) > path.stat().st_size * _expansion(path):
        raise DamagedFileError(what=WORDS[form])
    if not names or not all(isinstance(name, str) for name in names):
        raise DamagedFileError(what=WORDS[form])
    check_names(names)
    values, about = _load(path, form)
    columns, labelled, size = [], 0, 0
    for number, name in enumerate(names, start=1):
        if cancelled():
            raise CancelledRunError()
        known = about.variable_value_labels.get(name) or {} if labels else {}
        if len(set(known.values())) < len(known):
            raise SameLabelError(column=number, name=name)
        labelled += bool(known)
        width = about.readstat_variable_types.get(name) or ""
        write = writer_of(form, about.original_variable_types.get(name) or "", single=width == "float")
        column = pa.array(_texts(values.pop(name), known, write, number, name), pa.string())
        size += column.nbytes
        check_text(size)
        columns.append(column)
    table = pa.table(columns, names=names)
    if table.num_rows < promised:
        raise DamagedFileError(what=WORDS[form])
    if table.num_rows == 0:
        raise NoRowsError()
    return StatRead(table, labelled, form is FileFormat.STATA and _old(_head(path)) and not _ascii(table))


def _old(head: bytes) -> bool:
    """Whether a Stata file is of release 117 (version 13) or earlier; from 118 on text is UTF-8."""
    return not head.startswith(_RELEASE) or head[len(_RELEASE) :][:3] < b"118"


def _ascii(table: "pa.Table") -> bool:
    import pyarrow.compute as pc

    return all(name.isascii() for name in table.column_names) and all(
        pc.all(pc.string_is_ascii(column)).as_py() is not False for column in table.columns
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def _expansion(path: Path) -> int:
    """How many cells a byte of the file can hold at most."""
    return _MOST_DEFLATED if _head(path)[:4] == b"$FL3" else 1


def _load(path: Path, form: FileFormat, **more: Any) -> tuple[dict[str, Any], Any]:
    """(values by column, metadata). ReadStat's own words may quote a value, so they are dropped."""
    import pyreadstat
    from pyreadstat._readstat_parser import PyreadstatError, ReadstatError

    portable = form is FileFormat.SPSS and is_portable(_head(path))
    read = getattr(pyreadstat, "read_por" if portable else _READERS[form])
    try:
        found: tuple[dict[str, Any], Any] = read(
            str(path), output_format="dict", disable_datetime_conversion=True, **more
        )
    except (
        ReadstatError,
        PyreadstatError,
        ValueError,
        OSError,
        MemoryError,
        OverflowError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        raise DamagedFileError(what=WORDS[form]) from None
    return found


def _texts(
    values: Any, labels: dict[Any, str], write: Callable[[Any], str], number: int, name: str
) -> list[str | None]:
    """The texts of column `number`. What repeats, as codes do, is written once."""
    known: dict[Any, str] = dict(labels)
    found: list[str | None] = []
    for row, value in enumerate(values, start=1):
        text = known.get(value)
        if text is None:
            text = _text(value, write, row, number, name)
            if value and text is not None and len(known) < _REMEMBERED:  # not 0: it equals -0.0
                known[value] = text
        found.append(text)
    return found


def _text(value: Any, write: Callable[[Any], str], row: int, number: int, name: str) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bytes):
        raise BytesCellError(row=row, column=number, name=name)
    if not isinstance(value, str):
        try:
            return write(value)
        except (ValueError, OverflowError):
            raise BadDateError(row=row, column=number, name=name) from None
    if "\0" in value:
        raise NulByteError(row=row, column=number)
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise WrongEncodingError(row=row, column=number, encoding="utf-8")
    return value
