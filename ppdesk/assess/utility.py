"""What a generalized and suppressed table kept of the original one.

Two distances for each column, both total variation (half the sum of absolute differences of shares):

- on the *generalized domain*: the original column taken to the release's generalization level against the
  records that were not suppressed. It shows what suppression bent; it is 0 for a column generalized to "*".
- on the *original values*: each generalized value spread evenly over the values it stands for, a suppressed
  record over all. It shows what someone who knows only the release and the hierarchies gets wrong.

The share of detail kept is the entropy of the generalized column over that of the original, the
non-uniform entropy idea of Gionis and Tassa (2009, IEEE TKDE 21) on marginals.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.rebuild import SUPPRESSED, Hierarchies, suppressed_rows
from ppdesk.assess.results import ColumnUtility, PairUtility, Utility

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_PAIRS = 10
_DENSE = 1_000_000  # cells up to which a two-way table is counted in full


def compare(
    original: "pa.Table",
    release: "pa.Table",
    hierarchies: Hierarchies,
    levels: Mapping[str, int],
    *,
    tick: Callable[[], None] = lambda: None,
) -> Utility:
    """Marginals and two-way tables of a release against the original.

    Both tables hold strings, one row per record (in any order). hierarchies: column -> rows of
    [value, level 1, ...]; levels: column -> level used. `tick` is called between pieces of work and may
    raise to stop. Raises NothingToCompareError where either is empty or everything was suppressed.
    """
    if original.num_rows == 0 or release.num_rows == 0:
        raise NothingToCompareError(what="The table" if original.num_rows == 0 else "The release")
    kept = ~suppressed_rows(release, list(levels))
    if all(row[level] == SUPPRESSED for name, level in levels.items() for row in hierarchies[name]):
        kept[:] = True  # everything was generalized away, so "*" is no mark of a suppressed record
    if not kept.any():
        raise NothingToCompareError(what="The release without its suppressed records")
    before: dict[str, Counts] = {}
    after: dict[str, Counts] = {}
    columns = []
    for name in release.column_names:
        tick()
        rows = hierarchies[name] if name in levels else None
        labels = [row[levels[name]] for row in rows] if rows else None
        before[name], released = _coded(original.column(name), release.column(name), rows, labels)
        after[name] = released[kept]
        spread, detail = (
            _spread(original.column(name), release.column(name), rows, levels[name]) if rows else (None, 1.0)
        )
        distance = _distance(before[name], after[name])
        columns.append(
            ColumnUtility(
                column=name,
                level=levels.get(name),
                generalized=distance,
                spread=distance if spread is None else spread,
                detail=detail,
            )
        )
    pairs = []
    for first, second in combinations(release.column_names, 2):
        tick()
        width = 1 + max(int(before[second].max()), int(after[second].max()))
        joint = (before[first] * width + before[second], after[first] * width + after[second])
        pairs.append(PairUtility((first, second), _distance(*joint)))
    worst = sorted(pairs, key=lambda pair: (-pair.distance, pair.columns))[:SHOWN_PAIRS]
    mean = sum(pair.distance for pair in pairs) / len(pairs) if pairs else 0.0
    return Utility(
        rows=release.num_rows,
        suppressed=int((~kept).sum()),
        columns=columns,
        pairs=worst,
        pair_mean=round(mean, 6),
        pair_count=len(pairs),
    )


def _coded(
    original: "pa.ChunkedArray",
    release: "pa.ChunkedArray",
    rows: Sequence[Sequence[str]] | None,
    labels: Sequence[str] | None,
) -> tuple[Counts, Counts]:
    """Codes of both columns over one list of values; the last code is "none of them"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if rows is not None and labels is not None:
        level_labels = pa.array(dict.fromkeys(labels), pa.string())
        leaves = pa.array([row[0] for row in rows], pa.string())
        taken = pa.array(labels, pa.string()).take(pc.index_in(original.fill_null(""), value_set=leaves))
        return _codes(taken, level_labels), _codes(release, level_labels)
    values = pc.unique(pa.chunked_array([*original.chunks, *release.chunks], pa.string())).drop_null()
    return _codes(original, values), _codes(release, values)


def _codes(column: "pa.ChunkedArray | pa.Array", values: "pa.Array") -> Counts:
    import pyarrow.compute as pc

    found = pc.fill_null(pc.index_in(column, value_set=values), len(values))
    codes: Counts = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _distance(before: Counts, after: Counts) -> float:
    """Total variation of two lists of codes."""
    top = 1 + max(int(before.max()), int(after.max()))
    if top > _DENSE:
        _, both = np.unique(np.concatenate([before, after]), return_inverse=True)
        before, after = both[: before.size], both[before.size :]
        top = 1 + int(both.max())
    p = np.bincount(before, minlength=top) / before.size
    q = np.bincount(after, minlength=top) / after.size
    return round(float(np.abs(p - q).sum() / 2), 6)


def _spread(
    original: "pa.ChunkedArray", release: "pa.ChunkedArray", rows: Sequence[Sequence[str]], level: int
) -> tuple[float, float]:
    """(total variation on the original values, share of entropy kept)."""
    import pyarrow as pa

    leaves = pa.array([row[0] for row in rows], pa.string())
    names = list(dict.fromkeys(row[level] for row in rows))
    place = {name: number for number, name in enumerate(names)}
    member = np.array([place[row[level]] for row in rows])
    own = np.bincount(_codes(original.fill_null(""), leaves), minlength=len(leaves) + 1).astype(np.float64)
    seen = np.bincount(_codes(release, pa.array(names, pa.string())), minlength=len(names) + 1)
    size = np.bincount(member, minlength=len(names))
    # what is not a value of this level is a suppressed record: it may be anything
    guess = (seen[:-1] / size)[member] + seen[-1] / len(leaves)
    p, q = own[:-1] / max(1.0, own.sum()), guess / max(1, int(seen.sum()))
    distance = float(np.abs(p - q).sum() / 2)
    full = _entropy(own[:-1])
    coarse = _entropy(np.bincount(member, weights=own[:-1], minlength=len(names)).astype(np.float64))
    return round(distance, 6), round(max(0.0, coarse / full), 6) if full > 0 else 1.0


def _entropy(weights: Floats) -> float:
    shares = weights[weights > 0] / weights.sum()
    return float((shares * -np.log2(shares)).sum())
