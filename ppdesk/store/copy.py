"""A copy of the project for an auditor: all the evidence, under a passphrase of its own, for reading only.

It is a project file like any other (same schema, same chain, same hashes), without the bytes of microdata
and without what opens redacted commitments. Rows are copied as they lie; nothing is computed anew, so
whatever verified in the project verifies in the copy. See copy_seal.py for what is sealed.
"""

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, insert, select, text

from ppdesk.core.durable import sync_folder
from ppdesk.core.entropy import Entropy
from ppdesk.store import access
from ppdesk.store.connection import coded, engine, journal
from ppdesk.store.copy_errors import CopyIntoItselfError
from ppdesk.store.copy_seal import AUDITOR, EDITION, HANDOVER
from ppdesk.store.errors import DamagedFileError, DiskFullError, ExistingFileError, StorageFailedError
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.redaction import Held
from ppdesk.store.schema import ARTIFACT, CHUNK, EVENT, META, OPENING, PART

if TYPE_CHECKING:
    from ppdesk.store.project import ProjectFile

_ROWS = 500  # written at a time


@dataclass(frozen=True)
class Selection:
    """What goes in: events 1 to `upto`, of which `handover` is the one whose manifest is sealed, without the
    openings of `redact` (fields as ``SEQ:FIELD``) and without `withheld` (parts, or with an empty part whole
    artifacts). Parts that are microdata stay out whatever the lists say."""

    upto: int
    handover: int
    redact: Collection[str]
    withheld: Collection[Held]


@dataclass(frozen=True)
class Copied:
    """What was written: where, up to which event, and how many bytes."""

    path: Path
    upto: int
    bytes: int


def write_copy(
    project: "ProjectFile",
    target: Path,
    passphrase: str,
    selection: Selection,
    *,
    entropy: Entropy,
    kdf: KdfProfile = KdfProfile.STANDARD,
    overwrite: bool = False,
) -> Copied:
    """Write the copy to `target` under a passphrase and a salt of its own, whole or not at all, readable by
    its owner only.

    ExistingFileError (unless `overwrite`), CopyIntoItselfError, MissingFileError, ReadOnlyPlaceError,
    DiskFullError, EmptyPassphraseError, WeakKeyError, StorageFailedError: nothing is left, and a file that
    was there is as it was.
    """
    target = target.absolute()
    if target.exists() and target.samefile(project.path):
        raise CopyIntoItselfError(file=target.name)
    if target.exists() and not overwrite:
        raise ExistingFileError(file=target.name)
    key = access.new_key(passphrase, kdf, entropy)
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        access.create(fresh, key, project_id=project.project_id, created=project.created)
        with project.looking() as source:
            _fill(source, fresh, key, selection)
        size = fresh.stat().st_size
        _put(fresh, target, overwrite=overwrite)
    except OSError as error:
        raise _refused(error, target) from error
    finally:
        key.wipe()
        for leftover in (fresh, journal(fresh)):
            with suppress(OSError):  # it was moved, or never there
                leftover.unlink(missing_ok=True)
    return Copied(target, selection.upto, size)


def _fill(source: Connection, place: Path, key: access.Key, selection: Selection) -> None:
    """All rows, in one transaction: a kill leaves a file that nobody takes for a copy."""
    whole = {one.artifact for one in selection.withheld if not one.part}
    some = {(one.artifact, one.part) for one in selection.withheld if one.part}
    upto, redact = selection.upto, frozenset(selection.redact)
    wanted = _made(source, upto) - whole
    into = engine(place, key.key, key.salt, read_only=False)
    try:
        with coded(place), into.begin() as sink:
            marks = {EDITION: AUDITOR, HANDOVER: str(selection.handover)}
            sink.execute(insert(META), [{"name": name, "value": value} for name, value in marks.items()])
            events = select(EVENT.c.seq, EVENT.c.content, EVENT.c.hash).where(EVENT.c.seq <= upto)
            _copy(sink, EVENT, _rows(source, events.order_by(EVENT.c.seq)))
            openings = select(OPENING).where(OPENING.c.seq <= upto).order_by(OPENING.c.seq, OPENING.c.field)
            _copy(
                sink,
                OPENING,
                (row for row in _rows(source, openings) if f"{row['seq']}:{row['field']}" not in redact),
            )
            for digest in sorted(wanted):
                _artifact(source, sink, digest, some)
        with coded(place), into.begin() as sink:
            if sink.execute(text("PRAGMA quick_check")).scalars().all() != ["ok"]:
                raise DamagedFileError(file=place.name)
    finally:
        into.dispose()


def _artifact(source: Connection, sink: Connection, digest: str, withheld: set[tuple[str, str]]) -> None:
    """Head and parts' rows; bytes of those parts that are neither microdata nor withheld."""
    heads = list(_rows(source, select(ARTIFACT).where(ARTIFACT.c.digest == digest)))
    if not heads:  # a salvaged project may have lost it; the manifest says so
        return
    _copy(sink, ARTIFACT, iter(heads))
    for part in list(_rows(source, select(PART).where(PART.c.artifact == digest).order_by(PART.c.position))):
        _copy(sink, PART, iter([part]))
        if part["personal"] or (digest, part["name"]) in withheld:
            continue
        chunks = select(CHUNK).where(CHUNK.c.artifact == digest, CHUNK.c.part == part["position"])
        for chunk in _rows(source, chunks.order_by(CHUNK.c.number)):
            sink.execute(insert(CHUNK), chunk)


def _made(source: Connection, upto: int) -> set[str]:
    from ppdesk.core.canonical import parse
    from ppdesk.store.redaction import made_by

    contents = select(EVENT.c.content).where(EVENT.c.seq <= upto)
    return {digest for row in source.execute(contents) for digest in made_by(parse(row.content))}


def _rows(source: Connection, wanted: Any) -> Iterator[dict[str, Any]]:
    found = source.execution_options(yield_per=_ROWS).execute(wanted)
    return (dict(row) for row in found.mappings())


def _copy(sink: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS:
            sink.execute(insert(table), batch)
            batch = []
    if batch:
        sink.execute(insert(table), batch)


def _put(fresh: Path, target: Path, *, overwrite: bool) -> None:
    """Into its place in one motion, durably; never over a file that is there, unless `overwrite`."""
    handle = os.open(fresh, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    if overwrite:
        fresh.replace(target)
    elif os.name == "nt":
        fresh.rename(target)  # refuses by itself on Windows
    else:
        try:
            os.link(fresh, target)
        except FileExistsError:
            raise
        except OSError:  # a drive without hard links (FAT): look, then move
            if target.exists():
                raise FileExistsError(errno.EEXIST, "exists") from None
            fresh.rename(target)
        else:
            fresh.unlink()
    sync_folder(target.parent)


def _refused(error: OSError, target: Path) -> Exception:
    if isinstance(error, FileExistsError):
        return ExistingFileError(file=target.name)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFullError(file=target.name)
    return StorageFailedError(file=target.name, reason=error.strerror or "unknown")
