"""Rows before and after, side by side: what generalization makes of each, and how many look like it.

Reads a table that somebody is looking at. In Arrow alone, as it works where no engine is loaded.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 300  # rows that are compared


@dataclass(frozen=True)
class Pair:
    """One row, from 1: its quasi-identifiers before and after, and how many records of the table look like
    it before and after."""

    row: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    was: int
    becomes: int


@dataclass(frozen=True)
class Compared:
    """`columns` are the quasi-identifiers; classes of fewer than `k` records are suppressed."""

    columns: tuple[str, ...]
    k: int
    pairs: tuple[Pair, ...]


def compare(
    rows: "pa.Table", hierarchies: bytes, levels: Mapping[str, int], k: int, most: int = MOST
) -> Compared:
    """The first `most` of `rows` (strings) at `levels` of `hierarchies`, the part of that name."""
    loaded: Mapping[str, Sequence[Sequence[str]]] = json.loads(hierarchies)
    names = [name for name in rows.column_names if name in levels and name in loaded]
    before, after = [], []
    for name in names:
        values, codes = _coded(rows[name])
        upper = {leaf[0]: leaf[levels[name]] for leaf in loaded[name]}
        labels = [upper.get(value, value) for value in values]
        place = {label: at for at, label in enumerate(dict.fromkeys(labels))}
        before.append((values, codes, codes))
        after.append((labels, codes, _taken([place[label] for label in labels], codes)))
    count = min(most, rows.num_rows)
    was, becomes = _sizes(before, count), _sizes(after, count)
    told = [
        Pair(
            at + 1,
            tuple(values[codes[at].as_py()] for values, codes, _ in before),
            tuple(labels[codes[at].as_py()] for labels, codes, _ in after),
            was[at],
            becomes[at],
        )
        for at in range(count)
    ]
    return Compared(tuple(names), k, tuple(told))


def _coded(column: "pa.ChunkedArray") -> "tuple[list[str], Any]":
    """(distinct values, the place of each row's value among them); a missing value is an empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pc.fill_null(column, "").combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    coded = whole.dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices


def _taken(places: Sequence[int], codes: Any) -> Any:
    import pyarrow as pa

    return pa.array(places, pa.int32()).take(codes)


def _sizes(columns: Sequence[tuple[Sequence[str], Any, Any]], count: int) -> list[int]:
    """How many rows are like each of the first `count` in all columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not columns or not count:
        return [0] * count
    key: Any = None
    for _, _, places in columns:
        one = pc.cast(places, pa.int64())
        if key is not None:  # numbered anew with each column, so that it never grows beyond the rows
            one = pc.add(pc.multiply(key, pc.add(pc.max(one), 1)), one)
        key = pc.cast(one.dictionary_encode().indices, pa.int64())
    counted = pc.value_counts(key)
    sizes = dict(zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True))
    return [sizes[one] for one in key.slice(0, count).to_pylist()]
