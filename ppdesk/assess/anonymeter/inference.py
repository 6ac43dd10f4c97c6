"""Inference: what a published table tells of a value that the attacker does not know.

Attacker: has the published table, and of each target the values of the columns `known`. Guesses the secret of
the published record that is closest by Gower's similarity; of equally close ones, one at random.
Success: the guess is the target's value; of a number, it is at most 5 % of the guess away.
Statistic: Wilson's rate over the targets, beside the naive attack (the secret of a random published record)
and the control attack (targets that the publisher never used); the risk is the residual of the two.
Power: see `risk.smallest_residual`. What it cannot see: an attacker with a better model than the closest
record, or who knows other columns. High success with the same success on the control is what the published
table says of people in general, not a leak of the records in it.

As `InferenceEvaluator` of Anonymeter 1.1.0. There, a negative guess of a number always
counts as right, for the tolerance is taken of the guess with its sign; and here a generalized cell, which
names no one value, is taken as a guess at one of the values it stands for. And the naive attack there comes
out too low, as guesses are lined up with targets by the index of their tables, which most do not share.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ppdesk.assess.anonymeter import neighbours
from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.anonymeter.told import risk_of
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.columns import Column

TOLERANCE = 0.05


def attack(
    known: Sequence[Column],
    secret: Column,
    attacks: int,
    source: np.random.Generator,
    tick: Callable[[float], None],
) -> Risk:
    """Guess `secret` of `attacks` people from `known`. People's table 0 holds the records used for the
    publication, table 1, where there is one, the control."""
    people = secret.people[0].size
    size = min(attacks, people)
    naive_size = min(secret.label.size, size)
    naive_targets = source.permutation(people)[:naive_size]
    naive_guesses = source.permutation(secret.label.size)[:naive_size]
    naive = float(chances(secret, 0, naive_targets, naive_guesses).sum())
    main = _guessed(known, secret, 0, size, source, lambda share: tick(share / 2))
    control, controls = None, 0
    if len(secret.people) > 1 and secret.people[1].size:
        controls = min(attacks, secret.people[1].size)
        control = _guessed(known, secret, 1, controls, source, lambda share: tick(0.5 + share / 2))
    return risk_of(
        "inference", secret.name, (size, naive_size, controls), main=main, naive=naive, control=control
    )


def _guessed(  # noqa: PLR0917 - what the attacker has
    known: Sequence[Column],
    secret: Column,
    side: int,
    size: int,
    source: np.random.Generator,
    tick: Callable[[float], None],
) -> float:
    targets = source.permutation(secret.people[side].size)[:size].astype(np.int64)
    found = neighbours.prepare(known, side, targets)
    guesses = neighbours.nearest(found, 1, source, tick)[:, 0]
    return float(chances(secret, side, targets, guesses).sum())


def chances(secret: Column, side: int, targets: Counts, guesses: Counts) -> Floats:
    """(targets,): the chance that the published cell of each guess gives the target's value; 1 or 0 for a
    plain cell."""
    value, label = secret.people[side][targets], secret.label[guesses]
    if not secret.numeric:
        hit = (secret.anc[value] == label[:, None]).any(axis=1) | secret.everything[label]
        return np.asarray(hit / secret.size[label])
    true = secret.number[value]
    low, high = secret.low[label], secret.high[label]
    least, most = _ends(secret, side)
    low, high = np.clip(low, least, most), np.clip(high, least, most)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.abs(low - true) <= TOLERANCE * np.abs(low)
        # the guesses g with |g - true| <= tolerance |g| lie between these two
        ends = np.sort(np.stack([true / (1 + TOLERANCE), true / (1 - TOLERANCE)]), axis=0)
        inside = np.clip(np.minimum(high, ends[1]) - np.maximum(low, ends[0]), 0, None) / (high - low)
    right = np.where(high > low, inside, plain)
    missing = np.isnan(true) & np.isnan(low)
    return np.where(missing, 1.0, np.where(np.isnan(true) | np.isnan(low), 0.0, right))


def _ends(one: Column, side: int) -> tuple[float, float]:
    every = np.concatenate([one.number[one.people[side]], one.low, one.high])
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if every.size else (0.0, 0.0)
