"""What can be wrong with a population and with differential privacy."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class PopulationLacksError(CodedError):
    """The table of the population lacks {records} of the {total} records of the table itself: it must hold
    everybody whom the table holds, under the same quasi-identifiers."""

    code = "PP-ANON-050"
    exit = Exit.BAD_INPUT
    todo = "Bring a table of the population in which the records of the table are counted as well."


class PopulationNeededError(CodedError):
    """{model} counts classes in the population, and no table of the population is given."""

    code = "PP-ANON-051"
    exit = Exit.USAGE
    todo = "Give the population's table, or a model that estimates from the population's size."


class PopulationTooSmallError(CodedError):
    """A population of {population} people cannot hold the {records} records of the table."""

    code = "PP-ANON-052"
    exit = Exit.USAGE
    todo = "Correct the size of the population or its region."


class PopulationColumnsError(CodedError):
    """The table of the population lacks these quasi-identifiers: {columns}."""

    code = "PP-ANON-053"
    exit = Exit.BAD_INPUT
    todo = "Give it the same columns, with the same names, as the table has."


class NoProtectedReleaseError(CodedError):
    """No transformation meets {models} with at most {limit} suppressed records: proved for each of {size}
    transformations."""

    code = "PP-ANON-054"
    exit = Exit.REFUSED
    todo = "Ask less of the models on the population, or raise the suppression limit."


class PrivacyParametersError(CodedError):
    """Epsilon {epsilon} and delta {delta} cannot be reached by sampling and small-count suppression."""

    code = "PP-ANON-055"
    exit = Exit.USAGE
    todo = "Give an epsilon of 0.001 to 8 and a delta of 1e-15 to 0.01."


class LevelsError(CodedError):
    """Column {column} has levels 0 to {highest}, and another one is asked for."""

    code = "PP-ANON-056"
    exit = Exit.USAGE
    todo = "Name a level that the column's hierarchy has."
