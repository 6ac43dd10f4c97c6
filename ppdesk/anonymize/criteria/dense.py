"""How models on sensitive attributes join the compiled search: dense histograms, one judge for all models.

The compiled search (`exploring.run`) is one kernel. It takes `Needs`, a tuple of arrays that always have the
same types, whatever the models, so that numba compiles it once. Where no model is asked, `cells` has no
column, and nothing here is called.

* `Needs.cells` (groups, width) int32: how many records of each group of the frequency set have each sensitive
  value; the values of all attributes side by side. The search adds up rows of it when it merges groups, and
  keeps the sums beside its class tables. `dense(needs, groups)` makes it, or gives None where it would be too
  large; the search then takes the checker in Python.
* `judge_classes(cells, classes, sums, hidden, floor, limit, k, needs)`: `cells` (classes, width) int32; `sums`
  (classes,) int64 records; `hidden` (classes,) bool, to be changed: True on entry for classes below k, which
  are in `floor` already. Marks what violates a model. Returns the records that this and any finer
  transformation suppresses at least; may stop early, with classes left unmarked, once that passes `limit`.
  It allocates nothing per class. Only the first `classes` rows of the arrays hold classes.

Merge rows late. Measured on Adult at limit .02: 318 of 324 checks suppress too much by k alone and are never
judged. So the search groups and sums first; only where the k part is within what may be suppressed it adds up
rows (`add_rows`) and judges. Kept class tables need no rows until one is wanted: where the nearest table has
none, group again from the nearest that has (the frequency set always has).
`limit` should be the least that matters: the smaller of the limit and what the best score allows. It stops
earlier then, and a returned floor above it is as good as one above the limit.

Further fields of Needs (rules as flat arrays, scratch) are this module's own affair: the search only hands
the tuple through. Field `lasting` says that what is suppressed stays so in finer transformations (distinct
l-diversity, as k-anonymity itself).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.criteria.make import Requirements


class Needs(NamedTuple):
    """Models on sensitive attributes, for kernels."""

    cells: NDArray[np.int32]
    lasting: bool


def dense(needs: Requirements, groups: int) -> Needs | None:
    """`needs` for kernels, on a frequency set of so many groups; None where they cannot be had densely."""
    if needs.each:
        return None
    return Needs(np.zeros((groups, 0), np.int32), True)


@compiled
def add_rows(rows: Any, ids: Any, out: Any) -> None:
    """Add row i of `rows` (groups, width) to row ids[i] of `out` (classes, width), both int32."""
    for i in range(ids.shape[0]):
        c = ids[i]
        for v in range(rows.shape[1]):
            out[c, v] += rows[i, v]


@compiled
def judge_classes(
    cells: Any, classes: int, sums: Any, hidden: Any, floor: int, limit: int, k: int, needs: Any,  # noqa: ARG001
) -> int:  # fmt: skip
    """Mark what violates a model; see the module's head."""
    return floor
