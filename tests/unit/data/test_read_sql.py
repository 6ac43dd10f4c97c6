"""Databases that are local files, through SQLAlchemy: DuckDB, and any dialect that takes a file."""

import sqlite3
from pathlib import Path

import duckdb
import pytest
from sqlalchemy.dialects import registry

from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.params import parse
from ppdesk.data.errors import (
    BytesCellError,
    ColumnKindError,
    DamagedFileError,
    ManySheetsError,
    NestedColumnError,
    NoRowsError,
    NoSuchSheetError,
    NotATableError,
    UnfinishedDatabaseError,
)
from ppdesk.data.readers.formats import FileFormat
from ppdesk.data.readers.read_table import ReadOptions, read_table
from ppdesk.data.readers.sheets import sheets
from ppdesk.data.readers.sql_table import DUCKDB, NoFileDialectError, NoSuchDialectError, read_sql, sql_tables
from ppdesk.workflow.data.import_params import ImportParams
from ppdesk.workflow.data.import_reading import form_asked


def made(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return made(
        tmp_path / "clinic.duckdb",
        "CREATE TABLE people (id VARCHAR, big HUGEINT, dose DOUBLE, fee DECIMAL(9, 2), born DATE,"
        " seen TIMESTAMP, hour TIME, ok BOOLEAN)",
        "INSERT INTO people VALUES ('007', 12345678901234567890, 1.5, 3.50, DATE '1850-02-03',"
        " TIMESTAMP '2024-01-02 03:04:05.25', TIME '23:59:00', true),"
        " ('', NULL, 2, NULL, NULL, NULL, NULL, false)",
    )


def test_values_are_texts_of_one_form(people: Path) -> None:
    table, name = read_sql(people, DUCKDB)
    assert name == "people"
    assert table.to_pydict() == {
        "id": ["007", ""], "big": ["12345678901234567890", None], "dose": ["1.5", "2"], "fee": ["3.50", None],
        "born": ["1850-02-03", None], "seen": ["2024-01-02T03:04:05.25", None], "hour": ["23:59:00", None],
        "ok": ["true", "false"],
    }  # fmt: skip


def test_a_table_is_chosen_and_a_view_is_not(people: Path) -> None:
    made(
        people,
        "CREATE SCHEMA old",
        "CREATE TABLE old.people (id INTEGER)",
        "INSERT INTO old.people VALUES (1)",
        "CREATE VIEW seen AS SELECT id FROM people",
        'CREATE TABLE "a.b" (x INTEGER)',
        'INSERT INTO "a.b" VALUES (5)',
    )
    assert sql_tables(people, DUCKDB) == ("a.b", "people", "old.people")
    assert read_sql(people, DUCKDB, "old.people")[0].to_pydict() == {"id": ["1"]}
    assert read_sql(people, DUCKDB, "a.b")[0].to_pydict() == {"x": ["5"]}
    with pytest.raises(ManySheetsError, match="people"):
        read_sql(people, DUCKDB)
    with pytest.raises(NotATableError, match="view"):
        read_sql(people, DUCKDB, "seen")
    with pytest.raises(NoSuchSheetError):
        read_sql(people, DUCKDB, "nobody")


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("[1, 2]", NestedColumnError),
        ("'\\x01'::BLOB", BytesCellError),
        ("INTERVAL 1 DAY", ColumnKindError),
    ],
)
def test_values_without_a_text_form_are_refused(
    tmp_path: Path, expression: str, error: type[Exception]
) -> None:
    path = made(tmp_path / "d.duckdb", f"CREATE TABLE t AS SELECT {expression} AS x")
    with pytest.raises(error, match="x"):
        read_sql(path, DUCKDB)


def test_what_is_no_database_is_refused(tmp_path: Path, people: Path) -> None:
    text = tmp_path / "t.csv"
    text.write_text("a\n1\n")
    with pytest.raises(DamagedFileError):
        read_sql(text, DUCKDB)
    cut = tmp_path / "cut.duckdb"
    cut.write_bytes(people.read_bytes()[:5000])
    with pytest.raises(DamagedFileError):
        read_sql(cut, DUCKDB)
    with pytest.raises(NoRowsError):
        read_sql(made(tmp_path / "e.duckdb", "CREATE TABLE t (x INTEGER)"), DUCKDB)
    Path(f"{people}.wal").write_bytes(b"x")
    with pytest.raises(UnfinishedDatabaseError):
        read_sql(people, DUCKDB)


def test_a_database_reaches_neither_the_network_nor_another_file(tmp_path: Path, people: Path) -> None:
    """By a view, which is refused as such, and by the settings that hold if one were read."""
    from ppdesk.data.readers import sql_table

    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    made(people, f"CREATE VIEW reach AS SELECT * FROM read_csv('{other}')")  # noqa: S608  # a test's own
    with pytest.raises(NotATableError):
        read_sql(people, DUCKDB, "reach")
    engine = sql_table._engine(people, DUCKDB)
    for wish in (
        "SELECT * FROM reach",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        f"SELECT * FROM read_text('{other}')",  # noqa: S608  # a test's own
        "INSTALL httpfs",
        "LOAD httpfs",
        f"ATTACH '{tmp_path / 'b.duckdb'}' AS b",
        f"COPY people TO '{tmp_path / 'out.csv'}'",
        "SET enable_external_access = true",
        "INSERT INTO people (id) VALUES ('x')",
    ):
        with (
            engine.connect() as connection,
            pytest.raises(Exception, match=r"(?i)disabled|cannot|locked|read-only"),
        ):
            connection.exec_driver_sql(wish)
    engine.dispose()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["clinic.duckdb", "other.csv"]


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "duckdb+x", "duckdb://host/x", "DUCKDB", ""])
def test_only_a_dialect_of_files_is_taken(people: Path, dialect: str) -> None:
    with pytest.raises(NoFileDialectError):
        read_sql(people, dialect)


def test_a_dialect_that_is_not_installed_is_named(people: Path) -> None:
    with pytest.raises(NoSuchDialectError, match="nosuchdialect"):
        read_sql(people, "nosuchdialect")


def test_any_other_dialect_that_takes_a_file_is_read(tmp_path: Path) -> None:
    registry.register("filebase", "sqlalchemy.dialects.sqlite.pysqlite", "SQLiteDialect_pysqlite")
    with sqlite3.connect(tmp_path / "f.db") as connection:
        connection.execute("CREATE TABLE t (a INTEGER, b TEXT)")
        connection.execute("INSERT INTO t VALUES (7, 'x')")
    connection.close()
    assert read_sql(tmp_path / "f.db", "filebase")[0].to_pydict() == {"a": ["7"], "b": ["x"]}


def test_a_duckdb_file_is_known_by_its_content(people: Path) -> None:
    found = read_table(people.rename(people.with_name("clinic.csv")), ReadOptions())
    assert (found.form, found.sheet, found.table.num_rows) == (FileFormat.DATABASE, "people", 2)
    assert found.notes == ("The name of the file says another format.",)
    assert sheets(people.with_name("clinic.csv"), FileFormat.DATABASE) == ("people",)


def test_a_dialect_is_a_name_and_sqlite_keeps_its_own_reader(people: Path) -> None:
    with pytest.raises(InvalidParamsError, match="no URL"):
        parse(ImportParams, {"table": "t.db", "dialect": "duckdb:///t.db"}, step="import")
    asked = parse(ImportParams, {"table": "t.db", "dialect": "sqlite"}, step="import")
    assert form_asked(asked) is FileFormat.SQLITE
    assert form_asked(parse(ImportParams, {"table": "t.db", "dialect": "duckdb"}, step="import")) is (
        FileFormat.DATABASE
    )
