"""A file is whole or not there at all."""

import os
from pathlib import Path

import pytest

from ppdesk.core import durable
from ppdesk.core.durable import make_folder, sync_folder, write_private


def test_a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "key.pem"
    write_private(place, b"first")
    write_private(place, b"second")
    assert place.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps access lists, not modes")
def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    place = tmp_path / "key.pem"
    write_private(place, b"secret")
    assert place.stat().st_mode & 0o077 == 0


def test_what_a_crash_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "key.pem.new").write_bytes(b"half")
    write_private(tmp_path / "key.pem", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write_private(tmp_path / "missing" / "key.pem", b"x")
    sync_folder(tmp_path)


def test_a_new_folder_is_durable_up_to_the_first_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert synced == [tmp_path, tmp_path / "a"]
    make_folder(tmp_path / "a" / "b")
    assert len(synced) == 2
