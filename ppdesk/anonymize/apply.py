"""Write the generalized table: map values, suppress small classes, drop columns, break the order.

The order of records can identify people (the file is often sorted by admission, or by name), so the
release has an order of its own, drawn from the run's randomness and independent of the input's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import TOP, Hierarchy
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.criteria.make import Requirements


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
) -> Applied:
    """Generalize the columns of `hierarchies` to `levels`, as one class each.

    In classes below `k`, or against one of `needs`, every one of these columns becomes "*". Columns in `drop`
    are left out, all others are kept as they are. `frequencies` must be the frequency set of `table` under
    `hierarchies`, in the same order.
    """
    import pyarrow as pa

    from ppdesk.anonymize.criteria.judging import hidden_classes
    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.grouping import number, pack

    keys, space = pack(frequencies.codes, frequencies.maps.at(np.asarray(levels, np.int64)))
    classes, first = number(keys, space)
    sizes = np.bincount(classes, weights=frequencies.counts, minlength=len(first)).astype(np.int64)
    order = random_order(table.num_rows, entropy)
    groups = frequencies.row_groups[order]
    unfit, worst = hidden_classes(classes, sizes, k, needs or Requirements())
    hidden = unfit[classes][groups]
    codes = {one.column: (one, index) for index, one in enumerate(hierarchies)}
    columns = {}
    for name in table.column_names:
        if name in drop:
            continue
        if name not in codes:
            columns[name] = table.column(name).take(pa.array(order))
            continue
        hierarchy, index = codes[name]
        labels = [*hierarchy.labels[levels[index]], TOP]
        label_of = hierarchy.codes[levels[index]][frequencies.leaves(index)]
        chosen = np.where(hidden, np.int32(len(labels) - 1), label_of[groups])
        coded = pa.DictionaryArray.from_arrays(pa.array(chosen), pa.array(labels, pa.string()))
        columns[name] = coded.cast(pa.string())
    return Applied(
        table=pa.table(columns),
        before=frequencies.counts,
        after=sizes[~unfit],
        suppressed=int(sizes[unfit].sum()),
        worst=worst,
    )


def random_order(count: int, entropy: Entropy) -> NDArray[np.int64]:
    """(count,) int64: a uniformly random permutation, by sorting a random 64-bit key per record."""
    keys = np.frombuffer(entropy.take(8 * count), np.uint64)
    return np.argsort(keys, kind="stable").astype(np.int64)
