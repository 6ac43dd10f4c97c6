"""What can stop an operation. No text names a value of the table."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class CleanError(CodedError):
    """Operation {number} ({op}) cannot be carried out."""

    code = "PP-CLEAN-001"
    exit = Exit.BAD_INPUT
    todo = "Correct the operation and run again. The table is as it was."


class UnfitOperationError(CleanError):
    """Operation {number} ({op}) does not fit the table: {reason}."""

    code = "PP-CLEAN-002"
    todo = "Correct the names, say under mapping what the columns are called here, or skip what does not fit."


class BadPatternError(CleanError):
    """Operation {number} ({op}): this is no regular expression that RE2 reads{reason}."""

    code = "PP-CLEAN-003"
    todo = (
        "Look-around and references back into the text are not part of RE2. Groups are counted from the left."
    )


class BadDateFormatError(CleanError):
    """Operation {number} ({op}): date format {place} cannot be used: {reason}."""

    code = "PP-CLEAN-004"
    todo = "Use %Y or %y, %m or %b or %B, and %d, each once; %H, %M and %S if there is a time."


class SameMarksError(CleanError):
    """Operation {number} ({op}): the decimal mark and what parts thousands are the same sign."""

    code = "PP-CLEAN-005"
    todo = "Say which decimal mark these columns have."


class NoRowsLeftError(CleanError):
    """Operation {number} ({op}) leaves no row."""

    code = "PP-CLEAN-006"
    todo = "Look at its bounds or its rule; nothing can be done with an empty table."


class TooManyToCompareError(CleanError):
    """Operation {number} ({op}): {count:,} different texts are too many to compare with each other; {most:,}
    are the most."""

    code = "PP-CLEAN-007"
    todo = (
        "Say in which columns near duplicates must agree, so that only rows within such a block are compared."
    )
