"""`ppdesk look`: rows of the data, on record."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.cli.signing import at_work
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.workbench.errors import MissingInputError, NothingToShowError

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.workbench.session import Session

# what a person calls it -> where it may lie, the first that is there is shown
_WHERE = {
    "table": ((Kind.TABLE, "rows"),),
    "release": ((Kind.RELEASE, "rows"),),
    "synthetic": ((Kind.SYNTHETIC, "rows"),),
    "pseudonyms": ((Kind.RELEASE, "pseudonyms"),),
    "scores": ((Kind.SCORES, "scores"),),
    "quarantine": ((Kind.TABLE, "quarantine"),),
    "failures": ((Kind.QUALITY, "failures"),),
    "suspects": ((Kind.QUALITY, "suspects"),),
    "suggestions": tuple((kind, "suggestions") for kind in (Kind.TABLE, Kind.INSPECTION, Kind.QUALITY)),
}


@verb(
    "look",
    click.Argument(["what"], type=click.Choice(list(_WHERE)), default="table", metavar="[WHAT]"),
    *project_options(),
    rollback_option(),
    click.Option(
        ["--rows", "count"], type=click.IntRange(1, 100_000), default=20, metavar="NUMBER",
        help="How many rows.", show_default=True,
    ),
    click.Option(
        ["--from", "first"], type=click.IntRange(1), default=1, metavar="NUMBER",
        help="The first row; 1 is the first of the table.", show_default=True,
    ),
    *signer_options(),
    test_mode_option(),
    summary="Show rows of the data; that goes on record",
)  # fmt: skip
def VERB(invocation: Invocation, access: Access, *, what: str, count: int, first: int) -> int:
    """Show rows of the table as CSV on stdout, or of: release, pseudonyms, synthetic, scores, quarantine,
    suggestions, failures, suspects. They are about people: that you looked goes on record first, and
    the report tells it beside the privacy claim."""
    opened = invocation.open(access)
    with at_work(invocation, access, opened, needed=False) as session:
        rows = _found(session, what)
        stamp = stamp_of(session)
    shown = rows.slice(first - 1, count)
    value: dict[str, Json] = {
        "what": what,
        "columns": list(shown.column_names),
        "from": first,
        "rows": [list(row) for row in _cells(shown)],
        "total": rows.num_rows,
        "stamp": stamp,
    }
    if not invocation.console.json:  # not below the rows, or a program would take it for one
        value["stamp"] = ""
        if stamp:
            invocation.console.note(stamp)
        invocation.console.note(f"{shown.num_rows:,} of {rows.num_rows:,} rows. On record.")
    invocation.console.result(value, _lines(shown))
    return Exit.OK


def _found(session: "Session", what: str) -> "pa.Table":
    last: CodedError | None = None
    for kind, part in _WHERE[what]:
        try:
            return session.look(kind, part, "rows" if part == "scores" else part)
        except (MissingInputError, NothingToShowError) as error:
            last = last or error
    assert last is not None  # noqa: S101  there is always a place to look in
    raise last


def _cells(rows: "pa.Table") -> Iterator[tuple[Json, ...]]:
    columns = [_texts(column.to_pylist()) for column in rows.columns]
    return zip(*columns, strict=True)


def _texts(values: list[object]) -> list[Json]:
    return [one if one is None or isinstance(one, str | int | float | bool) else str(one) for one in values]


def _lines(rows: "pa.Table") -> Iterator[str]:
    """One line a row: a line end inside of a cell is shown as an escape."""
    for cells in (tuple(rows.column_names), *_cells(rows)):
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(["" if one is None else one for one in cells])
        yield written.getvalue()
