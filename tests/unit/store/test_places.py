"""Which places are shares, and which of them keep locks."""

import sys
from pathlib import Path

import pytest

from ppdesk.core.findings import Level
from ppdesk.store import claim
from ppdesk.store.errors import NoLocksError
from ppdesk.store.places import Place, from_mounts, place_of
from ppdesk.store.project import ProjectFile

HEAD = "24 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"


def mounted(system: str, options: str = "rw", point: str = "/mnt/our\\040data") -> str:
    return HEAD + f"40 24 0:50 / {point} rw,relatime shared:7 - {system} server:/x {options}\n"


@pytest.mark.parametrize(
    ("system", "options", "share", "locks"),
    [
        ("ext4", "rw", False, True),
        ("tmpfs", "rw", False, True),
        ("fuse.gocryptfs", "rw", False, True),
        ("nfs4", "rw,vers=4.2,local_lock=none", True, True),
        ("nfs", "rw,vers=3,nolock,local_lock=all", True, False),
        ("nfs", "rw,vers=3,local_lock=posix", True, False),
        ("cifs", "rw,vers=3.1.1", True, True),
        ("cifs", "rw,nobrl", True, False),
        ("smb3", "rw", True, True),
        ("9p", "rw", True, True),
        ("fuse.sshfs", "rw", True, False),
    ],
)
def test_the_mount_tells_the_place(system: str, options: str, share: bool, locks: bool) -> None:
    inside = from_mounts(mounted(system, options), Path("/mnt/our data/study.ppdesk"))
    assert (inside.share, inside.locks) == (share, locks)
    assert from_mounts(mounted(system, options), Path("/mnt/our database/p")) == Place("ext4")


def test_the_nearest_and_last_mount_counts() -> None:
    lines = mounted("nfs4") + "41 40 0:51 / /mnt/our\\040data/local rw - xfs /dev/vdb rw\n"
    assert not from_mounts(lines, Path("/mnt/our data/local/p")).share
    assert from_mounts(lines, Path("/mnt/our data/p")).share
    over = mounted("nfs4") + "42 40 0:52 / /mnt/our\\040data rw - xfs /dev/vdb rw\n"
    assert not from_mounts(over, Path("/mnt/our data/p")).share


@pytest.mark.parametrize("lines", ["", "nonsense\n", "1 2 3 - a\n", "1 2 3 / /\n", " - \n"])
def test_lines_that_say_nothing_say_nothing(lines: str) -> None:
    assert from_mounts(lines, Path("/a")) == Place("")


def test_a_drive_of_this_computer_gives_no_remark(tmp_path: Path) -> None:
    assert place_of(tmp_path).findings() == []


def test_a_share_is_a_caution_that_names_it() -> None:
    (finding,) = Place("nfs4", share=True).findings()
    assert finding.level is Level.CAUTION
    assert "nfs4" in finding.title
    assert "one computer at a time" in finding.detail


@pytest.mark.skipif(sys.platform != "linux", reason="the claim's own locks are Linux's")
def test_where_no_locks_are_kept_a_file_is_for_reading(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(claim.Claim, "_set", none)
    before = closed.read_bytes()
    with pytest.raises(NoLocksError):
        ProjectFile.open(closed, "correct horse")
    with ProjectFile.open(closed, "correct horse", read_only=True) as project:
        assert len(project.events()) == 3
        assert project.check() == []
    assert closed.read_bytes() == before
    assert [place.name for place in closed.parent.iterdir()] == [closed.name]


@pytest.mark.skipif(sys.platform != "linux", reason="the claim's own locks are Linux's")
def test_a_place_that_grants_one_lock_twice_keeps_none(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with claim.Claim(closed, exclusive=True) as held:
        assert held.kept()
        monkeypatch.setattr(claim.Claim, "_set", lambda *_: None)
        assert not held.kept()
