"""Operations one after the other, each with its counts. The same table and operations give the same bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.clean.cell_operations import Replace
from ppdesk.data.clean.column_operations import Split
from ppdesk.data.clean.counts import Counts, Effect, Working
from ppdesk.data.clean.errors import (
    BadDateFormatError,
    BadPatternError,
    NoRowsLeftError,
    SameMarksError,
    TooManyToCompareError,
    UnfitOperationError,
)
from ppdesk.data.clean.operation import Operation
from ppdesk.data.clean.preflight import Unfit, mapped_names, preflight, wrong_mapping
from ppdesk.data.clean.row_operations import Filter, Rule

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_WITH_PATTERN = (Replace, Split, Rule, Filter)


@dataclass(frozen=True)
class Applied:
    """One operation of the list: its counts, or why it was skipped."""

    operation: Operation
    counts: Counts | None
    skipped: str = ""


@dataclass(frozen=True)
class Replayed:
    """The clean table; `quarantine` {row: int64, reason: string, text: string} or None; `places` (n,) int64:
    the row of the file of each row that is left."""

    table: "pa.Table"
    places: "NDArray[np.int64]"
    steps: tuple[Applied, ...]
    quarantine: "pa.Table | None"


def replay(
    table: "pa.Table",
    operations: Sequence[Operation],
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    mapping: Mapping[str, str] | None = None,
    skip_unfit: bool = False,
    places: "NDArray[np.int64] | None" = None,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Replayed:
    """`table` (strings, null = missing) after `operations`. Pure.

    places: (n,) int64, where each row stood in the file; 2, 3, ... without (the header is row 1).
    CleanError with the number of the operation; CancelledRunError.
    """
    import numpy as np
    import pyarrow as pa

    mapping = mapping or {}
    wrong = wrong_mapping(table.column_names, mapping)
    if wrong:
        raise UnfitOperationError(number=0, op="mapping", reason=wrong)
    unfit = {one.index: one for one in preflight(operations, table.column_names, mapping)}
    if unfit and not skip_unfit:
        raise _refusal(next(iter(unfit.values())))
    working = Working(
        table.rename_columns(list(mapped_names(table.column_names, mapping))),
        np.arange(2, table.num_rows + 2) if places is None else places,
        decimal,
    )
    steps, aside = [], []
    for index, one in enumerate(operations):
        if cancelled():
            raise CancelledRunError()
        progress(index / len(operations), f"{one.title} ({index + 1} of {len(operations)})")
        if index in unfit:
            steps.append(Applied(one, None, unfit[index].reason))
            continue
        effect = carried_out(index + 1, one, working, cancelled)
        working, counts, gone = settled(working, effect, f"operation {index + 1}: {one.title.lower()}")
        if working.table.num_rows == 0 and counts.rows_before:
            raise NoRowsLeftError(number=index + 1, op=one.op)
        aside += [gone] if gone is not None else []
        steps.append(Applied(one, counts))
    clean = working.table.combine_chunks()
    return Replayed(clean, working.places, tuple(steps), pa.concat_tables(aside) if aside else None)


def _refusal(one: Unfit) -> UnfitOperationError:
    return UnfitOperationError(number=one.index + 1, op=one.op, reason=one.reason)


def settled(working: Working, effect: Effect, reason: str) -> "tuple[Working, Counts, pa.Table | None]":
    """The table without the rows that go, the counts, and the rows set aside."""
    import numpy as np

    before = working.table.num_rows
    gone = None
    table, places = effect.table, working.places
    aside = effect.aside if effect.aside is not None and effect.aside.any() else None
    leaves = effect.dropped if aside is None else aside if effect.dropped is None else effect.dropped | aside
    if aside is not None:
        gone = set_aside(working.table, places, aside, reason)
    if leaves is not None and leaves.any():
        table, places = table.filter(np.logical_not(leaves)), places[~leaves]
    counts = Counts(
        before, table.num_rows, working.table.num_columns, table.num_columns, effect.cells, effect.missing,
        0 if aside is None else int(aside.sum()), effect.notes,
    )  # fmt: skip
    return Working(table, places, working.decimal), counts, gone


def set_aside(
    table: "pa.Table", places: "NDArray[np.int64]", rows: "NDArray[np.bool_]", reason: str
) -> "pa.Table":
    """Rows with their place in the file, why they went, and their cells as one line of CSV."""
    import pyarrow as pa
    import pyarrow.compute as pc

    some = table.filter(pa.array(rows))
    cells = [
        pc.binary_join_element_wise(
            '"', pc.replace_substring(pc.fill_null(column, ""), pattern='"', replacement='""'), '"', ""
        )
        for column in some.columns
    ]
    text = pc.binary_join_element_wise(*cells, ",")
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return pa.table(
        {
            "row": pa.array(places[rows], pa.int64()),
            "reason": pa.array([reason] * some.num_rows, pa.string()),
            "text": text.cast(pa.string()),
        }
    )


def carried_out(number: int, one: Operation, working: Working, cancelled: Callable[[], bool]) -> Effect:
    """The effect, with what can go wrong as a coded error."""
    import pyarrow as pa

    from ppdesk.data.clean.columns import GroupCountError
    from ppdesk.data.clean.dates import DateFormatError
    from ppdesk.data.clean.dispatch import SameSignError, effect_of
    from ppdesk.data.clean.near_rows import TooManyTextsError

    known: dict[str, Any] = {"number": number, "op": one.op}
    try:
        return effect_of(one, working, cancelled)
    except GroupCountError:
        raise BadPatternError(**known, reason=" with a group for each new column") from None
    except DateFormatError as error:
        raise BadDateFormatError(**known, place=error.place, reason=error.reason) from None
    except SameSignError:
        raise SameMarksError(**known) from None
    except TooManyTextsError as error:
        from ppdesk.data.clean.near import MOST

        raise TooManyToCompareError(**known, count=error.count, most=MOST) from None
    except pa.ArrowInvalid:  # its text quotes the pattern
        if not isinstance(one, _WITH_PATTERN):
            raise
        raise BadPatternError(**known, reason="") from None
