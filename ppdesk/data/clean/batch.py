"""Which operations of a table's recipe are done to a batch of new records, which keeps all its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.data.clean.operation import BadCell, BadRow, Operation, OutsideRow
from ppdesk.data.clean.row_operations import DropMissing, Fill, FillBy, Filter, Range, Rule


@dataclass(frozen=True)
class ForBatch:
    """The operations, fit for a batch, and those left out with the reason, in words without values."""

    operations: tuple[Operation, ...]
    left_out: tuple[str, ...]


def for_batch(operations: Sequence[Operation], columns: Sequence[str]) -> ForBatch:
    """Operations that rest on each record alone stay; what would put a row aside makes the cell missing.
    `columns`: of the batch, which may lack the outcome; an operation on several goes on without it."""
    found, left_out = [], []
    names = set(columns)
    for one in operations:
        reason = _not_here(one)
        if reason:
            left_out.append(f"{one.title.lower()} ({reason})")
            continue
        fit = _narrowed(_without_rows(one), names)
        found.append(fit)
        if set(fit.reads()) <= names:
            names |= set(fit.shape(tuple(names)))
    return ForBatch(tuple(found), tuple(left_out))


def _not_here(one: Operation) -> str:
    """Why an operation means nothing for a batch, or empty."""
    if not one.row_local or (isinstance(one, Fill) and one.how is not FillBy.CONSTANT):
        return "it looks at other rows"
    drops = isinstance(one, Range) and one.action in (OutsideRow.DROP, OutsideRow.QUARANTINE)
    drops |= isinstance(one, Rule) and one.action in (BadRow.DROP, BadRow.QUARANTINE)
    return "it takes rows out" if drops or isinstance(one, DropMissing | Filter) else ""


def _without_rows(one: Operation) -> Operation:
    changed: dict[str, Any] = {
        field: BadCell.MISSING
        for field in ("bad", "others")
        if getattr(one, field, None) is BadCell.QUARANTINE
    }
    return one.model_copy(update=changed) if changed else one


def _narrowed(one: Operation, names: set[str]) -> Operation:
    """Without columns that the batch lacks, where the operation does to each column the same."""
    said = getattr(one, "columns", ())
    there = tuple(name for name in said if name in names)
    if not there or len(there) == len(said) or one.op in ("merge", "rule"):
        return one
    return one.model_copy(update={"columns": there})
