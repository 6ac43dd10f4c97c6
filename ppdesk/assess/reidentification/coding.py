"""Columns as codes, and records with the same values as one tuple with its count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.effort import Progress, no_progress
from ppdesk.assess.errors import NothingToCompareError

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.int32]
WILD = ("", "*")  # a missing value, and a suppressed one
_ROOM = 1 << 62  # keys stay below, so that they never wrap


@dataclass(frozen=True)
class Tuples:
    """The different combinations of values, and how many records have each.

    `codes` (columns, tuples) int32, `sizes` how many values each column has; `wild` (columns, tuples) bool:
    where the value is missing or suppressed; `counts` (tuples,) int64 records; `weights` (tuples,) float64:
    the sum of their survey weights, or None; `row` (rows,) int64: the tuple of each record that was kept.
    """

    names: tuple[str, ...]
    codes: Codes
    sizes: tuple[int, ...]
    wild: Bools
    counts: Counts
    row: Counts
    weights: Floats | None = None

    @property
    def records(self) -> int:
        return int(self.counts.sum())


def coded(
    columns: Sequence["pa.ChunkedArray"], progress: Progress = no_progress
) -> tuple[Codes, tuple[int, ...], Bools]:
    """(codes (columns, rows), how many values each column has, where they are wildcards) of columns of
    strings. A missing value counts as the empty string."""
    import pyarrow as pa

    rows = len(columns[0])
    codes, wild, sizes = (
        np.empty((len(columns), rows), np.int32),
        np.zeros((len(columns), rows), np.bool_),
        [],
    )
    for at, column in enumerate(columns):
        progress(at / len(columns), "Code the columns")
        text = column.cast(pa.string()).fill_null("").dictionary_encode().unify_dictionaries()
        values = text.chunk(0).dictionary.to_pylist() if text.num_chunks else []
        if rows:
            codes[at] = np.concatenate([one.indices.to_numpy() for one in text.chunks])
        found = [place for place, value in enumerate(values) if value in WILD]
        wild[at] = np.isin(codes[at], found)
        sizes.append(max(1, len(values)))
    return codes, tuple(sizes), wild


def grouped(codes: Codes, sizes: Sequence[int]) -> tuple[Counts, Counts]:
    """(group of each column of `codes`, (n,); a member of each group, (groups,)): equal groups, equal codes.
    Groups are in no order that means anything."""
    keys, space = np.zeros(codes.shape[1], np.int64), 1
    for one, size in zip(codes, sizes, strict=True):
        if space * size > _ROOM:
            found, keys = np.unique(keys, return_inverse=True)
            space = len(found)
        keys = keys * size + one
        space *= size
    _, first, groups = np.unique(keys, return_index=True, return_inverse=True)
    return groups.astype(np.int64), first.astype(np.int64)


def tuples(
    names: Sequence[str],
    coded: tuple[Codes, tuple[int, ...], Bools],
    keep: Bools | None = None,
    weights: Floats | None = None,
) -> Tuples:
    """The tuples of the records where `keep` is true, (rows,) bool. `weights` (rows,) float64.

    NothingToCompareError where no record is left.
    """
    codes, sizes, wild = coded
    if keep is not None and not keep.all():
        codes, wild = codes[:, keep], wild[:, keep]
        weights = None if weights is None else weights[keep]
    if not codes.shape[1]:
        raise NothingToCompareError(what="The table without its suppressed records")
    groups, first = grouped(codes, sizes)
    counts = np.bincount(groups, minlength=len(first)).astype(np.int64)
    summed = None if weights is None else np.bincount(groups, weights, len(first)).astype(np.float64)
    return Tuples(
        tuple(names), np.ascontiguousarray(codes[:, first]), sizes, wild[:, first], counts, groups, summed
    )
