"""The measures of a release beside the one that was minimized, and their table."""

from typing import TYPE_CHECKING

from pydantic import Field

from ppdesk.core.said import said
from ppdesk.core.section import Table
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ppdesk.anonymize.release_quality import Measure

DEFINITIONS = {
    "precision": said("Levels not climbed; a suppressed record climbed all. Mean of the columns."),
    "granularity": said(
        "Share of the hierarchies that labels leave out; suppressed: none. Mean of the columns."
    ),
    "non-uniform-entropy": said("Information that labels keep, by their shares. Mean of the columns."),
    "squared-error": said(
        "Numbers: squared distance to the far end of a label's range. Mean of the columns."
    ),
    "aecs": said("Mean size of a kept class, between that of the input and one class of all."),
    "discernibility": said("Squares of class sizes, all records for each suppressed one."),
    "ambiguity": said("Combinations of values that a record could stand for."),
    "record-level-squared-error": said(
        "Numbers: distance of a record to the far ends, in standard deviations."
    ),
}


class MeasureFact(Facts):
    """A measure in 0..1, None where it is not defined; `columns` by name, where it is defined of a column."""

    name: str
    value: float | None
    columns: dict[str, float] = Field(default_factory=dict)


def facts(measures: "Sequence[Measure]") -> tuple[MeasureFact, ...]:
    """For the record."""
    return tuple(MeasureFact(name=one.name, value=one.value, columns=one.columns) for one in measures)


def tables(measures: "Sequence[MeasureFact]", columns: "Sequence[str]") -> list[Table]:
    """Quality of the release, and of its columns, in their order."""
    if not measures:
        return []
    made = [
        Table(
            said("Quality of the release"),
            (said("Measure"), said("Kept"), said("What is counted")),
            [(one.name, _share(one.value), DEFINITIONS[one.name]) for one in measures],
            right=(1,),
            caption=said(
                "Whatever was minimized: 1 is the input, 0 keeps nothing; each is scaled between the least"
                " and the most that can be lost, as ARX does. Suppressed records count."
            ),
        )
    ]
    by_column = [one for one in measures if one.columns]
    if by_column:
        names = [name for name in columns if any(name in one.columns for one in by_column)]
        made.append(
            Table(
                said("Quality by column"),
                (said("Column"), *(one.name for one in by_column)),
                [(name, *(_share(one.columns.get(name)) for one in by_column)) for name in names],
                right=tuple(range(1, len(by_column) + 1)),
                caption=said("Squared error is of columns whose values are numbers."),
            )
        )
    return made


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
