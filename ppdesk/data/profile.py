"""What each column holds, in counts. No value of the table is in a profile."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_counts import Counted, ManyValues, RepeatedValues, count_column
from ppdesk.data.column_types import ColumnType
from ppdesk.data.row_sums import RowSums

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_HELD = 20_000  # distinct values of a column kept at most
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
    """The profile of each column, and the fingerprint of the content (`content_fingerprint`). `counted` has
    the distinct values by column where they are few, for who looks further."""

    columns: list[ColumnProfile]
    content: str
    counted: dict[str, Counted]


def profile(
    table: "pa.Table",
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[ColumnProfile]:
    """The profile of each column, over all rows, with the table's declared decimal mark."""
    return [one for one, _ in _survey(table, None, decimal, progress, cancelled)]


def survey(
    table: "pa.Table",
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Survey:
    """Profile and fingerprint, each value counted once for both. CancelledRunError when asked to stop."""
    sums = RowSums(table.num_rows)
    found = _survey(table, sums, decimal, progress, cancelled)
    columns = [one for one, _ in found]
    return Survey(columns, sums.fingerprint(table.column_names), {one.name: held for one, held in found})


def _survey(
    table: "pa.Table",
    sums: RowSums | None,
    decimal: DecimalMark,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> list[tuple[ColumnProfile, Counted]]:
    """Columns in several threads. `sums` gets each of them, one at a time."""
    turn = Lock()

    def act(index: int) -> tuple[ColumnProfile, Counted]:
        if cancelled():
            raise CancelledRunError()
        name, counted = table.column_names[index], count_column(table.column(index))
        counts = counted.counts()
        found = _profile(name, counted, counts, table.column(index).null_count, decimal)
        if sums is not None:
            with turn:
                counted.add_to(sums, name)
        if isinstance(counted, RepeatedValues) and len(counts) <= _HELD:
            return found, Counted(found.type, counted.values, counts)
        return found, Counted(found.type)

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
    name: str,
    counted: RepeatedValues | ManyValues,
    counts: "NDArray[np.int64]",
    missing: int,
    decimal: DecimalMark,
) -> ColumnProfile:
    kind = counted.type(decimal)
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
