"""What the cells of a table of strings tell about how it is written: decimal mark, missing tokens, header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.said import said, said_count
from ppdesk.data.column_counts import RepeatedValues, count_column
from ppdesk.data.column_types import ColumnType, column_type, other_mark, present_texts
from ppdesk.data.detection.detected import Doubt, TokenFound
from ppdesk.data.detection.names import speaks_for_values
from ppdesk.data.missing_tokens import CLEAR, CODES, LIKELY_REAL, SHORT
from ppdesk.data.readers.text_bytes import flags

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

TOKENS = (*CLEAR, *SHORT, *CODES, *LIKELY_REAL)
_FEW = 200  # values looked at first
_MARKS = (DecimalMark.POINT, DecimalMark.COMMA)


@dataclass(frozen=True)
class Column:
    """A column without its first cell: `rest` are the values that are no token, `tokens` how often each is.
    `kinds`: what `rest` parses as, with each decimal mark. `values` are the distinct values with their
    `counts`, and then `rest` has each once; None where the column hardly repeats any."""

    first: str | None
    rest: "pa.Array | pa.ChunkedArray"
    tokens: dict[str, int]
    kinds: dict[DecimalMark, ColumnType]
    values: "pa.Array | None" = None
    counts: "NDArray[np.int64] | None" = None

    @property
    def typed(self) -> bool:
        return any(kind is not ColumnType.STRING for kind in self.kinds.values())


def look(cells: "pa.ChunkedArray") -> Column:
    """A column of strings whose first cell may be its name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = count_column(cells.slice(1))
    values = counts = None
    if isinstance(counted, RepeatedValues):
        body = values = counted.values
        counts = counted.counts()
    else:
        body = present_texts(cells.slice(1))
    hit = pc.is_in(body, value_set=pa.array(TOKENS, pa.string()))
    tokens: dict[str, int] = {}
    if pc.any(hit).as_py():
        met = body.filter(hit)
        if counts is not None:
            tokens = dict(zip(met.to_pylist(), counts[flags(hit)].tolist(), strict=True))
        else:
            tally = met.value_counts()
            tokens = dict(
                zip(tally.field("values").to_pylist(), tally.field("counts").to_pylist(), strict=True)
            )
        body = body.filter(pc.invert(hit))
    return Column(cells[0].as_py(), body, tokens, _kinds(body), values, counts)


def _kinds(values: "pa.Array | pa.ChunkedArray") -> dict[DecimalMark, ColumnType]:
    """What the values parse as, with each mark. Whole numbers and dates have none."""
    point = column_type(values, DecimalMark.POINT)
    same = point in (ColumnType.INTEGER, ColumnType.DATE)
    comma = point if same else column_type(values, DecimalMark.COMMA)
    return {DecimalMark.POINT: point, DecimalMark.COMMA: comma}


def find_decimal(columns: Sequence[Column]) -> tuple[DecimalMark, list[str], list[Doubt]]:
    """(mark, reasons, doubts), over all columns that look like numbers."""
    votes: dict[DecimalMark, list[int]] = {mark: [] for mark in _MARKS}
    doubts, thousands = [], []
    for number, column in enumerate(columns, start=1):
        for mark in _MARKS:
            decimal = (
                column.kinds[mark] is ColumnType.DECIMAL and column.kinds[mark.other] is ColumnType.STRING
            )
            if decimal or (not column.typed and other_mark(column.rest, mark.other)):
                votes[mark].append(number)
        if _grouped(column):
            thousands.append(number)
    point, comma = votes[DecimalMark.POINT], votes[DecimalMark.COMMA]
    mark = DecimalMark.COMMA if len(comma) > len(point) else DecimalMark.POINT
    reasons: list[str] = (
        [
            said(
                "Decimal {mark}: {columns}.",
                mark=mark.value,
                columns=_holding(len(votes[mark]), said("numbers with it")),
            )
        ]
        if votes[mark]
        else []
    )
    if point and comma:
        other = votes[mark.other]
        held = _holding(len(other), said("numbers with a decimal {mark}", mark=mark.other.value))
        told = said("{columns}; a file is read with one mark.", columns=held)
        doubts.append(Doubt("PP-DETECT-010", "decimal", told, tuple(other)))
    if thousands:
        told = said(
            "These numbers may have thousands marks (1.234 or 1,234,567.89), which are not read as numbers."
        )
        doubts.append(Doubt("PP-DETECT-011", "decimal", told, tuple(thousands)))
    return mark, reasons, doubts


def _grouped(column: Column) -> bool:
    """Whether all values with a mark may be whole numbers in groups of three, or clearly have such groups."""
    import pyarrow.compute as pc

    for mark in _MARKS:
        kind, sign = column.kinds[mark], re.escape(mark.sign)
        if kind is ColumnType.DECIMAL:
            only = mark.sign
            pattern = rf"^[+-]?[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}$"
        elif not column.typed and len(column.rest):
            only, other = "", re.escape(mark.other.sign)
            pattern = rf"^\s*[+-]?[0-9]{{1,3}}({sign}[0-9]{{3}})*({other}[0-9]*)?\s*$"
        else:
            continue
        for some in (column.rest.slice(0, _FEW), column.rest):  # a few mostly tell that it is not so
            marked = some.filter(pc.match_substring(some, only)) if only else some
            if not pc.all(pc.match_substring_regex(marked, pattern)).as_py():
                break
        else:
            if len(marked):
                return True
    return False


def find_tokens(
    columns: Sequence[Column], decimal: DecimalMark
) -> tuple[tuple[str, ...], list[TokenFound], list[Doubt]]:
    """(proposed, all that were found, doubts). The empty cell is always proposed."""
    cells: dict[str, int] = {}
    where: dict[str, list[int]] = {}
    good: dict[str, list[int]] = {}
    for number, column in enumerate(columns, start=1):
        for token, count in column.tokens.items():
            cells[token] = cells.get(token, 0) + count
            where.setdefault(token, []).append(number)
            if _fits(token, column, decimal):
                good.setdefault(token, []).append(number)
    found, doubts = [], []
    for word in (one for one in TOKENS if one in cells):
        proposed = word in good
        if word in (*CODES, *LIKELY_REAL) and not any(
            _numeric(columns[at - 1], decimal) for at in where[word]
        ):
            continue  # a number among words is no code
        found.append(TokenFound(word, cells[word], tuple(where[word]), proposed))
        unsure = [at for at in where[word] if at not in good.get(word, ())]
        if word in LIKELY_REAL:  # only far from the other numbers
            unsure = [at for at in unsure if _far(word, columns[at - 1], decimal)]
        if unsure:
            told = said(
                '"{word}" may stand for a missing value in {columns} columns, or be a value.',
                word=word,
                columns=len(unsure),
            )
            doubts.append(Doubt("PP-DETECT-020", "null_tokens", told, tuple(unsure)))
    return ("", *(one.token for one in found if one.proposed)), found, doubts


def _far(word: str, column: Column, decimal: DecimalMark) -> bool:
    """Whether all other numbers of the column are well below this one."""
    import numpy as np

    return bool(np.nanmax(numbers(column.rest, decimal), initial=0.0) < 0.8 * int(word))


def _numeric(column: Column, decimal: DecimalMark) -> bool:
    return column.kinds[decimal] in (ColumnType.INTEGER, ColumnType.DECIMAL)


def _fits(word: str, column: Column, decimal: DecimalMark) -> bool:
    """Whether a token surely stands for a missing value in this column."""
    import pyarrow.compute as pc

    if word in CLEAR:
        return True
    if word in SHORT:
        return column.kinds[decimal] is not ColumnType.STRING
    if word in LIKELY_REAL or word == "-9" or not _numeric(column, decimal):
        return False
    return not pc.any(pc.starts_with(column.rest, "-")).as_py()  # the only numbers below zero


def find_header(columns: Sequence[Column], decimal: DecimalMark) -> tuple[bool, list[str], list[Doubt]]:
    """(whether the first row holds names, reasons, doubts)."""
    names: list[int] = []
    values: list[int] = []
    firsts = [column.first for column in columns]
    for number, column in enumerate(columns, start=1):
        if column.first is None or column.first in TOKENS:
            continue
        vote = speaks_for_values(column.first, column.rest, column.kinds[decimal], decimal)
        if vote is not None:
            (values if vote else names).append(number)
    unnamed = [at for at, one in enumerate(firsts, start=1) if one is None or not one.strip()]
    doubts = []
    if len(names) > len(values):
        header, why = (
            True,
            said(
                "{columns} below a first cell that is none.",
                columns=_holding(len(names), said("numbers or dates")),
            ),
        )
    elif values:
        header, why = (
            False,
            said_count(
                "in {count:,} column the first cell is like those below it.",
                "in {count:,} columns the first cell is like those below it.",
                len(values),
            ),
        )
    else:
        header = not unnamed and len(set(firsts)) == len(firsts)
        why = said(
            "no column tells, and its cells are all different." if header else "names are empty or the same."
        )
        told = said(
            "Whether the first row holds the names of the columns cannot be decided: all columns are text."
        )
        doubts.append(Doubt("PP-DETECT-030", "header", told))
    if names and values:
        told = said("The first row holds names for some columns and values for others.")
        doubts.append(Doubt("PP-DETECT-031", "header", told, tuple(values if header else names)))
    if header and unnamed:
        told = said("Columns without a name in the first row.")
        doubts.append(Doubt("PP-DETECT-032", "header", told, tuple(unnamed)))
    twice = tuple(at for at, one in enumerate(firsts, start=1) if one and firsts.count(one) > 1)
    if header and twice:
        told = said(
            "Columns {columns} do not have names of their own; Import refuses that.",
            columns=", ".join(map(str, twice)),
        )
        doubts.append(Doubt("PP-DETECT-034", "header", told, twice))
    reason = said("Names in the first row: {why}" if header else "No names in the first row: {why}", why=why)
    return header, [reason], doubts


def _holding(columns: int, what: str) -> str:
    """``1 column holds dates``, ``2 columns hold dates``."""
    return said_count("{count:,} column holds {what}", "{count:,} columns hold {what}", columns, what=what)
