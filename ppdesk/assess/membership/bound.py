"""What the guesses prove of epsilon (`auditing.one_run_bounds`), with the targets of `game` as canaries.

How many targets to guess, and how many of these "in", is chosen on one half of the coins; the bound is from
the other half, whose coins are still fair and independent given the first. The numbers are fixed then; which
targets are guessed follows from the scores alone: the highest "in", the lowest "out".

A pair of which one was in is a coin too: to turn it is to replace one unit. Where epsilon is for a unit added
or removed, that is two steps: 2 epsilon, and (1 + e^epsilon) delta.
"""

import math
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.auditing.bounds import interval
from ppdesk.assess.auditing.one_run_bounds import epsilon_at_least
from ppdesk.assess.auditing.one_run_curves import Guesses
from ppdesk.assess.membership.game import Places
from ppdesk.assess.membership.results import Bound

_SHARES = (0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5)


@dataclass(frozen=True)
class Claim:
    """(epsilon, delta); `added`: for a unit added or removed, else replaced. `private`: False where the noise
    repeats, so that nothing is claimed of this very model."""

    epsilon: float
    delta: float
    added: bool


@dataclass(frozen=True)
class _Coins:
    """`order`: coins by how surely "in"; `right`, (coins,): whether that guess would be right. Guessing "out"
    from the other end is right where `wrong`."""

    order: Places
    heads: Bools

    def right(self, tops: int, bottoms: int) -> int:
        """Right guesses, of so many "in" and so many "out"."""
        low = self.order[self.order.size - bottoms :]
        return int(self.heads[self.order[:tops]].sum() + (~self.heads[low]).sum())


def _coins(scores: Floats, member: Bools, pairs: Places, generator: np.random.Generator) -> _Coins:
    """Ties in a random order, so that the order of the table tells nothing."""
    if pairs.size:
        flip = generator.random(len(pairs)) < 0.5  # the member stands first otherwise
        ends = np.where(flip[:, None], pairs[:, ::-1], pairs)
        gap = scores[ends[:, 0]] - scores[ends[:, 1]]
        guess = np.where(gap == 0, generator.random(len(pairs)) < 0.5, gap > 0)
        heads, sure = guess == member[ends[:, 0]], np.abs(gap)
    else:
        heads, sure = member, scores
    order = np.lexsort((generator.random(sure.size), -sure))
    return _Coins(order, np.asarray(heads))


def of_scores(
    scores: Floats,
    member: Bools,
    pairs: Places,
    claim: Claim,
    alpha: float,
    *,
    generator: np.random.Generator,
) -> Bound:
    """The bound from the units' `scores`, (u,), with error `alpha`; `member`, (u,), `pairs`: the game's."""
    many = len(pairs) or scores.size
    half = generator.random(many) < 0.5
    if pairs.size:
        one, two = (_coins(scores, member, pairs[side], generator) for side in (half, ~half))
    else:
        none = np.empty((0, 2), dtype=np.int64)
        one, two = (_coins(scores[side], member[side], none, generator) for side in (half, ~half))
    best, share = -1.0, (0.0, 0.0)
    for top in _SHARES:
        for bottom in (0.0,) if pairs.size else _SHARES:
            tops, bottoms = math.floor(top * one.order.size), math.floor(bottom * one.order.size)
            if not tops + bottoms:
                continue
            least = interval(one.right(tops, bottoms), tops + bottoms, 2 * alpha)[0]
            if least > best:
                best, share = least, (top, bottom)
    tops, bottoms = (math.floor(part * two.order.size) for part in share)
    if not tops + bottoms:
        return Bound(0.0, claim.delta, 0, 0, 1 - alpha, 0.0)
    right = two.right(tops, bottoms)
    return Bound(
        _proved(Guesses(two.order.size, tops + bottoms, right), pairs, claim, alpha),
        claim.delta,
        tops + bottoms,
        right,
        1 - alpha,
        _proved(Guesses(two.order.size, two.order.size, two.order.size), pairs, claim, alpha),
    )


def _proved(found: Guesses, pairs: Places, claim: Claim, alpha: float) -> float:
    if not (pairs.size and claim.added):
        return epsilon_at_least(found, claim.delta, alpha)
    delta = min(1.0, (1 + math.exp(min(claim.epsilon, 700.0))) * claim.delta)
    return epsilon_at_least(found, delta, alpha) / 2
