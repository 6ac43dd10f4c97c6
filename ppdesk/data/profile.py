"""What each column holds, in counts. No value of the table is in a profile."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_counts import ManyValues, RepeatedValues, count_column
from ppdesk.data.column_types import ColumnType
from ppdesk.data.content import RowSums

if TYPE_CHECKING:
    import pyarrow as pa

_THREADS = 4  # columns at a time at most: each needs memory of its own


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `smallest` and `largest` are how many rows share the rarest and the most common
    value (0 where every row is missing); `rare` counts the values that only one row has. `other_mark`: its
    numbers rather have the other decimal mark than the declared one."""

    name: str
    type: ColumnType
    distinct: int
    missing: int
    smallest: int
    largest: int
    rare: int
    other_mark: bool = False


@dataclass(frozen=True)
class Survey:
    """The profile of each column, and the fingerprint of the content (`content_fingerprint`)."""

    columns: list[ColumnProfile]
    content: str


def profile(
    table: "pa.Table",
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[ColumnProfile]:
    """The profile of each column, over all rows, with the table's declared decimal mark."""
    return _survey(table, None, decimal, progress, cancelled)


def survey(
    table: "pa.Table",
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Survey:
    """Profile and fingerprint, each value counted once for both. CancelledRunError when asked to stop."""
    sums = RowSums(table.num_rows)
    columns = _survey(table, sums, decimal, progress, cancelled)
    return Survey(columns, sums.fingerprint(table.column_names))


def _survey(
    table: "pa.Table",
    sums: RowSums | None,
    decimal: DecimalMark,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> list[ColumnProfile]:
    """Columns in several threads. `sums` gets each of them, one at a time."""
    turn = Lock()

    def act(index: int) -> ColumnProfile:
        if cancelled():
            raise CancelledRunError()
        name, counted = table.column_names[index], count_column(table.column(index))
        found = _profile(name, counted, table.column(index).null_count, decimal)
        if sums is not None:
            with turn:
                counted.add_to(sums, name)
        return found

    profiles = []
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        waiting = [threads.submit(act, index) for index in range(table.num_columns)]
        try:
            for index, one in enumerate(waiting):
                progress(index / table.num_columns, f"Profile column {index + 1} of {table.num_columns}")
                profiles.append(one.result())
        finally:
            threads.shutdown(cancel_futures=True)
    return profiles


def _profile(
    name: str, counted: RepeatedValues | ManyValues, missing: int, decimal: DecimalMark
) -> ColumnProfile:
    counts, kind = counted.counts(), counted.type(decimal)
    return ColumnProfile(
        name=name,
        type=kind,
        distinct=len(counts),
        missing=missing,
        smallest=int(counts.min(initial=counts[0])) if len(counts) else 0,
        largest=int(counts.max(initial=0)),
        rare=int((counts == 1).sum()),
        # where every value has the declared mark or is a date, none has the other one
        other_mark=kind is ColumnType.STRING and counted.other_mark(decimal),
    )
