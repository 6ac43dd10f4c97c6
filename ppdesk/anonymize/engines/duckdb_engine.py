"""Parquet or CSV files that may be larger than the memory, through DuckDB.

Nothing is written to temporary files, which would hold microdata: DuckDB has no folder for them. A question
that does not fit into the memory is asked again for halves, by a hash of what it groups, and each half reads
the files again. The release comes in the order of such a hash of its records, and then of their values, so
that the order says nothing but what the records say.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.anonymize.arrays import filled, numbers
from ppdesk.anonymize.engines.engine import COUNT, LABEL, VALUE, Recoding
from ppdesk.anonymize.engines.errors import (
    EngineColumnError,
    EngineMemoryError,
    EngineReadError,
    MissingEngineError,
)
from ppdesk.anonymize.engines.output import writer
from ppdesk.anonymize.errors import MissingColumnError
from ppdesk.anonymize.hierarchies import TOP

if TYPE_CHECKING:
    import pyarrow as pa

_WHOLE = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
_MOST_HALVINGS = 12  # 4,096 readings of the files
_PIECE = 1 << 18  # records written at once


class DuckDBEngine:
    """`files`: Parquet, or CSV with `delimiter` and a header. DuckDB takes up to `memory_mib`, and about a
    quarter of it is taken beside it; and `threads`."""

    def __init__(
        self, files: Sequence[Path], *, memory_mib: int = 1024, threads: int = 1, delimiter: str = ";"
    ) -> None:
        """Raises MissingEngineError."""
        try:
            import duckdb
        except ImportError:
            raise MissingEngineError(package="DuckDB", extra="duckdb") from None
        self._bytes = memory_mib << 20
        listed = f"[{', '.join(_text(str(file.resolve())) for file in files)}]"
        self._own = duckdb.connect(
            config={
                "memory_limit": f"{memory_mib}MiB",
                "threads": str(threads),
                "temp_directory": "",  # no temporary file
                "preserve_insertion_order": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "allow_persistent_secrets": "false",
            }
        )
        self._own.execute(f"SET allowed_paths = {listed}")
        self._own.execute("SET enable_external_access = false")
        self._own.execute("SET lock_configuration = true")
        if all(file.suffix == ".parquet" for file in files):
            self._source = f"read_parquet({listed})"
        else:
            self._source = f"read_csv({listed}, delim={_text(delimiter)}, header=true, all_varchar=true)"

    def columns(self) -> tuple[str, ...]:
        return tuple(self._types())

    def distinct(self, columns: Sequence[str]) -> "pa.Table":
        import pyarrow as pa

        texts = self._texts(columns)
        names = ", ".join(map(_name, columns))
        listed = ", ".join(f"{text} AS {_name(name)}" for name, text in texts.items())
        select = f"SELECT {names}, count(*) AS {_name(COUNT)} FROM (SELECT {listed} FROM {self._source} s)"  # noqa: S608 - quoted by _name, _text
        parts = self._parts(select, f"hash({names})", "GROUP BY ALL", "the distinct tuples")
        return pa.concat_tables(list(parts))

    def write(self, recoding: Recoding, out: Path) -> int:
        written = 0
        with ExitStack() as stack:
            names = {name: f"map {index}" for index, name in enumerate(recoding.maps)}
            for name, one in recoding.maps.items():
                self._own.register(names[name], one)
                stack.callback(self._own.unregister, names[name])
            self._own.register("hidden", recoding.hidden)
            stack.callback(self._own.unregister, "hidden")
            opened = None
            for part in self._parts(*self._release(recoding, names), "the release"):
                counts, distinct = filled(part[COUNT], 0), part.drop_columns([COUNT])
                opened = opened or stack.enter_context(writer(out, distinct.schema))
                rows = np.repeat(np.arange(len(counts)), counts)
                for start in range(0, len(rows), _PIECE):
                    opened.write_table(distinct.take(numbers(rows[start : start + _PIECE])))
                written += len(rows)
        return written

    def _release(self, recoding: Recoding, names: Mapping[str, str]) -> tuple[str, str, str]:
        """(the released records, with their counts; what tells their part; the end)."""
        texts = self._texts(list(recoding.maps))
        made, joins, same = [], [], []
        for name, known in names.items():
            joins.append(f"JOIN {_name(known)} ON {_name(known)}.{VALUE} = {texts[name]}")
            same.append(f"hidden.{_name(name)} = {_name(known)}.{LABEL}")
        first = _name(next(iter(names)))
        for name in recoding.kept:
            if name not in names:
                made.append(f"s.{_name(name)}")
                continue
            label = f"{_name(names[name])}.{LABEL}"
            made.append(f"CASE WHEN hidden.{first} IS NULL THEN {label} ELSE '{TOP}' END AS {_name(name)}")
        inner = f"SELECT {', '.join(made)} FROM {self._source} s"  # noqa: S608 - quoted by _name, _text
        inner += f" {' '.join(joins)} LEFT JOIN hidden ON {' AND '.join(same)}"
        listed = ", ".join(map(_name, recoding.kept))
        select = f"SELECT {listed}, count(*) AS {_name(COUNT)} FROM ({inner})"  # noqa: S608 - as above
        return select, f"hash({listed})", "GROUP BY ALL ORDER BY ALL"

    def _parts(self, select: str, hashed: str, end: str, what: str) -> "Iterator[pa.Table]":
        """The answer, in as many parts as the memory asks for. Each part is of one value of the hash's last
        bits. EngineMemoryError, EngineReadError."""
        import duckdb

        todo, fewest = [(0, 0)], 0
        while todo:
            bits, value = todo.pop()
            if bits >= fewest:
                sql = f"{select} WHERE {hashed} & {(1 << bits) - 1} = {value} {end}"
                try:
                    part: pa.Table = self._own.sql(sql).to_arrow_table()
                except duckdb.OutOfMemoryException:
                    fewest = bits + 1
                except duckdb.Error:  # its words may quote a value
                    raise EngineReadError() from None
                else:
                    if part.nbytes > self._bytes // 4:  # it lies beside DuckDB's own memory
                        fewest = bits + 1
                    yield part
                    continue
            if bits == _MOST_HALVINGS:
                raise EngineMemoryError(limit=f"{self._bytes >> 20} MiB", what=what)
            todo += [(bits + 1, value | 1 << bits), (bits + 1, value)]

    def _types(self) -> dict[str, str]:
        import duckdb

        try:
            rows = self._own.execute(f"DESCRIBE FROM {self._source}").fetchall()
        except duckdb.Error:
            raise EngineReadError() from None
        return {str(row[0]): str(row[1]) for row in rows}

    def _texts(self, names: Sequence[str]) -> dict[str, str]:
        """What gives each column as text, "" for missing. MissingColumnError, EngineColumnError."""
        types = self._types()
        for name in names:
            if name not in types:
                raise MissingColumnError(column=name)
            if types[name] != "VARCHAR" and types[name] not in _WHOLE:
                raise EngineColumnError(column=name, kind=types[name])
        return {name: f"coalesce(CAST(s.{_name(name)} AS VARCHAR), '')" for name in names}


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
