"""What in a table looks as if an operation would help. Proposals only: nothing is changed."""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said, said_count
from ppdesk.data.clean.cluster import clusters
from ppdesk.data.clean.groups import group_numbers
from ppdesk.data.clean.suggest_forms import date_forms, number_forms
from ppdesk.data.clean.suggestion import Suggestion, Suggestions
from ppdesk.data.clean.tally import Tally, flat, tally
from ppdesk.data.column_counts import Counted
from ppdesk.data.column_types import ColumnType
from ppdesk.data.missing_tokens import NOTHING, NUMBERS, WORDS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_STRAY = r"^[\s\p{Z}\x{200B}\x{FEFF}]|[\s\p{Z}\x{200B}\x{FEFF}]$|[\s\p{Z}]{2}"
_CLUSTERED = 2_000  # distinct values that clusters are looked for in
_CLUSTERS = 50  # shown of a column
_MOSTLY = 0.9  # of the cells, to be called what they mostly are
_FAR = 3.0  # quartile distances
_THREADS = 4  # columns at a time
_MARKS, _OFTEN = 2, 5  # texts among numbers, each in so many cells, that may stand for a missing one
_ENOUGH = 30  # numbers, to speak of far ones


def suggest(
    table: "pa.Table",
    decimal: DecimalMark = DecimalMark.POINT,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    duplicates: bool = True,
    counted: Mapping[str, Counted] | None = None,
) -> Suggestions:
    """Proposals for a table of strings, with its declared decimal mark. CancelledRunError.

    Worked out from distinct values. Of a column that hardly repeats any, 20,000 rows spread evenly stand for
    it, and what they show is then counted over all rows. duplicates: whether equal rows are looked for, which
    takes longer than all else. counted: what is known of this table's columns already.
    """

    def act(name: str) -> tuple[list[Suggestion], int]:
        if cancelled():
            raise CancelledRunError()
        one = tally(name, table.column(name), decimal, (counted or {}).get(name))
        return list(_of_column(one, cancelled)), len(one.column) if one.sampled else len(one.values)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        met = dict(zip(table.column_names, threads.map(act, table.column_names), strict=True))
    found = [one for some, _ in met.values() for one in some]
    if duplicates:
        found += _duplicates(table, {name: distinct for name, (_, distinct) in met.items()})
    return Suggestions(tuple(found))


def _of_column(one: Tally, cancelled: Callable[[], bool]) -> Iterator[Suggestion]:
    if one.cells == 0:
        yield _proposed(
            "empty", one, said("Column {name} is empty", name=one.name), len(one.column), _without(one)
        )
        return
    if len(one.values) == 1 < one.cells and not one.sampled and one.column.null_count == 0:
        words = said("Column {name} says the same in all rows", name=one.name)
        yield _proposed("constant", one, words, one.cells, _without(one))
        return
    absent, tokens = _absent(one)
    if tokens:
        yield _missing(one, tokens)
    if one.seems(_strays):
        words = said("Values of {name} have spaces around them, or several within", name=one.name)
        yield _proposed("spaces", one, words, one.exactly(_strays), {"op": "trim", "columns": [one.name]})
    known = ~absent
    numeric = one.share(_finite(one) & known) / max(one.share(known), 1e-9)
    if numeric < 1:
        forms = list(number_forms(one, known))
        if not forms and one.type is not ColumnType.DATE:  # they are written as they should be
            forms = list(date_forms(one, known))
        yield from forms
        if numeric >= _MOSTLY and not forms:
            yield _mixed(one, known)
        elif not forms:
            yield from _clusters(one, known, cancelled)
    if numeric >= _MOSTLY:
        yield from _far(one, known)


def _proposed(
    kind: str, one: Tally, words: str, count: int, operation: dict[str, Any] | None, **detail: Any
) -> Suggestion:
    return Suggestion(f"{kind}:{one.name}", words, count, operation, detail)


def _without(one: Tally) -> dict[str, Any]:
    return {"op": "drop-columns", "columns": [one.name]}


def _finite(one: Tally) -> "NDArray[np.bool_]":
    import numpy as np

    return np.isfinite(one.floats)


def _strays(values: Any) -> Any:
    import pyarrow.compute as pc

    return pc.match_substring_regex(values, _STRAY)


def _absent(one: Tally) -> "tuple[NDArray[np.bool_], list[str]]":
    """(which of the values looked at stand for a missing one, the texts that do)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    worded = flat(pc.is_in(one.values, value_set=pa.array(WORDS)))
    numeric = _finite(one)
    if one.share(~numeric & ~worded) > one.share(numeric):  # among words they are an answer
        worded &= ~flat(pc.is_in(one.values, value_set=pa.array(NOTHING)))
    coded = flat(pc.is_in(one.values, value_set=pa.array(NUMBERS))) & numeric
    if coded.any():
        others = one.floats[numeric & ~coded]
        if one.share(numeric | worded) < _MOSTLY or len(others) == 0:
            coded[:] = False
        else:
            least, most = float(others.min()), float(others.max())
            below, beyond = (one.floats < 0) & (least >= 0), one.floats > 2 * max(most, abs(least))
            coded &= below | beyond
            coded &= (one.floats != -1) | (most > 1)  # -1 and 1, perhaps 0 too, are a scale
    tokens = one.values.filter(pa.array(worded | coded)).to_pylist()
    if one.sampled and one.type in (None, ColumnType.STRING):  # a rare one may not be in the sample
        met = pc.unique(one.column.filter(pc.is_in(one.column, value_set=pa.array(WORDS)))).to_pylist()
        tokens = list(dict.fromkeys([*tokens, *met]))
    return np.asarray(worded | coded), sorted(tokens)


def _missing(one: Tally, tokens: list[str]) -> Suggestion:
    import pyarrow as pa
    import pyarrow.compute as pc

    count = one.exactly(lambda values: pc.is_in(values, value_set=pa.array(tokens)))
    words = said(
        "{tokens} in {name} looks like missing"
        if len(tokens) == 1
        else "{tokens} in {name} look like missing",
        tokens=", ".join(f'"{token}"' for token in tokens),  # from a public list
        name=one.name,
    )
    return Suggestion(
        f"missing:{one.name}", words, count, {"op": "missing", "columns": [one.name], "tokens": tokens}
    )


def _mixed(one: Tally, known: "NDArray[np.bool_]") -> Suggestion:
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.core.cell_numbers import is_number

    off = known & ~_finite(one)
    count = int(one.counts[off].sum())
    if not one.sampled and 0 < off.sum() <= _MARKS and one.counts[off].min() >= _OFTEN:
        marks = one.values.filter(pa.array(off)).to_pylist()
        words = said(
            "Most values of {name} are numbers; one text stands in the others, perhaps for missing"
            if len(marks) == 1
            else "Most values of {name} are numbers; two texts stand in the others, perhaps for missing",
            name=one.name,
        )
        return _proposed("mark", one, words, count, {"op": "missing", "columns": [one.name], "tokens": marks})
    if one.sampled:
        count = one.exactly(
            lambda values: pc.and_(pc.is_valid(values), pc.invert(is_number(values, one.decimal)))
        )
    operation = {"op": "type", "columns": [one.name], "type": "decimal", "bad": "quarantine"}
    words = said("Most values of {name} are numbers, these are not", name=one.name)
    return _proposed("mixed", one, words, count, operation)


def _clusters(one: Tally, known: "NDArray[np.bool_]", cancelled: Callable[[], bool]) -> Iterator[Suggestion]:
    """Values with one fingerprint."""
    import pyarrow as pa

    if one.sampled or len(one.values) > _CLUSTERED:
        return
    values = one.values.filter(pa.array(known)).to_pylist()
    held = dict(zip(values, one.counts[known].tolist(), strict=True))
    found = clusters(held, cancelled=cancelled)
    if not found:
        return
    merge = {old: new for cluster in found for old, new in cluster.merge().items()}
    by_case = all(old.casefold() == new.casefold() for old, new in merge.items())
    words = (
        said_count(
            "Values of {name} differ only in upper and lower case: {count:,} group",
            "Values of {name} differ only in upper and lower case: {count:,} groups",
            len(found),
            name=one.name,
        )
        if by_case
        else said_count(
            "Values of {name} may be ways to write one thing: {count:,} group",
            "Values of {name} may be ways to write one thing: {count:,} groups",
            len(found),
            name=one.name,
        )
    )
    yield Suggestion(
        f"{'case' if by_case else 'clusters'}:{one.name}",
        words,
        sum(cluster.cells for cluster in found),
        {"op": "merge-values", "column": one.name, "values": merge},
        {"clusters": [[[value, count] for value, count in cluster.values] for cluster in found[:_CLUSTERS]]},
    )


def _far(one: Tally, known: "NDArray[np.bool_]") -> Iterator[Suggestion]:
    """Numbers farther than three quartile distances from the quartiles (Tukey's outer fences)."""
    import numpy as np

    held = known & _finite(one)
    values, counts = one.floats[held], one.counts[held]
    if counts.sum() < _ENOUGH:
        return
    order = np.argsort(values)
    values, counts = values[order], counts[order]
    up_to = np.cumsum(counts)
    first, third = (float(values[np.searchsorted(up_to, share * up_to[-1])]) for share in (0.25, 0.75))
    reach = _FAR * (third - first)
    if reach <= 0:
        return
    off = (values < first - reach) | (values > third + reach)
    if off.any():
        words = said(
            "Numbers of {name} lie far from the others (in a sample)"
            if one.sampled
            else "Numbers of {name} lie far from the others",
            name=one.name,
        )
        operation = {"op": "outliers", "columns": [one.name], "factor": _FAR}
        yield _proposed("far", one, words, int(counts[off].sum()), operation)


def _duplicates(table: "pa.Table", distinct: dict[str, int]) -> Iterator[Suggestion]:
    """Rows that say the same as an earlier one. Columns that tell most rows apart come first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = sorted(table.column_names, key=lambda name: -distinct[name])
    numbers = pa.array(group_numbers(table, tuple(names)))
    more = table.num_rows - int(pc.count_distinct(numbers).as_py() or 0)
    ways = math.prod(distinct[name] + (table.column(name).null_count > 0) for name in names)
    if more and ways >= table.num_rows:  # else rows must be equal: the columns have too few values
        yield Suggestion(
            "duplicates", said("Rows say the same as an earlier one"), more, {"op": "duplicates"}
        )
