"""Where a policy counts: only where nobody but the administrator could have put it."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ppdesk.core.errors import CodedError
from ppdesk.policy.errors import PolicyPlaceError, PolicyUnreadableError
from ppdesk.policy.machine import NO_POLICY, load_policy
from ppdesk.policy.place import MOST_BYTES, Place, machine_place

TEXT = 'format = "ppdesk-policy-1"\ntitle = "{title}"\n'
posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a system without owners and modes")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    (tmp_path / "etc").mkdir(mode=0o755)
    (tmp_path / "etc" / "ppdesk").mkdir(mode=0o755)
    return tmp_path


@pytest.fixture
def file(top: Path) -> Path:
    made = top / "etc" / "ppdesk" / "policy.toml"
    made.write_text(TEXT.format(title="Machine"))
    made.chmod(0o644)
    return made


def place(top: Path, owner: int | None = -1) -> Place:
    me = os.geteuid() if hasattr(os, "geteuid") else None
    return Place(top / "etc" / "ppdesk" / "policy.toml", me if owner == -1 else owner, top)


def title(where: Place, **environment: str) -> str:
    return load_policy(environment, steps=(), place=where).rules.title


def test_a_file_in_its_place_counts(top: Path, file: Path) -> None:
    found = load_policy({}, steps=(), place=place(top))
    assert (found.rules.title, found.place, found.origin) == ("Machine", str(file), "machine")
    assert len(found.sha256) == 64


def test_no_file_is_no_policy(top: Path) -> None:
    assert load_policy({}, steps=(), place=place(top)) is NO_POLICY
    (top / "etc" / "ppdesk").rmdir()
    assert load_policy({}, steps=(), place=place(top)) is NO_POLICY
    assert load_policy({}, steps=(), place=place(top, owner=None)) is NO_POLICY


def test_the_environment_counts_only_where_the_machine_has_none(top: Path, file: Path) -> None:
    own = top / "own.toml"
    own.write_text(TEXT.format(title="Own"))
    assert title(place(top), PPDESK_POLICY=str(own)) == "Machine"
    file.unlink()
    assert title(place(top), PPDESK_POLICY=str(own)) == "Own"
    assert title(place(top), PPDESK_POLICY="") == "No policy"


def test_a_machines_policy_with_a_mistake_is_not_replaced_by_the_environments(top: Path, file: Path) -> None:
    own = top / "own.toml"
    own.write_text(TEXT.format(title="Own"))
    file.write_text("title = ")
    with pytest.raises(CodedError):
        load_policy({"PPDESK_POLICY": str(own)}, steps=(), place=place(top))


def test_a_file_that_the_environment_names_must_be_there(top: Path) -> None:
    with pytest.raises(PolicyUnreadableError):
        load_policy({"PPDESK_POLICY": str(top / "none.toml")}, steps=(), place=place(top))


@posix
@pytest.mark.parametrize("piece", ["", "etc", "etc/ppdesk", "etc/ppdesk/policy.toml"])
@pytest.mark.parametrize("more", [0o020, 0o002])
def test_nothing_on_the_way_may_be_written_by_others(top: Path, file: Path, piece: str, more: int) -> None:
    path = top / piece
    path.chmod(path.stat().st_mode | more)
    with pytest.raises(PolicyPlaceError) as refused:
        load_policy({}, steps=(), place=place(top))
    assert str(path) in refused.value.message


@posix
def test_everything_on_the_way_belongs_to_the_administrator(top: Path, file: Path) -> None:
    with pytest.raises(PolicyPlaceError):
        load_policy({}, steps=(), place=place(top, owner=os.geteuid() + 1))


@posix
def test_where_others_may_write_an_absent_file_may_have_been_taken_away(top: Path) -> None:
    (top / "etc" / "ppdesk").chmod(0o777)
    with pytest.raises(PolicyPlaceError):
        load_policy({}, steps=(), place=place(top))


@posix
def test_a_link_counts_where_all_of_its_way_does(top: Path, file: Path) -> None:
    real = top / "store"
    real.mkdir(mode=0o755)
    file.rename(real / "p.toml")
    file.symlink_to(real / "p.toml")
    # an absolute link starts at the root, which does not belong to this test
    found = place(top)
    with pytest.raises(PolicyPlaceError) if _root_is_not_mine(top) else _nothing():
        load_policy({}, steps=(), place=found)
    file.unlink()
    file.symlink_to("../../store/p.toml")
    assert title(found) == "Machine"
    real.chmod(0o777)
    with pytest.raises(PolicyPlaceError):
        load_policy({}, steps=(), place=found)


@posix
def test_a_link_that_leads_nowhere_or_round_is_no_absent_file(top: Path) -> None:
    link = top / "etc" / "ppdesk" / "policy.toml"
    for target in ("gone.toml", "policy.toml"):
        link.symlink_to(target)
        with pytest.raises(PolicyUnreadableError):
            load_policy({}, steps=(), place=place(top))
        with pytest.raises(PolicyUnreadableError):
            load_policy({}, steps=(), place=place(top, owner=None))
        link.unlink()
    (top / "etc" / "ppdesk").rmdir()
    (top / "etc" / "ppdesk").symlink_to("gone")
    with pytest.raises(PolicyUnreadableError):
        load_policy({}, steps=(), place=place(top))


@posix
@pytest.mark.parametrize("what", ["folder", "pipe", "folder is a file"])
def test_something_else_in_its_place_is_an_error_and_nobody_waits(top: Path, what: str) -> None:
    path = top / "etc" / "ppdesk" / "policy.toml"
    if what == "folder":
        path.mkdir(mode=0o755)
    elif what == "pipe":
        os.mkfifo(path, 0o644)
    else:
        path.parent.rmdir()
        path.parent.touch(0o644)
    with pytest.raises(PolicyUnreadableError):
        load_policy({}, steps=(), place=place(top))


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_an_error(top: Path, file: Path) -> None:
    file.chmod(0)
    with pytest.raises(PolicyUnreadableError):
        load_policy({}, steps=(), place=place(top))
    file.parent.chmod(0)
    try:
        with pytest.raises(PolicyUnreadableError):
            load_policy({}, steps=(), place=place(top))
    finally:
        file.parent.chmod(0o755)


def test_a_file_larger_than_a_policy_is_not_read_whole(top: Path, file: Path) -> None:
    file.write_bytes(b"#" * (MOST_BYTES + 100))
    assert len(place(top).read() or b"") == MOST_BYTES + 1
    with pytest.raises(CodedError):
        load_policy({}, steps=(), place=place(top))


def test_no_variable_moves_the_machines_place(monkeypatch: pytest.MonkeyPatch) -> None:
    before = machine_place()
    for name in (
        "HOME",
        "PROGRAMDATA",
        "ALLUSERSPROFILE",
        "XDG_CONFIG_DIRS",
        "XDG_CONFIG_HOME",
        "PPDESK_HOME",
    ):
        monkeypatch.setenv(name, os.sep + "elsewhere")
    assert machine_place() == before
    if sys.platform == "linux":
        assert before == Place(Path("/etc/ppdesk/policy.toml"), 0, Path("/"))


@pytest.mark.parametrize("answer", [0, 1], ids=["known", "unknown"])
def test_windows_itself_is_asked_for_program_data(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    """With a stand-in for its two calls."""
    import ctypes

    freed = []

    def known_folder(which: Any, _flags: int, _token: None, found: Any) -> int:
        assert which.raw.hex() == "825dab62c1fdc34da9dd070d1d495d97"
        found._obj.value = None if answer else os.sep + "data"
        return answer

    fake = SimpleNamespace(
        shell32=SimpleNamespace(SHGetKnownFolderPath=known_folder),
        ole32=SimpleNamespace(CoTaskMemFree=freed.append),
    )
    monkeypatch.setattr(ctypes, "windll", fake, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    if answer:
        with pytest.raises(PolicyUnreadableError):
            machine_place()
    else:
        assert machine_place() == Place(Path(os.sep + "data") / "ppdesk" / "policy.toml", None)
    assert len(freed) == 1


def _root_is_not_mine(top: Path) -> bool:
    folders = [*(top / "store").parents, top / "store"]
    stats = [one.stat() for one in folders]
    return any(one.st_uid != os.geteuid() or one.st_mode & 0o022 for one in stats)


class _nothing:  # noqa: N801  stands where a context manager does
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...
