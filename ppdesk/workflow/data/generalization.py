"""How a quasi-identifier is generalized by a declared rule, instead of a hierarchy file."""

from typing import Annotated, Literal

from pydantic import Field

from ppdesk.anonymize.hierarchy_builders import Grain, Side
from ppdesk.core.params import Params, param


class _Generalization(Params):
    """What all kinds share."""

    column: str = param(label="Column", help="The quasi-identifier it is for.", min_length=1)


class Intervals(_Generalization):
    """Numbers into intervals. The bounds are those declared of the column."""

    kind: Literal["intervals"] = param(
        "intervals", label="Kind", help="Numbers become intervals, wider on each level, up to *."
    )
    widths: tuple[float, ...] = param(
        label="Widths",
        help="The width of the intervals on each level, for example 5, 10, 20: each a multiple of the one"
        " before. They begin at multiples of the width. A value outside the declared bounds is refused,"
        " never cut.",
        min_length=1,
    )
    whole: bool = param(
        True,
        label="Whole numbers",
        help="The values are whole numbers, written plainly: intervals are called 20 to 24. Otherwise"
        " [20, 25), up to but without 25.",
    )


class Groups(_Generalization):
    """Values into groups. They are the categories declared of the column; where none are declared, those that
    the first level names."""

    kind: Literal["groups"] = param(
        "groups", label="Kind", help="Declared categories become groups, and these larger groups, up to *."
    )
    levels: tuple[dict[str, tuple[str, ...]], ...] = param(
        label="Levels",
        help="For each level the groups by name with their members: categories on the first level, groups of"
        " the level below on the others. Every category is in one group.",
        min_length=1,
    )


class Dates(_Generalization):
    """Days into months, quarters, years, decades."""

    kind: Literal["dates"] = param(
        "dates", label="Kind", help="Dates, written as 2024-02-29, become coarser on each level, up to *."
    )
    steps: tuple[Grain, ...] = param(
        tuple(Grain), label="Steps", help="Which of month, quarter, year and decade, finer ones first.",
        min_length=1,
    )  # fmt: skip


class Redaction(_Generalization):
    """Signs masked from one side."""

    kind: Literal["redaction"] = param(
        "redaction", label="Kind", help="Signs are masked by *, more on each level: 8166*, 816**."
    )
    length: int = param(
        label="Longest length", unit="signs", ge=1, le=64,
        help="Of the longest value possible, from the codebook. Shorter values are filled up with *; a"
        " longer one is refused, never cut.",
    )  # fmt: skip
    step: int = param(
        1, label="At once", unit="signs", ge=1, le=64, help="How many more signs on each level."
    )
    side: Side = param(Side.RIGHT, label="From", help="Where masking begins: right or left.")


class Suppress(_Generalization):
    """Kept or *."""

    kind: Literal["suppress"] = param(
        "suppress", label="Kind", help="Values are kept, or all of them become *: nothing between."
    )


Generalization = Annotated[Intervals | Groups | Dates | Redaction | Suppress, Field(discriminator="kind")]
KINDS = ("intervals", "groups", "dates", "redaction", "suppress")
