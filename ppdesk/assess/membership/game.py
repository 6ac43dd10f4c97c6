"""The game: which records are told apart, and which the shadow models are trained on.

A unit is what membership is asked of: a record, or a person with all her records. The model was trained on
some units and not on others, by a random split. From these a set of targets is drawn so that, given the set,
each target was in training with chance one half, by draws that are independent:

- Where each unit was held out by a draw of its own of chance s < 1/2, every unit held out is a target, and
  every member with chance s / (1 - s). (s > 1/2: the other way round.)
- Where a fixed number was held out, as many members as others are targets, each member beside one other at
  random: given the pairs, which of the two was in training is an independent fair coin.

All other members are in every shadow model, all others in none, and each target in half of them. So shadow
models learn from as many records as the model did, and the model is to the targets as one more shadow model:
what the attacker does not know is who of the targets was in, and all else he knows, as in the definition of
differential privacy.

It rests on the split being random. Where one person has several records and the unit is the record, some of
them may be in and others out: these records resemble each other, so a model that has learnt the person looks
as if it had seen the others too, and the attack is told weaker than it is against her.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.assess.arrays import Bools

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Game:
    """`rows` (r,): places of the targets' records; `unit` (r,): whose they are, 0..u - 1. `member` (u,):
    whether the unit was in training. `fixed` (n,): records that are in every shadow model. `pairs` (p, 2):
    units of which one was in; empty where every unit has a coin of its own."""

    rows: Places
    unit: Places
    member: Bools
    fixed: Bools
    pairs: Places

    @property
    def units(self) -> int:
        """u."""
        return int(self.member.size)

    def training(self, inside: Bools) -> Bools:
        """The records of a shadow model, (n,) bool, that is given the units `inside`, (u,) bool."""
        found = self.fixed.copy()
        found[self.rows[inside[self.unit]]] = True
        return found


def play(
    members: Bools,
    others: Bools,
    owners: "Places | None",
    share: float | None,
    most: int,
    *,
    generator: np.random.Generator,
) -> Game:
    """The game on records that were in training, `members` (n,), and were held out, `others` (n,).

    owners: (n,), the same number for records of one person; None where each is its own. A person is never on
    both sides. share: the chance with which each unit was held out by a draw of its own; None where a fixed
    number was, or nobody knows. most: targets at most (a random part of them).
    """
    who = np.arange(members.size) if owners is None else owners
    inside, outside = np.unique(who[members]), np.unique(who[others])
    if share is None:
        both = min(inside.size, outside.size, most // 2)
        inside = generator.permutation(inside)[:both]
        outside = generator.permutation(outside)[:both]
    else:
        low = min(1.0, share / (1 - share))
        high = min(1.0, (1 - share) / share) if share > 0 else 1.0
        inside = inside[generator.random(inside.size) < low]
        outside = outside[generator.random(outside.size) < high]
        wanted = most / max(1, inside.size + outside.size)
        if wanted < 1:  # each with the same chance, so that coins stay fair and independent
            inside = inside[generator.random(inside.size) < wanted]
            outside = outside[generator.random(outside.size) < wanted]
    chosen = np.concatenate([inside, outside])
    places = np.flatnonzero((members | others) & np.isin(who, chosen))
    order = np.argsort(chosen)
    unit = order[np.searchsorted(chosen, who[places], sorter=order)]
    fixed = members.copy()
    fixed[places] = False
    member = np.arange(chosen.size) < inside.size
    pairs = np.empty((0, 2), dtype=np.int64)
    if share is None:
        pairs = np.column_stack([np.arange(inside.size), np.arange(inside.size) + inside.size])
    return Game(places, unit, member, fixed, pairs)


def coins(models: int, units: int, generator: np.random.Generator) -> Bools:
    """(models, units) bool: which units each model is given. Two models after each other, from the first on,
    have each unit in one of them, by a fair coin: so any even number of them has it in half."""
    drawn = generator.integers(0, 2, ((models + 1) // 2, units), dtype=np.bool_)
    return np.stack([drawn, ~drawn], axis=1).reshape(-1, units)[:models]
