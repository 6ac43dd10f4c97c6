"""A table in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.anonymize.apply import random_order
from ppdesk.anonymize.arrays import filled, numbers
from ppdesk.anonymize.engines.engine import COUNT, LABEL, VALUE, Recoding
from ppdesk.anonymize.engines.errors import EngineColumnError
from ppdesk.anonymize.engines.output import writer
from ppdesk.anonymize.errors import MissingColumnError
from ppdesk.anonymize.hierarchies import TOP
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa


class ArrowEngine:
    """`table` in memory; the release is in an order drawn from `entropy`."""

    def __init__(self, table: "pa.Table", entropy: Entropy) -> None:
        self._table, self._entropy = table, entropy

    def columns(self) -> tuple[str, ...]:
        return tuple(self._table.column_names)

    def distinct(self, columns: Sequence[str]) -> "pa.Table":
        import pyarrow as pa

        texts = pa.table({name: self._texts(name) for name in columns})
        counted = texts.group_by(list(columns)).aggregate([([], "count_all")])
        return counted.rename_columns([*columns, COUNT])

    def write(self, recoding: Recoding, out: Path) -> int:
        import pyarrow as pa
        import pyarrow.compute as pc

        quasi = list(recoding.maps)
        labels = {
            name: one[LABEL].take(pc.index_in(self._texts(name), value_set=one[VALUE].combine_chunks()))
            for name, one in recoding.maps.items()
        }
        place = "place"
        rows = pa.table({**labels, place: numbers(np.arange(self._table.num_rows))})
        shown = rows.join(recoding.hidden, quasi, join_type="left anti")[place]
        hidden = np.ones(self._table.num_rows, np.bool_)
        hidden[filled(shown, 0)] = False
        hidden_rows = numbers(hidden.view(np.uint8)).cast(pa.bool_())
        columns = {
            name: pc.if_else(hidden_rows, TOP, labels[name]) if name in labels else self._table[name]
            for name in recoding.kept
        }
        release = pa.table(columns).take(numbers(random_order(self._table.num_rows, self._entropy)))
        with writer(out, release.schema) as opened:
            opened.write_table(release)
        return int(release.num_rows)

    def _texts(self, name: str) -> "pa.ChunkedArray":
        import pyarrow as pa

        if name not in self._table.column_names:
            raise MissingColumnError(column=name)
        column = self._table[name]
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if not (pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            raise EngineColumnError(column=name, kind=str(kind))
        return column.cast(pa.string()).fill_null("")
