"""Cell operations on Arrow columns. Each takes the distinct values of a column where values repeat."""

import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, is_number
from ppdesk.core.said import said_count
from ppdesk.data.clean.cell_operations import (
    Case,
    CellType,
    Letters,
    Map,
    MergeValues,
    Missing,
    ParseDates,
    Replace,
    Thousands,
    Trim,
    Type,
)
from ppdesk.data.clean.counts import Effect, Working, compare, flags
from ppdesk.data.clean.dates import iso_dates
from ppdesk.data.clean.operation import BadCell

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_THREADS = 4  # columns at a time
_SAMPLE = 4096  # rows that tell whether a column repeats its values
_SPACE = r"[\s\p{Z}\x{200B}\x{FEFF}]+"  # also no-break and zero-width spaces
_WIDE = (
    r"[\s\p{Z}\x{200B}\x{FEFF}]{2}|[\t\n\v\f\r\x{00A0}\x{2000}-\x{200B}\x{202F}\x{3000}\x{FEFF}]"  # within
)
_GROUPS = {
    Thousands.COMMA: ",", Thousands.POINT: r"\.", Thousands.SPACE: r"[ \x{00A0}\x{2009}\x{202F}]",
    Thousands.APOSTROPHE: r"['\x{2019}]",
}  # fmt: skip
_ISO = ("%Y-%m-%d",)


@dataclass(frozen=True)
class Cells:
    """New values, and which of the old ones did not fit (None: no such thing)."""

    values: Any
    bad: Any = None


def on_distinct(column: "pa.ChunkedArray", work: Callable[[Any], Cells]) -> Cells:
    """`work`, a function of single values, on a column: on its distinct values where these repeat."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = column.slice(0, _SAMPLE)
    if 2 * int(pc.count_distinct(first).as_py() or 0) > len(first):
        return _joined([work(chunk) for chunk in column.chunks or [pa.array([], pa.string())]])
    parts: Any = column.dictionary_encode().unify_dictionaries()
    parts = parts.chunks
    if not parts:
        return Cells(column)
    # null stands at the end of the dictionary, so that work may turn a missing value into one
    distinct = pa.concat_arrays([parts[-1].dictionary, pa.nulls(1, pa.string())])
    done = work(distinct)
    last = len(distinct) - 1
    codes = pa.chunked_array([pc.fill_null(part.indices.cast(pa.int64()), last) for part in parts])
    bad = None if done.bad is None else pc.take(_flat(done.bad), codes)
    return Cells(pc.take(_flat(done.values), codes), bad)


def _joined(pieces: list[Cells]) -> Cells:
    import pyarrow as pa

    values = pa.chunked_array([one.values for one in pieces])
    bad = [one.bad for one in pieces]
    return Cells(values, None if any(one is None for one in bad) else pa.chunked_array(bad, pa.bool_()))


def _flat(values: Any) -> "pa.Array":
    import pyarrow as pa

    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def each_column(
    working: Working,
    names: tuple[str, ...],
    work: Callable[[Any], Cells],
    bad: BadCell = BadCell.KEEP,
    note: Callable[[int], str] | None = None,
) -> Effect:
    """`work` on each column; what does not fit becomes what `bad` says. `note` words their
    number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def act(name: str) -> tuple[Any, int, int, Any]:
        old = working.table.column(name)
        done = on_distinct(old, work)
        new = done.values
        if done.bad is not None:
            new = pc.if_else(done.bad, pa.scalar(None, pa.string()) if bad is BadCell.MISSING else old, new)
        new = as_column(new)
        return (new, *compare(old, new), done.bad)

    chosen = names or tuple(working.table.column_names)
    table, changed, gone, wrong = working.table, 0, 0, 0
    aside: NDArray[np.bool_] | None = None
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        for name, (new, cells, less, off) in zip(chosen, threads.map(act, chosen), strict=True):
            if off is not None:
                wrong += int(pc.sum(off).as_py() or 0)
                found = flags(off)
                if bad is BadCell.QUARANTINE:
                    aside = found if aside is None else aside | found
            changed, gone = changed + cells, gone + less
            table = table.set_column(table.column_names.index(name), name, new)
    notes = (note(wrong),) if wrong and note is not None else ()
    return Effect(table, changed, gone, aside=aside, notes=notes)


def as_column(values: Any) -> "pa.ChunkedArray":
    """Strings in one chunked array."""
    import pyarrow as pa

    if not isinstance(values, pa.ChunkedArray):
        values = pa.chunked_array([values])
    return values.cast(pa.string())


def trim(working: Working, op: Trim) -> Effect:
    import pyarrow.compute as pc

    ends, stray = f"^{_SPACE}|{_SPACE}$", f"^{_SPACE}|{_SPACE}$" + (f"|{_WIDE}" if op.inner else "")

    def shorter(values: Any) -> Any:
        values = pc.replace_substring_regex(values, pattern=ends, replacement="")
        return pc.replace_substring_regex(values, pattern=_SPACE, replacement=" ") if op.inner else values

    def work(values: Any) -> Cells:
        if op.unicode:
            values = pc.utf8_normalize(values, form="NFC")
        met = pc.fill_null(pc.match_substring_regex(values, stray), False)
        if pc.any(met).as_py():
            values = pc.replace_with_mask(values, met, _flat(shorter(values.filter(met))))
        return Cells(pc.if_else(pc.equal(values, ""), None, values) if op.empty_missing else values)

    return each_column(working, op.columns, work)


def case(working: Working, op: Case) -> Effect:
    import pyarrow.compute as pc

    def upper(values: Any) -> Any:  # Arrow writes a capital ß, which Unicode's own rules do not
        return pc.utf8_upper(pc.replace_substring(values, pattern="ß", replacement="ss"))

    calls = {
        Letters.LOWER: pc.utf8_lower, Letters.UPPER: upper, Letters.TITLE: pc.utf8_title,
        Letters.SENTENCE: pc.utf8_capitalize,
    }  # fmt: skip
    return each_column(working, op.columns, lambda values: Cells(calls[op.to](values)))


def missing(working: Working, op: Missing) -> Effect:
    import pyarrow as pa
    import pyarrow.compute as pc

    tokens = pa.array(op.tokens, pa.string())
    tokens = pc.utf8_lower(tokens) if op.any_case else tokens

    def work(values: Any) -> Cells:
        met = pc.is_in(pc.utf8_lower(values) if op.any_case else values, value_set=tokens)
        return Cells(pc.if_else(met, None, values))

    return each_column(working, op.columns, work)


def replace(working: Working, op: Replace) -> Effect:
    """pyarrow.ArrowInvalid for a pattern or a replacement that RE2 does not read."""
    import pyarrow.compute as pc

    call = pc.replace_substring_regex if op.regex else pc.replace_substring
    return each_column(
        working,
        op.columns,
        lambda values: Cells(call(values, pattern=op.pattern, replacement=op.replacement)),
    )


def map_values(working: Working, op: Map | MergeValues) -> Effect:
    import pyarrow.compute as pc

    others = op.others if isinstance(op, Map) else BadCell.KEEP

    def work(values: Any) -> Cells:
        new, known = mapped(values, op.values)
        bad = None if others is BadCell.KEEP else pc.and_not(pc.is_valid(values), known)
        return Cells(new, bad)

    return each_column(working, (op.column,), work, others, _not_listed)


def mapped(values: Any, pairs: Mapping[str, str]) -> tuple[Any, Any]:
    """(values with those in `pairs` replaced, which of them were in it)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(values, value_set=pa.array(list(pairs), pa.string()))
    new = pc.take(pa.array(list(pairs.values()), pa.string()), found)
    return pc.coalesce(new, values), pc.is_valid(found)


def parse_dates(working: Working, op: ParseDates) -> Effect:
    def work(values: Any) -> Cells:
        return Cells(*iso_dates(values, op.formats, op.pivot))

    return each_column(working, op.columns, work, op.bad, _no_date)


def set_type(working: Working, op: Type) -> Effect:
    if op.type is CellType.DATE:
        dates = ParseDates(columns=op.columns, formats=_ISO, bad=op.bad)
        return parse_dates(working, dates)
    mark = op.decimal or working.decimal

    def work(values: Any) -> Cells:
        return Cells(*number_texts(values, op, mark, working.decimal))

    def not_read(count: int) -> str:
        return said_count(
            "{count:,} value that cannot be read as {type}.",
            "{count:,} values that cannot be read as {type}.",
            count,
            type=op.type.value,
        )

    return each_column(working, op.columns, work, op.bad, not_read)


def number_texts(values: Any, op: Type, mark: DecimalMark, table: DecimalMark) -> tuple[Any, Any]:
    """(numbers in one form: no plus, no leading zeros, digits on both sides of the mark; what is none)."""
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(values)
    if op.unit:
        unit = re.escape(op.unit)
        text = pc.replace_substring_regex(text, pattern=rf"^{unit}\s*|\s*{unit}$", replacement="")
    if op.thousands is not Thousands.NONE:
        group = _GROUPS[op.thousands]
        parted = pc.match_substring_regex(
            text, rf"^[+-]?[0-9]{{1,3}}({group}[0-9]{{3}})+(\{mark.sign}[0-9]*)?$"
        )
        text = pc.if_else(parted, pc.replace_substring_regex(text, pattern=group, replacement=""), text)
    fits = is_number(text, mark)
    if op.type is CellType.INTEGER:
        fits = pc.and_(
            fits, pc.fill_null(pc.match_substring_regex(text, rf"^[+-]?[0-9]+(\{mark.sign}0*)?$"), False)
        )
        text = pc.replace_substring_regex(text, pattern=rf"\{mark.sign}0*$", replacement="")
    text = pc.replace_substring_regex(text, pattern=r"^\+", replacement="")
    text = pc.replace_substring_regex(text, pattern=rf"^(-?)\{mark.sign}", replacement=rf"\10{mark.sign}")
    text = pc.replace_substring_regex(text, pattern=rf"\{mark.sign}($|[eE])", replacement=r"\1")
    text = pc.replace_substring_regex(text, pattern=r"^(-?)0+([0-9])", replacement=r"\1\2")
    text = pc.replace_substring_regex(text, pattern=r"^-0$", replacement="0")
    if mark is not table:
        text = pc.replace_substring(text, pattern=mark.sign, replacement=table.sign)
    return text, pc.and_not(pc.is_valid(values), fits)


def _not_listed(count: int) -> str:
    return said_count("{count:,} value not in the list.", "{count:,} values not in the list.", count)


def _no_date(count: int) -> str:
    return said_count(
        "{count:,} value without a date in these formats.",
        "{count:,} values without a date in these formats.",
        count,
    )
