"""The import step through an open project: two formats end to end, and a refusal, in test mode."""

import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import RelayedError
from ppdesk.core.exits import Exit
from ppdesk.core.mode import Mode
from ppdesk.core.section import Table
from ppdesk.workbench.session import Session

COLUMNS = {"id": ["007", "12345678901234567890"], "age": [30, None]}
READ = {"id": ["007", "12345678901234567890"], "age": ["30", None]}


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table(COLUMNS), path)
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE people (id TEXT, age INTEGER)")
    connection.execute("CREATE TABLE visits (id TEXT)")
    connection.executemany("INSERT INTO people VALUES (?, ?)", zip(*COLUMNS.values(), strict=True))
    connection.commit()
    connection.close()
    return path


def test_two_formats_of_one_table_are_the_same_data(tmp_path: Path, parquet: Path, database: Path) -> None:
    with Session.create(
        tmp_path / "p.ppdesk", "correct horse", mode=Mode(1), home=tmp_path / "home", actor="Ada"
    ) as session:
        first = session.run("import", {"table": str(parquet)})
        head = session.artifact(Kind.TABLE).head
        assert session.artifact(Kind.TABLE).table("rows").to_pydict() == READ
        with pytest.raises(RelayedError) as caught:
            session.run("import", {"table": str(database)})
        assert (caught.value.exit_code, caught.value.error_code) == (Exit.BAD_INPUT, "PP-DATA-039")
        second = session.run("import", {"table": str(database), "sheet": "people"})
        again = session.artifact(Kind.TABLE)
    assert again.table("rows").to_pydict() == READ
    assert again.head["content"] == head["content"]
    assert again.head["columns"] == head["columns"] == [
        {"name": "id", "type": "string"}, {"name": "age", "type": "integer"},
    ]  # fmt: skip
    assert (first.event.facts["format"], second.event.facts["format"]) == ("parquet", "sqlite")
    assert second.event.params["sheet"] == second.event.facts["sheet"] == "people"
    stated = next(block for block in second.section.blocks if isinstance(block, Table))
    told = next(row[1] for row in stated.rows if row[0] == "File")
    assert "an SQLite database, table people" in told
