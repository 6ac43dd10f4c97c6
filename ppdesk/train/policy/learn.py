"""What each action earns in which context: ridge regression for each action, from one joint noisy answer.

**Sensitivity.** The counts of actions: a record is in one of them, so 1 (squared), 2 where it is replaced.
The moments: each record adds to the vectors of the action that it was given, and to no other, so a record
added or removed changes the joint vector by what `ppdesk.train.moments.sums` proves for one; replaced: by two
such vectors. Everything after is post-processing.

**Estimate.** First one regression of all actions together, from the sums of the noisy moments; then for
each action that of what is left, whose strength of shrinking follows from its own noise (`linear.solve`).
An action with few records thus earns what actions earn on the whole, and differs only by what was seen: the
partial pooling of hierarchical models (James and Stein 1961). An action is `supported` from 20 records on,
and from four standard deviations of the noise on its count: others are never chosen.

**Propensities**, where they are not known: the chance of action a, linear in the coded context, by the same
regression on the same noisy moments, with "a was taken" as the answer. Its cross moments are the first
moments of a, so it costs nothing more. The chances are cut to the declared least one and add up to one before
that. It takes chances to be sums of one function of each column: where they are not, weights are biased.

**Where a record stands does not matter.** A sum of doubles depends on its order, so what is estimated for a
record could change in the last bit with the records beside it, and with it what that record adds to the
answers that follow. So weights are rounded to multiples of 2^-20 and cut to 2^8 in size: with cells that are
whole numbers, in each column 2^12 together, every partial sum over up to 2^13 columns is a multiple of 2^-20
below 2^33, which a double holds exactly. What follows is arithmetic on single elements in a fixed order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Floats
from ppdesk.train.linear.fit import knots_by_rule, shares_of
from ppdesk.train.linear.solve import solve
from ppdesk.train.moments.coding import Coding
from ppdesk.train.moments.mechanism import COUNT_UNIT, MOST_NUMBERS, Spending, Whole
from ppdesk.train.moments.sums import Moments, exactly, release_each, sums
from ppdesk.train.policy.options import Options
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric

Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

COUNTS_SHARE = 0.03
_LEAST_RECORDS, _CLEAR = 20.0, 4.0
_TWIN_KNOTS = 9
_FINE, _MOST_WEIGHT = 2.0**20, 2.0**8
_CHUNK = 2**14


@dataclass(frozen=True)
class Learnt:
    """`weights`, (K, d + 1), of each action's reward in -1..1, the intercept first; `chances`, the same of
    the propensities; `counts`, (K,), noisy; `noise`, of a count among the moments."""

    coding: Coding
    weights: Floats
    chances: Floats
    supported: Bools
    counts: Floats
    noise: float


def learn(
    records: Records,
    taken: Codes,
    gains: Whole,
    actions: int,
    options: Options,
    *,
    spending: Spending | None,
    share: float,
    tick: Callable[[], None],
) -> Learnt:
    """`taken`, (n,): the action of each record; `gains`, (n,): its reward in whole units of the grid,
    -G..G. `share` of mu^2 is spent, of which COUNTS_SHARE on counts."""
    counts, deviation = _counts(taken, actions, spending)
    coding = Coding(records.schema, knots=_knots(records, counts, options, spending))
    if actions * coding.width**2 > 2 * MOST_NUMBERS:  # before memory is taken for them
        raise UnsuitableGuaranteeError(
            estimator="A policy", reason="the columns have too many categories for so many actions"
        )
    exact = []
    for action in range(actions):
        here = taken == action
        exact.append(sums(records.take(here), coding, gains[here], tick))
    if spending is None:
        moments = tuple(exactly(one, coding) for one in exact)
    else:
        moments = release_each(exact, coding, spending, shares_of(coding, share - COUNTS_SHARE))
    tick()
    together = _together(moments)
    common = solve(together, coding).weights
    weights, chances = [], []
    for one in moments:
        tick()
        weights.append(common + solve(_around(one, common), coding).weights)
        chances.append(solve(_taking(together, one), coding).weights if options.logging.estimated else common)
    supported = counts >= max(_LEAST_RECORDS, _CLEAR * deviation)
    return Learnt(
        coding, _rounded(weights), _rounded(chances), supported, counts, float(moments[0].noise_inputs)
    )


def answers(weights: Floats, coding: Coding, records: Records) -> Floats:
    """What regressions with `weights`, (K, d + 1), say of each record, (n, K)."""
    found = np.empty((records.rows, len(weights)))
    for start in range(0, records.rows, _CHUNK):
        rows = coding.rows(records, start, start + _CHUNK)
        found[start : start + len(rows)] = (rows @ weights[:, 1:].T) / coding.grid + weights[:, 0]
    return found


def across(parts: Floats) -> Floats:
    """The sums of the rows, (n,), added from the first column to the last, whatever stands beside a row."""
    return reduce(np.add, parts.T, np.zeros(len(parts)))


def earned(weights: Floats, coding: Coding, records: Records) -> Floats:
    """The reward of each action as a share of its bounds, (n, K) in 0..1."""
    found: Floats = (np.clip(answers(weights, coding, records), -1, 1) + 1) / 2
    return found


def propensities(learnt: Learnt, records: Records, least: float) -> Floats:
    """The estimated chance of each action, (n, K), `least` or more."""
    found = np.maximum(answers(learnt.chances, learnt.coding, records), least)
    chances: Floats = np.maximum(found / across(found)[:, None], least)
    return chances


def _rounded(weights: Sequence[Floats]) -> Floats:
    """See the head of this file."""
    rounded: Floats = np.clip(np.rint(np.array(weights) * _FINE) / _FINE, -_MOST_WEIGHT, _MOST_WEIGHT)
    return rounded


def _counts(taken: Codes, actions: int, spending: Spending | None) -> tuple[Floats, float]:
    exact = np.bincount(taken, minlength=actions).astype(np.int64)
    if spending is None:
        return exact.astype(np.float64), 0.0
    found = spending.noisy(exact * COUNT_UNIT, COUNT_UNIT**2, COUNTS_SHARE, disjoint=True)
    spread = spending.scale(COUNT_UNIT**2, COUNTS_SHARE, disjoint=True)
    return found / COUNT_UNIT, spread / COUNT_UNIT


def _knots(records: Records, counts: Floats, options: Options, spending: Spending | None) -> int:
    """By the rule for the mean number of records of an action."""
    if options.knots is not None:
        return options.knots
    if not any(isinstance(column, Numeric) for column in records.schema.columns):
        return 1
    if spending is None:
        return _TWIN_KNOTS
    rows = float(counts.sum()) if options.rows is None else options.rows * (1 - options.evaluation)
    return knots_by_rule(rows / len(counts), records.schema, spending)


def _together(each: Sequence[Moments]) -> Moments:
    """The moments of all records: sums of the noisy ones."""
    many = np.sqrt(len(each))
    first = each[0]
    return Moments(
        sum(one.count for one in each),
        np.sum([one.first for one in each], axis=0),
        np.sum([one.second for one in each], axis=0),
        np.sum([one.variance for one in each], axis=0),
        sum(one.total for one in each),
        np.sum([one.cross for one in each], axis=0),
        sum(one.square for one in each),
        first.noise_inputs * many,
        first.noise_answers * many,
        first.noise_square * many,
    )


def _around(one: Moments, common: Floats) -> Moments:
    """The moments with what the common regression leaves as the answer. Its noise is that of the answers and
    of the moments times the common weights."""
    inputs = np.concatenate([[one.count], one.first])
    inside = one.first * common[0] + one.second @ common[1:]
    total = float(inputs @ common)
    explained = common[0] * total + float(common[1:] @ inside)
    both = 2 * (common[0] * one.total + float(common[1:] @ one.cross))
    more = float(np.mean(one.noise_inputs**2 * common[0] ** 2 + one.variance @ common[1:] ** 2))
    return replace(
        one,
        total=one.total - total,
        cross=one.cross - inside,
        square=one.square - both + explained,
        noise_answers=float(np.sqrt(one.noise_answers**2 + more)),
    )


def _taking(together: Moments, one: Moments) -> Moments:
    """All records, with 1 where the action was taken and 0 elsewhere as the answer."""
    return replace(
        together,
        total=one.count,
        cross=one.first,
        square=one.count,
        noise_answers=one.noise_inputs,
        noise_square=one.noise_inputs,
    )
