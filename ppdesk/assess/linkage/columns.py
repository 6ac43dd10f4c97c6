"""A published column beside what an attacker knows of the same column: which cell may hold which value.

A published cell is a predicate. It stands for one value, for the leaves below a label of the column's
hierarchy, for an interval of numbers ("[20, 30[", "[20, 30)", "20 to 29", "[20, 29]", "<20", ">=80"), for a
set "{a, b}", or, where it is "*", for every value. A missing cell stands for a missing value.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.rebuild import SUPPRESSED
from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa


Texts: TypeAlias = "pa.ChunkedArray | pa.Array"
Rows = Sequence[Sequence[str]]  # of a hierarchy: a leaf, then its generalizations
Codes = npt.NDArray[np.int32]

_NUMBER = r"([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?)"
_TWO = re.compile(rf"^\s*([\[\]\(])\s*{_NUMBER}\s*[,;]\s*{_NUMBER}\s*([\[\]\)])\s*$")
_TO = re.compile(rf"^\s*{_NUMBER}\s*(?:to|-|–)\s*{_NUMBER}\s*$")
_ONE = re.compile(rf"^\s*(<=|<|>=|>|≤|≥)\s*{_NUMBER}\s*$")


@dataclass(frozen=True)
class Column:
    """One column. `label` (records,): of each published record the place of its cell among the `labels`
    distinct ones; `people`: the same of each table of people among `values` distinct values. `missing`: the
    place of the missing value among the values, -1 where there is none; `empty`: of the missing cell among
    the labels.

    numeric: a label is the numbers from `low` to `high`, (labels,) float64, both included, infinite where
    open, NaN for a missing cell; `number` (values,) float64 is what the values are, NaN for those that are no
    number. Otherwise `anc` (values, m) int32 names the labels that stand for a value, -1 for none, and
    `size` (labels,) float64 says for how many values of the domain a label stands.
    """

    name: str
    numeric: bool
    label: Codes
    labels: int
    people: tuple[Codes, ...]
    values: int
    missing: int
    empty: int
    low: Floats
    high: Floats
    number: Floats
    anc: Codes
    size: Floats
    everything: Bools  # (labels,): cells that say nothing
    generalized: bool  # whether some cell stands for more than one value
    text: tuple[str | None, ...] = ()  # the values themselves, of what is no number

    @property
    def alike(self) -> float:
        """The chance that two published records have the same cell."""
        share = np.bincount(self.label, minlength=1) / max(1, self.label.size)
        return float(share @ share)

    def holds(self, values: Counts) -> Bools:
        """(values asked for, labels) bool: whether the cell may hold the value."""
        if self.numeric:
            asked = self.number[values][:, None]
            found = (asked >= self.low[None, :]) & (asked <= self.high[None, :])
            return np.asarray(found | (np.isnan(asked) & np.isnan(self.low)[None, :]))
        found = np.zeros((values.size, self.labels + 1), dtype=np.bool_)
        found[np.arange(values.size)[:, None], self.anc[values]] = (
            True  # -1 goes to the column that is cut off
        )
        found[:, :-1] |= self.everything[None, :]
        return found[:, :-1]


def _coded(columns: Sequence[Texts]) -> tuple[list[Codes], list[str | None]]:
    """Codes of several columns of strings over one list of distinct values. An empty string is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks: list[pa.Array] = []
    sizes = []
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        pieces = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
        chunks += [piece.cast(pa.string()) for piece in pieces]
        sizes.append(len(column))
    text = pa.chunked_array(chunks, pa.string())
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    text = text if isinstance(text, pa.ChunkedArray) else pa.chunked_array([text])
    coded = text.dictionary_encode("encode").combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    values: list[str | None] = coded.dictionary.to_pylist()
    every = coded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    ends = np.cumsum(sizes)
    return [np.ascontiguousarray(piece) for piece in np.split(every, ends[:-1])], values


def column(
    name: str,
    published: Texts,
    people: Sequence[Texts],
    rows: Rows | None = None,
    *,
    numeric: bool = False,
    decimal: DecimalMark = DecimalMark.POINT,
) -> Column:
    """Code a published column and the same column of tables of people, all of them strings, null = missing.

    rows: the column's hierarchy, where it was generalized with one. numeric: the values are numbers with
    the mark `decimal`; cells of the published column that are neither numbers nor intervals nor labels of
    the hierarchy then say nothing, and values of people that are no numbers are missing.
    """
    (label,), labels = _coded([published])
    known, values = _coded(people)
    missing = values.index(None) if None in values else -1
    empty = labels.index(None) if None in labels else -1
    none = np.zeros(0)
    if numeric:
        low, high = _intervals(labels, rows or (), decimal)
        number = _numbers(values, decimal)
        wide = high > low
        everything = np.isinf(low) & np.isinf(high)
        return Column(
            name, True, label, len(labels), tuple(known), len(values), missing, empty, low, high, number,
            np.zeros((0, 0), np.int32), none, everything, bool(wide.any()),
        )  # fmt: skip
    anc, size = _ancestors(labels, values, rows or ())
    everything = np.array([one == SUPPRESSED for one in labels], dtype=np.bool_)
    return Column(
        name, False, label, len(labels), tuple(known), len(values), missing, empty, none, none, none,
        anc, size, everything, bool((size > 1).any()), tuple(values),
    )  # fmt: skip


def _numbers(texts: Sequence[str | None], decimal: DecimalMark) -> Floats:
    import pyarrow as pa

    found = numbers(pa.array(texts, pa.string()), decimal)
    return np.where(np.isinf(found), np.nan, found)


def _intervals(labels: Sequence[str | None], rows: Rows, decimal: DecimalMark) -> tuple[Floats, Floats]:
    """(low, high) of each label."""
    low = _numbers(labels, decimal)
    high = low.copy()
    leaves = _numbers([row[0] for row in rows], decimal) if rows else np.zeros(0)
    reach: dict[str, tuple[float, float]] = {}
    for number, row in zip(leaves.tolist(), rows, strict=True):
        if math.isnan(number):
            continue
        for one in row:
            first, last = reach.get(one, (number, number))
            reach[one] = (min(first, number), max(last, number))
    for place, text in enumerate(labels):
        if text is None or not math.isnan(low[place]):
            continue
        if text == SUPPRESSED:
            low[place], high[place] = -math.inf, math.inf
        else:
            low[place], high[place] = reach.get(text) or _interval(text, decimal)
    return low, high


def _interval(text: str, decimal: DecimalMark) -> tuple[float, float]:
    """What a label says by itself; everything where it says nothing that is known."""

    def value(found: str) -> float:
        return float(found.replace(decimal.sign, ".")) if decimal.sign != "." else float(found)

    try:
        if two := _TWO.match(text):
            low, high = value(two[2]), value(two[3])
            low = math.nextafter(low, math.inf) if two[1] in "](" else low
            high = math.nextafter(high, -math.inf) if two[4] in "[)" else high
            return (low, high) if low <= high else (-math.inf, math.inf)
        if both := _TO.match(text):
            return value(both[1]), value(both[2])
        if one := _ONE.match(text):
            edge = value(one[2])
            if one[1] in ("<", "<=", "≤"):
                return -math.inf, math.nextafter(edge, -math.inf) if one[1] == "<" else edge
            return math.nextafter(edge, math.inf) if one[1] == ">" else edge, math.inf
    except ValueError:  # a decimal mark of the other kind
        return -math.inf, math.inf
    return -math.inf, math.inf


def _ancestors(
    labels: Sequence[str | None], values: Sequence[str | None], rows: Rows
) -> tuple[Codes, Floats]:
    """((values, m) labels that stand for each value, (labels,) for how many values each stands)."""
    place = {text: code for code, text in enumerate(labels)}
    leaf = {row[0] or None: row for row in rows}
    members: dict[str, list[int]] = {}
    domain = dict.fromkeys([*leaf, *(one for one in values if one is not None)])
    known = {one: code for code, one in enumerate(values)}
    size = np.ones(len(labels))
    for code, text in enumerate(labels):
        if text is None or text == SUPPRESSED or text in leaf or text in known:
            continue
        if text.startswith("{") and text.endswith("}"):
            inside = [one.strip() for one in text[1:-1].split(",")]
            size[code] = max(1, len(inside))
            for one in inside:
                members.setdefault(one, []).append(code)
    width = max((len(row) for row in rows), default=0) + 1
    width += max((len(found) for found in members.values()), default=0)
    anc = np.full((len(values), width), -1, dtype=np.int32)
    for code, value in enumerate(values):
        names: list[str | None] = [*leaf.get(value, ())] or [value]
        found = [place[one or None] for one in names if (one or None) in place and one != SUPPRESSED]
        found += members.get(value or "", [])
        unique = list(dict.fromkeys(found))
        anc[code, : len(unique)] = unique
    below: dict[str, int] = {}
    for row in rows:
        for one in dict.fromkeys(row):
            below[one] = below.get(one, 0) + 1
    for code, text in enumerate(labels):
        if text is not None and text in below:
            size[code] = below[text]
        if text == SUPPRESSED:
            size[code] = max(1, len(domain))
    return anc, size
