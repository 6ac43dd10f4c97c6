"""Clusters of a column's values, for a person's eyes: that they were shown is on record first."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Kind, column_names
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.data.clean.cluster import Cluster, Method, clusters

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session

MOST = 50_000  # different values of a column


class NoSuchColumnError(CodedError):
    """The table has no column {column}."""

    code = "PP-CLEAN-030"
    exit = Exit.USAGE
    todo = "Take a name as the table has it now, after Clean."


class TooManyValuesError(CodedError):
    """Column {column} has {count:,} different values; clusters are looked for in {most:,} at most."""

    code = "PP-CLEAN-031"
    exit = Exit.REFUSED
    todo = "Split the column, or replace what makes each value another, and look again."


def clusters_of(
    session: "Session",
    column: str,
    method: Method = Method.FINGERPRINT,
    *,
    size: int = 2,
    radius: int = 1,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Cluster]:
    """The clusters in `column` of the table that holds now, as `data.clean.cluster.clusters` finds them.

    A look at values: an event, recorded before anything is shown. Errors of `Session.look`, and
    NoSuchColumnError, TooManyValuesError, CancelledRunError. Computes in the calling thread, which may wait.
    """
    # before it is a look
    if column not in (column_names(session.heads().get(Kind.TABLE, {})) or ()):
        raise NoSuchColumnError(column=column)
    rows = session.look(Kind.TABLE, "rows", "values")
    found = rows.column(column).drop_null().value_counts()
    if len(found) > MOST:
        raise TooManyValuesError(column=column, count=len(found), most=MOST)
    tally = dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))
    return clusters(tally, method, size=size, radius=radius, cancelled=cancelled)
