"""Rows are shown only where it can be put on record that they were."""

import json
import shutil
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.mode import Mode
from ppdesk.workbench.errors import (
    LookNotRecordedError,
    MissingInputError,
    NoSuchEventError,
    NothingToShowError,
)
from ppdesk.workbench.looking import LOOK
from ppdesk.workbench.session import Session
from ppdesk.workflow.reporting import noted

ROWS = "name,age\nZebulon,41\nQuirina,\n"


def _session(folder: Path, **more: object) -> Session:
    path = folder / "p.ppdesk"
    make = Session.open if path.exists() else Session.create
    made: Session = make(  # type: ignore[operator]  # one of two with the same arguments
        path, "correct horse", mode=Mode(1), home=folder / "home", actor="Ada", **more
    )
    return made


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a table, made once: each test has a copy."""
    made = tmp_path_factory.mktemp("imported")
    (made / "people.csv").write_text(ROWS)
    with _session(made) as session:
        session.run("import", {"table": str(made / "people.csv")})
    return made


@pytest.fixture
def folder(imported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(imported, tmp_path / "copy"))


def _looks(session: Session) -> list[dict[str, object]]:
    return [dict(event.params) for event in session.events() if event.kind == LOOK]


def test_rows_come_out_and_the_record_says_so_once_for_each_session(folder: Path) -> None:
    with _session(folder) as session:
        for _ in range(2):
            shown = session.look(Kind.TABLE)
        assert shown.to_pydict() == {"name": ["Zebulon", "Quirina"], "age": ["41", None]}
        digest = session.events()[0].outputs[Kind.TABLE]
        said = {"what": "rows", "table": "table", "part": "rows", "digest": digest}
        assert _looks(session) == [said]
        (event,) = (one for one in session.events() if one.kind == LOOK)
        assert (event.actor, event.outcome) == ("Ada", "noted")
        assert noted.words(event.kind, event.params) == "The rows of the table were shown to a person."
        assert session.look(Kind.TABLE, "rows", "values", seq=1).num_rows == 2
        assert len(_looks(session)) == 1
    with _session(folder) as session:
        session.look(Kind.TABLE)
        assert len(_looks(session)) == 2


def test_no_value_of_a_row_stands_in_the_record(folder: Path) -> None:
    with _session(folder) as session:
        session.look(Kind.TABLE)
        told = json.dumps([[dict(one.params), dict(one.facts)] for one in session.events()])
        assert "Zebulon" not in told
        assert session.places()[0].key == "objective", "a look is no run: the rail goes on"


def test_a_project_that_is_only_read_shows_no_rows(folder: Path) -> None:
    with _session(folder, read_only=True) as session, pytest.raises(LookNotRecordedError) as caught:
        session.look(Kind.TABLE)
    assert "open for reading only" in caught.value.message


def test_beside_another_window_that_works_the_reason_is_given(folder: Path) -> None:
    with _session(folder), _session(folder, fall_back=True) as reader:
        assert reader.why_read_only
        with pytest.raises(LookNotRecordedError) as caught:
            reader.look(Kind.TABLE)
        assert reader.why_read_only.rstrip(".")[1:] in caught.value.message


def test_what_is_not_there_is_not_recorded(folder: Path) -> None:
    with _session(folder) as session:
        with pytest.raises(MissingInputError):
            session.look(Kind.RELEASE)
        with pytest.raises(NothingToShowError):
            session.look(Kind.TABLE, "quarantine")
        with pytest.raises(NothingToShowError):
            session.look(Kind.TABLE, "salt")
        with pytest.raises(NoSuchEventError):
            session.look(Kind.TABLE, seq=7)
        with pytest.raises(ValueError, match="a word"):
            session.look(Kind.TABLE, "rows", "Zebulon is 41")
        assert _looks(session) == []
