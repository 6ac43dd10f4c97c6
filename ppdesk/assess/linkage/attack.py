"""People an attacker knows of, linked to records of a published table.

Attacker: has the published table and, of each target, the values of some columns: without errors (exact) or
with (fuzzy).
Exact: the candidates are all records whose cells may hold what is known; a cell that says nothing in all of
these columns is passed over. A link is claimed where one in so many candidates is at least the confidence
asked for, and goes to any of the candidates.
Fuzzy: Fellegi and Sunter's weights (1969, JASA 64): how likely each level of agreement (agrees, near,
differs) is for the same person, over how likely it is by chance, where agreeing on a rare value or a narrow
interval weighs more (Winkler 1989). The chances for the same person and the share of targets that are in the
table are found by EM, each target being at most one record. That gives each pair a posterior probability; a
link is claimed where it is at least the confidence, and each record is given to one target, so that the sum
of the probabilities is largest.
Success: the claimed record is the target's own. Where it is not known whose records are whose, a claim counts
with the chance that it is right: one in its candidates, or its posterior probability.
Statistic: claims that are right, and targets linked rightly, each with Wilson's 95 % interval; beside it a
blind guess (one in the records), and the share of people not in the table for whom a link is claimed too.
Power: the smallest true share of targets of which at least one shows with a chance of four in five.
What it cannot see: an attacker who knows other columns or combines several tables; that a claim in a group of
equal records is wrong does not keep their shared values secret (see inference).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ppdesk.assess.anonymeter.risk import share, smallest_share
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.pairs import AGREES, DIFFERS, NEAR, Pairs
from ppdesk.assess.linkage.results import Linked
from ppdesk.assess.linkage.scoring import agreeing, posterior
from ppdesk.assess.results import Estimate

_BATCH = 32  # targets between two looks at who wants to stop, at most
_BATCH_PAIRS = 5_000_000
_KEPT = 8  # best records of a target that are kept for the assignment
_ROUNDS = 20
_SETTLED = 2e-3  # EM ends where no chance moves by more
_LEARNT_FROM = 300  # targets that EM looks at, at most
_LEARNT_PAIRS = 20_000_000  # and pairs
_LEFT_OUT = 9.0  # all pairs that are left out are together less than e^-9 of the best
_PRIOR = {AGREES: 9.0, NEAR: 0.7, DIFFERS: 0.3}  # pairs seen before any: most of what is known is right

Tick = Callable[[float], None]


@dataclass(frozen=True)
class Truth:
    """Which distinct record is each target's own, (people,) int64, and the chance that it is in the table at
    all, (people,) 0..1. None: nobody knows."""

    own: Counts
    there: Floats


@dataclass(frozen=True)
class Claims:
    """For each target the distinct record that is claimed, -1 for none; the chance that the attacker sees in
    one record of the likeliest; how many records are as likely."""

    claimed: Counts
    likeliest: Counts
    chance: Floats
    candidates: Counts


def _batch(pairs: Pairs) -> int:
    return max(1, min(_BATCH, _BATCH_PAIRS // max(1, pairs.counts.size)))


def candidates(pairs: Pairs, tick: Tick) -> Counts:
    """(people,) int64: how many records each may be."""
    some = ~pairs.says_nothing
    found = np.zeros(pairs.values.shape[0], dtype=np.int64)
    kernel = cast(Any, agreeing)
    labels, counts = pairs.labels[some], pairs.counts[some]
    size = _batch(pairs)
    for start in range(0, found.size, size):
        tick(start / found.size)
        part = slice(start, start + size)
        kernel(pairs.values[part], labels, counts, pairs.levels, pairs.at, pairs.wide, found[part])
    return found


def exact(
    pairs: Pairs, truth: Truth | None, outside: Pairs | None, *, confidence: float, tick: Tick
) -> Linked:
    """The exact attack. `outside`: people who are not in the table, over the same columns."""
    found = candidates(pairs, lambda done: tick(0.8 * done))
    with np.errstate(divide="ignore"):
        chance = np.where(found > 0, 1 / np.maximum(found, 1), 0.0)
    right = chance.copy()
    if truth is not None:
        right *= truth.there * _fits(pairs, truth)
    wrong = None
    if outside is not None:
        others = candidates(outside, lambda done: tick(0.8 + 0.2 * done))
        wrong = (int(((others > 0) & (others * confidence <= 1)).sum()), others.size)
    claim = (found > 0) & (found * confidence <= 1)
    return _linked("exact", claim, right, found, wrong)


def _fits(pairs: Pairs, truth: Truth) -> Floats:
    """(people,): 1 where the target's own record is among the candidates."""
    level = np.full(truth.own.size, AGREES, dtype=np.int64)
    own = np.maximum(truth.own, 0)
    for j in range(pairs.values.shape[1]):
        place = pairs.at[j] + pairs.values[:, j] * pairs.wide[j] + pairs.labels[own, j]
        level = np.minimum(level, pairs.levels[place])
    return np.asarray((level >= AGREES) & (truth.own >= 0) & ~pairs.says_nothing[own], dtype=np.float64)


def _linked(attack: str, claim: Any, right: Floats, found: Counts, outside: tuple[int, int] | None) -> Linked:
    people = claim.size
    nothing = Estimate(0.0, 0.0, 1.0)
    return Linked(
        attack=attack,
        targets=people,
        claims=int(claim.sum()),
        right=share(_whole(right[claim].sum()), int(claim.sum())),
        share=share(_whole(right[claim].sum()), people) or nothing,
        expected=share(_whole(right.sum()), people) or nothing,
        unique=int((found == 1).sum()),
        candidates=float(np.median(found)) if people else 0.0,
        outside=None if outside is None else share(*outside),
        outside_records=0 if outside is None else outside[1],
        power=smallest_share(people),
    )


def _whole(total: float) -> float:
    """Without the last digits of a sum of chances."""
    return round(float(total), 9)


def fuzzy(
    pairs: Pairs,
    truth: Truth | None,
    outside: Pairs | None,
    *,
    confidence: float,
    source: np.random.Generator,
    tick: Tick,
) -> Linked:
    """The fuzzy attack; as `exact`."""
    model = learn(pairs, source, lambda done: tick(0.5 * done))
    found = claims(pairs, model, confidence, lambda done: tick(0.5 + 0.4 * done))
    counts = pairs.counts[np.maximum(found.likeliest, 0)]
    claim = found.claimed >= 0
    if truth is None:
        right = np.where(found.likeliest >= 0, found.chance, 0.0)
    else:
        chosen = np.where(claim, found.claimed, found.likeliest)
        right = np.where(chosen == truth.own, truth.there / np.maximum(counts, 1), 0.0)
        right[truth.own < 0] = 0.0
    wrong = None
    if outside is not None:
        others = claims(outside, model, confidence, lambda done: tick(0.9 + 0.1 * done))
        wrong = (int((others.claimed >= 0).sum()), others.claimed.size)
    return _linked("fuzzy", claim, right, found.candidates, wrong)


@dataclass(frozen=True)
class Model:
    """`match` (columns, 4): the chance of each level for the same person. `present`: the share of targets
    that are in the table."""

    match: Floats
    present: float


def learn(pairs: Pairs, source: np.random.Generator, tick: Tick) -> Model:
    """EM over a part of the targets, each of which is at most one record."""
    columns, people = pairs.values.shape[1], pairs.values.shape[0]
    most = min(_LEARNT_FROM, max(30, _LEARNT_PAIRS // max(1, pairs.counts.size)))
    some = source.permutation(people)[:most]
    prior = np.zeros(4)
    for level, weight in _PRIOR.items():
        prior[level] = weight
    model = Model(np.tile(prior / prior.sum(), (columns, 1)), 0.9)
    for turn in range(_ROUNDS):
        seen = np.zeros((columns, 4))
        found = _scores(
            pairs, some, model, 1, lambda done, at=turn: tick((at + done) / _ROUNDS), seen  # type: ignore[misc]
        )  # fmt: skip
        seen[:, 3] = 0.0
        match = (seen + prior) / (seen + prior).sum(axis=1, keepdims=True)
        nobody = _nobody(pairs, model)
        present = float((found.total / (nobody + found.total)).mean()) if some.size else 0.9
        present = min(0.999, max(0.001, present))
        moved = float(np.abs(match - model.match).max(initial=0.0)) + abs(present - model.present)
        model = Model(match, present)
        if moved < _SETTLED:
            break
    return model


def _nobody(pairs: Pairs, model: Model) -> float:
    return pairs.records * (1 - model.present) / model.present


@dataclass(frozen=True)
class _Scores:
    best: Counts
    score: Floats
    total: Floats


def _scores(  # noqa: PLR0917 - what a pass needs
    pairs: Pairs, some: Counts, model: Model, kept: int, tick: Tick, seen: Floats
) -> _Scores:
    with np.errstate(divide="ignore"):
        match = np.log(model.match)
    match[:, 3] = 0.0
    most = np.zeros(match.shape[0])
    for j in range(match.shape[0]):
        wide = int(pairs.wide[j])
        chance = pairs.chance[pairs.chance_at[j] : pairs.chance_at[j] + 3 * wide].reshape(3, wide)
        most[j] = max(0.0, float((match[j, :3, None] - chance).max(initial=0.0)))
    found = _Scores(
        np.zeros((some.size, kept), dtype=np.int64), np.zeros((some.size, kept)), np.zeros(some.size)
    )
    far = float(np.log(max(1, pairs.records))) + _LEFT_OUT
    kernel = cast(Any, posterior)
    size = _batch(pairs)
    for start in range(0, some.size, size):
        tick(start / some.size)
        part = slice(start, start + size)
        kernel(
            pairs.values[some[part]], pairs.labels, pairs.counts, pairs.levels, pairs.at, pairs.wide, match,
            pairs.chance, pairs.chance_at, most, _nobody(pairs, model), far, found.best[part],
            found.score[part], found.total[part], seen,
        )  # fmt: skip
    return found


def claims(pairs: Pairs, model: Model, confidence: float, tick: Tick) -> Claims:
    """Links of at least the confidence, each record given to one target."""
    from ppdesk.assess.linkage.assignment import assigned

    people = np.arange(pairs.values.shape[0])
    found = _scores(pairs, people, model, _KEPT, tick, np.zeros((pairs.values.shape[1], 4)))
    whole = _nobody(pairs, model) + found.total
    chance = np.where(found.best >= 0, np.exp(found.score) / whole[:, None], 0.0)
    claimed = assigned(found.best, chance, pairs.counts, confidence)
    level = found.score[:, :1] - 1e-9
    alike = (found.score >= level) & (found.best >= 0)
    candidates = np.where(alike, pairs.counts[np.maximum(found.best, 0)], 0).sum(axis=1)
    return Claims(claimed, found.best[:, 0], chance[:, 0], candidates.astype(np.int64))
