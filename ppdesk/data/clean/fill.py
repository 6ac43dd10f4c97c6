"""Values for missing cells."""

import math
from typing import TYPE_CHECKING, Any

from ppdesk.core.said import said_count
from ppdesk.data.clean.cells import as_column
from ppdesk.data.clean.counts import Effect, Working, compare
from ppdesk.data.clean.groups import group_numbers
from ppdesk.data.clean.row_operations import Fill, FillBy
from ppdesk.data.readers.cell_text import of_float

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def fill(working: Working, op: Fill) -> Effect:
    """Missing cells get a constant, or the mean, median or most common value of their group (all rows
    without one), or the value of the nearest row above. A group without a value stays without."""
    import numpy as np

    table = working.table
    groups = group_numbers(table, op.by) if op.by else np.zeros(table.num_rows, np.int64)
    changed, notes = 0, []
    for name in op.columns:
        old = table.column(name)
        if old.null_count == 0:
            continue
        new = as_column(_filled(old, op, groups, working))
        changed += compare(old, new)[0]
        if new.null_count:
            notes.append(
                said_count(
                    "{count:,} cell of {name} stay missing: nothing to fill them with.",
                    "{count:,} cells of {name} stay missing: nothing to fill them with.",
                    new.null_count,
                    name=name,
                )
            )
        table = table.set_column(table.column_names.index(name), name, new)
    return Effect(table, changed, notes=tuple(notes))


def _filled(column: "pa.ChunkedArray", op: Fill, groups: "NDArray[np.int64]", working: Working) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    match op.how:
        case FillBy.CONSTANT:
            return pc.fill_null(column, op.value)
        case FillBy.PREVIOUS:
            return pc.take(column, pa.array(_above(column, groups)))
        case FillBy.MODE:
            return _by_group(column, groups, _most_common(column, groups))
        case _:
            return _by_group(column, groups, _middle(column, op.how, groups, working))


def _above(column: "pa.ChunkedArray", groups: "NDArray[np.int64]") -> Any:
    """For each row the place of the nearest row with a value, itself or above, of its group; else itself."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    valid = np.asarray(column.is_valid())[order]
    at = np.arange(len(order))
    last = np.maximum.accumulate(np.where(valid, at, -1))
    _, starts, inverse = np.unique(groups[order], return_index=True, return_inverse=True)
    last = np.where(last >= starts[inverse], last, at)
    found = np.empty(len(order), np.int64)
    found[order] = order[last]
    return found


def _by_group(column: "pa.ChunkedArray", groups: "NDArray[np.int64]", value: dict[int, str]) -> Any:
    """Missing cells replaced by the value of their group."""
    import pyarrow as pa
    import pyarrow.compute as pc

    place = pc.index_in(pa.array(groups), value_set=pa.array(list(value), pa.int64()))
    return pc.coalesce(column, pc.take(pa.array(list(value.values()), pa.string()), place))


def _most_common(column: "pa.ChunkedArray", groups: "NDArray[np.int64]") -> dict[int, str]:
    """The most common value of each group; of several the first by code points."""
    import pyarrow as pa

    table = pa.table({"group": groups, "value": column}).filter(column.is_valid())
    tally = table.group_by(["group", "value"]).aggregate([([], "count_all")])
    tally = tally.sort_by([("group", "ascending"), ("count_all", "descending"), ("value", "ascending")])
    found: dict[int, str] = {}
    for group, value in zip(tally["group"].to_pylist(), tally["value"].to_pylist(), strict=True):
        found.setdefault(group, value)
    return found


def _middle(
    column: "pa.ChunkedArray", how: FillBy, groups: "NDArray[np.int64]", working: Working
) -> dict[int, str]:
    """Mean or median of each group's numbers. Sums are exact (fsum), so that every machine finds the same."""
    import numpy as np

    from ppdesk.core.cell_numbers import numbers

    values = numbers(column, working.decimal)
    known = np.isfinite(values)
    order = np.argsort(groups[known], kind="stable")
    values, keys = values[known][order], groups[known][order]
    if len(values) == 0:
        return {}
    names, starts = np.unique(keys, return_index=True)
    found = {}
    for name, some in zip(names.tolist(), np.split(values, starts[1:]), strict=True):
        middle = math.fsum(some.tolist()) / len(some) if how is FillBy.MEAN else float(np.median(some))
        found[name] = of_float(middle).replace(".", working.decimal.sign)
    return found
