"""How models on sensitive attributes join the compiled search: dense histograms, one judge for all models.

The compiled search (`exploring.run`) is one kernel. It takes `Needs`, a tuple of arrays that always have the
same types, whatever the models, so that numba compiles it once. Where no model is asked, `cells` has no
column, and nothing here is called.

* `Needs.cells` (groups, width) int32: how many records of each group of the frequency set have each sensitive
  value; the values of all attributes side by side. The search adds up rows of it when it merges groups, and
  keeps the sums beside its class tables. `dense(needs, groups)` makes it, or gives None where it would be too
  large; the search then takes the checker in Python.
* `judge_classes(cells, classes, sums, hidden, floor, limit, k, needs)`: `cells` (classes, width) int32;
  `sums` (classes,) int64 records; `hidden` (classes,) bool, to be changed: True on entry for classes below k,
  which are in `floor` already. Marks what violates a model. Returns the records that this and any finer
  transformation suppresses at least; may stop early, with classes left unmarked, once that passes `limit`.
  It allocates nothing per class. Only the first `classes` rows of the arrays hold classes.

Merge rows late. Measured on Adult at limit .02: 318 of 324 checks suppress too much by k alone and are never
judged. So the search groups and sums first; only where the k part is within what may be suppressed it adds up
rows (`add_rows`) and judges. Kept class tables need no rows until one is wanted: where the nearest table has
none, group again from the nearest that has (the frequency set always has).
`limit` should be the least that matters: the smaller of the limit and what the best score allows. It stops
earlier then, and a returned floor above it is as good as one above the limit.

Further fields of Needs (rules as flat arrays) are this module's own affair: the search only hands
the tuple through. Field `lasting` says that what is suppressed stays so in finer transformations (distinct
l-diversity, as k-anonymity itself).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria import distances, diversity, likeness, rules
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.core.compiling import compiled

_WIDEST = 128  # values of all attributes together
_MOST_CELLS = 1 << 24  # 64 MiB


class Needs(NamedTuple):
    """Models on sensitive attributes, for kernels. Rules lie in flat arrays: `where` says where each part of
    a rule begins (and the next one's), in `whole` or, the last three, in `real`."""

    cells: NDArray[np.int32]
    lasting: bool
    numbers: NDArray[np.int64]  # (rules, 10) kind, first column, columns, l, num, den of both, plain, records
    limits: NDArray[np.float64]  # (rules, 3) the real of both, excess
    where: NDArray[np.int64]  # (rules, 13, 2)
    whole: NDArray[np.int64]
    real: NDArray[np.float64]


def dense(needs: Requirements, groups: int) -> Needs | None:
    """`needs` for kernels, on a frequency set of so many groups; None where they cannot be had densely."""
    at = np.cumsum([0, *(len(one.labels) for one in needs.attributes)])
    width = int(at[-1])
    if width > _WIDEST or width * groups > _MOST_CELLS:
        return None
    cells = np.zeros((groups, width), np.int32)
    for one, begin in zip(needs.attributes, at.tolist(), strict=False):
        held = one.histogram
        cells[np.repeat(np.arange(groups), np.diff(held.start)), begin + held.values] = held.counts
    numbers, limits = [], []
    where: list[tuple[int, int]] = []
    whole: list[NDArray[Any]] = [np.zeros(0, np.int64)]
    real: list[NDArray[Any]] = [np.zeros(0, np.float64)]
    for need in needs.each:
        rule = need.rule
        mixture, shares = rule.mixture, rule.shares
        numbers.append(
            (rule.kind, at[need.attribute], at[need.attribute + 1], mixture.l, mixture.num, mixture.den,
             shares.num, shares.den, shares.plain, shares.records)
        )  # fmt: skip
        limits.append((mixture.real, shares.real, shares.excess))
        where.extend(_append(whole, part) for part in (shares.totals, *rule.row, *rule.tree, shares.far))
        where.extend(_append(real, part) for part in (mixture.table, shares.caps, shares.own))
    return Needs(
        cells=cells,
        lasting=all(need.rule.kind == rules.DISTINCT for need in needs.each),
        numbers=np.array(numbers, np.int64).reshape(-1, 10),
        limits=np.array(limits, np.float64).reshape(-1, 3),
        where=np.array(where, np.int64).reshape(-1, 13, 2),
        whole=np.concatenate(whole).astype(np.int64),
        real=np.concatenate(real).astype(np.float64),
    )


def _append(flat: list[NDArray[Any]], part: NDArray[Any]) -> tuple[int, int]:
    """Where the part lies that is added."""
    begin = sum(map(len, flat))
    flat.append(part)
    return begin, begin + len(part)


@compiled
def _whole(needs: Any, r: int, part: int) -> Any:
    return needs.whole[needs.where[r, part, 0] : needs.where[r, part, 1]]


@compiled
def _real(needs: Any, r: int, part: int) -> Any:
    return needs.real[needs.where[r, part, 0] : needs.where[r, part, 1]]


@compiled
def _rule(needs: Any, r: int) -> Any:
    """The rule at place r, as views of the flat arrays."""
    numbers, limits = needs.numbers[r], needs.limits[r]
    mixture = diversity.Mixture(numbers[3], numbers[4], numbers[5], limits[0], _real(needs, r, 10))
    shares = likeness.Shares(
        numbers[9], _whole(needs, r, 0), numbers[6], numbers[7], numbers[8] != 0, limits[1], limits[2],
        _real(needs, r, 11), _real(needs, r, 12), _whole(needs, r, 9),
    )  # fmt: skip
    row = distances.Row(_whole(needs, r, 1), _whole(needs, r, 2), _whole(needs, r, 3), _whole(needs, r, 4))
    tree = distances.Tree(_whole(needs, r, 5), _whole(needs, r, 6), _whole(needs, r, 7), _whole(needs, r, 8))
    return rules.Rule(numbers[0], mixture, shares, row, tree)


@compiled
def add_rows(rows: Any, ids: Any, out: Any) -> None:
    """Add row i of `rows` (groups, width) to row ids[i] of `out` (classes, width), both int32."""
    for i in range(ids.shape[0]):
        c = ids[i]
        for v in range(rows.shape[1]):
            out[c, v] += rows[i, v]


@compiled
def judge_classes(  # noqa: PLR0917 - the search's arrays as they lie
    cells: Any, classes: int, sums: Any, hidden: Any, floor: int, limit: int, k: int, needs: Any,
) -> Any:  # fmt: skip
    """Mark what violates a model; see the module's head."""
    if floor > limit or needs.numbers.shape[0] == 0:
        return floor
    floors = np.zeros(classes, np.int64)
    for c in range(classes):
        if hidden[c]:
            floors[c] = sums[c]
    nowhere, nothing = np.zeros(0, np.int64), np.zeros(0, np.int32)
    total = np.int64(floor)
    for r in range(needs.numbers.shape[0]):
        begin, end = needs.numbers[r, 1], needs.numbers[r, 2]
        source = (nowhere, nothing, nowhere, cells[:classes, begin:end])
        total = rules.judge_all(source, (sums[:classes], hidden[:classes], floors), _rule(needs, r), k, limit)
        if total > limit:
            break
    return total
