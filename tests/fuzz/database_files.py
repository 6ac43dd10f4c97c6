"""SQLite and DuckDB: damaged pages, and schemas that want more than to be read."""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import duckdb
from bytes_damage import NAMES, damaged
from cases import CANARY, Judge, Made, Sheet, any_end, read_as, refused

Damage = Callable[[random.Random], Made]
SQLITE: dict[str, Damage] = {}
DUCKDB: dict[str, Damage] = {}
BASES = 5
_ROWS = (1, 3, 40, 400, 2000)


def sqlite(statements: Sequence[str], rows: Sequence[tuple[object, ...]] = ()) -> bytes:
    """A database after these statements, `rows` in its table t."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.sqlite"
        connection = sqlite3.connect(path)
        for one in statements:
            connection.execute(one)
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({','.join('?' * len(rows[0]))})", rows)  # noqa: S608
        connection.commit()
        connection.close()
        return path.read_bytes()


@cache
def base(number: int) -> bytes:
    rows = [(at, f"{CANARY}{at}", at / 8, "x" * (at % 50 * 30)) for at in range(_ROWS[number])]
    more = "WITHOUT ROWID" if number == 3 else ""
    return sqlite([f"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d TEXT) {more}"], rows)


@cache
def duck(number: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE t (a BIGINT, b VARCHAR, c DOUBLE)")
            connection.execute(
                f"INSERT INTO t SELECT i, '{CANARY}' || i, i / 8 FROM range({_ROWS[number]}) s(i)"  # noqa: S608
            )
        return path.read_bytes()


def _schema(name: str, *variants: tuple[list[str], list[tuple[object, ...]], tuple[Judge, str]]) -> None:
    def damage(chance: random.Random) -> Made:
        statements, rows, ends = chance.choice(variants)
        return Made(sqlite(statements, rows), ".sqlite", *ends)

    SQLITE[name] = damage


_T = "CREATE TABLE t (a, b)"
_ONE = [(1, CANARY)]
_schema("blobs", ([_T], [(1, "x"), (2, b"bytes")], refused("PP-DATA-048", row=2, column=2)))
_schema(
    "texts that are none",
    ([_T, "INSERT INTO t VALUES (1, CAST(x'fffe' AS TEXT))"], [], refused("PP-DATA-008", row=1, column=2)),
    ([_T, "INSERT INTO t VALUES (1, 'a' || char(0) || 'b')"], [], refused("PP-DATA-007", row=1, column=2)),
)
_schema(
    "views and triggers",
    (["CREATE VIEW t AS SELECT 1 AS a"], [], refused("PP-DATA-047", "PP-DATA-041")),
    ([_T, "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END"], [], refused("PP-DATA-004")),
    ([_T, "CREATE VIEW v AS SELECT * FROM t"], _ONE, read_as(Sheet(("a", "b"), (("1", CANARY),)))),
    (["CREATE VIRTUAL TABLE t USING fts5(a)"], [], refused()),
)
_schema(
    "tables",
    ([_T, "CREATE TABLE u (a)"], _ONE, refused("PP-DATA-039")),
    ([_T], [], refused("PP-DATA-004")),
    (["PRAGMA user_version=1"], [], refused()),
)
_schema(
    "names",
    (['CREATE TABLE t ("a ", " ")'], _ONE, refused("PP-DATA-009", column=2)),
    (
        ["CREATE TABLE t (" + ",".join(f"c{at}" for at in range(1500)) + ")", "INSERT INTO t(c0) VALUES (1)"],
        [],
        any_end(),
    ),
)
_schema(
    "mixed types",
    (
        [_T],
        [(2**63 - 1, "007"), (-(2**63), " x "), (0.1, ""), (1e300, None), ("12", 5)],
        read_as(
            Sheet(
                ("a", "b"),
                (
                    (str(2**63 - 1), "007"),
                    (str(-(2**63)), " x "),
                    ("0.1", None),
                    ("1e+300", None),
                    ("12", "5"),
                ),
            )
        ),
    ),
)


def _header(chance: random.Random) -> Made:
    """What the first 100 bytes say: size of a page, number of pages, encoding, format."""
    data = bytearray(base(chance.randrange(BASES)))
    at, size = chance.choice(
        ((16, 2), (18, 1), (19, 1), (20, 1), (28, 4), (32, 4), (44, 4), (52, 4), (56, 4))
    )
    data[at : at + size] = chance.randbytes(size)
    return Made(bytes(data), ".sqlite", *any_end())


def _loop(chance: random.Random) -> Made:
    """A page that names another one, or itself, as its child."""
    data = bytearray(base(chance.choice((3, 4))))
    size = 4096
    page = chance.randrange(1, len(data) // size)
    data[page * size] = chance.choice((2, 5, 10, 13))
    data[page * size + 8 : page * size + 12] = chance.randrange(1, len(data) // size + 2).to_bytes(4, "big")
    return Made(bytes(data), ".sqlite", *any_end())


SQLITE |= {"first page": _header, "pages in circles": _loop}


def _bytes(how: str, whole: Callable[[int], bytes], ending: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        data = damaged(whole(chance.randrange(BASES)), how, chance)
        return Made(data, ending, *(refused() if how == "cut" else any_end()))

    return damage


SQLITE |= {f"bytes: {how}": _bytes(how, base, ".sqlite") for how in NAMES}
DUCKDB |= {f"bytes: {how}": _bytes(how, duck, ".duckdb") for how in NAMES}
