"""Which files make the table, and how: one, or several that are appended or joined."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import field_validator

from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, Reads, param
from ppdesk.core.said import said, said_count
from ppdesk.core.section import Block, Table
from ppdesk.core.wording import counted
from ppdesk.data.readers.formats import SUFFIXES
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.data.combine import Combined

_MOST_FILES = 200  # beside the main one; each brings marks into the budget register


class Combine(StrEnum):
    """How several files become one table."""

    APPEND = "append"
    JOIN = "join"


class Join(StrEnum):
    """Which rows of a join stay."""

    INNER = "inner"
    LEFT = "left"


class FilesParams(Params):
    """The files, and how several become one table."""

    table: Annotated[Path, Reads(tuple(SUFFIXES))] = param(
        label="Table",
        group="File",
        help="A file with one row per record: CSV, text of fixed width, Excel (.xlsx), Parquet, Arrow, SPSS,"
        " Stata, SAS, SQLite or another database that is a local file. It is read, never changed.",
    )
    more_files: tuple[Annotated[Path, Reads(tuple(SUFFIXES))], ...] = param(
        (),
        label="More files",
        group="Several files",
        more=True,
        help="Further files that belong to the table: more rows (append) or more columns (join). The settings"
        " below count for all files, as far as their format has them.",
    )
    combine: Combine = param(
        Combine.APPEND,
        label="The files are",
        group="Several files",
        more=True,
        help="append: each file brings rows and has the same columns. join: each file brings columns for the"
        " rows with the same key.",
    )
    keys: tuple[str, ...] = param(
        (),
        label="Key columns",
        group="Several files",
        more=True,
        help="For join: columns that all files have, compared as whole texts.",
    )
    join: Join = param(
        Join.INNER,
        label="Rows without a match",
        group="Several files",
        more=True,
        help="For join. inner: only rows with a match in every file stay; the others are counted. left: every"
        " row of the first file stays.",
    )

    @field_validator("more_files", "keys", mode="before")
    @classmethod
    def _one_is_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str | Path) else value


class FileFacts(Facts):
    """One file, as it was read."""

    file: str
    sha256: str
    content: str
    size: int
    rows: int
    format: str
    sheet: str = ""


class JoinFacts(Facts):
    """One join in counts of rows, see ppdesk.data.combine.Joined."""

    file: str
    matched: int
    left_only: int
    right_only: int
    left_repeats: int
    right_repeats: int
    without_key: int


def check(params: FilesParams) -> list[Finding]:
    """Blocking where the settings do not say what to do."""
    wrong: list[tuple[str, str, str]] = []
    joins = params.combine is Combine.JOIN
    if len(params.more_files) > _MOST_FILES:
        wrong.append(
            (
                said("More than {most} further files.", most=_MOST_FILES),
                said("Put them together before."),
                "more_files",
            )
        )
    if joins and params.more_files and not params.keys:
        wrong.append((said("A join needs a key."), said("Name the columns that all files have."), "keys"))
    if params.keys and not (joins and params.more_files):
        wrong.append(
            (
                said("Key columns are named, and nothing is joined."),
                said("Choose join and name more files."),
                "keys",
            )
        )
    if joins and not params.more_files:
        wrong.append(
            (said("There is nothing to join."), said("Name more files, or choose append."), "more_files")
        )
    if len(set(params.keys)) < len(params.keys):
        wrong.append((said("A key column is named twice."), "", "keys"))
    return [Finding(Level.BLOCKING, *words, "PP-IMPORT-013") for words in wrong]


def combined(
    params: FilesParams,
    first: "pa.Table",
    others: "Sequence[tuple[str, pa.Table]]",
    cancelled: Callable[[], bool],
) -> "Combined":
    """The one table. The coded errors of ppdesk.data.combine."""
    from ppdesk.data.combine import Combined, How, append, join

    if not others:
        return Combined(first)
    if params.combine is Combine.APPEND:
        return append(first, others)
    return join(first, others, params.keys, How(params.join.value), cancelled=cancelled)


def remarks(params: FilesParams, joins: Sequence[JoinFacts], stability: int | None) -> list[Finding]:
    """What a join left out, and what it means for training."""
    found = []
    inner = params.join is Join.INNER
    for one in joins:
        lost = one.left_only if inner else 0
        if lost or one.right_only:
            without = _without_match(lost, one)
            found.append(
                Finding(
                    Level.CAUTION,
                    said(
                        "The join with {file} leaves rows out, since their key has no match.", file=one.file
                    ),
                    said(
                        "{rows}; {without} lack a key.", rows=without, without=counted(one.without_key, "row")
                    ),
                    "keys",
                    "PP-IMPORT-010",
                )
            )
    if stability is None:
        found.append(
            Finding(
                Level.CAUTION,
                said("The key repeats, so one record may stand in any number of rows."),
                said(
                    "No differentially private model can be trained on this table. Make the key unique in"
                    " each file, for example one row per person, and import again."
                ),
                "keys",
                "PP-IMPORT-014",
            )
        )
    return found


def _without_match(lost: int, one: JoinFacts) -> str:
    before = said_count(
        "{count:,} row of the tables before it", "{count:,} rows of the tables before it", lost
    )
    there = said_count("{count:,} row of {file}", "{count:,} rows of {file}", one.right_only, file=one.file)
    if lost and one.right_only:
        return said("{rows} and {others}", rows=before, others=there)
    return before if lost else there


def blocks(
    params: FilesParams, files: Sequence[FileFacts], joins: Sequence[JoinFacts], stability: int | None
) -> list[Block]:
    """Tables for the section; nothing where there is one file."""
    if len(files) < 2:
        return []
    made: list[Block] = [
        Table(
            said("Files appended") if params.combine is Combine.APPEND else said("Files joined"),
            (
                said("File"),
                said("Rows"),
                said("Bytes"),
                said("Format"),
                said("SHA-256"),
                said("Fingerprint of the content"),
            ),
            [[o.file, f"{o.rows:,}", f"{o.size:,}", o.format, o.sha256, o.content] for o in files],
            right=(1, 2),
        )
    ]
    if joins:
        bound = (
            said("Counts of rows. One replaced record of a file changes any number of rows of the table.")
            if stability is None
            else said_count(
                "Counts of rows. One replaced record of a file changes at most {count:,} row of the table.",
                "Counts of rows. One replaced record of a file changes at most {count:,} rows of the table.",
                stability,
            )
        )
        made.append(
            Table(
                said("Join by {keys}, {kind}", keys=", ".join(params.keys), kind=params.join.value),
                (
                    said("With"),
                    said("Matched"),
                    said("Only before"),
                    said("Only in the file"),
                    said("Key again before"),
                    said("In the file"),
                ),
                [[one.file, *(f"{number:,}" for number in _counts(one))] for one in joins],
                right=(1, 2, 3, 4, 5),
                caption=bound,
            )
        )
    return made


def _counts(one: JoinFacts) -> tuple[int, ...]:
    return one.matched, one.left_only, one.right_only, one.left_repeats, one.right_repeats
