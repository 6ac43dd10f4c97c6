"""A change of passphrase: the new one opens, the old one does not, nothing is lost on the way."""

import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store import pages
from ppdesk.store.access import find_key
from ppdesk.store.connection import journal
from ppdesk.store.errors import (
    ClosedProjectError,
    DiskFullError,
    EmptyPassphraseError,
    ReadOnlyProjectError,
    StorageFailedError,
    UnfinishedWriteError,
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


def test_without_its_journal_mode_nothing_begins(closed: Path, draft: Draft) -> None:
    with ProjectFile.open(closed, OLD) as project:
        with project._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA journal_mode=MEMORY")
        with pytest.raises(StorageFailedError, match="journal_mode is memory"):
            project.change_passphrase(OLD, NEW, entropy=TestEntropy(1))
        assert project.append(draft(4), entropy=TestEntropy(4)).seq == 4
    ProjectFile.open(closed, OLD).close()


def rollback_journal(whole: bytes) -> bytes:
    """A journal that restores the file `whole` (https://www.sqlite.org/fileformat2.html, section 3)."""
    count = len(whole) // pages.PAGE_BYTES
    nonce = 77
    out = struct.pack(
        ">8sIIIII", bytes.fromhex("d9d505f920a163d7"), count, nonce, count, 512, pages.PAGE_BYTES
    )
    out = out.ljust(512, b"\0")
    for number in range(count):
        page = whole[number * pages.PAGE_BYTES : (number + 1) * pages.PAGE_BYTES]
        total = nonce + sum(page[at] for at in range(pages.PAGE_BYTES - 200, 0, -200))
        out += struct.pack(">I", number + 1) + page + struct.pack(">I", total & 0xFFFFFFFF)
    return out


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_pages_beside_the_journal_is_the_old_file(closed: Path, seed: int) -> None:
    """What a power cut can leave: some pages new, some old, the first torn, the journal whole."""
    old = closed.read_bytes()
    with ProjectFile.open(closed, OLD) as project:
        before = project.events()
        project.change_passphrase(OLD, NEW, entropy=TestEntropy(5))
    new = closed.read_bytes()
    assert len(old) == len(new)
    chance = random.Random(seed)  # noqa: S311 - it need only repeat
    mixed = bytearray(old)
    for start in range(0, len(old), pages.PAGE_BYTES):
        if chance.random() < 0.5 or (seed == 0 and start == 0):
            mixed[start : start + pages.PAGE_BYTES] = new[start : start + pages.PAGE_BYTES]
    if seed % 2:
        mixed[2048:4096] = new[2048:4096]
    closed.write_bytes(mixed)
    journal(closed).write_bytes(rollback_journal(old))
    with pytest.raises(UnfinishedWriteError):
        ProjectFile.open(closed, OLD, read_only=True)
    with pytest.raises(WrongPassphraseError):
        ProjectFile.open(closed, NEW)  # the change was not finished, and this undoes nothing
    assert closed.read_bytes() == mixed
    with ProjectFile.open(closed, OLD) as project:
        assert project.events() == before
        assert project.check() == []
    assert closed.read_bytes() == old


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
    assert "key" not in repr(find_key(closed, NEW)).split("(")[1].split("=")[0]
