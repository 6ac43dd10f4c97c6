"""Operations that take out, fill or mark rows."""

import re
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from ppdesk.core.params import param
from ppdesk.data.clean.expression import columns_of
from ppdesk.data.clean.operation import (
    BadRow,
    Operation,
    OutsideRow,
    some_columns,
    these_columns,
)

_ACTION = (
    "missing: the cell. clip: the nearest bound. drop, quarantine: the row, which quarantine keeps aside."
)


def sound_expression(value: str) -> str:
    """The text itself. ExpressionError, a ValueError, where it is no expression."""
    columns_of(value)
    return value


class FillBy(StrEnum):
    """Where the value for a missing cell comes from."""

    CONSTANT = "constant"
    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"
    PREVIOUS = "previous"


class HowMany(StrEnum):
    """Whether one missing cell is enough."""

    ANY = "any"
    ALL = "all"


class Keep(StrEnum):
    """Which of several rows stays."""

    FIRST = "first"
    LAST = "last"


class Likeness(StrEnum):
    """How alike two texts are, 0..1."""

    LEVENSHTEIN = "levenshtein"
    JARO_WINKLER = "jaro-winkler"


class NearRow(StrEnum):
    """What becomes of a row that says nearly the same as an earlier one."""

    DROP = "drop"
    QUARANTINE = "quarantine"
    FLAG = "flag"


class Spread(StrEnum):
    """What says how far is too far."""

    IQR = "iqr"
    MAD = "mad"


class Fill(Operation):
    title: ClassVar[str] = "Fill missing"
    help: ClassVar[str] = "Puts a value where there is none: one you say, or one worked out from other rows."

    op: Literal["fill"] = param("fill", label="Operation", help="Fill missing.")
    columns: tuple[str, ...] = these_columns()
    how: FillBy = param(
        FillBy.CONSTANT,
        label="With",
        help="constant: the value below. mean, median (numbers), mode (the most common), previous (the row"
        " above): these look at other rows, and private training is refused afterwards.",
    )
    value: str = param("", label="Value", help="What to put there.", free_text=True)
    by: tuple[str, ...] = param(
        (), label="Within groups of", help="Columns; the value is worked out for each group apart."
    )

    @model_validator(mode="after")
    def _has_a_value(self) -> Self:
        if self.how is FillBy.CONSTANT and not self.value:
            raise ValueError("a value is needed to fill with: an empty text would count as there")
        return self


class DropMissing(Operation):
    title: ClassVar[str] = "Drop rows with missing values"
    help: ClassVar[str] = "Takes out rows where values are missing."

    op: Literal["drop-missing"] = param("drop-missing", label="Operation", help="Drop rows with missing.")
    columns: tuple[str, ...] = some_columns("The columns that count.")
    how: HowMany = param(HowMany.ANY, label="Missing", help="any: one of them is enough. all: every one.")


class Duplicates(Operation):
    title: ClassVar[str] = "Remove duplicates"
    help: ClassVar[str] = "Of rows that say the same, one stays."
    row_local: ClassVar[bool] = False

    op: Literal["duplicates"] = param("duplicates", label="Operation", help="Remove duplicates.")
    columns: tuple[str, ...] = some_columns("The columns that must be the same.")
    keep: Keep = param(Keep.FIRST, label="Keep", help="The first or the last of them.")


class FuzzyDuplicates(Operation):
    title: ClassVar[str] = "Remove near duplicates"
    help: ClassVar[str] = "Of rows that say nearly the same, the first stays."
    row_local: ClassVar[bool] = False

    op: Literal["fuzzy-duplicates"] = param(
        "fuzzy-duplicates", label="Operation", help="Remove near duplicates."
    )
    columns: tuple[str, ...] = these_columns(
        "The columns whose text is compared, for example name and street."
    )
    block: tuple[str, ...] = param(
        (),
        label="Only among rows with the same",
        help="Columns that must be equal, for example the postcode. It makes the search fast and safe.",
    )
    likeness: Likeness = param(
        Likeness.LEVENSHTEIN, label="Likeness", help="levenshtein for texts, jaro-winkler for names."
    )
    threshold: float = param(
        0.9, label="At least", help="From 0 to 1; 1 is equal letter by letter.", ge=0.5, le=1.0
    )
    action: NearRow = param(
        NearRow.QUARANTINE, label="The others", help="drop, put aside, or number the group in a new column."
    )
    into: str = param("duplicate of", label="New column", help="For flag: the number of the group.")

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return (*names, self.into) if self.action is NearRow.FLAG else names


class Outliers(Operation):
    title: ClassVar[str] = "Outliers"
    help: ClassVar[str] = "Numbers far from the others. Where bounds are known, take Range instead."
    row_local: ClassVar[bool] = False

    op: Literal["outliers"] = param("outliers", label="Operation", help="Outliers.")
    columns: tuple[str, ...] = these_columns()
    how: Spread = param(
        Spread.IQR,
        label="Far by",
        help="iqr: beyond the quartiles by so many times their distance (Tukey). mad: beyond the median by so"
        " many times the median distance from it, times 1.4826.",
    )
    factor: float = param(1.5, label="Times", help="1.5 is usual for iqr, 3.5 for mad.", gt=0)
    action: OutsideRow = param(OutsideRow.MISSING, label="Then", help=_ACTION)


class Range(Operation):
    title: ClassVar[str] = "Range"
    help: ClassVar[str] = "Numbers or dates outside the bounds that the codebook allows."

    op: Literal["range"] = param("range", label="Operation", help="Range.")
    columns: tuple[str, ...] = these_columns()
    min: float | None = param(None, label="Lowest", help="The lowest number allowed.")
    max: float | None = param(None, label="Highest", help="The highest number allowed.")
    earliest: str = param("", label="Earliest", help="For dates: the first day allowed, as 1900-01-01.")
    latest: str = param("", label="Latest", help="For dates: the last day allowed.")
    action: OutsideRow = param(OutsideRow.MISSING, label="Then", help=_ACTION)

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        days = [one for one in (self.earliest, self.latest) if one]
        if any(not re.fullmatch(r"\d{4}-\d{2}-\d{2}", one, re.ASCII) for one in days):
            raise ValueError("a day is written as 1900-01-31")
        for one in days:
            date.fromisoformat(one)
        if self.min is None and self.max is None and not days:
            raise ValueError("a bound is needed")
        crossed = self.min is not None and self.max is not None and self.min > self.max
        if crossed or (len(days) > 1 and days[0] > days[1]):
            raise ValueError("the lower bound is above the upper one")
        return self


class Rule(Operation):
    title: ClassVar[str] = "Rule"
    help: ClassVar[str] = "What must hold between columns. A row where that cannot be told counts as right."

    op: Literal["rule"] = param("rule", label="Operation", help="Rule.")
    holds: str = param(
        label="Must hold",
        help="For example: [start] <= [end], or age >= 18 or licence is missing. Names with spaces in square"
        " brackets, texts in quotes; = != < <= > >=, in (..), is missing, and, or, not.",
        min_length=1,
        free_text=True,
    )
    action: BadRow = param(
        BadRow.QUARANTINE,
        label="Otherwise",
        help="drop or put aside the row, make the columns below missing, or mark the row in a new column.",
    )
    columns: tuple[str, ...] = some_columns("For missing: these become missing.", none="")
    into: str = param("rule broken", label="New column", help="For flag: yes or no.")

    _sound = field_validator("holds")(sound_expression)

    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.columns, *columns_of(self.holds))))

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return (*names, self.into) if self.action is BadRow.FLAG else names


class Filter(Operation):
    title: ClassVar[str] = "Filter rows"
    help: ClassVar[str] = "Only rows where this holds stay; where it cannot be told, the row goes."

    op: Literal["filter"] = param("filter", label="Operation", help="Filter rows.")
    where: str = param(label="Keep rows where", help="As in Rule.", min_length=1, free_text=True)

    _sound = field_validator("where")(sound_expression)

    def reads(self) -> tuple[str, ...]:
        return columns_of(self.where)
