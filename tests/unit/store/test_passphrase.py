"""A change of passphrase: the new one opens, the old one does not, nothing is lost on the way."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store import access, anew
from ppdesk.store.connection import journal
from ppdesk.store.errors import (
    ClosedProjectError,
    DiskFullError,
    EmptyPassphraseError,
    LockedError,
    ReadOnlyProjectError,
    StorageFailedError,
    WeakKeyError,
    WrongPassphraseError,
)
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

Draft = Callable[..., EventDraft]
OLD, NEW = "correct horse", "battery staple"


def test_the_new_passphrase_opens_and_the_old_one_does_not(closed: Path, draft: Draft) -> None:
    salt = closed.read_bytes()[:16]
    with ProjectFile.open(closed, OLD) as project:
        before = project.events()
        project.change_passphrase(OLD, NEW, entropy=TestEntropy(5))
        assert project.events() == before
        assert project.append(draft(4), entropy=TestEntropy(4)).seq == 4
        assert project.check() == []
    assert closed.read_bytes()[:16] != salt
    with pytest.raises(WrongPassphraseError):
        ProjectFile.open(closed, OLD)
    with ProjectFile.open(closed, NEW) as project:
        assert project.events()[:3] == before
        assert project.check() == []
    assert [place.name for place in closed.parent.iterdir()] == [closed.name]


def test_the_profile_can_be_raised(closed: Path) -> None:
    with ProjectFile.open(closed, OLD) as project:
        project.change_passphrase(OLD, NEW, entropy=SystemEntropy(), kdf=KdfProfile.STANDARD)
        assert project.kdf is KdfProfile.STANDARD
    with ProjectFile.open(closed, NEW) as project:
        assert project.kdf is KdfProfile.STANDARD


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [("correct house", NEW, WrongPassphraseError), (OLD, "", EmptyPassphraseError),
     ("", NEW, EmptyPassphraseError)],
)  # fmt: skip
def test_a_change_that_is_refused_changes_nothing(
    closed: Path, old: str, new: str, error: type[Exception]
) -> None:
    before = closed.read_bytes()
    with ProjectFile.open(closed, OLD) as project:
        with pytest.raises(error):
            project.change_passphrase(old, new, entropy=TestEntropy(1))
        with pytest.raises(WeakKeyError):
            project.change_passphrase(OLD, NEW, entropy=SystemEntropy())
        assert project.check() == []
    assert closed.read_bytes() == before


def test_only_who_may_write_may_change(closed: Path) -> None:
    with ProjectFile.open(closed, OLD, read_only=True) as project, pytest.raises(ReadOnlyProjectError):
        project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
    with pytest.raises(ClosedProjectError):
        project_closed(closed).change_passphrase(OLD, NEW, entropy=TestEntropy(1))


def project_closed(path: Path) -> ProjectFile:
    project = ProjectFile.open(path, OLD)
    project.close()
    return project


def test_without_room_for_the_journal_nothing_begins(
    closed: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProjectFile.open(closed, OLD) as project:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
        with pytest.raises(DiskFullError):
            project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
        assert project.append(draft(4), entropy=TestEntropy(4)).seq == 4
    ProjectFile.open(closed, OLD).close()


def test_a_failure_on_the_way_leaves_the_file_and_nothing_else(
    closed: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    before = closed.read_bytes()
    for name in ("put", "_compare", "_rekey"):
        with ProjectFile.open(closed, OLD) as project:
            with monkeypatch.context() as patch:
                patch.setattr(anew, name, fails)
                with pytest.raises(StorageFailedError, match="Input/output"):
                    project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
            assert project.check() == []
            assert project.head()[0] == 3
        assert closed.read_bytes() == before
        assert [place.name for place in closed.parent.iterdir()] == [closed.name]


def test_what_a_kill_left_beside_the_file_is_tidied_away(closed: Path) -> None:
    left = (access.sibling(closed), journal(access.sibling(closed)))
    for place in left:
        place.write_bytes(b"half")
    ProjectFile.open(closed, OLD, read_only=True).close()
    assert all(place.exists() for place in left)
    ProjectFile.open(closed, OLD).close()
    assert [place.name for place in closed.parent.iterdir()] == [closed.name]


def test_the_file_is_claimed_through_the_change(closed: Path, draft: Draft) -> None:
    with ProjectFile.open(closed, OLD) as project:
        for work in (lambda: project.change_passphrase(OLD, NEW, entropy=TestEntropy(5)), project.compact):
            work()
            with pytest.raises(LockedError):
                ProjectFile.open(closed, NEW)
        assert project.append(draft(4), entropy=TestEntropy(4)).seq == 4
    ProjectFile.open(closed, NEW).close()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_stays_a_link(closed: Path) -> None:
    link = closed.with_name("link")
    link.symlink_to(closed)
    with ProjectFile.open(link, OLD) as project:
        project.change_passphrase(OLD, NEW, entropy=TestEntropy(5))
    assert link.is_symlink()
    ProjectFile.open(closed, NEW).close()


def test_compacting_gives_unused_pages_back(closed: Path, draft: Draft) -> None:
    with ProjectFile.open(closed, OLD) as project:
        with project._engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE extra (data)")
            connection.exec_driver_sql("INSERT INTO extra VALUES (randomblob(400000))")
        with project._engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE extra")
        before = project.events()
        assert project.compact() > 300_000
        assert project.compact() == 0
        assert project.events() == before
        assert project.append(draft(4), entropy=TestEntropy(4)).seq == 4
        assert project.check() == []
    assert stat.S_IMODE(closed.stat().st_mode) == 0o600
    ProjectFile.open(closed, OLD).close()


def test_compacting_is_for_those_who_may_write(closed: Path) -> None:
    with ProjectFile.open(closed, OLD, read_only=True) as project, pytest.raises(ReadOnlyProjectError):
        project.compact()
    with pytest.raises(ClosedProjectError):
        project_closed(closed).compact()


def test_keys_are_wiped_when_they_are_done_with(closed: Path) -> None:
    project = ProjectFile.open(closed, OLD)
    first = project._key
    assert any(first.key)
    project.change_passphrase(OLD, NEW, entropy=TestEntropy(5))
    second = project._key
    assert not any(first.key)
    assert any(second.key)
    project.close()
    assert not any(second.key)


def test_a_drive_that_fails_under_the_change_is_not_called_damage(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`PRAGMA rekey` says SQLITE_ERROR where the drive is full or fails: nothing of the file is damaged."""

    class Failing:
        def execute(self, statement: str) -> None:
            if "rekey" in statement:
                raise dbapi2.OperationalError("SQL logic error")

        def close(self) -> None:
            pass

    with ProjectFile.open(closed, OLD) as project:
        with monkeypatch.context() as patch:
            patch.setattr(anew, "driver", lambda *_: Failing())
            with pytest.raises(StorageFailedError, match="could not be written anew"):
                project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
        assert project.check() == []


def test_a_copy_that_came_out_wrong_is_not_called_damage(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLCipher may say nothing at all of a drive that fails: the comparison finds it."""
    monkeypatch.setattr(anew, "_rekey", lambda *_: None)
    with ProjectFile.open(closed, OLD) as project:
        with pytest.raises(StorageFailedError, match="could not be written anew"):
            project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
        assert project.check() == []
