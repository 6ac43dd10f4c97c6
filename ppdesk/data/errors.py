"""What can be wrong with a file that is read. Rows count from 1 and the header is a row."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class ReadError(CodedError):
    """The file cannot be read."""

    code = "PP-DATA-001"
    exit = Exit.BAD_INPUT
    todo = "Check the file and import it again. Nothing was taken in."


class FileUnreadableError(ReadError):
    """The file {file} cannot be opened: {reason}."""

    code = "PP-DATA-002"
    exit = Exit.STORAGE
    todo = "Check that the file exists, that you may read it, and that it is not a folder."


class EmptyFileError(ReadError):
    """The file is empty."""

    code = "PP-DATA-003"


class NoRowsError(ReadError):
    """The file has column names but not one row."""

    code = "PP-DATA-004"


class RaggedRowError(ReadError):
    """Row {row} has {actual} values where {expected} are expected."""

    code = "PP-DATA-005"
    todo = "Correct the row in the file, or choose another delimiter. Nothing was taken in."


class BlankRowError(ReadError):
    """Row {row} is blank."""

    code = "PP-DATA-006"
    todo = "Remove the blank row from the file. Blank rows at the very end are no matter."


class NulByteError(ReadError):
    """Row {row}, column {column} contains a NUL byte: this is no text file, or it is damaged."""

    code = "PP-DATA-007"
    todo = "Export the table again as CSV. If it is UTF-16, choose that encoding."


class WrongEncodingError(ReadError):
    """Row {row}, column {column} is not valid {encoding} text."""

    code = "PP-DATA-008"
    todo = "Choose the encoding the file was written in, for example windows-1252, or export it as UTF-8."


class EmptyHeaderError(ReadError):
    """Column {column} has no name in the first row."""

    code = "PP-DATA-009"
    todo = "Name the column in the file, or say that the first row is data."


class DuplicateHeaderError(ReadError):
    """Columns {first} and {second} have the same name, {name}."""

    code = "PP-DATA-010"
    todo = "Give each column of the file its own name."


class OpenQuoteError(ReadError):
    """A quotation mark opens in row {row}, column {column}, and never closes: the file may be cut off."""

    code = "PP-DATA-011"
    todo = "Export the file again, or say that quotation marks are ordinary characters (quoting = none)."


class StrayQuoteError(ReadError):
    """The quotation marks do not match in row {row}, column {column}."""

    code = "PP-DATA-012"
    todo = "Check the delimiter. Else double each mark inside a quoted value, or choose quoting = none."


class UnclearDelimiterError(ReadError):
    """No delimiter splits every row into the same number of values; fitting: {fitting}."""

    code = "PP-DATA-013"
    todo = "Choose the delimiter yourself."


class UnparsedCsvError(ReadError):
    """The CSV reader refuses the file near row {row}."""

    code = "PP-DATA-014"
    todo = "Export the table again as plain CSV, one row per line."
