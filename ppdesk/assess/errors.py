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


class NoSuchColumnError(CodedError):
    """The table has no column {column} to measure the risk by."""

    code = "PP-ASSESS-022"
    exit = Exit.BAD_INPUT
    todo = "Name columns of the imported table, or leave the list empty: the quasi-identifiers are taken."


class NoQuasiIdentifiersError(CodedError):
    """Nothing says which columns somebody else may know of a person."""

    code = "PP-ASSESS-023"
    exit = Exit.BAD_INPUT
    todo = "Name them, or mark quasi-identifiers in Roles."


class PopulationTooSmallError(CodedError):
    """The population has {people} people, the table {records} records."""

    code = "PP-ASSESS-024"
    exit = Exit.BAD_INPUT
    todo = "Give the number of people that the records are a part of, or the share of it that they are."


class NoLimitError(CodedError):
    """No limit is known by the name {key}, or none was given."""

    code = "PP-ASSESS-025"
    exit = Exit.BAD_INPUT
    todo = "Take one of the list, or give a limit of your own above 0 and up to 1."


class PopulationColumnError(CodedError):
    """The table of the population has no column {column}."""

    code = "PP-ASSESS-026"
    exit = Exit.BAD_INPUT
    todo = "Give a table with the quasi-identifiers under the same names, or measure the risk by fewer."


class NoWeightsError(CodedError):
    """Column {column} holds no survey weight: no record has a number above zero there."""

    code = "PP-ASSESS-027"
    exit = Exit.BAD_INPUT
    todo = "Name the column with the weights, written with the table's decimal mark."


class NoFractionError(CodedError):
    """The sampling fraction is not above 0 and up to 1."""

    code = "PP-ASSESS-028"
    exit = Exit.BAD_INPUT
    todo = "Give records / people of the population, such as 0.01."


class NoContextError(CodedError):
    """The context of the release is not stated as it must be."""

    code = "PP-ASSESS-029"
    exit = Exit.BAD_INPUT
    todo = (
        "Mitigating controls: low, medium, high or public; motives and capacity: low, medium or high;"
        " chances and shares: 0 to 1."
    )


class TooManyCombinationsError(CodedError):
    """{combinations:,} combinations of up to {largest} of {columns} columns are too many to look at."""

    code = "PP-ASSESS-030"
    exit = Exit.BAD_INPUT
    todo = "Look at combinations of fewer columns, or name fewer quasi-identifiers."
