"""From noisy marginals to a distribution that has them, as nearly as may be. The table is not seen here.

On a tree the joint distribution is P(root) times P(child | parent) along the edges, so consistent marginals
of columns and edges are all it takes; there is no inference beyond making them agree:

- the total: the mean of all marginals' sums, weighted by the inverse of their variance;
- each column: its own marginal and those of its pairs, summed out, weighted in the same way, and brought to
  the nearest counts that are not negative and have that total (Duchi and others 2008);
- each pair: the nearest table in least squares with these two margins and without negative cells, by
  Dykstra's alternating projections; what they leave is shared so that the margins are met exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.privacy.synthetic.mst import Edge, Measured

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_STEPS = 400
_NEAR = 1e-6


@dataclass(frozen=True)
class Tree:
    """`one`: (size,) counts of each column, `two`: of each edge; they agree and are not negative. `order`:
    edges from the root on, as (parent, child)."""

    total: float
    one: "tuple[Floats, ...]"
    two: "dict[Edge, Floats]"
    order: tuple[Edge, ...]

    def pair(self, parent: int, child: int) -> "Floats":
        """The marginal with the parent's cells as rows."""
        return self.two[parent, child] if parent < child else self.two[child, parent].T


def fit(measured: Measured) -> Tree:
    """The tree of `measured`."""
    single = measured.costs.deviation(measured.costs.one_way) ** 2
    double = measured.costs.deviation(measured.costs.two_way) ** 2
    sums = [(float(one.sum()), single * one.size) for one in measured.one]
    sums += [(float(pair.sum()), double * pair.size) for pair in measured.two.values()]
    total = max(1.0, _weighed([np.array([value]) for value, _ in sums], [var for _, var in sums])[0])
    columns = []
    for place, one in enumerate(measured.one):
        views, variances = [one.astype(np.float64)], [single]
        for (first, second), pair in measured.two.items():
            if place in (first, second):
                along = 1 if place == first else 0
                views.append(pair.sum(axis=along).astype(np.float64))
                variances.append(double * pair.shape[along])
        columns.append(on_simplex(_weighed(views, variances), total))
    pairs = {
        edge: agreeing(pair.astype(np.float64), columns[edge[0]], columns[edge[1]])
        for edge, pair in measured.two.items()
    }
    return Tree(total, tuple(columns), pairs, _from_root(len(columns), list(measured.two)))


def _weighed(views: "Sequence[Floats]", variances: Sequence[float]) -> "Floats":
    weights = [1 / one for one in variances]
    found = sum((weight * view for weight, view in zip(weights, views, strict=True)), np.zeros(1))
    return np.asarray(found / sum(weights))


def on_simplex(values: "Floats", total: float) -> "Floats":
    """The nearest vector, in least squares, that is not negative and sums to `total`."""
    ordered = np.sort(values)[::-1]
    excess = (np.cumsum(ordered) - total) / np.arange(1, values.size + 1)
    last = int(np.flatnonzero(ordered > excess)[-1])
    return np.asarray(np.clip(values - excess[last], 0.0, None))


def agreeing(pair: "Floats", rows: "Floats", columns: "Floats") -> "Floats":
    """The nearest table to `pair` with these margins (of one total) and without negative cells."""
    high, wide = pair.shape
    found, kept = pair, np.zeros_like(pair)
    for _ in range(_STEPS):
        # onto the margins: what is missing in a row is shared by its cells, likewise columns
        row, column = rows - found.sum(axis=1), columns - found.sum(axis=0)
        exact = found + row[:, None] / wide + column[None, :] / high - row.sum() / (high * wide)
        positive = np.clip(exact + kept, 0.0, None)
        kept = exact + kept - positive
        moved, found = float(np.abs(positive - found).max()), positive
        off = max(np.abs(found.sum(axis=1) - rows).max(), np.abs(found.sum(axis=0) - columns).max())
        if moved < _NEAR and off < _NEAR:
            break
    return _on_margins(found, rows, columns)


def _on_margins(found: "Floats", rows: "Floats", columns: "Floats") -> "Floats":
    """`found` with exactly these margins, hardly changed where it nearly has them: what is too much is scaled
    down, what is missing is shared in proportion (Altschuler, Weed and Rigollet 2017, algorithm 2)."""
    found = found * np.minimum(1.0, _ratio(rows, found.sum(axis=1)))[:, None]
    found = found * np.minimum(1.0, _ratio(columns, found.sum(axis=0)))[None, :]
    row = np.clip(rows - found.sum(axis=1), 0.0, None)
    column = np.clip(columns - found.sum(axis=0), 0.0, None)
    left = float(row.sum())
    return np.asarray(found + np.outer(row, column) / left) if left > 0 else found


def _ratio(wanted: "Floats", have: "Floats") -> "Floats":
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def _from_root(columns: int, edges: list[Edge]) -> tuple[Edge, ...]:
    """Edges in the order of a walk from the first column."""
    reached, order, left = {0}, list[Edge](), list(edges)
    while left:
        found = next(edge for edge in left if (edge[0] in reached) != (edge[1] in reached))
        left.remove(found)
        parent, child = found if found[0] in reached else (found[1], found[0])
        reached.add(child)
        order.append((parent, child))
    if len(reached) != columns:
        raise ValueError("the edges do not reach all columns")
    return tuple(order)
