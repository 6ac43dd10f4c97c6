"""Opened for work where that is safe, otherwise for reading, with the reason."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ppdesk.store import access, places
from ppdesk.store import project as project_module
from ppdesk.store.errors import LockedError, NoLocksError
from ppdesk.workbench.errors import MadeForRealError, MadeInTestModeError, ReadOnlySessionError
from ppdesk.workbench.session import Session

Opener = Callable[..., Session]


def test_a_second_window_reads_and_says_why(session: Session, opener: Opener) -> None:
    session.run("fake", {"value": 1})
    second = opener(fall_back=True)
    assert "open in another window" in second.why_read_only
    assert second.info()["why_read_only"] == second.why_read_only
    assert second.info()["read_only"] is True
    with pytest.raises(ReadOnlySessionError):
        second.run("fake", {"value": 2})
    session.run("fake", {"value": 2})
    assert [event.seq for event in second.events()] == [1]  # as it was when it was opened
    assert second.integrity() == session.integrity() == []
    second.close()
    session.close()
    again = opener(fall_back=True)
    assert (again.why_read_only, again.info()["read_only"]) == ("", False)


def test_without_the_wish_the_error_stays(session: Session, opener: Opener) -> None:
    with pytest.raises(LockedError):
        opener()
    assert opener(read_only=True).why_read_only == ""


def share(monkeypatch: pytest.MonkeyPatch, *, locks: bool = True) -> None:
    monkeypatch.setattr(places, "place_of", lambda _: places.Place("nfs4", share=True, locks=locks))


def test_a_network_share_is_remarked_each_time_and_recorded_once(
    session: Session, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    share(monkeypatch)
    for _ in range(3):
        with opener() as found:
            assert "network share (nfs4)" in str(found.info()["standing"])
            said = [event for event in found.events() if event.kind == "open"]
            assert [finding.code for event in said for finding in event.findings] == ["PP-STORE-105"]
            found.run("fake", {"value": 1})
            assert found.integrity() == []
    with opener(read_only=True) as found:
        assert len([event for event in found.events() if event.kind == "open"]) == 1


def test_a_project_made_on_a_share_says_so_at_once(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    share(monkeypatch)
    with opener() as made:
        assert [event.kind for event in made.events()] == ["open"]


def test_on_a_share_without_locks_nobody_writes(
    session: Session, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    share(monkeypatch, locks=False)
    with pytest.raises(NoLocksError):
        opener()
    with pytest.raises(NoLocksError):
        opener("new.ppdesk")
    assert not session._project.path.with_name("new.ppdesk").exists()
    with opener(fall_back=True) as found:
        assert "keeps no locks" in found.why_read_only
        assert found.events() == []


def test_a_share_that_grants_a_lock_twice_is_for_reading(
    session: Session, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    monkeypatch.setattr(project_module.ProjectFile, "keeps_locks", lambda _: False)
    with pytest.raises(NoLocksError):
        opener()
    with opener(fall_back=True) as found:
        assert "keeps no locks" in found.why_read_only


@pytest.mark.parametrize(
    ("seeds", "error"), [((1, None), MadeInTestModeError), ((None, 1), MadeForRealError)]
)
def test_a_project_of_the_other_mode_is_refused_before_it_is_touched(
    opener: Opener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seeds: tuple[int | None, int | None],
    error: type[Exception],
) -> None:
    made, opened = seeds
    opener(seed=made).close()
    left = access.sibling(tmp_path / "p.ppdesk")
    left.write_bytes(b"what the next writer tidies away")
    monkeypatch.setattr(access, "REVISIONS", ("0001", "0002"))
    monkeypatch.setattr(access, "NEWEST", "0002")  # this file is older now
    before = {place.name: place.read_bytes() for place in tmp_path.iterdir() if place.is_file()}
    with pytest.raises(error):
        opener(seed=opened)
    assert {place.name: place.read_bytes() for place in tmp_path.iterdir() if place.is_file()} == before


READ_ONLY = """
import sys
from pathlib import Path
from ppdesk.core.mode import Mode
from ppdesk.store.errors import ReadOnlyPlaceError
from ppdesk.workbench.session import Session
path, home = Path(sys.argv[1]), Path(sys.argv[2])
def opened(**more):
    return Session.open(path, "correct horse", mode=Mode(1), home=home, actor="Ada", **more)
try:
    opened()
except ReadOnlyPlaceError:
    pass
else:
    raise AssertionError("it could be written")
with opened(fall_back=True) as found:
    assert "read-only" in found.why_read_only, found.why_read_only
    assert found.integrity() == []
    assert [place.name for place in path.parent.iterdir()] == ["p.ppdesk"]
"""


def _on_read_only_medium(folder: Path, *values: str) -> subprocess.CompletedProcess[str]:
    """Python `values` in a mount namespace of its own, where `folder` cannot be written to. Root has the
    right to mount; others have it in a user namespace, where the system lets them."""
    command = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$0" -c "$@"'
    done = None
    for way in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        done = subprocess.run(
            [*way, "bash", "-c", command, sys.executable, str(folder), *values],
            capture_output=True,
            text=True,
            check=False,
        )
        if "unshare" not in done.stderr and "mount:" not in done.stderr:
            break
    assert done is not None
    return done


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare (util-linux, Linux)")
def test_a_read_only_medium_is_read_and_nothing_is_left_there(opener: Opener, tmp_path: Path) -> None:
    opener().close()
    medium = tmp_path / "medium"
    medium.mkdir()
    shutil.copy(tmp_path / "p.ppdesk", medium)
    if _on_read_only_medium(medium, "print(1)").returncode:
        pytest.skip("this system lets nobody here mount a folder read-only")
    before = (medium / "p.ppdesk").read_bytes()
    done = _on_read_only_medium(medium, READ_ONLY, str(medium / "p.ppdesk"), str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert (medium / "p.ppdesk").read_bytes() == before
    assert [place.name for place in medium.iterdir()] == ["p.ppdesk"]
