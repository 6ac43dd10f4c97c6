"""A table on an engine that Ibis knows: Spark, Trino, BigQuery, PostgreSQL, DuckDB and others.

The connection is the caller's: ppdesk opens none. The engine counts and replaces with its own memory, disks
and temporary files; what these are and who reads them is the matter of those who run it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.anonymize.engines.engine import COUNT, LABEL, VALUE, Recoding
from ppdesk.anonymize.engines.errors import EngineColumnError, MissingEngineError
from ppdesk.anonymize.engines.output import writer
from ppdesk.anonymize.errors import MissingColumnError
from ppdesk.anonymize.hierarchies import TOP

if TYPE_CHECKING:
    import pyarrow as pa

_HIDDEN = "hidden in ppdesk"  # a column that should meet no other


class IbisEngine:
    """`table`, an Ibis table expression. `write` is given the release as one, in the order of its values, and
    where it should go, so that the engine can write it itself: on Spark ``write=lambda release, out:
    release.to_parquet_dir(out)``. Without it the release comes into this process's memory, and one file."""

    def __init__(self, table: Any, write: Callable[[Any, Path], None] | None = None) -> None:
        """Raises MissingEngineError."""
        try:
            import ibis
        except ImportError:
            raise MissingEngineError(package="Ibis", extra="ibis") from None
        self._ibis, self._table = ibis, table
        self._write = write or _write_here

    def columns(self) -> tuple[str, ...]:
        return tuple(self._table.columns)

    def distinct(self, columns: Sequence[str]) -> "pa.Table":
        texts = self._table.select(**self._texts(columns))
        counted = texts.group_by(list(columns)).aggregate(**{COUNT: texts.count()})
        found: pa.Table = counted.select(*columns, COUNT).to_pyarrow()
        return found

    def write(self, recoding: Recoding, out: Path) -> int:
        quasi = list(recoding.maps)
        table = self._table.mutate(**self._texts(quasi))
        for name, one in recoding.maps.items():
            known = self._ibis.memtable(one)
            joined = table.join(known, table[name] == known[VALUE])
            others = [table[column] for column in table.columns if column != name]
            table = joined.select(*others, known[LABEL].name(name))
        hidden = self._ibis.memtable(recoding.hidden).mutate(**{_HIDDEN: True})
        joined = table.left_join(hidden, [table[name] == hidden[name] for name in quasi])
        shown = {
            name: hidden[_HIDDEN].isnull().ifelse(table[name], TOP) if name in quasi else table[name]
            for name in recoding.kept
        }
        release = joined.select(**shown)
        self._write(release.order_by(list(recoding.kept)), out)
        return int(release.count().to_pyarrow().as_py())

    def _texts(self, names: Sequence[str]) -> dict[str, Any]:
        """Each column as text, "" for missing. MissingColumnError, EngineColumnError."""
        found = {}
        for name in names:
            if name not in self._table.columns:
                raise MissingColumnError(column=name)
            column = self._table[name]
            if not (column.type().is_string() or column.type().is_integer()):
                raise EngineColumnError(column=name, kind=str(column.type()))
            found[name] = column.cast("string").fill_null("")
        return found


def _write_here(release: Any, out: Path) -> None:
    table = release.to_pyarrow()  # in batches Ibis 12 asks DuckDB 2 for what it no longer has
    with writer(out, table.schema) as opened:
        opened.write_table(table)
