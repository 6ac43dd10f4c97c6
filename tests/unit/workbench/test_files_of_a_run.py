"""Files of a run: only what was named is read, nothing is destroyed, folders stay out of the record."""

from pathlib import Path

import pytest

from ppdesk.workbench.errors import MissingSourceError, TargetExistsError, TargetFolderError
from ppdesk.workbench.session import Session


@pytest.fixture
def ready(session: Session, tmp_path: Path) -> Session:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"abc")
    session.run("fake", {})
    return session


def copy(session: Session, tmp_path: Path, **more: object) -> list[Path]:
    values = {"file": str(tmp_path / "in" / "a.txt"), "out": "b.txt", **more}
    return list(session.run("copy", values).files)


def test_files_are_written_after_the_record_beside_the_project(ready: Session, tmp_path: Path) -> None:
    files = copy(ready, tmp_path)
    assert files == [tmp_path / "b.txt", tmp_path / "b.txt.manifest.json"]
    assert files[0].read_bytes() == b"abc"
    assert not list(tmp_path.glob("*.part"))


def test_what_a_kill_left_of_a_delivery_goes_with_the_next(ready: Session, tmp_path: Path) -> None:
    for name in (".b.txt.0123abcd.part", ".b.txt.mine.part", ".other.txt.0123abcd.part"):
        (tmp_path / name).write_bytes(b"half")
    copy(ready, tmp_path)
    assert sorted(place.name for place in tmp_path.glob(".*.part")) == [
        ".b.txt.mine.part",
        ".other.txt.0123abcd.part",
    ]


def test_the_record_holds_bare_names_and_hashes(ready: Session, tmp_path: Path) -> None:
    copy(ready, tmp_path)
    event = ready.events()[-1]
    assert event.params == {"file": "a.txt", "out": "b.txt"}
    assert event.sources["file"]["name"] == "a.txt"
    assert event.sources["file"]["sha256"].startswith("ba7816bf")
    assert str(tmp_path) not in repr(event)


def test_a_file_that_exists_is_left_as_it_is_and_nothing_runs(ready: Session, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"mine")
    with pytest.raises(TargetExistsError):
        copy(ready, tmp_path)
    assert (tmp_path / "b.txt").read_bytes() == b"mine"
    assert len(ready.events()) == 1


def test_a_file_beside_the_target_is_left_as_it_is_too(ready: Session, tmp_path: Path) -> None:
    (tmp_path / "b.txt.manifest.json").write_bytes(b"mine")
    with pytest.raises(TargetExistsError):
        copy(ready, tmp_path)
    assert (tmp_path / "b.txt.manifest.json").read_bytes() == b"mine"
    assert not (tmp_path / "b.txt").exists()
    assert ready.events()[-1].outcome == "failed"


def test_overwriting_is_done_where_it_was_asked_for(ready: Session, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    copy(ready, tmp_path, overwrite=True)
    assert (tmp_path / "b.txt").read_bytes() == b"abc"
    assert "overwrite" not in ready.events()[-1].params


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"file": "in/none.txt"}, MissingSourceError),
        ({"file": "in"}, MissingSourceError),
        ({"out": "nowhere/b.txt"}, TargetFolderError),
        ({"out": "in"}, TargetExistsError),
    ],
)
def test_files_that_cannot_work_are_refused_before_anything_runs(
    ready: Session, tmp_path: Path, values: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        copy(ready, tmp_path, **values)
    assert len(ready.events()) == 1
