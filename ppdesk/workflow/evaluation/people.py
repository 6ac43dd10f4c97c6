"""Tables of people that attacks on published tables work with: the project's own, and files of others."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Progress
from ppdesk.assess.linkage.errors import MissingColumnsError
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.wording import listed
from ppdesk.workflow import declared
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Heads, Inputs
from ppdesk.workflow.treated import coded_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.assess.linkage.columns import Column, Rows

_NAMED = 10


def told(ctx: Context, progress: Progress, words: str) -> Callable[[float], None]:
    """For engines: says how far they are, and stops them where the run was cancelled. CancelledRunError."""

    def tick(share: float) -> None:
        if ctx.cancelled():
            raise CancelledRunError
        progress(share, words)

    return tick


def from_file(field: str, inputs: Inputs, needs: Sequence[str], ctx: Context) -> "pa.Table":
    """The file granted to `field`, read as the project's table was, and cleaned as far as its cleaning rests
    on each record alone. MissingColumnsError, ReadError, CleanError."""
    from ppdesk.data.readers.read_table import ReadOptions, read_table
    from ppdesk.workflow.cleaning import as_cleaned

    table = inputs[Kind.TABLE]
    reading = Reading.of(table.head)
    read = read_table(ctx.sources[field], ReadOptions(text=reading.form()), cancelled=ctx.cancelled)
    made = as_cleaned(read.table, table, reading.decimal, ctx.cancelled).table
    absent = [name for name in needs if name not in made.column_names]
    if absent:
        raise MissingColumnsError(columns=listed(absent, _NAMED))
    return made


def held_columns(inputs: Inputs, published: Artifact) -> list[str]:
    """The columns that table and published table both have, that name no person and were not coded."""
    out = {
        name
        for name, one in declared.columns(inputs[Kind.ROLES].head).items()
        if one.role == "direct-identifier"
    } | set(coded_columns(published.head))
    own = inputs[Kind.TABLE].table("rows").column_names
    shown = published.table("rows").column_names
    return [name for name in own if name in shown and name not in out]


def of_role(inputs: Inputs, *roles: str) -> list[str]:
    """The declared columns of these roles, in their order."""
    return roles_of({Kind.ROLES: inputs[Kind.ROLES].head}, *roles)


def roles_of(heads: Heads, *roles: str) -> list[str]:
    """The same, from the heads; none where nobody has declared any."""
    return [name for name, one in declared.columns(heads.get(Kind.ROLES, {})).items() if one.role in roles]


def trees(inputs: Inputs) -> "Mapping[str, Rows]":
    """The hierarchies by column; none where there are none."""
    held = inputs.get(Kind.HIERARCHIES)
    found: Mapping[str, Rows] = {} if held is None else json.loads(held.data("hierarchies"))
    return found


def coded(
    names: Sequence[str],
    inputs: Inputs,
    published: Artifact,
    people: "Sequence[pa.Table]",
    tick: Callable[[float], None],
) -> "dict[str, Column]":
    """Each column of `published` beside the same column of the tables of people."""
    from ppdesk.assess.linkage.columns import column

    roles = declared.columns(inputs[Kind.ROLES].head)
    decimal = Reading.of(inputs[Kind.TABLE].head).decimal
    generalized = trees(inputs) if published.kind is Kind.RELEASE else {}
    rows = published.table("rows")
    found = {}
    for place, name in enumerate(names):
        tick(place / len(names))
        found[name] = column(
            name,
            rows.column(name),
            [one.column(name) for one in people],
            generalized.get(name),
            numeric=name in roles and roles[name].numeric,
            decimal=decimal,
        )
    return found


def sizes(heads: Heads, kind: Kind) -> tuple[int, int]:
    """(records, columns) that the head of an artifact tells; (0, 0) where there is none. Of a release that
    does not say how many records it has, as many as its table has."""
    if kind not in heads:
        return 0, 0
    head = heads[kind]
    rows = declared.number(head.get("rows")) or declared.number(heads.get(Kind.TABLE, {}).get("rows")) or 0
    named = head.get("columns")
    return int(rows), len(named) if isinstance(named, list | tuple) else 1
