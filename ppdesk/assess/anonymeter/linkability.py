"""Linkability: whether a published table connects two files about the same people.

Attacker: has the published table and two files about the targets, one with the columns `first`, one with
`second`. Takes two of their records for the same person where the closest published records of both, by
Gower's similarity, are the same one.
Success: a target whose two halves meet in at least one of the `count` closest published records.
Statistic: Wilson's rate over the targets, beside the naive attack (random published records for both halves)
and the control attack (targets that the publisher never used); the risk is the residual of the two.
Power: see `risk.smallest_residual`. What it cannot see: whether a link is made by mistake between two
different people; and links by other columns.

As `LinkabilityEvaluator` of Anonymeter 1.1.0. Of equally close records, which are many where columns have few
values, the sorting there takes whichever it leaves in front; here one is taken by chance. An attacker who
takes the first in the same order for both halves may link twice as many.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ppdesk.assess.anonymeter import neighbours
from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.anonymeter.told import risk_of
from ppdesk.assess.linkage.columns import Column


def attack(  # noqa: PLR0917 - what the attacker has
    first: Sequence[Column],
    second: Sequence[Column],
    attacks: int,
    count: int,
    source: np.random.Generator,
    tick: Callable[[float], None],
) -> Risk:
    """Link the halves of `attacks` people. People's table 0 holds the records used for the publication,
    table 1, where there is one, the control."""
    people, records = first[0].people, first[0].label.size
    count = min(count, records)
    size = min(attacks, people[0].size)
    naive = _by_chance(records, size, count, source)
    main = _linked((first, second), 0, size, count, source, lambda share: tick(share / 2))
    control, controls = None, 0
    if len(people) > 1 and people[1].size:
        controls = min(attacks, people[1].size)
        control = _linked((first, second), 1, controls, count, source, lambda share: tick(0.5 + share / 2))
    return risk_of("linkability", "", (size, size, controls), main=main, naive=naive, control=control)


def _by_chance(records: int, size: int, count: int, source: np.random.Generator) -> int:
    """Of `size` pairs of `count` random records each, how many share one."""
    from scipy.stats import hypergeom

    none = float(hypergeom.pmf(0, records, count, count))
    return int(source.binomial(size, 1 - none))


def _linked(  # noqa: PLR0917 - what the attacker has
    halves: tuple[Sequence[Column], Sequence[Column]],
    side: int,
    size: int,
    count: int,
    source: np.random.Generator,
    tick: Callable[[float], None],
) -> int:
    one = halves[0][0]
    targets = source.permutation(one.people[side].size)[:size].astype(np.int64)
    first, second = (
        neighbours.nearest(
            neighbours.prepare(half, side, targets),
            count,
            source,
            lambda share, at=at: tick((at + share) / 2),  # type: ignore[misc]
        )
        for at, half in enumerate(halves)
    )
    return int((first[:, :, None] == second[:, None, :]).any(axis=(1, 2)).sum())
