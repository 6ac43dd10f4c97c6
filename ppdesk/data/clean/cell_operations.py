"""Operations that change cells in place. All rest on one cell and declared values."""

from enum import StrEnum
from typing import ClassVar, Literal

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import param
from ppdesk.data.clean.operation import BadCell, Operation, one_column, some_columns, these_columns

_BAD = "What becomes of a cell that does not fit: missing, its row put aside, or kept as it is."


class Letters(StrEnum):
    """Upper and lower case."""

    LOWER = "lower"
    UPPER = "upper"
    TITLE = "title"
    SENTENCE = "sentence"


class CellType(StrEnum):
    """What a cell is to be."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


class Thousands(StrEnum):
    """What parts groups of three digits."""

    NONE = "none"
    COMMA = "comma"
    POINT = "point"
    SPACE = "space"
    APOSTROPHE = "apostrophe"


class Trim(Operation):
    title: ClassVar[str] = "Trim spaces"
    help: ClassVar[str] = "Removes white space around each value, and more than one space within."

    op: Literal["trim"] = param("trim", label="Operation", help="Trim spaces.")
    columns: tuple[str, ...] = some_columns()
    inner: bool = param(True, label="Within too", help="Several spaces in a row become one.")
    unicode: bool = param(
        False,
        label="Same letters alike",
        help="Letters that can be written in two ways become one form (Unicode NFC).",
    )
    empty_missing: bool = param(
        True, label="Empty is missing", help="A value that was nothing but spaces becomes missing."
    )


class Case(Operation):
    title: ClassVar[str] = "Upper and lower case"
    help: ClassVar[str] = "Writes values in one case."

    op: Literal["case"] = param("case", label="Operation", help="Upper and lower case.")
    columns: tuple[str, ...] = these_columns()
    to: Letters = param(
        Letters.LOWER,
        label="Case",
        help="lower, UPPER, Title For Each Word, or Sentence: only the first letter large.",
    )


class Type(Operation):
    title: ClassVar[str] = "Set the type"
    help: ClassVar[str] = "Writes each number or date in one form; what is none is missing or put aside."

    op: Literal["type"] = param("type", label="Operation", help="Set the type.")
    columns: tuple[str, ...] = these_columns()
    type: CellType = param(label="Type", help="integer, decimal, or date written as 2024-02-29.")
    decimal: DecimalMark | None = param(
        None,
        label="Decimal mark in these columns",
        help="What stands before the decimals here. The result has the table's mark.",
        empty="As the table",
    )
    thousands: Thousands = param(
        Thousands.NONE, label="Thousands", help="What parts groups of three digits; it is taken out."
    )
    unit: str = param(
        "", label="Unit", help="A text before or after the number that is taken out, for example kg."
    )
    bad: BadCell = param(BadCell.MISSING, label="What is none", help=_BAD)


class ParseDates(Operation):
    title: ClassVar[str] = "Read dates"
    help: ClassVar[str] = "Writes dates as 2024-02-29. Day and month are never guessed: the formats say them."

    op: Literal["parse-dates"] = param("parse-dates", label="Operation", help="Read dates.")
    columns: tuple[str, ...] = these_columns()
    formats: tuple[str, ...] = param(
        label="Formats",
        help="How the dates are written: %d.%m.%Y, %m/%d/%Y, %d %b %Y, %Y%m%d, also with %H:%M:%S. A date"
        " that two of the formats read as different days is not read.",
        min_length=1,
    )
    pivot: int | None = param(
        None,
        label="Last year of 2000",
        help="For years of two digits (%y): up to this one they are 20.., above it 19...",
        ge=0,
        le=99,
    )
    bad: BadCell = param(BadCell.MISSING, label="What is none", help=_BAD)


class Map(Operation):
    title: ClassVar[str] = "Replace values"
    help: ClassVar[str] = "Each value of a list becomes another. The whole value is compared."

    op: Literal["map"] = param("map", label="Operation", help="Replace values.")
    column: str = one_column()
    values: dict[str, str] = param(label="Values", help="The value, and what it becomes.", free_text=True)
    others: BadCell = param(
        BadCell.KEEP, label="Other values", help="What becomes of values that are not in the list."
    )


class MergeValues(Operation):
    title: ClassVar[str] = "Merge values"
    help: ClassVar[str] = (
        "Several ways to write one thing become one. Clusters propose what belongs together."
    )

    op: Literal["merge-values"] = param("merge-values", label="Operation", help="Merge values.")
    column: str = one_column()
    values: dict[str, str] = param(
        label="Values", help="The value, and the one it is merged into.", free_text=True
    )


class Missing(Operation):
    title: ClassVar[str] = "Mark as missing"
    help: ClassVar[str] = "Values that stand for nothing, such as N/A or -999, become missing."

    op: Literal["missing"] = param("missing", label="Operation", help="Mark as missing.")
    columns: tuple[str, ...] = some_columns()
    tokens: tuple[str, ...] = param(
        label="Values", help="What stands for a missing value; the whole value is compared.", min_length=1,
        free_text=True,
    )  # fmt: skip
    any_case: bool = param(False, label="Any case", help="n/a is then N/A too.")


class Replace(Operation):
    title: ClassVar[str] = "Find and replace"
    help: ClassVar[str] = "Replaces text within values, as it stands or by a regular expression (RE2)."

    op: Literal["replace"] = param("replace", label="Operation", help="Find and replace.")
    columns: tuple[str, ...] = these_columns()
    pattern: str = param(
        label="Find", help="The text, or the regular expression.", min_length=1, free_text=True
    )
    replacement: str = param(
        "", label="Replace by", help="The new text; \\1 is the first group of the expression.", free_text=True
    )
    regex: bool = param(True, label="Regular expression", help="Off: the text is found as it stands.")
