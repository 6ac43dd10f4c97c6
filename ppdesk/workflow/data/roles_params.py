"""What Roles asks for, and whether the answers agree with each other."""

import math
from enum import StrEnum

from ppdesk.core.artifacts import Kind, column_names
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, SourceFile, param
from ppdesk.core.said import said
from ppdesk.workflow.data.generalization import Generalization
from ppdesk.workflow.step import Heads


class Role(StrEnum):
    """What a column can tell about a person (ISO/IEC 20889)."""

    DIRECT_IDENTIFIER = "direct-identifier"
    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    INSENSITIVE = "insensitive"


class Scale(StrEnum):
    """How a column's values are to be understood."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"


class Origin(StrEnum):
    """Where declared bounds or categories come from."""

    CODEBOOK = "codebook"
    KNOWLEDGE = "knowledge"
    DATA = "data"


class ColumnDeclaration(Params):
    """What is declared about one column."""

    name: str = param(label="Column", help="The column's name, as in the table.")
    role: Role = param(
        label="Role",
        help="direct-identifier: names a person, never leaves the project. quasi-identifier: others may"
        " know it,"
        " so it is generalized. sensitive: what nobody should learn. insensitive: neither.",
    )
    type: Scale = param(
        Scale.CATEGORICAL,
        label="Type",
        help="numeric: a quantity with bounds. categorical: one of a list of values.",
    )
    min: float | None = param(
        None,
        label="Lowest value",
        help="The lowest value possible, from the codebook. Not the lowest in the table.",
    )
    max: float | None = param(
        None,
        label="Highest value",
        help="The highest value possible, from the codebook. Not the highest in the table.",
    )
    log: bool = param(
        False,
        label="By orders of magnitude",
        help="For a quantity that spans orders of magnitude, such as an amount or an income: training lays "
        "its bins by the logarithm. Declared, not looked up.",
    )
    categories: tuple[str, ...] | None = param(
        None,
        label="Categories",
        help="All values possible, from the codebook, whether the table has them or not.",
    )
    target: bool = param(
        False,
        label="Target",
        help="The column that a model learns to predict: one of its categories, or a number between its "
        "bounds.",
    )
    positive: str | None = param(
        None, label="Positive value", help="For a target of two values: the one to find, for example >50K."
    )
    origin: Origin = param(
        Origin.CODEBOOK,
        label="Where from",
        help="Where bounds or categories come from: codebook, knowledge of the world, or data. From the data "
        "weakens a model's guarantee, which assumes declared values; the report says so.",
    )


class RolesParams(Params):
    """The declared columns and where their hierarchies lie."""

    columns: tuple[ColumnDeclaration, ...] = param(
        label="Columns",
        help="What each column is. Bounds and categories are public: take them from the codebook, never"
        " from the"
        " data, for a differential privacy guarantee rests on them.",
        min_length=1,
    )
    hierarchies: dict[str, SourceFile] = param(
        {},
        label="Hierarchies",
        help="For each quasi-identifier a file as ARX writes it: one row per value, then its generalizations,"
        " separated by semicolons, up to *. A row that starts with an empty value stands for missing values.",
    )
    generalize: tuple[Generalization, ...] = param(
        (),
        label="Generalizations",
        help="For quasi-identifiers without a hierarchy file, the rule by which their values generalize:"
        " intervals, groups, dates, redaction or suppress. Declared, so it says nothing about the data.",
    )
    level_names: dict[str, tuple[str, ...]] = param(
        {},
        label="Names of levels",
        help="For a column, a name for each level of its hierarchy, from the values themselves up, such as"
        " year, 5 years, 20 years. The last level, *, needs none. Anonymize tells them.",
        more=True,
    )
    unit_column: str | None = param(
        None,
        label="Id of a person",
        help="The column whose value is the same in all records of one person. A model's ε then counts for a "
        "person. Empty: each record is a person.",
    )
    most_rows: int = param(
        1,
        label="Records of one person, at most",
        unit="records",
        help="Declared, from what is known of the subject. Training keeps no more of each id, at random, and "
        "makes the noise for so many: choose it small. Without an id column it means nothing.",
        ge=1,
        le=10_000,
    )


_FARTHEST = 1e300  # sums and differences of a few such numbers are still finite doubles
_NEAREST = 1e-300  # a smaller span would leave steps without their full precision (subnormal)
_STEPS = 64  # the span in units of the last place: bins and knots must be different numbers


def _workable(low: float | None, high: float | None) -> bool:
    """Whether bounds, as far as declared, leave room for bins between them in double precision."""
    held = [abs(bound) for bound in (low, high) if bound is not None]
    if any(bound > _FARTHEST for bound in held):
        return False
    if low is None or high is None:
        return True
    return high - low >= max(_NEAREST, _STEPS * math.ulp(max(held)))


def blocked(title: str, code: str, *, field: str = "columns", detail: str = "") -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, code)


def sound(one: ColumnDeclaration) -> list[Finding]:
    """Whether one declaration agrees with itself."""
    found = []
    if one.type is Scale.NUMERIC and one.categories is not None:
        words = said("Column {column} is numeric and cannot have categories.", column=one.name)
        found.append(blocked(words, "PP-ROLES-002"))
    if one.type is Scale.CATEGORICAL and (one.min is not None or one.max is not None):
        words = said("Column {column} is categorical and cannot have bounds.", column=one.name)
        found.append(blocked(words, "PP-ROLES-002"))
    if one.type is Scale.CATEGORICAL and one.log:
        words = said("Column {column} is categorical and has no orders of magnitude.", column=one.name)
        found.append(blocked(words, "PP-ROLES-002"))
    if one.min is not None and one.max is not None and one.min >= one.max:
        words = said("Column {column}: the lowest value must be below the highest.", column=one.name)
        found.append(blocked(words, "PP-ROLES-003"))
    elif not _workable(one.min, one.max):
        found.append(
            blocked(
                said("Column {column}: its bounds cannot be computed with.", column=one.name),
                "PP-ROLES-011",
                detail=said(
                    "Bounds lie within {low:g} to {high:g}, and not too near each other.",
                    low=-_FARTHEST,
                    high=_FARTHEST,
                ),
            )
        )
    if one.categories is not None and len(set(one.categories)) < len(one.categories):
        found.append(
            blocked(said("Column {column} lists a category twice.", column=one.name), "PP-ROLES-003")
        )
    if one.positive is not None and one.categories is not None and one.positive not in one.categories:
        words = said("Column {column}: the positive value is no category.", column=one.name)
        found.append(blocked(words, "PP-ROLES-003"))
    return found


def against_table(names: list[str], heads: Heads) -> list[Finding]:
    """Declared columns beside the table's. Only names are compared."""
    in_table = column_names(heads.get(Kind.TABLE, {}))
    if in_table is None:
        return []
    found = [
        blocked(
            said("Column {column} is declared, but the table has no such column.", column=name),
            "PP-ROLES-008",
        )
        for name in names
        if name not in in_table
    ]
    missing = [name for name in in_table if name not in names]
    if missing:
        found.append(
            blocked(
                said("The table has columns that are not declared."),
                "PP-ROLES-009",
                detail=said(
                    "Declare {columns}, or their values would be released as they are.",
                    columns=", ".join(missing),
                ),
            )
        )
    return found
