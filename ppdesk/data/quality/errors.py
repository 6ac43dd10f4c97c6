"""What can be wrong with what a table is held against."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class CheckUnreadableError(CodedError):
    """The check "{check}" cannot be read: {reason}."""

    code = "PP-QUALITY-001"
    exit = Exit.BAD_INPUT
    todo = "Write it as a sentence, for example: age is between 0 and 120. See `ppdesk quality --help`."


class PatternRefusedError(CodedError):
    """The pattern of the check "{check}" cannot be used: {reason}."""

    code = "PP-QUALITY-002"
    exit = Exit.BAD_INPUT
    todo = "Patterns are regular expressions without look-around and back-references (RE2)."


class MarginsUnreadableError(CodedError):
    """The reference margins in {file} cannot be used: {reason}."""

    code = "PP-QUALITY-003"
    exit = Exit.BAD_INPUT
    todo = "Write a CSV file with the columns column, value and share (or count), one row per value."
