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
    todo = (
        "Correct the row in the file, choose another delimiter (ppdesk detect FILE shows what fits), or put "
        "rows that do not fit aside: --bad-rows quarantine, in the window Rows that do not fit: Put aside. "
        "Nothing was taken in."
    )


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
    todo = (
        "Choose the encoding the file was written in, for example windows-1252, or let it be found out: "
        "--encoding auto, in the window Text encoding. ppdesk detect FILE shows what fits."
    )


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


class RowTooLongError(ReadError):
    """Row {row} is longer than {most}, the most that is taken in."""

    code = "PP-DATA-015"
    todo = "Check that the file has a line for each record, and the quotation marks of that row."


class TooManyBadRowsError(ReadError):
    """{rejected} of {rows} rows do not fit, more than half: the settings are wrong, or the file is."""

    code = "PP-DATA-016"
    todo = "Check delimiter, encoding and quotation marks. Nothing was taken in."


class UnsupportedFormatError(ReadError):
    """The file is {what}, which is not read."""

    code = "PP-DATA-030"
    todo = "Save the table as CSV, Parquet or .xlsx and import that."


class NotThatFormatError(ReadError):
    """The content of the file is not {expected}."""

    code = "PP-DATA-031"
    todo = "The file may be cut off, or named wrongly. Export it again, or choose its format yourself."


class DamagedFileError(ReadError):
    """The file is cut off or damaged: it begins as {what}, but cannot be read as that."""

    code = "PP-DATA-032"
    todo = "Fetch or export the file again. Nothing was taken in."


class TooLargeError(ReadError):
    """The file holds more than is taken in at once: {what}, at most {most}."""

    code = "PP-DATA-033"
    todo = "Split the table, or leave out what is not needed. Nothing was taken in."


class PackedTooTightError(ReadError):
    """The file unpacks to {ratio} times its size, which no honest table does."""

    code = "PP-DATA-034"
    todo = "Do not open it in other programs. Ask where it comes from."


class ProtectedFileError(ReadError):
    """The file is protected by a password."""

    code = "PP-DATA-035"
    todo = "Save it without a password in a safe place, import it, and delete that copy."


class MacroFileError(ReadError):
    """The workbook contains macros."""

    code = "PP-DATA-036"
    todo = "Save it as .xlsx without macros and import that."


class NestedColumnError(ReadError):
    """The cells of column {column}, {name}, hold lists or records instead of single values."""

    code = "PP-DATA-037"
    todo = "Give each single value its own column before the import."


class ColumnKindError(ReadError):
    """Column {column}, {name}, holds {kind}, which have no text form."""

    code = "PP-DATA-038"
    todo = "Leave the column out of the file, or write it as text."


class ManySheetsError(ReadError):
    """The file has more than one {what}: {names}."""

    code = "PP-DATA-039"
    todo = "Choose one with Sheet (--sheet)."


class NoSuchSheetError(ReadError):
    """The file has no {what} of that name; it has: {names}."""

    code = "PP-DATA-040"
    todo = "Choose one of those with Sheet (--sheet)."


class NotATableError(ReadError):
    """{name} is a {kind}, not a table."""

    code = "PP-DATA-041"
    todo = "Choose a table, or export what it shows as CSV."


class FormulaWithoutValueError(ReadError):
    """Sheet {sheet}, row {row}, column {column}: a formula whose result is not in the file."""

    code = "PP-DATA-042"
    todo = "Open the workbook in a spreadsheet program, let it calculate, and save it."


class ErrorCellError(ReadError):
    """Sheet {sheet}, row {row}, column {column}: the cell shows an error of the spreadsheet."""

    code = "PP-DATA-043"
    todo = "Correct or empty the cell and import the file again."


class MergedCellsError(ReadError):
    """Sheet {sheet}, row {row}, column {column}: merged cells begin here."""

    code = "PP-DATA-044"
    todo = "Take the cells apart and write a value into each."


class BadCellError(ReadError):
    """Sheet {sheet}, row {row}, column {column}: the cell cannot be read as what the file says it is."""

    code = "PP-DATA-045"
    todo = "Correct the cell in a spreadsheet program and save the file again."


class BlankSheetRowError(ReadError):
    """Sheet {sheet}, row {row} is blank."""

    code = "PP-DATA-046"
    todo = "Remove the blank row; the first row holds the column names. Blank rows at the end are no matter."


class EmptySheetError(ReadError):
    """{what} {name} is empty."""

    code = "PP-DATA-047"
    todo = "Choose another with Sheet (--sheet)."


class BytesCellError(ReadError):
    """Row {row}, column {column}, {name}, holds bytes instead of a text or a number."""

    code = "PP-DATA-048"
    todo = "Leave the column out of the file, or write it as text."


class UnfinishedDatabaseError(ReadError):
    """The database has changes beside it that are not in the file yet ({file})."""

    code = "PP-DATA-049"
    todo = "Close the program that works on the database, then import it again."


class WidthsError(ReadError):
    """The widths do not describe the columns of a line: {reason}."""

    code = "PP-DATA-050"
    todo = "Write one NAME:CHARACTERS per column, in the order of the line, for example id:8."


class LineLengthError(ReadError):
    """Row {row} has {actual} characters where {expected} are expected."""

    code = "PP-DATA-051"
    todo = "Correct the row in the file, or the widths. Nothing was taken in."


class SameLabelError(ReadError):
    """Column {column}, {name}: two codes have one and the same value label."""

    code = "PP-DATA-052"
    todo = "Import the codes instead of the labels, or correct the labels in the file."


class BadDateError(ReadError):
    """Row {row}, column {column}, {name}, holds a date outside the years 1 to 9999."""

    code = "PP-DATA-053"
    todo = "Correct the value in the program that wrote the file."
