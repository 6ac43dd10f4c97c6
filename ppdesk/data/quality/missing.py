"""Missing values: how many, and which are missing together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

TOLD = 12  # so many patterns are told one by one
_GLANCE = 2_000  # records that show at once whether a column may tell all records apart


@dataclass(frozen=True)
class Pattern:
    """Columns that are missing together, and nothing else is, in `records` records."""

    columns: tuple[str, ...]
    records: int


@dataclass(frozen=True)
class Missing:
    """Missing values of a table. `rare` and `other` count records: patterns with fewer than the floor, and
    patterns beyond those told."""

    by_column: dict[str, int]
    complete: int  # records without any
    patterns: tuple[Pattern, ...]  # the most frequent first; the complete records are none of them
    rare: int
    other: int


def missing(table: "pa.Table", floor: int, cancelled: Callable[[], bool] = lambda: False) -> Missing:
    """What is missing in `table`. CancelledRunError when asked to stop."""
    from ppdesk.core.errors import CancelledRunError

    by_column, with_some = {}, []
    pattern = np.zeros(table.num_rows, np.int64)
    shapes: list[tuple[str, ...]] = [()]
    for name in table.column_names:
        if cancelled():
            raise CancelledRunError
        column = table.column(name)
        by_column[name] = column.null_count
        if column.null_count:
            with_some.append(name)
            pattern = pattern * 2 + column.is_null().to_numpy()
            found, pattern = np.unique(pattern, return_inverse=True)  # stays small: patterns that occur
            shapes = [(*shapes[one // 2], name) if one % 2 else shapes[one // 2] for one in found.tolist()]
    counts = np.bincount(pattern, minlength=len(shapes)).tolist()
    complete = sum(count for shape, count in zip(shapes, counts, strict=True) if not shape)
    every = sorted(
        (Pattern(shape, count) for shape, count in zip(shapes, counts, strict=True) if shape and count),
        key=lambda one: (-one.records, one.columns),
    )
    often = [one for one in every if one.records >= floor]
    return Missing(
        by_column,
        complete,
        tuple(often[:TOLD]),
        rare=sum(one.records for one in every if one.records < floor),
        other=sum(one.records for one in often[TOLD:]),
    )


def repeated_rows(table: "pa.Table") -> int:
    """How many records are the same as an earlier one in every column."""
    import pyarrow.compute as pc

    if not table.num_columns:
        return 0
    for column in table.columns:
        start = column.slice(0, _GLANCE)
        if len(start.unique()) == len(start) and pc.count_distinct(column, mode="all").as_py() == len(column):
            return 0  # this column alone tells all records apart
    kinds = table.group_by(table.column_names).aggregate([([], "count_all")])
    return int(table.num_rows - kinds.num_rows)
