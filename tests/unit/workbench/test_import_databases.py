"""A DuckDB file through an open project: read in the worker under the guard, and nothing is left behind."""

from pathlib import Path

import duckdb
import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import RelayedError
from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session


def test_a_duckdb_file_is_imported_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clinic.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE people (id VARCHAR, born DATE)")
        connection.execute("INSERT INTO people VALUES ('007', DATE '1890-01-02'), (NULL, NULL)")
        connection.execute("CREATE TABLE empty (id VARCHAR)")
        connection.execute("CREATE VIEW far AS SELECT id FROM people")
    before = path.read_bytes()
    with Session.create(
        tmp_path / "p.ppdesk", "correct horse", mode=Mode(1), home=tmp_path / "home", actor="Ada"
    ) as session:
        for values, code in (
            ({}, "PP-DATA-039"),
            ({"sheet": "far"}, "PP-DATA-041"),
            ({"sheet": "empty"}, "PP-DATA-004"),
        ):
            with pytest.raises(RelayedError) as caught:
                session.run("import", {"table": str(path), **values})
            assert caught.value.error_code == code
        done = session.run("import", {"table": str(path), "sheet": "people", "dialect": "duckdb"})
        table = session.artifact(Kind.TABLE)
    assert table.table("rows").to_pydict() == {"id": ["007", None], "born": ["1890-01-02", None]}
    assert (done.event.facts["format"], done.event.facts["sheet"]) == ("database", "people")
    assert "table people" in str(done.section)
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"clinic.duckdb", "home", "p.ppdesk"}
