"""An auditor's look leaves every byte as it was, beside the file and in the person's data folder too."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ppdesk.core.errors import CodedError
from ppdesk.core.mode import Mode
from ppdesk.workbench.auditing import printed
from ppdesk.workbench.auditing.reading import ProjectReading
from ppdesk.workbench.errors import DeliveryError
from ppdesk.workbench.session import Session

WORDS = "correct horse"


def bytes_of(folder: Path) -> dict[str, bytes | None]:
    return {
        str(one.relative_to(folder)): one.read_bytes() if one.is_file() else None
        for one in sorted(folder.rglob("*"))
    }


def looked_at(path: Path, home: Path) -> str:
    """Everything that auditor mode does, as the worst judgement; or why the file cannot be looked at."""
    try:
        reading = ProjectReading.open(path, WORDS, home=home)
    except CodedError as error:
        return error.code
    try:
        found = reading.overview()
        list(reading.every())
        reading.proof()
        reading.check()
    except CodedError as error:
        return error.code
    else:
        return found.worst.value
    finally:
        reading.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.ppdesk"
    with Session.create(path, WORDS, mode=Mode(1), home=tmp_path / "home", actor="Ada") as made:
        made.run("objective", {"project": "P", "population": "adults", "purpose": "Study"})
    return path


def as_it_is(path: Path) -> None:
    """Nothing is wrong with it."""


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 3])


def one_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    path.write_bytes(data)


def left_behind(path: Path) -> None:
    """Files of a program that died."""
    path.with_name(f"{path.name}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    path.with_name(f"{path.name}-wal").write_bytes(bytes(100))


def anchor_ahead(path: Path) -> None:
    for one in (path.parent / "home" / "anchors").rglob("*"):
        if one.is_file():
            one.write_bytes(one.read_bytes() + b"{}\n")


def test_a_summary_does_not_take_the_place_of_what_was_audited(tmp_path: Path) -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    (tmp_path / "report.pdf").write_bytes(b"signed")
    (tmp_path / "link.pdf").symlink_to("report.pdf")
    (tmp_path / "x").mkdir()
    audited = SimpleNamespace(path=tmp_path / "report.pdf")
    for name in ("report.pdf", "link.pdf", "x/../report.pdf", "a.txt"):
        with pytest.raises(DeliveryError):
            printed.write(audited, tmp_path / name, made, "Ada")  # type: ignore[arg-type]  # its path is enough
    assert (tmp_path / "report.pdf").read_bytes() == b"signed"


@pytest.mark.parametrize("harm", [as_it_is, cut_short, one_bit, left_behind, anchor_ahead])
def test_nothing_is_written(project: Path, harm: Callable[[Path], None]) -> None:
    harm(project)
    before = bytes_of(project.parent)
    told = looked_at(project, project.parent / "home")
    assert told == "look" or harm is not as_it_is
    assert bytes_of(project.parent) == before
    assert looked_at(project, project.parent / "nowhere")
    assert bytes_of(project.parent) == before, "nor is a data folder made"
