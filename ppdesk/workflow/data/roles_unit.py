"""The declared privacy unit: whether it can be one, and how the table meets it, in counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.workflow.data.roles_params import Role, RolesParams, blocked

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Met:
    """Different ids, those with more than the declared number of records, and records without an id."""

    persons: int = 0
    over: int = 0
    without_id: int = 0


def against_itself(params: RolesParams) -> list[Finding]:
    """From the declaration alone."""
    if params.unit_column is None:
        return []
    one = next((one for one in params.columns if one.name == params.unit_column), None)
    if one is None:
        return [
            blocked(
                said("The id column {column} is not among the declared columns.", column=params.unit_column),
                "PP-ROLES-012",
                field="unit_column",
            )
        ]
    if one.target:
        words = said("{column} cannot be both the target and the id.", column=one.name)
        return [blocked(words, "PP-ROLES-012", field="unit_column")]
    if one.role is Role.DIRECT_IDENTIFIER:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("The id {column} would stay in the release.", column=one.name),
            said(
                "Whoever knows one record of a person then finds the others. Declare it a direct identifier."
            ),
            "unit_column",
            "PP-ROLES-013",
        )
    ]


def meet(params: RolesParams, rows: "pa.Table") -> Met:
    """How the table meets the declared unit."""
    import pyarrow.compute as pc

    if params.unit_column is None:
        return Met()
    column = rows.column(params.unit_column).drop_null()
    ids = column.filter(pc.not_equal(pc.utf8_trim_whitespace(column), ""))  # space alone is none, as in Train
    counts = pc.value_counts(ids).field("counts")
    over = pc.sum(pc.greater(counts, params.most_rows)).as_py() or 0
    return Met(len(counts), int(over), rows.num_rows - len(ids))


def remarks(params: RolesParams, met: Met) -> list[Finding]:
    """What the counts mean for training."""
    found = []
    if met.over:
        found.append(
            Finding(
                Level.CAUTION,
                said(
                    "{over:,} of {persons:,} ids have more than {most:,} records.",
                    over=met.over,
                    persons=met.persons,
                    most=params.most_rows,
                ),
                said(
                    "Training keeps {most:,} of each, chosen at random, and drops the others. A larger "
                    "number keeps more and makes the noise larger: choose it from what is known of the "
                    "subject, not from this count.",
                    most=params.most_rows,
                ),
                "most_rows",
                "PP-ROLES-021",
            )
        )
    if met.without_id:
        found.append(
            Finding(
                Level.CAUTION,
                said(
                    "{records:,} records have no {column}.",
                    records=met.without_id,
                    column=str(params.unit_column),
                ),
                said("They could be anybody's, so training and its test leave them out."),
                "unit_column",
                "PP-ROLES-022",
            )
        )
    return found
