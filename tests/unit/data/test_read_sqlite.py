"""SQLite: one table, read-only, no view and no virtual table."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.data.errors import (
    BytesCellError,
    DamagedFileError,
    EmptySheetError,
    ManySheetsError,
    NoRowsError,
    NoSuchSheetError,
    NotATableError,
    NulByteError,
    UnfinishedDatabaseError,
    WrongEncodingError,
)
from ppdesk.data.readers.sqlite_table import read_sqlite


def database(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def test_each_cell_keeps_its_own_kind(tmp_path):
    path = database(
        tmp_path / "t ü?#.db",
        'CREATE TABLE "a ""b" (x)',
        """INSERT INTO "a ""b" VALUES ('007'), (7), (9223372036854775807), (0.1), (5.0), (NULL), ('')""",
    )
    table, name = read_sqlite(path)
    assert name == 'a "b'
    assert table.column("x").to_pylist() == ["007", "7", "9223372036854775807", "0.1", "5", None, ""]


def test_a_table_is_chosen_by_name(tmp_path):
    path = database(tmp_path / "t.db", "CREATE TABLE a (x)", "CREATE TABLE b (y)", "INSERT INTO b VALUES (1)")
    with pytest.raises(ManySheetsError, match="a, b"):
        read_sqlite(path)
    assert read_sqlite(path, "b")[0].to_pydict() == {"y": ["1"]}
    with pytest.raises(NoSuchSheetError):
        read_sqlite(path, "sqlite_master")
    with pytest.raises(NoRowsError):
        read_sqlite(path, "a")


def test_nothing_of_the_database_is_run(tmp_path):
    path = database(
        tmp_path / "t.db",
        "CREATE TABLE a (x, y AS (upper(x)))",
        "INSERT INTO a (x) VALUES ('a')",
        "CREATE VIEW v AS SELECT * FROM a",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
        "CREATE TABLE plain (x)",
        "INSERT INTO plain VALUES (1)",
        "CREATE TRIGGER t AFTER INSERT ON plain BEGIN DELETE FROM plain; END",
    )
    assert read_sqlite(path, "a")[0].to_pydict() == {"x": ["a"], "y": ["A"]}  # SQLite's own functions only
    for name in ("v", "f"):
        with pytest.raises(NotATableError):
            read_sqlite(path, name)
    before = path.read_bytes()
    assert read_sqlite(path, "plain")[0].num_rows == 1
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["t.db"]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("x'00ff'", BytesCellError),
        ("CAST(x'61ff' AS TEXT)", WrongEncodingError),
        ("'a' || char(0)", NulByteError),
    ],
)
def test_a_cell_without_a_text_is_refused_by_place(tmp_path, value, error):
    path = database(
        tmp_path / "t.db",
        "CREATE TABLE a (w, x)",
        "INSERT INTO a VALUES (1, 'ok')",
        "INSERT INTO a VALUES (2, ?)".replace("?", value),
    )
    with pytest.raises(error) as caught:
        read_sqlite(path)
    assert (caught.value.values["row"], caught.value.values["column"]) == (2, 2)


@pytest.mark.parametrize("tail", ["-wal", "-journal"])
def test_changes_beside_the_file_are_not_passed_over(tmp_path, tail):
    path = database(tmp_path / "t.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (1)")
    (tmp_path / f"t.db{tail}").write_bytes(b"")
    assert read_sqlite(path)[0].num_rows == 1
    (tmp_path / f"t.db{tail}").write_bytes(b"x")
    with pytest.raises(UnfinishedDatabaseError):
        read_sqlite(path)


def test_a_database_without_tables_and_one_whose_pages_are_gone(tmp_path):
    path = database(tmp_path / "t.db", "CREATE TABLE a (x)", "DROP TABLE a")
    with pytest.raises(EmptySheetError):
        read_sqlite(path)
    path = database(
        tmp_path / "u.db", "CREATE TABLE a (x)", *["INSERT INTO a VALUES (zeroblob(3000) || 'x')"] * 20
    )
    path.write_bytes(path.read_bytes()[: -4096 * 3])
    with pytest.raises(DamagedFileError):
        read_sqlite(path)


def test_rows_that_break_a_rule_of_the_schema_are_read_as_they_are(tmp_path):
    path = database(
        tmp_path / "t.db", "CREATE TABLE a (x CHECK (x > 5))", "PRAGMA ignore_check_constraints=ON",
        "INSERT INTO a VALUES (1)",
    )  # fmt: skip
    assert read_sqlite(path)[0].to_pydict() == {"x": ["1"]}


cells = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)


@settings(max_examples=50, deadline=None)
@given(values=st.lists(cells, min_size=1, max_size=20))
def test_a_column_comes_back(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("t") / "t.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE a (x)")
    connection.executemany("INSERT INTO a VALUES (?)", [(value,) for value in values])
    connection.commit()
    connection.close()
    for value, text in zip(values, read_sqlite(path)[0].column("x").to_pylist(), strict=True):
        assert text == value if value is None or isinstance(value, str) else type(value)(text) == value
