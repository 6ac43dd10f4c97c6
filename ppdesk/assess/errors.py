"""What can go wrong when something is measured."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class OneClassError(CodedError):
    """All {rows} records have the same outcome, so nothing can be said about telling outcomes apart."""

    code = "PP-ASSESS-001"
    exit = Exit.BAD_INPUT
    todo = "Use records with both outcomes, and check which value of the target is declared as positive."


class LengthMismatchError(CodedError):
    """{what}: {left} values on one side, {right} on the other."""

    code = "PP-ASSESS-002"
    exit = Exit.BAD_INPUT
    todo = "Make both sides again from the same table."


class NothingToCompareError(CodedError):
    """{what} has no records."""

    code = "PP-ASSESS-003"
    exit = Exit.BAD_INPUT
    todo = "Use a table with records. Where Anonymize suppressed all of them, run it again with a lower k."


class TooManyColumnsError(CodedError):
    """{columns} columns are too many to look at in combination; at most {most}."""

    code = "PP-ASSESS-020"
    exit = Exit.BAD_INPUT
    todo = "Name fewer quasi-identifiers: those that somebody else may know of a person."


class TooManyUniquesError(CodedError):
    """More than {most} combinations of values are unique among combinations of up to {largest} columns."""

    code = "PP-ASSESS-021"
    exit = Exit.BAD_INPUT
    todo = "Look at combinations of fewer columns, or name fewer quasi-identifiers."
