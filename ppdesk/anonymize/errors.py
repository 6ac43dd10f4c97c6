"""What can be wrong with hierarchies, configurations and the tables they meet."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class HierarchyError(CodedError):
    """The hierarchy of column {column} cannot be used."""

    code = "PP-ANON-001"
    exit = Exit.BAD_INPUT
    todo = "Correct the hierarchy file and run the step again."


class EmptyHierarchyError(HierarchyError):
    """The hierarchy of column {column} has no rows."""

    code = "PP-ANON-002"


class UnevenHierarchyError(HierarchyError):
    """The hierarchy of column {column} has {actual} levels in row {row} ("{value}") and {expected} in its
    first row."""

    code = "PP-ANON-003"
    todo = "Give each row of the hierarchy file the same number of levels."


class DuplicateLeafError(HierarchyError):
    """The hierarchy of column {column} lists the value "{value}" in row {first} and again in row {row}."""

    code = "PP-ANON-004"
    todo = "Keep one row per value in the hierarchy file."


class BranchingHierarchyError(HierarchyError):
    """The hierarchy of column {column} is no tree: in row {row}, "{value}" of level {level} generalizes to
    "{other}", but to "{parent}" in row {first}."""

    code = "PP-ANON-005"
    todo = "Let equal values of one level generalize to equal values of the next level."


class OpenTopError(HierarchyError):
    """The hierarchy of column {column} does not end in "*" in row {row} ("{value}")."""

    code = "PP-ANON-006"
    todo = 'Let the last level of each row be "*", the value that says nothing.'


class UnreadableHierarchyError(HierarchyError):
    """The hierarchy file of column {column} is not CSV text in UTF-8."""

    code = "PP-ANON-007"
    todo = "Save the hierarchy as UTF-8 CSV with semicolons: one value per row, then its generalizations."


class ReturnedFromTopError(HierarchyError):
    """The hierarchy of column {column} goes back from "*" to "{value}" on level {level} of row {row}."""

    code = "PP-ANON-008"
    todo = 'Let "*" stay "*" on all levels above: it says nothing, so nothing can follow from it.'


class CyclicHierarchyError(HierarchyError):
    """The hierarchy of column {column} goes back to "{value}" on level {level} of row {row}, after something
    else."""

    code = "PP-ANON-009"
    todo = "Let a value that has been generalized not return on a level above."


class OutsideHierarchyError(CodedError):
    """Column {column}: {rows} rows have a value that its hierarchy does not list ({missing} of them are
    missing values)."""

    code = "PP-ANON-010"
    exit = Exit.BAD_INPUT
    todo = (
        "Add the values to the hierarchy, or correct the table. A hierarchy row that starts with an empty "
        "value stands for missing values."
    )


class NoQuasiIdentifierError(CodedError):
    """There is no quasi-identifier to generalize."""

    code = "PP-ANON-011"
    exit = Exit.BAD_INPUT
    todo = "Mark at least one column as quasi-identifier in Roles."


class NoRecordsError(CodedError):
    """The table has no records."""

    code = "PP-ANON-012"
    exit = Exit.BAD_INPUT
    todo = "Import a table with at least one row."


class NoSolutionError(CodedError):
    """No transformation reaches {k}-anonymity with at most {limit} suppressed records: proved, as even full
    generalization suppresses {suppressed} of {records}. Nearest achievable: k = {nearest_k}, or a
    suppression limit of 100 %."""

    code = "PP-ANON-013"
    exit = Exit.REFUSED
    todo = "Lower k, raise the suppression limit, or bring in more records."


class LatticeTooLargeError(CodedError):
    """The hierarchies allow {size} transformations; the exact search takes at most {limit}."""

    code = "PP-ANON-014"
    exit = Exit.REFUSED
    todo = "Mark fewer columns as quasi-identifiers, or give the hierarchies fewer levels."


class WeightsError(CodedError):
    """The weights must be at least zero, name only quasi-identifiers, and not all be zero: {column}."""

    code = "PP-ANON-015"
    exit = Exit.USAGE
    todo = "Correct the weights, or leave them out to treat all columns alike."


class CriterionError(CodedError):
    """The parameters of {model} cannot be used."""

    code = "PP-ANON-016"
    exit = Exit.USAGE
    todo = "Give l of 1 or more, t of 0 to 1, c, delta and beta above 0, with at most nine digits."


class SensitiveColumnError(CodedError):
    """Column {column} cannot be protected as sensitive: {why}."""

    code = "PP-ANON-017"
    exit = Exit.BAD_INPUT
    todo = (
        "Name a column of the table that is no quasi-identifier, with a hierarchy that lists all its values."
    )


class UnsoundRuleError(CodedError):
    """Column {column} cannot be generalized as declared: {reason}."""

    code = "PP-ANON-020"
    exit = Exit.BAD_INPUT
    todo = "Correct the column's generalization in Roles."


class ValuesOutsideRuleError(CodedError):
    """Column {column}: {values} of its different values do not fit its generalization. Each must be
    {wants}."""

    code = "PP-ANON-021"
    exit = Exit.BAD_INPUT
    todo = "Correct the values in Clean, or declare what the codebook allows. Nothing is cut to fit."


class TooManyLeavesError(CodedError):
    """Column {column} has {leaves} different values; a hierarchy holds at most {most}."""

    code = "PP-ANON-022"
    exit = Exit.BAD_INPUT
    todo = "Make the column coarser in Clean first, or give it a role in which it is not generalized."


class MissingColumnError(CodedError):
    """The table has no column {column}."""

    code = "PP-ANON-023"
    exit = Exit.BAD_INPUT
    todo = "Name a column of the table, or bring in the table that has it."


class NoProtectionError(CodedError):
    """No transformation meets k-anonymity and {models} with at most {limit} suppressed records: proved for
    each of {size} transformations. With a suppression limit of 100 % there is always a release."""

    code = "PP-ANON-018"
    exit = Exit.REFUSED
    todo = "Ask less of the sensitive columns, or raise the suppression limit."


class UnreachedDiversityError(NoProtectionError):
    """No transformation meets k-anonymity and {models} with at most {limit} suppressed records: proved for
    each of {size} transformations. The whole table as one class has only {nearest}."""

    code = "PP-ANON-035"
    exit = Exit.REFUSED
    todo = "Ask not more than the whole table has, or raise the suppression limit."


class ConstraintError(CodedError):
    """The lowest and highest level of column {column} are not levels of its hierarchy, or cross."""

    code = "PP-ANON-030"
    exit = Exit.BAD_INPUT
    todo = "Take levels from 0 to the hierarchy's last one, the lowest not above the highest."


class NothingFoundInTimeError(CodedError):
    """The time limit of {seconds} s passed before any transformation was found that meets the privacy
    models. Whether there is one is not known."""

    code = "PP-ANON-031"
    exit = Exit.REFUSED
    todo = "Allow more time, ask less, or raise the suppression limit."


class UnachievableError(NoSolutionError):
    """No transformation within the given levels meets {models} with at most {limit} suppressed records:
    proved for each of {size}. {nearest}"""

    code = "PP-ANON-032"
    todo = "Take the nearest achievable setting, allow higher levels, or bring in more records."


class NothingFoundError(CodedError):
    """The search ended ({ended}) before any transformation was found that meets {models}. Whether there is
    one is not known."""

    code = "PP-ANON-033"
    exit = Exit.REFUSED
    todo = "Allow more checks or time, ask less, or raise the suppression limit."


class ChosenLevelsError(CodedError):
    """With the chosen levels {suppressed} of {records} records must be suppressed to meet {models}; the limit
    is {limit}."""

    code = "PP-ANON-034"
    exit = Exit.REFUSED
    todo = "Choose higher levels, leave the levels to the search, or raise the suppression limit."


class NoneWithinConstraintsError(CodedError):
    """No transformation within the levels asked for meets the privacy models with at most {limit} suppressed
    records: proved for each of {size}."""

    code = "PP-ANON-038"
    exit = Exit.REFUSED
    todo = "Allow more levels, ask less, or raise the suppression limit."


class ResponseError(CodedError):
    """Classification accuracy has no response variable, or the table has none of that name."""

    code = "PP-ANON-039"
    exit = Exit.USAGE
    todo = "Name the column that is to be predicted; it must be no quasi-identifier."


class RankSearchError(CodedError):
    """Losses compared by rank are a list, not one number: only the exact search can minimize them."""

    code = "PP-ANON-036"
    exit = Exit.USAGE
    todo = "Choose the exact search, or another way in which columns become one."
