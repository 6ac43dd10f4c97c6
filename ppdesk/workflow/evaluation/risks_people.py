"""The table of the population, with values as they stand in the table or in the release."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.assess.errors import PopulationColumnError
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.said import said
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.treated import treated_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy


def persons(table: Head, columns: Sequence[str], field: str, ctx: Context) -> "list[pa.ChunkedArray] | None":
    """The columns of the population's table, as they are; None where none was given. PopulationColumnError,
    ReadError."""
    if not field:
        return None
    from ppdesk.workflow.data.anonymize_populations import people_table

    people = people_table(table, ctx, field)
    for name in columns:
        if name not in people.column_names:
            raise PopulationColumnError(column=name)
    return [people.column(name) for name in columns]


def generalized(
    inputs: Inputs, columns: Sequence[str], field: str, ctx: Context
) -> "tuple[list[pa.ChunkedArray] | None, str]":
    """(those columns at the levels of the release, why there are none).

    What no hierarchy lists stays as it is, and so is like no generalized record.
    """
    from ppdesk.anonymize.hierarchies import from_json

    release = inputs[Kind.RELEASE]
    held = release.head.get("levels")
    levels = held if isinstance(held, dict) else {}
    if any(level is None for level in levels.values()):
        return None, said(
            "The release was not held against the population: values of one column have different levels."
        )
    if any(name in treated_columns(release.head) for name in columns):
        return None, said("The release was not held against the population: its values were changed.")
    raw = persons(inputs[Kind.TABLE].head, columns, field, ctx)
    if raw is None:
        return None, ""
    trees = from_json(inputs[Kind.HIERARCHIES].data("hierarchies")) if Kind.HIERARCHIES in inputs else {}
    found = []
    for name, column in zip(columns, raw, strict=True):
        level = levels.get(name)
        at = int(level) if isinstance(level, int | float) else 0
        if at and name not in trees:
            return None, said(
                "The release was not held against the population: {column} has no hierarchy any more.",
                column=name,
            )
        found.append(_at_level(column, trees[name], at) if at else column)
    return found, ""


def _at_level(column: "pa.ChunkedArray", tree: "Hierarchy", level: int) -> "pa.ChunkedArray":
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    text = column.cast(pa.string()).fill_null("")
    places = pc.index_in(text, pa.array(tree.leaves, pa.string()))
    labels = pa.array(tree.labels[level], pa.string()).take(pa.array(np.asarray(tree.codes[level])))
    return pc.coalesce(labels.take(places), text)
