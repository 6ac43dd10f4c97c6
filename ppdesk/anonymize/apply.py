"""Write the generalized table: map values, suppress small classes, drop columns, break the order.

The order of records can identify people (the file is often sorted by admission, or by name), so the
release has an order of its own, drawn from the run's randomness and independent of the input's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.arrays import coded, numbers, texts
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import TOP, Hierarchy
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.populations.judging import Populations

_AT_ONCE = 1 << 20  # records of a piece


@dataclass(frozen=True)
class Applied:
    """`table` holds strings, in a random order. `before` and `after` are class sizes, (classes,) int64:
    of the distinct input tuples, and of the kept classes. `suppressed` counts records. `worst` has, per
    requirement, the worst that a kept class has of the model's quantity (NaN where none is kept)."""

    table: "pa.Table"
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    suppressed: int
    worst: tuple[float, ...] = ()


@dataclass(frozen=True)
class Classes:
    """What a transformation makes of a frequency set: `of` (groups,) int32, the class of each group; `first`
    (classes,) int32, a group of it; `sizes` (classes,) int64, its records; `hidden` (classes,) bool, whether
    it is suppressed."""

    of: NDArray[np.int32]
    first: NDArray[np.int32]
    sizes: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    worst: tuple[float, ...] = ()


def classes(
    frequencies: FrequencySet,
    levels: Sequence[int],
    k: int,
    needs: "Requirements | None" = None,
    populations: "Populations | None" = None,
) -> Classes:
    """The classes at `levels`. Those below `k`, against one of `needs` or for `populations` are hidden."""
    from ppdesk.anonymize.criteria.judging import hidden_classes
    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.grouping import number, pack

    keys, space = pack(frequencies.codes, frequencies.maps.at(np.asarray(levels, np.int64)))
    of, first = number(keys, space)
    sizes = np.bincount(of, weights=frequencies.counts, minlength=len(first)).astype(np.int64)
    hidden, worst = hidden_classes(of, sizes, k, needs or Requirements())
    if populations is not None:
        hidden = populations.hidden(levels, frequencies.codes[:, first], sizes, hidden, k=k)
    return Classes(of, first, sizes, hidden, worst)


def apply(
    table: "pa.Table",
    hierarchies: Sequence[Hierarchy],
    frequencies: FrequencySet,
    levels: Sequence[int],
    k: int,
    *,
    drop: Sequence[str],
    entropy: Entropy,
    needs: "Requirements | None" = None,
    populations: "Populations | None" = None,
) -> Applied:
    """Generalize the columns of `hierarchies` to `levels`, as one class each.

    In classes below `k`, against one of `needs` or for `populations`, every one of these columns becomes "*".
    Columns in `drop` are left out, all others are kept as they are. `frequencies` must be the frequency set
    of `table` under `hierarchies`, in the same order.
    """
    import pyarrow as pa

    found = classes(frequencies, levels, k, needs, populations)
    names = [name for name in table.column_names if name not in drop]
    parts = list(
        generalized(found, levels, hierarchies, frequencies, rest=table, names=names, entropy=entropy)
    )
    return Applied(
        table=pa.concat_tables(parts),
        before=frequencies.counts,
        after=found.sizes[~found.hidden],
        suppressed=int(found.sizes[found.hidden].sum()),
        worst=found.worst,
    )


def generalized(
    found: Classes,
    levels: Sequence[int],
    hierarchies: Sequence[Hierarchy],
    frequencies: FrequencySet,
    *,
    rest: "pa.Table",
    names: Sequence[str],
    entropy: Entropy,
) -> "Iterator[pa.Table]":
    """The release piece by piece, all of it in one random order. Columns `names`, strings: generalized where
    there is a hierarchy, else as in `rest`, which needs no others."""
    import pyarrow as pa

    order = random_order(frequencies.records, entropy)
    columns = {
        one.column: _Column(one, frequencies, level, index)
        for index, (one, level) in enumerate(zip(hierarchies, levels, strict=True))
    }
    kept = rest.select([name for name in names if name not in columns]).combine_chunks()
    for start in range(0, len(order), _AT_ONCE):
        rows = order[start : start + _AT_ONCE]
        groups = frequencies.row_groups[rows]
        hidden = found.hidden[found.of[groups]]
        others = kept.take(numbers(rows)) if kept.num_columns else kept
        yield pa.table(
            {
                name: columns[name].at(groups, hidden)
                if name in columns
                else others.column(name).cast(pa.string())
                for name in names
            }
        )


class _Column:
    """A generalized column: from groups to labels."""

    def __init__(self, hierarchy: Hierarchy, frequencies: FrequencySet, level: int, index: int) -> None:
        maps = frequencies.maps
        block = maps.block(index)
        labels = hierarchy.labels[level]
        self._codes = frequencies.codes[block]
        self._star = np.int32(len(labels))
        self._labels = texts([*labels, TOP])
        leaves = np.arange(maps.finest.sizes[block]) // maps.inner[index] % maps.domain[index]
        self._label_of = hierarchy.codes[level][leaves]  # of each code of the block

    def at(self, groups: NDArray[np.int32], hidden: NDArray[np.bool_]) -> "pa.Array":
        """The values of records of these groups. Those hidden are "*"."""
        import pyarrow as pa

        chosen = np.where(hidden, self._star, self._label_of[self._codes[groups]])
        return coded(chosen, self._labels).cast(pa.string())


def random_order(count: int, entropy: Entropy) -> NDArray[np.int64]:
    """(count,) int64: a uniformly random permutation, by sorting a random 64-bit key per record."""
    keys = np.frombuffer(entropy.take(8 * count), np.uint64)
    return np.argsort(keys)
