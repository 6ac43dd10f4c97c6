"""Take an ARX project: a folder with its table, hierarchies, data dictionary, and a recipe of the same."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

from ppdesk.anonymize.errors import HierarchyError
from ppdesk.anonymize.hierarchies import to_csv
from ppdesk.anonymize.hierarchy_files import file_names
from ppdesk.core.errors import CancelledRunError, InvalidParamsError
from ppdesk.core.params import parse
from ppdesk.data.arx import project as arx
from ppdesk.data.arx.archive import FALLBACK, Archive
from ppdesk.data.arx.errors import ArxFolderError, DamagedArxPartError
from ppdesk.workflow.arx import columns as roles
from ppdesk.workflow.arx.hierarchies import closed, why_not
from ppdesk.workflow.arx.recipe_text import recipe_text
from ppdesk.workflow.arx.settings import QUASI, settings
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.dictionary import written
from ppdesk.workflow.reading import MARKS

RECIPE, DICTIONARY, TABLE, NOTES = "recipe.toml", "dictionary.toml", "data.csv", "not-taken.txt"
HIERARCHIES = "hierarchies"
_ALWAYS = (
    "What ARX keeps in Java objects alone is never read: the selection of rows (research subset),"
    " populations, costs and benefits, functional hierarchies behind their tables, how it searches,"
    " local transformation and sampling, the results and notes of the project."
)
_PIECE = 1 << 20
_NULL = "NULL"


class Taken(BaseModel):
    """What came of it. Nothing in it is a value of a person: `not_taken` are sentences on settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str  # of ARX
    title: str
    columns: int
    hierarchies: int
    table: bool  # whether the table was in the project, and is in the folder
    files: tuple[str, ...]  # relative to the folder
    not_taken: tuple[str, ...]


@dataclass
class _Work:
    """The project on its way into the folder."""

    archive: Archive
    project: arx.ArxProject
    folder: Path
    cancelled: Callable[[], bool]
    trees: dict[str, str] = field(default_factory=dict)  # file by column
    highest: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def take(
    path: Path, folder: Path, *, with_table: bool = True, cancelled: Callable[[], bool] = lambda: False
) -> Taken:
    """Read the project at `path` and write `folder`, which must be new or empty. All or nothing.

    An ArxError, FileUnreadableError, the errors of archives that are not unpacked, CancelledRunError.
    """
    with Archive(path, cancelled) as archive:
        project = arx.read(archive, path.name)
        with _fresh(folder):
            work = _Work(archive, project, folder, cancelled)
            table = _table(work) if with_table and project.has_data else None
            _hierarchies(work)
            return _written(work, table, path.name)


@contextmanager
def _fresh(folder: Path) -> Iterator[None]:
    """The folder, made if it is not there; as it was before where something fails."""
    made = not folder.exists()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if any(folder.iterdir()):
            raise ArxFolderError(folder=folder.name, reason="it is not empty")
    except OSError as error:
        raise ArxFolderError(folder=folder.name, reason=error.strerror or "unknown") from None
    try:
        yield
    except BaseException as error:
        for one in folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        if made:
            folder.rmdir()
        if isinstance(error, OSError):
            raise ArxFolderError(folder=folder.name, reason=error.strerror or "unknown") from None
        raise


def _table(work: _Work) -> dict[str, str]:
    """Write the table as it is; how Import has to read it. Columns that are not defined are identifying, as
    in ARX."""
    encoding, start = "utf-8", b""
    with _new(work, TABLE) as file:
        for piece in _watched(work, arx.DATA):
            start = start if len(start) > _PIECE else start + piece
            file.write(piece)
    path = work.folder / TABLE
    if not _is_utf8(path):
        encoding = FALLBACK
        work.lost.append(
            f"The table is not UTF-8: {FALLBACK} stands in the recipe. Look whether it reads well."
        )
    names = arx.header_of(start, work.project.delimiter, encoding)
    marks = {mark: name.value for name, mark in MARKS.items()}
    delimiter = marks.get(work.project.delimiter)
    if delimiter is None:
        _respelled(path, work.project.delimiter, encoding)
        encoding, delimiter = "utf-8", "semicolon"
    work.project = roles.with_columns(work.project, names, work.lost)
    return {"table": TABLE, "format": "csv", "delimiter": delimiter, "encoding": encoding}


def _watched(work: _Work, part: str) -> Iterator[bytes]:
    for piece in work.archive.pieces(part):
        if work.cancelled():
            raise CancelledRunError
        yield piece


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(_PIECE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _respelled(path: Path, delimiter: str, encoding: str) -> None:
    """The same rows with semicolons between the values: Import knows few other marks."""
    other = path.with_suffix(".part")
    try:
        with (
            path.open(encoding=encoding, newline="") as old,
            other.open("x", encoding="utf-8", newline="") as new,
        ):
            rows = csv.reader(old, delimiter=delimiter, strict=True)
            csv.writer(new, delimiter=";", lineterminator="\n").writerows(rows)
    except (csv.Error, UnicodeDecodeError):
        raise DamagedArxPartError(part=arx.DATA, reason="it is no CSV text") from None
    other.replace(path)


def _hierarchies(work: _Work) -> None:
    """Write each that can be used; say why another one cannot."""
    for one in work.project.columns:
        if one.role == QUASI and one.hierarchy is None:
            work.highest[one.name] = 0  # ARX makes one of a single level
    named = [one for one in work.project.columns if one.hierarchy is not None and roles.has_hierarchy(one)]
    if named:
        (work.folder / HIERARCHIES).mkdir(mode=0o700)
    for one, name in zip(named, file_names([one.name for one in named]), strict=True):
        part = one.hierarchy or ""
        if not work.archive.has(part):
            work.lost.append(f"{one.name}: the project has no table of its hierarchy. {roles.INSTEAD}")
            continue
        rows, other = arx.rows_of(work.archive, part, work.project.delimiter)
        try:
            found = closed(one.name, rows)
        except HierarchyError as error:
            work.lost.append(f"{why_not(error)}. {roles.INSTEAD}")
            continue
        if other:
            work.lost.append(f"{one.name}: its hierarchy was not UTF-8 and was read as {FALLBACK}.")
        if _NULL in found.tree.leaves:
            work.lost.append(
                f"{one.name}: {_NULL}, ARX's mark for missing values, is a value like others here."
            )
        if found.topped:
            work.highest[one.name] = found.own
        file = f"{HIERARCHIES}/{name}"
        with _new(work, file) as target:
            target.write(to_csv(found.tree))
        work.trees[one.name] = file


def _written(work: _Work, table: dict[str, str] | None, file: str) -> Taken:
    """Dictionary, recipe and the list of what is not in them."""
    values, lost = settings(work.project, work.highest, work.trees)
    try:
        parse(AnonymizeParams, values, step="anonymize")
    except InvalidParamsError as error:
        raise DamagedArxPartError(
            part="input/config.xml", reason=f"{error.values['field']} is out of range"
        ) from None
    declared, notes = roles.declared(work.project, work.trees, work.lost)
    lost = [*work.lost, *lost, _ALWAYS]
    said = f"From the ARX project {file}, as ARX {work.project.version or 'of unknown version'} saved it"
    steps: list[tuple[str, dict[str, object]]] = []
    if table is not None:
        steps.append(("import", {**table, **roles.decimal(work.project, lost)}))
    steps += [("roles", {"dictionary": DICTIONARY}), ("anonymize", values)]
    title = work.project.title or "ARX project"
    for name, text in (
        (DICTIONARY, written(declared, notes, said)),
        (RECIPE, recipe_text(title, steps, [f"{said}. What it lacks: {NOTES}."])),
        (NOTES, "\n".join(["Not taken from ARX, or only in part:", "", *(f"- {one}" for one in lost), ""])),
    ):
        with _new(work, name) as target:
            target.write(text.encode())
    return Taken(
        version=work.project.version,
        title=title,
        columns=len(work.project.columns),
        hierarchies=len(work.trees),
        table=table is not None,
        files=tuple(sorted(work.files)),
        not_taken=tuple(lost),
    )


@contextmanager
def _new(work: _Work, name: str) -> Iterator[IO[bytes]]:
    """A new file for its owner only."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(work.folder / name, flags, 0o600), "wb") as file:
        yield file
    work.files.append(name)
