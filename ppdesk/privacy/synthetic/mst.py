"""MST (McKenna, Miklau and Sheldon 2021, "Winning the NIST Contest"): what is measured of the table.

1. Every one-way marginal, with noise.
2. d - 1 pairs that connect all columns, where none are named beforehand: one after the other, among the pairs
   that would not close a circle, the one with the highest score, by the exponential mechanism. A pair's score
   is how far its marginal is, in L1, from what the noisy one-way marginals say if the two columns were
   independent.
3. The marginals of these pairs, with noise.

Privacy: steps 1 to 3 are adaptively composed mechanisms at the shares of `plan.costs`; in each the noise is
made for the sensitivity that stands there. What follows (`tree`, `sample`) sees nothing else of the table.
Not as in the paper: values that are rare in step 1 are not merged; columns of many categories cost accuracy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.privacy.noise import Noise
from ppdesk.privacy.synthetic.plan import Costs, costs

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

Edge = tuple[int, int]


@dataclass(frozen=True)
class Measured:
    """Noisy marginals. `one`: of each column, (size,); `two`: of each edge (i, j) with i < j,
    (size i, size j)."""

    sizes: tuple[int, ...]
    one: "tuple[Whole, ...]"
    two: "dict[Edge, Whole]"
    costs: Costs


def one_way(codes: "Sequence[Whole]", sizes: Sequence[int]) -> "list[Whole]":
    """Exact one-way marginals."""
    return [np.bincount(one, minlength=size).astype(np.int64) for one, size in zip(codes, sizes, strict=True)]


def two_way(codes: "Sequence[Whole]", sizes: Sequence[int], edge: Edge) -> "Whole":
    """The exact marginal of a pair, (size i, size j)."""
    i, j = edge
    flat = np.bincount(codes[i] * sizes[j] + codes[j], minlength=sizes[i] * sizes[j])
    return flat.reshape(sizes[i], sizes[j]).astype(np.int64)


def score(pair: "Whole", first: "Whole", second: "Whole") -> int:
    """L1 distance of a pair's exact marginal from independence, of public `first` and `second`: whole."""
    left, right = np.clip(first, 0, None), np.clip(second, 0, None)
    total = max(1.0, (left.sum() + right.sum()) / 2)
    chances = np.outer(left / max(1, left.sum()), right / max(1, right.sum()))
    return int(np.abs(pair - np.rint(total * chances).astype(np.int64)).sum())


def measure(
    codes: "Sequence[Whole]",
    sizes: Sequence[int],
    noise: Noise,
    *,
    epsilon: float,
    delta: float,
    group: int,
    centre: int | None = None,
    tick: Callable[[float], None] = lambda _: None,
) -> Measured:
    """Measure `codes`, per column (n,) int64 in 0..size - 1: (epsilon, delta)-DP for units of `group`
    records.

    `centre`: the pairs are those of this column with each other one. `tick` is called with the share done,
    and may raise to stop.
    """
    shares = costs(len(sizes), epsilon, delta, group, chosen=centre is None)

    def noisy(exact: "Whole", cost: float) -> "Whole":
        flat = np.ascontiguousarray(exact.ravel())
        if shares.concentrated:
            return noise.gaussian(flat, shares.squared, cost).reshape(exact.shape)
        return noise.laplace(flat, shares.linear, cost).reshape(exact.shape)

    singles = tuple(noisy(exact, shares.one_way) for exact in one_way(codes, sizes))
    tick(0.1)
    pairs = list(combinations(range(len(sizes)), 2))
    if centre is None:
        scores = {}
        for place, edge in enumerate(pairs):
            scores[edge] = score(two_way(codes, sizes, edge), singles[edge[0]], singles[edge[1]])
            tick(0.1 + 0.6 * place / len(pairs))
        edges = _tree(len(sizes), scores, noise, shares)
    else:
        edges = [edge for edge in pairs if centre in edge]
    doubles = {edge: noisy(two_way(codes, sizes, edge), shares.two_way) for edge in edges}
    tick(1.0)
    return Measured(tuple(sizes), singles, doubles, shares)


def _tree(columns: int, scores: dict[Edge, int], noise: Noise, shares: Costs) -> list[Edge]:
    """A spanning tree, its edges chosen one by one."""
    part = list(range(columns))  # which connected part each column is in
    edges = []
    while len(set(part)) > 1:
        open_pairs = [edge for edge in scores if part[edge[0]] != part[edge[1]]]
        values = np.array([scores[edge] for edge in open_pairs], dtype=np.int64)
        choose = noise.highest_concentrated if shares.concentrated else noise.highest
        chosen = open_pairs[choose(values, shares.linear, shares.choice)]
        edges.append(chosen)
        old, new = part[chosen[0]], part[chosen[1]]
        part = [new if one == old else one for one in part]
    return edges
