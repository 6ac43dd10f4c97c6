"""What Import would find out, through the worker: settings and counts, no event, no value."""

import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.mode import Mode
from ppdesk.workbench.detecting import detect
from ppdesk.workbench.errors import BadMessageError, MissingSourceError
from ppdesk.workbench.session import Session


def quiet(_share: float, _note: str) -> None:
    pass


@pytest.fixture
def files(tmp_path: Path) -> Path:
    pq.write_table(pa.table({"id": ["007", "secret"], "age": [30, None]}), tmp_path / "p.parquet")
    connection = sqlite3.connect(tmp_path / "d.sqlite")
    connection.execute("CREATE TABLE people (id TEXT)")
    connection.execute("CREATE TABLE visits (id TEXT)")
    connection.execute("INSERT INTO visits VALUES ('secret')")
    connection.commit()
    connection.close()
    (tmp_path / "t.csv").write_text("id;dose\nsecret;1,5\nother;N/A\nthird;2,25\n")
    return tmp_path


def test_a_session_looks_at_files_without_an_event(files: Path) -> None:
    with Session.create(
        files / "p.ppdesk", "correct horse", mode=Mode(1), home=files / "home", actor="Ada"
    ) as session:
        before = len(session.events())
        found = session.detect({"table": "p.parquet", "more_files": ["d.sqlite", "t.csv"]})
        chosen = session.detect({"table": "d.sqlite", "sheet": "visits"})
        said = session.detect({"table": "t.csv", "header": "no", "encoding": "auto"})["files"][0]
        with pytest.raises(MissingSourceError):
            session.detect({"table": "none.csv"})
        with pytest.raises(InvalidParamsError):
            session.detect({"table": "t.csv", "encoding": "ebcdic"})
        assert len(session.events()) == before
    parquet, database, text = found["files"]
    assert [(one["name"], one["type"], one["missing"]) for one in parquet["columns"]] == [
        ("id", "string", 0), ("age", "integer", 1),
    ]  # fmt: skip
    assert (database["sheets"], database["error"]["code"]) == (["people", "visits"], "PP-DATA-039")
    assert chosen["files"][0]["rows"] == 1
    assert text["rows"] == 3
    assert (said["settings"]["header"], said["rows"]) == ("no", 4)  # what a person said is not looked for
    assert {name: text["settings"][name] for name in ("delimiter", "decimal", "header", "encoding")} == {
        "delimiter": "semicolon", "decimal": "comma", "header": "yes", "encoding": "utf-8",
    }  # fmt: skip
    assert "secret" not in str(found) + str(chosen)


def test_what_the_worker_says_is_checked(files: Path) -> None:
    class Lying:
        def detect(self, *_: object, **__: object) -> dict[str, object]:
            return {"files": [{"file": "x", "format": "csv", "rows": "many"}]}

    with pytest.raises(BadMessageError):
        detect(Lying(), {"table": "t.csv"}, files, progress=quiet)  # type: ignore[arg-type]  # a stand-in
