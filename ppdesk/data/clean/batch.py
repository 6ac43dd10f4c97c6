"""The operations of a table's recipe on a batch of new records, which keeps all its records.

What rests on each record alone is done as to the table. What takes rows out is not: those records stay and
are counted, since the model has learnt from none like them. What looks at other rows is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.clean.counts import Effect, Working
from ppdesk.data.clean.operation import BadCell, BadRow, Operation, OutsideRow
from ppdesk.data.clean.preflight import mapped_names, preflight
from ppdesk.data.clean.row_operations import DropMissing, Fill, FillBy, Filter, Range, Rule

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True)
class CleanedBatch:
    """The records, each in its place. `done`: operations; `changed`: cells; `unlike`: records that would have
    been taken out of the table; `left_out`: operations with the reason, in words without values."""

    table: "pa.Table"
    done: int
    changed: int
    unlike: int
    left_out: tuple[str, ...]


def clean_batch(
    batch: "pa.Table",
    operations: Sequence[Operation],
    decimal: DecimalMark,
    mapping: Mapping[str, str],
    cancelled: Callable[[], bool] = lambda: False,
) -> CleanedBatch:
    """`batch` (strings, null = missing), which may lack the outcome: an operation on several columns goes on
    without it. A cell whose row the table put aside becomes missing. CleanError, CancelledRunError."""
    import numpy as np

    from ppdesk.data.clean.replay import carried_out

    working = Working(
        batch.rename_columns(list(mapped_names(batch.column_names, mapping))),
        np.arange(2, batch.num_rows + 2),
        decimal,
    )
    unlike = np.zeros(batch.num_rows, dtype=bool)
    done, changed, left_out = 0, 0, []
    for number, said in enumerate(operations, 1):
        if cancelled():
            raise CancelledRunError
        one = _narrowed(said, set(working.table.column_names))
        fit = _without_rows(one)
        reason = "it looks at other rows" if _looks_around(one) else ""
        unfit = preflight([one], working.table.column_names)
        if unfit or reason:
            left_out.append(f"{one.title.lower()} ({reason or unfit[0].reason})")
            continue
        if fit is not one:
            unlike |= _gone(carried_out(number, one, working, cancelled), unlike)
        if fit is None:
            left_out.append(f"{one.title.lower()} (it takes rows out)")
            continue
        effect = carried_out(number, fit, working, cancelled)
        working = Working(effect.table, working.places, decimal)
        done, changed = done + 1, changed + effect.cells
    return CleanedBatch(working.table.combine_chunks(), done, changed, int(unlike.sum()), tuple(left_out))


def _looks_around(one: Operation) -> bool:
    return not one.row_local or (isinstance(one, Fill) and one.how is not FillBy.CONSTANT)


def _without_rows(one: Operation) -> Operation | None:
    """The operation that takes out no row: the same, or with missing cells for rows put aside, or none."""
    drops = isinstance(one, Range) and one.action in (OutsideRow.DROP, OutsideRow.QUARANTINE)
    drops |= isinstance(one, Rule) and one.action in (BadRow.DROP, BadRow.QUARANTINE)
    if drops or isinstance(one, DropMissing | Filter):
        return None
    changed: dict[str, Any] = {
        field: BadCell.MISSING
        for field in ("bad", "others")
        if getattr(one, field, None) is BadCell.QUARANTINE
    }
    return one.model_copy(update=changed) if changed else one


def _gone(effect: Effect, none: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """The rows that an operation would take out, as (n,) bool."""
    found = none.copy()
    for mask in (effect.dropped, effect.aside):
        if mask is not None:
            found |= mask
    return found


def _narrowed(one: Operation, names: set[str]) -> Operation:
    """Without columns that the batch lacks, where the operation does to each column the same."""
    said = getattr(one, "columns", ())
    there = tuple(name for name in said if name in names)
    if not there or len(there) == len(said) or one.op in ("merge", "rule"):
        return one
    return one.model_copy(update={"columns": there})
