"""What can go wrong when noisy statistics or synthetic records are made, for a person."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class BadQuestionError(CodedError):
    """The statistic "{question}" cannot be made: {reason}."""

    code = "PP-PRIVACY-004"
    exit = Exit.REFUSED
    todo = (
        "Write it as: count; count by sex; mean age; sum hours; median age; quantiles age 0.25 0.5 0.75; "
        "histogram age 0 20 40 60; table sex, income. Bounds and categories are declared in Roles."
    )


class LostProofError(CodedError):
    """The noise that OpenDP made ready does not reach the privacy that is claimed: {asked} asked, {found}
    found."""

    code = "PP-PRIVACY-005"
    exit = Exit.INTEGRITY
    todo = "Nothing was released. Use the version of opendp that ppdesk was tested with."


class UndeclaredDomainError(CodedError):
    """Column {column} cannot be used: {reason}."""

    code = "PP-PRIVACY-006"
    exit = Exit.REFUSED
    todo = "Declare bounds or categories in the roles step. They are never read off the data."


class TooManyCellsError(CodedError):
    """{what} has {cells} cells, more than {most}."""

    code = "PP-PRIVACY-007"
    exit = Exit.REFUSED
    todo = "Take fewer columns, categories or bins."


class ColumnGoneError(CodedError):
    """The table has no column {column}."""

    code = "PP-PRIVACY-008"
    exit = Exit.BAD_INPUT
    todo = "Run Roles again on the table that holds now."


class NotANumberError(CodedError):
    """A vector that is to be released holds something that is not a finite number."""

    code = "PP-PRIVACY-020"
    exit = Exit.INTEGRITY
    todo = "Nothing was released. Contributions must be clipped before they are summed."
