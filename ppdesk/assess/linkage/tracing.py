"""Whose record is whose: a release has a random order, but what each record became follows from its table."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.attack import Truth
from ppdesk.assess.linkage.columns import Rows
from ppdesk.assess.rebuild import generalize, suppressed_rows

if TYPE_CHECKING:
    import pyarrow as pa


def trace(  # noqa: PLR0917 - what was made, and how
    original: "pa.Table",
    release: "pa.Table",
    hierarchies: Mapping[str, Rows],
    levels: Mapping[str, int],
    columns: Sequence[str],
    member: Counts,
    targets: Counts,
    tick: Callable[[float], None] = lambda _share: None,
) -> Truth | None:
    """The distinct released record, as `member` (records,) numbers them, that each of the original records
    `targets` (people,) became, and the chance that it was released at all.

    Every column is taken to its level (`levels`; 0 where there is none) and records are matched by all
    `columns`. Of records that then look alike, as many were released as are found. None where records of the
    release come from no original one: then it was not made in this way.
    """
    import pyarrow as pa

    made = np.zeros(original.num_rows, dtype=np.int64)
    shown = np.zeros(release.num_rows, dtype=np.int64)
    for place, name in enumerate(columns):
        tick(place / len(columns))
        text: pa.ChunkedArray | pa.Array = original.column(name)
        if levels.get(name, 0) > 0:
            text = generalize(original.column(name), hierarchies[name], levels[name])
        first, second = _codes(text, release.column(name))
        wide = int(max(first.max(initial=0), second.max(initial=0))) + 1
        joint = np.concatenate([made * wide + first, shown * wide + second])
        both = np.unique(joint, return_inverse=True)[1].astype(np.int64)
        made, shown = both[: made.size], both[made.size :]
    top = int(max(made.max(initial=-1), shown.max(initial=-1))) + 1
    before, after = np.bincount(made, minlength=top), np.bincount(shown, minlength=top)
    hidden = suppressed_rows(release, [name for name in columns if name in levels])
    if ((before < after)[shown] & ~hidden).any():
        return None  # more records than the table could give
    own = np.full(top, -1, dtype=np.int64)
    own[shown] = member
    with np.errstate(divide="ignore", invalid="ignore"):
        there: Floats = np.where(before > 0, np.minimum(1.0, after / np.maximum(before, 1)), 0.0)
    asked = made[targets]
    return Truth(np.where(there[asked] > 0, own[asked], -1), there[asked])


def _codes(
    first: "pa.ChunkedArray | pa.Array", second: "pa.ChunkedArray | pa.Array"
) -> tuple[Counts, Counts]:
    import pyarrow as pa
    import pyarrow.compute as pc

    def pieces(text: "pa.ChunkedArray | pa.Array") -> "list[pa.Array]":
        return list(text.chunks) if isinstance(text, pa.ChunkedArray) else [text]

    whole = pa.chunked_array([*pieces(first), *pieces(second)], pa.string())
    whole = pa.chunked_array([pc.fill_null(whole, "").combine_chunks()])
    coded = whole.dictionary_encode().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    every = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return every[: len(first)], every[len(first) :]
