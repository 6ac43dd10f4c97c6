"""Compiled: whether records may stand together as a class.

Rules are judged by one kernel that the others call by its address: it is large, and would be compiled anew as
a part of each of them. For that, rules are handed over as numbers in a few plain arrays.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria import distances, diversity, likeness
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.criteria.rules import Rule, judge_all
from ppdesk.anonymize.local.units import Units
from ppdesk.core.compiling import callback, compiled

_ALL: Any = np.int64(1 << 62)
_SINGLE = 12  # fields of a row of `Rules.single` before the places of its arrays


class Rules(NamedTuple):
    """Rules, and the sensitive values of each cell. `single` (rules, fields) int64 holds attribute, kind, l,
    num, den of diversity; records, num, den, plain of shares; most values; the places of real of diversity
    and of shares, and of the excess next to it, in `reals`; then first and last place of each array, in
    `whole` (int64) or `reals` (float64)."""

    single: NDArray[np.int64]
    whole: NDArray[np.int64]
    reals: NDArray[np.float64]
    cell: NDArray[np.int32]  # (units,)
    weight: NDArray[np.int64]  # (units,)
    sensitive: NDArray[np.int32]  # (attributes, cells) codes


class Judge(NamedTuple):
    """k, and the rules of the sensitive attributes, which `ask` judges where `judged`."""

    k: int
    judged: bool
    weight: NDArray[np.int64]  # (units,)
    ask: Any  # (members, records, k, rules) -> bool
    rules: Rules


def judging(records: Units, needs: Requirements, k: int) -> Judge:
    """What a class of these units must meet."""
    single, whole, reals = _packed([(need.attribute, need.rule) for need in needs.each])
    judged = len(single) > 0
    sensitive = records.sensitive if judged else np.zeros((1, 1), np.int32)
    rules = Rules(single, whole, reals, records.cell, records.weight, sensitive)
    return Judge(k, judged, records.weight, _asking(judged), rules)


def _packed(
    rules: list[tuple[int, Rule]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    single = np.zeros((len(rules), _SINGLE + 2 * 13), np.int64)
    whole: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    reals: list[NDArray[np.float64]] = [np.zeros(0)]
    for row, (attribute, rule) in zip(single, rules, strict=True):
        mixture, shares = rule.mixture, rule.shares
        at = sum(map(len, reals))
        reals.append(np.array([mixture.real, shares.real, shares.excess]))
        row[:_SINGLE] = (
            attribute, rule.kind, mixture.l, mixture.num, mixture.den, shares.records, shares.num, shares.den,
            shares.plain, len(shares.totals), at, at + 1,
        )  # fmt: skip
        integral = (shares.totals, shares.far, *rule.row, *rule.tree)
        places = []
        for numbers in integral:
            places.append((sum(map(len, whole)), len(numbers)))
            whole.append(numbers)
        for values in (mixture.table, shares.caps, shares.own):
            places.append((sum(map(len, reals)), len(values)))
            reals.append(values)
        row[_SINGLE : _SINGLE + 2 * len(places)] = [edge for a, n in places for edge in (a, a + n)]
    return single, np.concatenate(whole), np.concatenate(reals)


@compiled
def _whole(rules: Any, r: int, number: int) -> Any:
    first = _SINGLE + 2 * number
    return rules.whole[rules.single[r, first] : rules.single[r, first + 1]]


@compiled
def _reals(rules: Any, r: int, number: int) -> Any:
    first = _SINGLE + 2 * (10 + number)
    return rules.reals[rules.single[r, first] : rules.single[r, first + 1]]


@compiled
def unpacked(rules: Any, r: int) -> Any:
    """The rule of row `r`, as it was before `_packed`."""
    one = rules.single[r]
    mixture = diversity.Mixture(one[2], one[3], one[4], rules.reals[one[10]], _reals(rules, r, 0))
    shares = likeness.Shares(
        one[5], _whole(rules, r, 0), one[6], one[7], one[8] > 0, rules.reals[one[11]],
        rules.reals[one[11] + 1], _reals(rules, r, 1), _reals(rules, r, 2), _whole(rules, r, 1),
    )  # fmt: skip
    row = distances.Row(_whole(rules, r, 2), _whole(rules, r, 3), _whole(rules, r, 4), _whole(rules, r, 5))
    tree = distances.Tree(_whole(rules, r, 6), _whole(rules, r, 7), _whole(rules, r, 8), _whole(rules, r, 9))
    return Rule(one[1], mixture, shares, row, tree)


def _never(_members: Any, _records: int, _k: int, _rules: Any) -> bool:
    return False


def _meets(members: Any, records: int, k: int, rules: Any) -> bool:
    """Whether the units `members`, of so many `records`, meet all rules."""
    start, none = np.zeros(2, np.int64), np.empty((0, 0), np.int32)
    classes = (np.full(1, records, np.int64), np.zeros(1, np.bool_), np.zeros(1, np.int64))
    for r in range(rules.single.shape[0]):
        codes = rules.sensitive[rules.single[r, 0]]
        most = rules.single[r, 9]
        tally, values = np.zeros(most, np.int64), np.empty(most, np.int32)
        used = 0
        for unit in members:
            value = codes[rules.cell[unit]]
            if tally[value] == 0:
                values[used] = value
                used += 1
            tally[value] += rules.weight[unit]
        counts = np.empty(used, np.int64)
        for at in range(used):
            counts[at] = tally[values[at]]
        start[1] = used
        judge_all((start, values, counts, none), classes, unpacked(rules, r), k, _ALL)
        if classes[1][0]:
            return False
    return True


@cache
def _asking(judged: bool) -> Any:
    """`_meets` for kernels, compiled or loaded only where it is asked; they are typed by `_never` as well."""
    import numba
    from numba import types

    blank = Rules(
        np.zeros((0, 0), np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int32),
        np.zeros(0, np.int64), np.zeros((0, 0), np.int32),
    )  # fmt: skip
    kind: Any = numba.typeof  # not typed by numba
    units, rules = types.Array(types.int64, 1, "C"), kind(blank)
    return callback(_meets if judged else _never, types.boolean, units, types.int64, types.int64, rules)


@compiled
def fits(members: Any, records: Any, j: Any) -> bool:
    """Whether the units `members`, of so many `records`, meet k and all rules."""
    if records < j.k:
        return False
    return bool(not j.judged or j.ask(members, records, j.k, j.rules))
