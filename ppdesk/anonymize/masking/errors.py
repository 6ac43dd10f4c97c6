"""What can be wrong with a treatment of a column. Counts only, never a value."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class TreatmentError(CodedError):
    """Column {column} cannot be treated by {technique}: {reason}."""

    code = "PP-MASK-001"
    exit = Exit.BAD_INPUT
    todo = "Correct the treatment, or clean the column first."


class NotNumbersError(TreatmentError):
    """Column {column}: {cells} cells are no numbers, and {technique} needs numbers."""

    code = "PP-MASK-002"
    todo = "Clean the column first, or declare those values as missing at import."


class NotDatesError(TreatmentError):
    """Column {column}: {cells} cells are no dates as 2024-02-29."""

    code = "PP-MASK-003"
    todo = "Bring the dates into that form in Clean (parse dates), or declare what stands for a missing one."


class TooFewValuesError(TreatmentError):
    """Column {column} has {values} values, groups of {size} need at least {size}."""

    code = "PP-MASK-004"
    todo = "Ask for smaller groups, or suppress the column."


class TooManyRecordsError(TreatmentError):
    """Multivariate microaggregation compares each record with many others: {records} are more than {most}."""

    code = "PP-MASK-005"
    exit = Exit.REFUSED
    todo = "Treat each column by itself (without with = ...), or release a random sample."


class DomainTooSmallError(TreatmentError):
    """Column {column}: {values} different values are too short for a format-preserving pseudonym. At least
    {least} signs of the alphabet are needed: fewer than 1,000,000 possible values could be tried out."""

    code = "PP-MASK-006"
    exit = Exit.REFUSED
    todo = "Use a plain pseudonym (pseudonym instead of format-preserving)."


class OutsideAlphabetError(TreatmentError):
    """Column {column}: {values} different values have letters or digits that the alphabet lacks. They would
    stay readable."""

    code = "PP-MASK-007"
    todo = "Declare an alphabet that has them (alphabet = alphanumeric), or use a plain pseudonym."


class PseudonymsCollideError(TreatmentError):
    """Column {column}: two values would get the same pseudonym of {length} signs."""

    code = "PP-MASK-008"
    todo = "Ask for longer pseudonyms."


class BadKeyFileError(CodedError):
    """The key file for pseudonyms does not hold a key: 64 hexadecimal digits are needed."""

    code = "PP-MASK-009"
    exit = Exit.BAD_INPUT
    todo = "Make one with: openssl rand -hex 32. Words or a password are no key."


class NoPersonError(TreatmentError):
    """Column {column}: {rows} rows have no value in {per}, so nobody's shift is known for them."""

    code = "PP-MASK-010"
    todo = "Clean the rows without an id first."


class OutsideCalendarError(TreatmentError):
    """Column {column}: {cells} shifted dates would leave the years 1 to 9999."""

    code = "PP-MASK-011"
    todo = "Declare such dates as missing: they usually stand for no date."


class MatrixError(TreatmentError):
    """Column {column}: the transition matrix cannot be used: {reason}."""

    code = "PP-MASK-012"
    exit = Exit.USAGE
    todo = "Give each category a row of probabilities that add up to 1, to categories that have a row."


class WildcardSearchError(CodedError):
    """Missing values cannot match every value in the search for an optimum."""

    code = "PP-MASK-013"
    exit = Exit.REFUSED
    todo = (
        "Such matches are no classes: a record without an age matches 20 and 30, which do not match each"
        " other. Take own-category: whatever meets k there meets it with wildcards, too."
    )


class MissingOverLimitError(CodedError):
    """Under the conservative rule {suppressed} records are suppressed, and {limit} may be."""

    code = "PP-MASK-014"
    exit = Exit.REFUSED
    todo = "Raise the suppression limit, fill or drop missing values in Clean, or take own-category."


class EmptySampleError(CodedError):
    """A sample of this share would have no record."""

    code = "PP-MASK-015"
    exit = Exit.USAGE
    todo = "Sample a larger share."
