"""What can be wrong with a standard. Loading fails closed: a standard that is not entirely right is none."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class StandardFileError(CodedError):
    """The privacy standard {file} cannot be used: {reason}."""

    code = "PP-POLICY-001"
    exit = Exit.BAD_INPUT
    todo = "Correct or replace the file. No limit is taken from a file with a mistake."


class UnknownStandardError(CodedError):
    """There is no privacy standard named {name}."""

    code = "PP-POLICY-002"
    exit = Exit.USAGE
    todo = "Choose gdpr or hipaa, or your own rules."


class IncompleteStandardError(CodedError):
    """Own rules need a number and a source for each limit; {limit} has not both."""

    code = "PP-POLICY-003"
    exit = Exit.USAGE
    todo = "Give the number and say where it comes from."
