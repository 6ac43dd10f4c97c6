"""Row operations on Arrow tables: what goes, what is set aside, what is filled."""

from typing import TYPE_CHECKING, Any

from ppdesk.core.said import said, said_count
from ppdesk.data.clean.cells import as_column
from ppdesk.data.clean.counts import Effect, Working, compare, flags
from ppdesk.data.clean.evaluate import evaluate
from ppdesk.data.clean.expression import parse
from ppdesk.data.clean.groups import group_numbers
from ppdesk.data.clean.operation import BadRow, OutsideRow
from ppdesk.data.clean.row_operations import (
    DropMissing,
    Duplicates,
    Filter,
    HowMany,
    Keep,
    Outliers,
    Range,
    Rule,
    Spread,
)
from ppdesk.data.readers.cell_text import of_float

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ppdesk.core.cell_numbers import DecimalMark

_MAD_TO_SD = 1.4826  # the median distance of a normal distribution, times this, is its standard deviation
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"


def drop_missing(working: Working, op: DropMissing) -> Effect:
    """Rows where any (all) of the columns are missing go."""
    import numpy as np

    masks = [
        np.asarray(working.table.column(name).is_null()) for name in op.columns or working.table.column_names
    ]
    join = np.logical_or if op.how is HowMany.ANY else np.logical_and
    return Effect(working.table, dropped=join.reduce(masks))


def duplicates(working: Working, op: Duplicates) -> Effect:
    """Of the rows that are equal in the columns (missing equals missing), one stays."""
    import numpy as np

    numbers = group_numbers(working.table, op.columns or tuple(working.table.column_names))
    stays = np.zeros(len(numbers), dtype=bool)
    if op.keep is Keep.FIRST:
        stays[np.unique(numbers, return_index=True)[1]] = True
    else:
        stays[len(numbers) - 1 - np.unique(numbers[::-1], return_index=True)[1]] = True
    return Effect(working.table, dropped=~stays)


def rule(working: Working, op: Rule) -> Effect:
    """Rows for which the rule is false; those for which it cannot be told are right."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = working.table
    broken = flags(pc.invert(evaluate(parse(op.holds), table, working.decimal)))
    notes = (
        said_count(
            "{count:,} row in which the rule does not hold.",
            "{count:,} rows in which the rule does not hold.",
            int(broken.sum()),
        ),
    )
    match op.action:
        case BadRow.DROP:
            return Effect(table, dropped=broken, notes=notes)
        case BadRow.QUARANTINE:
            return Effect(table, aside=broken, notes=notes)
        case BadRow.FLAG:
            marks = pc.if_else(pa.array(broken), "yes", "no")
            return Effect(table.append_column(op.into, as_column(marks)), notes=notes)
        case BadRow.MISSING:
            gone = 0
            for name in op.columns:
                new = as_column(pc.if_else(pa.array(broken), None, table.column(name)))
                gone += compare(table.column(name), new)[1]
                table = table.set_column(table.column_names.index(name), name, new)
            return Effect(table, gone, gone, notes=notes)


def filter_rows(working: Working, op: Filter) -> Effect:
    """Rows for which it holds stay."""
    return Effect(working.table, dropped=~flags(evaluate(parse(op.where), working.table, working.decimal)))


def in_range(working: Working, op: Range) -> Effect:
    """Numbers and ISO dates outside declared bounds; other texts are left as they are."""
    import numpy as np
    import pyarrow.compute as pc

    from ppdesk.core.cell_numbers import numbers

    found = []
    for name in op.columns:
        column = working.table.column(name)
        value = numbers(column, working.decimal)
        none = np.zeros(len(value), bool)
        low = none if op.min is None else value < op.min
        high = none if op.max is None else value > op.max
        found.append((name, low, high, _text(op.min, working.decimal), _text(op.max, working.decimal)))
        if op.earliest or op.latest:
            dated, day = (
                flags(pc.match_substring_regex(column, _ISO_DAY)),
                pc.utf8_slice_codeunits(column, 0, 10),
            )
            low = dated & flags(pc.less(day, op.earliest)) if op.earliest else none
            high = dated & flags(pc.greater(day, op.latest)) if op.latest else none
            found.append((name, low, high, op.earliest, op.latest))
    return _outside(working, found, op.action)


def outliers(working: Working, op: Outliers) -> Effect:
    """Numbers beyond a distance that the other numbers of the column say (Tukey 1977; Iglewicz and Hoaglin
    1993). A column whose distance is zero is left as it is."""
    import numpy as np

    from ppdesk.core.cell_numbers import numbers

    found, notes = [], []
    for name in op.columns:
        value = numbers(working.table.column(name), working.decimal)
        known = value[np.isfinite(value)]
        if len(known) == 0:
            notes.append(said("{name} has no number.", name=name))
            continue
        if op.how is Spread.IQR:
            first, third = (float(one) for one in np.quantile(known, [0.25, 0.75]))
            distance, below, above = third - first, first, third
        else:
            below = above = float(np.median(known))
            distance = _MAD_TO_SD * float(np.median(np.abs(known - below)))
        if distance <= 0 or not np.isfinite(distance):
            notes.append(said("{name} has no spread to measure by.", name=name))
            continue
        least, most = below - op.factor * distance, above + op.factor * distance
        lows, highs = _text(least, working.decimal), _text(most, working.decimal)
        found.append((name, value < least, value > most, lows, highs))
    effect = _outside(working, found, op.action)
    return Effect(
        effect.table, effect.cells, effect.missing, effect.dropped, effect.aside, (*effect.notes, *notes)
    )


def _outside(working: Working, found: list[Any], action: OutsideRow) -> Effect:
    """What `action` says for (column, too low, too high, text of the lower bound, of the upper one)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table, changed, gone, cells = working.table, 0, 0, 0
    rows: NDArray[np.bool_] | None = None
    for name, low, high, lows, highs in found:
        off = low | high
        cells += int(off.sum())
        if action in (OutsideRow.DROP, OutsideRow.QUARANTINE):
            rows = off if rows is None else rows | off
            continue
        old = table.column(name)
        if action is OutsideRow.CLIP:
            new = pc.if_else(pa.array(low), lows, pc.if_else(pa.array(high), highs, old))
        else:
            new = pc.if_else(pa.array(off), pa.scalar(None, pa.string()), old)
        new = as_column(new)
        more, less = compare(old, new)
        changed, gone = changed + more, gone + less
        table = table.set_column(table.column_names.index(name), name, new)
    notes = (said_count("{count:,} value outside.", "{count:,} values outside.", cells),)
    if action is OutsideRow.QUARANTINE:
        return Effect(table, aside=rows, notes=notes)
    return Effect(table, changed, gone, dropped=rows, notes=notes)


def _text(bound: float | None, decimal: "DecimalMark") -> "pa.StringScalar":
    """A bound as a cell, with the table's mark."""
    import pyarrow as pa

    return pa.scalar(None if bound is None else of_float(bound).replace(".", decimal.sign), pa.string())
