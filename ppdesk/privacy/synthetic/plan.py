"""What the measurements of a synthetic table cost, from declarations alone.

Pure epsilon (delta 0) or zCDP (delta above 0). As in McKenna, Miklau and Sheldon 2021 the cost is parted in
three: one-way marginals, the choice of pairs, two-way marginals; in each it is shared evenly. Where the pairs
are named beforehand nothing is chosen, and there are two parts. Shares add up
by basic composition (pure) or by the sum of rhos (zCDP; Bun and Steinke 2016, lemma 1.7).

Neighbours: at most g records out and g in (see `statistics.plan`). A record lies in one cell of a marginal,
so its L1 distance is at most 2 g. In L2 the worst is all g leaving one cell and entering another: the square
is 2 g^2. A marginal's L1 distance from public numbers moves by 2 g at most: the sensitivity of a score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.privacy.conversions import rho_of
from ppdesk.privacy.errors import TooManyCellsError, UndeclaredDomainError
from ppdesk.privacy.scales import gaussian_scale, laplace_scale, share

MOST_CELLS = 250_000  # of one pair
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Costs:
    """What each measurement may spend: epsilon, or rho where `concentrated`."""

    concentrated: bool
    one_way: float  # of each column
    choice: float  # of each edge of the tree; 0 where nothing is chosen
    two_way: float
    group: int

    @property
    def linear(self) -> int:
        """L1 sensitivity of a marginal, and of a score."""
        return 2 * self.group

    @property
    def squared(self) -> int:
        """The square of the L2 sensitivity of a marginal."""
        return 2 * self.group**2

    def deviation(self, cost: float) -> float:
        """The standard deviation of the noise in each cell of a marginal."""
        if self.concentrated:
            return gaussian_scale(self.squared, cost)
        return laplace_scale(self.linear, cost) * math.sqrt(2)


def costs(columns: int, epsilon: float, delta: float, group: int, *, chosen: bool = True) -> Costs:
    """The shares for so many columns, at least 1. With one column there are no pairs, and it gets all.
    `chosen`: the pairs are, by looking at the table."""
    edges = columns - 1
    whole = rho_of(epsilon, delta) if delta > 0 else epsilon
    part = share(whole, 1, 3 if chosen else 2) if edges else whole
    return Costs(
        concentrated=delta > 0,
        one_way=share(part, 1, columns),
        choice=share(part, 1, max(1, edges)) if chosen else 0.0,
        two_way=share(part, 1, max(1, edges)),
        group=group,
    )


def spent(found: Costs, columns: int) -> float:
    """All of it, epsilon or rho."""
    return columns * found.one_way + (columns - 1) * (found.choice + found.two_way)


def sized(names: Sequence[str], sizes: Sequence[int]) -> None:
    """UndeclaredDomainError or TooManyCellsError where the columns cannot be modelled."""
    if not names:
        raise UndeclaredDomainError(column="(none)", reason="there is no column with a declared domain")
    if len(names) > MOST_COLUMNS:
        raise TooManyCellsError(what="The table of columns", cells=f"{len(names):,}", most=f"{MOST_COLUMNS}")
    largest = sorted(sizes)[-2:]
    if math.prod(largest) > MOST_CELLS:
        raise TooManyCellsError(
            what="A pair of columns", cells=f"{math.prod(largest):,}", most=f"{MOST_CELLS:,}"
        )
