"""Each way in which a file cannot be opened or written: a clear error, and the file stays as it was."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.store import connection
from ppdesk.store.access import find_key
from ppdesk.store.connection import engine
from ppdesk.store.errors import (
    CutFileError,
    DiskFullError,
    EmptyPassphraseError,
    ExistingFileError,
    LockedError,
    MissingFileError,
    NewerVersionError,
    NotAProjectError,
    ReadOnlyPlaceError,
    StorageFailedError,
    WrongPassphraseError,
)
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

Draft = Callable[..., EventDraft]
PASSPHRASE = "correct horse"


def refused(path: Path, passphrase: str, error: type[CodedError], exit_code: Exit) -> None:
    """Opening is refused for writing and for reading, and leaves folder and file as they were."""
    before = {place.name: place.read_bytes() for place in path.parent.iterdir() if place.is_file()}
    for read_only in (False, True):
        with pytest.raises(error) as caught:
            ProjectFile.open(path, passphrase, read_only=read_only)
        assert caught.value.exit_code is exit_code
        assert caught.value.advice
    after = {place.name: place.read_bytes() for place in path.parent.iterdir() if place.is_file()}
    assert after == before


@pytest.mark.parametrize(
    "passphrase",
    ["Correct horse", "correct horse ", "x'" + "00" * 48 + "'", "x'00'", "'; DROP TABLE event; --", '"'],
)
def test_a_wrong_passphrase(closed: Path, passphrase: str) -> None:
    refused(closed, passphrase, WrongPassphraseError, Exit.WRONG_KEY)


def test_an_empty_passphrase(closed: Path, tmp_path: Path) -> None:
    refused(closed, "", EmptyPassphraseError, Exit.USAGE)
    with pytest.raises(EmptyPassphraseError):
        ProjectFile.create(
            tmp_path / "n", "", project_id="i", created="c", entropy=TestEntropy(1), kdf=KdfProfile.TEST
        )
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize(
    "passphrase", ["x'" + "ab" * 48 + "'", "x'" + "ab" * 32 + "'", "quote ' and \" both", "пароль"]
)
def test_a_passphrase_that_looks_like_a_raw_key_is_a_passphrase_like_any_other(
    tmp_path: Path, passphrase: str
) -> None:
    path = tmp_path / "p"
    ProjectFile.create(
        path, passphrase, project_id="i", created="c", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ).close()
    with ProjectFile.open(path, passphrase) as found:
        assert found.project_id == "i"
    key = find_key(path, passphrase).key
    assert key.hex() not in passphrase
    refused(path, PASSPHRASE, WrongPassphraseError, Exit.WRONG_KEY)


def test_a_missing_file_and_a_missing_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none.ppdesk", PASSPHRASE, MissingFileError, Exit.STORAGE)
    with pytest.raises(MissingFileError):
        ProjectFile.create(tmp_path / "no" / "a", "p", project_id="i", created="c", entropy=SystemEntropy())


def test_a_file_that_is_there_is_never_replaced(closed: Path) -> None:
    before = closed.read_bytes()
    with pytest.raises(ExistingFileError):
        ProjectFile.create(closed, "p", project_id="i", created="c", entropy=SystemEntropy())
    assert closed.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n" * 900, b"PK\x03\x04" * 4096, b"a,b\n1,2\n", b"\x00" * 8192]
)
def test_a_foreign_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "foreign").write_bytes(content)
    refused(tmp_path / "foreign", PASSPHRASE, NotAProjectError, Exit.BAD_INPUT)


def test_a_plain_database_and_a_folder(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "plain")) as plain:
        plain.execute("CREATE TABLE event (seq)")
        plain.commit()
    refused(tmp_path / "plain", PASSPHRASE, NotAProjectError, Exit.BAD_INPUT)
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder", PASSPHRASE, NotAProjectError, Exit.BAD_INPUT)


def test_an_encrypted_database_of_another_program(tmp_path: Path) -> None:
    from ppdesk.store.kdf import derive

    path = tmp_path / "other"
    salt = bytes([KdfProfile.TEST.mark]) + bytes(15)
    path.touch()
    at = engine(path, derive(PASSPHRASE, salt, KdfProfile.TEST), salt, read_only=False)
    with at.begin() as connection:
        connection.execute(text("CREATE TABLE note (words)"))
    at.dispose()
    refused(path, PASSPHRASE, NotAProjectError, Exit.BAD_INPUT)


@pytest.mark.parametrize("left", [-1, -100, -4096, -4097, -8192, 2000, 4096, 5000])
def test_a_cut_file(closed: Path, left: int) -> None:
    whole = closed.read_bytes()
    closed.write_bytes(whole[:left])
    refused(closed, PASSPHRASE, CutFileError, Exit.INTEGRITY)


def test_a_newer_version(closed: Path) -> None:
    key = find_key(closed, PASSPHRASE)
    at = engine(closed, key.key, key.salt, read_only=False)
    with at.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        connection.execute(text("UPDATE meta SET value = '0.9.0' WHERE name = 'written_by'"))
    at.dispose()
    refused(closed, PASSPHRASE, NewerVersionError, Exit.NEWER)
    with pytest.raises(NewerVersionError, match=r"0\.9\.0"):
        ProjectFile.open(closed, PASSPHRASE)


def test_a_file_has_one_writer(closed: Path, draft: Draft) -> None:
    with ProjectFile.open(closed, PASSPHRASE) as first:
        with pytest.raises(LockedError) as caught:
            ProjectFile.open(closed, PASSPHRASE)
        assert caught.value.exit_code is Exit.STORAGE
        assert first.append(draft(), entropy=TestEntropy(1)).seq == 4
        # another process, too, although this one has read the file beside SQLite
        closed.read_bytes()
        code = (
            "import sys; from pathlib import Path\n"
            "from ppdesk.store.project import ProjectFile\n"
            "from ppdesk.store.errors import LockedError\n"
            "try: ProjectFile.open(Path(sys.argv[1]), sys.argv[2])\n"
            "except LockedError: sys.exit(7)\n"
        )
        done = subprocess.run([sys.executable, "-c", code, str(closed), PASSPHRASE], check=False)
        assert done.returncode == 7
    with ProjectFile.open(closed, PASSPHRASE) as after:
        assert after.check() == []


def test_a_full_disk_while_adding(closed: Path, draft: Draft) -> None:
    """SQLite's page limit answers as a full disk does."""
    before = closed.read_bytes()
    big = Artifact(Kind.TABLE, {}, (Part("b", SystemEntropy().take(3_000_000)),))
    with ProjectFile.open(closed, PASSPHRASE) as found:
        with found._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={len(before) // 4096 + 20}")
        with pytest.raises(DiskFullError):
            found.append(draft(), [big], entropy=TestEntropy(1))
        assert found.head()[0] == 3
    assert closed.read_bytes() == before
    with ProjectFile.open(closed, PASSPHRASE) as found:
        assert found.check() == []
        assert found.append(draft(), [big], entropy=TestEntropy(1)).seq == 4


def _in_small_file_system(script: str, options: str, *values: str) -> subprocess.CompletedProcess[str]:
    """Run Python `script` in a namespace of its own with a tmpfs over the first of `values`."""
    command = 'mount -t tmpfs -o "$1" none "$2" && exec "$0" -c "$3" "$2" "$4"'
    return subprocess.run(
        ["unshare", "-m", "bash", "-c", command, sys.executable, options, values[0], script, values[1]],
        capture_output=True,
        text=True,
        check=False,
    )


def _may_mount(folder: Path) -> bool:
    return bool(shutil.which("unshare")) and (
        _in_small_file_system("print(1)", "size=1m", str(folder), "").returncode == 0
    )


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    if not _may_mount(tmp_path):
        pytest.skip("mounting a small file system needs root")
    script = """
import sys
from pathlib import Path
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store.errors import DiskFullError
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
path, passphrase = Path(sys.argv[1]) / "p", sys.argv[2]
def draft(n): return EventDraft(time=str(n), actor="a", kind="k", code="c", outcome="ok")
def create(at):
    return ProjectFile.create(
        at, passphrase, project_id="i", created="c", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    )
made = create(path)
full = 0
for n in range(30):
    before, head = path.read_bytes() if n % 7 == 0 else b"", made.head()
    part = Part("b", SystemEntropy().take(20_000 * (n % 12)))
    try:
        head = made.append(draft(n), [Artifact(Kind.TABLE, {"n": n}, (part,))], entropy=TestEntropy(n))
    except DiskFullError:
        full += 1
        assert made.head() == head
made.close()
assert full > 3, full
assert [p.name for p in path.parent.iterdir()] == ["p"], list(path.parent.iterdir())
with ProjectFile.open(path, passphrase) as again:
    assert again.check() == []
filler = path.parent / "filler"
with filler.open("wb") as file:
    try:
        while True: file.write(bytes(65536)); file.flush()
    except OSError: pass
try:
    create(path.parent / "second")
except DiskFullError: pass
else: raise AssertionError("there was room")
assert not (path.parent / "second").exists()
"""
    done = _in_small_file_system(script, "size=1m", str(tmp_path), PASSPHRASE)
    assert done.returncode == 0, done.stderr


READ_ONLY = """
import os, sys
from pathlib import Path
from ppdesk.core.entropy import SystemEntropy
from ppdesk.store.errors import ReadOnlyPlaceError
from ppdesk.store.project import ProjectFile
path, passphrase = Path(sys.argv[1]), sys.argv[2]
def read():
    with ProjectFile.open(path, passphrase, read_only=True) as found:
        assert len(found.events()) == 3 and found.check() == []
def create():
    ProjectFile.create(path.with_name("n"), "p", project_id="i", created="c", entropy=SystemEntropy())
read()
if os.geteuid() == 0:
    os.setuid(65534)
read()
for use in (lambda: ProjectFile.open(path, passphrase), create):
    try: use()
    except ReadOnlyPlaceError: pass
    else: raise AssertionError("it could be written")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows folders have no such mode")
def test_a_read_only_folder(tmp_path: Path) -> None:
    """In another process, which gives root up where it has it: root may write anywhere."""
    if os.geteuid() == 0:
        folder = Path("/dev/shm") / f"ppdesk-{os.getpid()}"  # noqa: S108 - a place that other users may enter
        folder.mkdir(mode=0o755)
    else:
        folder = tmp_path / "in"
        folder.mkdir()
    try:
        path = folder / "p"
        with ProjectFile.create(
            path, PASSPHRASE, project_id="i", created="c", entropy=TestEntropy(1), kdf=KdfProfile.TEST
        ) as made:
            for number in range(3):
                made.append(
                    EventDraft(time=str(number), actor="a", kind="k", code="c", outcome="ok"),
                    entropy=TestEntropy(1),
                )
        path.chmod(0o444)
        folder.chmod(0o555)
        before = path.read_bytes()
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path), PASSPHRASE],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert path.read_bytes() == before
        assert [place.name for place in folder.iterdir()] == ["p"]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize(("free", "error"), [(0, DiskFullError), (1 << 40, StorageFailedError)])
def test_a_journal_that_cannot_be_made_where_one_may_write_is_the_drives_fault(
    closed: Path, free: int, error: type[CodedError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says "cannot open" for a folder that is read-only and for a drive that is full alike."""
    told = dbapi2.OperationalError("unable to open database file")
    told.sqlite_errorcode = dbapi2.SQLITE_CANTOPEN
    told.sqlite_errorname = "SQLITE_CANTOPEN"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, free))
    assert type(connection.translated(told, closed)) is error
    assert type(connection.translated(told, closed.parent / "gone" / "p")) is ReadOnlyPlaceError
