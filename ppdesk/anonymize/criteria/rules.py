"""Compiled kernels that judge one class by one model: is it met, and how many records must go at least.

The least number of records that any finer grouping of a class C suppresses is what makes pruning a proof.
Where a violation passes on to every part of C (distinct l-diversity, as k-anonymity), it is all of C: these
are monotone with suppression. All other models here are not: a part of C may meet what C violates. But they
are closed under union: parts that meet the model do so together (delta-disclosure only in its upper half).
The kept parts of any finer grouping are then a sub-multiset of C that meets it, so C loses at least what must
be removed from it until it does:

* recursive (c,l) and entropy: of all sub-multisets with largest count M the best is min(f_v, M);
* beta-likeness and equal t-closeness: p_v <= u_v with an excess of at most t in all; n' records can stay only
  if sum_v min(f_v, n' u_v) >= (1 - t) n', concave in n'. So for the upper half of delta-disclosure;
* hierarchical and ordered t-closeness: the distance D is convex, with D <= Dmax, so at least
  n (D - t) / (Dmax - t) records go.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled

DISTINCT, ENTROPY, RECURSIVE, EQUAL, HIERARCHICAL, ORDERED, DELTA, BASIC_BETA, ENHANCED_BETA = range(9)
_HAIR = 1e-12  # logarithms that differ by this share are taken as equal
_SAFE = 1e-6  # records by which a removal bound computed in floating point gives way


class Rule(NamedTuple):
    """One model on one attribute, for kernels. Which fields a model uses: see `make.rule`."""

    kind: int
    l: int  # noqa: E741
    num: int  # num / den is the parameter c, t or 1 + beta, exactly
    den: int
    real: float  # ln l; 2 ** delta; largest possible distance
    excess: float  # t where shares may pass their caps together, else 0
    caps: NDArray[np.float64]  # (values,) largest p_v
    totals: NDArray[np.int64]  # (values,) records of the table with each value
    records: int
    order: NDArray[np.int64]  # (values,) codes in their order
    parents: NDArray[np.int64]  # (nodes,) of a tree, leaves first, by level; the top is its own parent
    levels: NDArray[np.int64]  # (nodes,)


@compiled
def share(amount: int, num: int, den: int) -> Any:
    """floor(amount * num / den) without leaving 64 bits."""
    return (amount // den) * num + ((amount % den) * num) // den


@compiled
def distance(counts: Any, n: int, rule: Any, extra: Any) -> Any:
    """(earth mover's distance * n * records * width, width), exactly. `extra` (3, nodes) int64 is scratch."""
    if rule.kind == ORDERED:
        moved, carry = np.int64(0), np.int64(0)
        for v in rule.order:
            carry += counts[v] * rule.records - rule.totals[v] * n
            moved += abs(carry)
        return moved, np.int64(max(1, rule.order.shape[0] - 1))
    nodes = rule.parents.shape[0]
    extra[:, :nodes] = 0
    for v in range(rule.totals.shape[0]):
        extra[0, rule.order[v]] = counts[v] * rule.records - rule.totals[v] * n
    moved = np.int64(0)
    for node in range(nodes):
        if rule.levels[node] > 0:
            moved += rule.levels[node] * min(extra[1, node], extra[2, node])
        parent, left = rule.parents[node], extra[0, node]
        if parent != node:
            extra[0, parent] += left
            if left > 0:
                extra[1, parent] += left
            else:
                extra[2, parent] -= left
    return moved, max(np.int64(1), rule.levels[nodes - 1])


@compiled
def shannon(counts: Any, touched: Any, cap: float) -> tuple[float, float]:
    """(records, entropy in nats) where no value counts more than `cap`."""
    n, total = 0.0, 0.0
    for v in touched:
        f = min(float(counts[v]), cap)
        n += f
        total += f * np.log(f)
    return n, np.log(n) - total / n


@compiled
def tail(falling: Any, cap: int, l: int) -> Any:  # noqa: E741
    """Sum of the l-th largest and all smaller counts, each at most `cap`."""
    total = np.int64(0)
    for i in range(l - 1, falling.shape[0]):
        total += min(falling[i], cap)
    return total


@compiled
def _removed_until_even(counts: Any, touched: Any, n: int, rule: Any) -> Any:
    """Records to remove for entropy: counts are cut to a common cap."""
    if touched.shape[0] < np.exp(rule.real) * (1.0 - _HAIR):
        return n
    low, high = 0.0, float(n)
    for _ in range(40):
        middle = (low + high) / 2
        if shannon(counts, touched, middle)[1] >= rule.real - _HAIR * max(1.0, rule.real):
            low = middle
        else:
            high = middle
    kept = shannon(counts, touched, high)[0]
    return max(np.int64(0), np.int64(np.ceil(n - kept - _SAFE - n * 1e-9)))


@compiled
def _removed_until_capped(counts: Any, touched: Any, n: int, rule: Any) -> Any:
    """Records to remove until shares meet their caps: Newton steps on a concave, piecewise linear function
    come down to its zero without passing it."""
    kept = float(n)
    for _ in range(touched.shape[0] + 2):
        fixed, growing = 0.0, 0.0
        for v in touched:
            if counts[v] <= kept * rule.caps[v]:
                fixed += counts[v]
            else:
                growing += rule.caps[v]
        need = 1.0 - rule.excess
        if fixed + growing * kept >= need * kept or growing >= need:
            break
        kept = fixed / (need - growing)
    return max(np.int64(0), np.int64(np.ceil(n - kept - _SAFE - n * 1e-9)))


@compiled
def _diverse(counts: Any, touched: Any, n: int, rule: Any) -> Any:
    """`judge` of l-diversity."""
    if rule.kind == DISTINCT or touched.shape[0] < rule.l:
        met = touched.shape[0] >= rule.l
        return met, np.int64(0) if met else n
    if rule.kind == ENTROPY:
        total = 0.0
        for v in touched:
            total += counts[v] * np.log(float(counts[v]))
        if n * (np.log(float(n)) - rule.real) >= total:
            return True, np.int64(0)
        return False, _removed_until_even(counts, touched, n, rule)
    falling = np.sort(counts[touched])[::-1].copy()
    low, high = np.int64(0), falling[0] + 1
    while high - low > 1:
        middle = (low + high) // 2
        if middle * rule.den < rule.num * tail(falling, middle, rule.l):
            low = middle
        else:
            high = middle
    removed = np.int64(0)
    for f in falling:
        removed += max(np.int64(0), f - low)
    return removed == 0, removed


@compiled
def _near(counts: Any, n: int, rule: Any, extra: Any) -> Any:
    """`judge` of hierarchical and ordered t-closeness."""
    moved, width = distance(counts, n, rule, extra)
    if moved <= share(n * rule.records * width, rule.num, rule.den):
        return True, np.int64(0)
    t = rule.num / rule.den
    if rule.real <= t:
        return False, np.int64(0)
    far = moved / (float(n) * rule.records * width)
    least = np.ceil(n * (far - t) / (rule.real - t) - _SAFE - n * 1e-9)
    return False, np.int64(min(float(n), max(0.0, least)))


@compiled
def _within_caps(counts: Any, touched: Any, n: int, rule: Any) -> bool:
    """Whether a class meets delta-disclosure, beta-likeness or equal t-closeness."""
    surplus = np.int64(0)
    for v in touched:
        there, expected = counts[v] * rule.records, rule.totals[v] * n
        over = there - expected
        surplus += max(np.int64(0), over)
        if rule.kind == DELTA:
            if float(there) >= float(expected) * rule.real or float(there) * rule.real <= float(expected):
                return False
        elif rule.kind != EQUAL:
            if there > share(expected, rule.num, rule.den):
                return False
            own = -np.log(rule.totals[v] / rule.records)
            if rule.kind == ENHANCED_BETA and over > 0 and over > expected * own:
                return False
    return bool(rule.kind != EQUAL or surplus <= share(n * rule.records, rule.num, rule.den))


@compiled
def judge(counts: Any, touched: Any, n: int, rule: Any, extra: Any) -> Any:
    """(whether a class meets the rule, records that any finer grouping of it suppresses at least).

    `counts` (values,) int64, zero but at the codes `touched`; `n` its sum.
    """
    if rule.kind <= RECURSIVE:
        return _diverse(counts, touched, n, rule)
    if rule.kind in {HIERARCHICAL, ORDERED}:
        return _near(counts, n, rule, extra)
    if _within_caps(counts, touched, n, rule):
        return True, np.int64(0)
    return False, _removed_until_capped(counts, touched, n, rule)


@compiled
def measure(counts: Any, touched: Any, n: int, rule: Any, extra: Any) -> Any:
    """What the class has of the model's quantity: distinct values; exp(entropy); r_1 / (r_l + ...); distance;
    largest |log2(p / q)|; largest (p - q) / q."""
    kind = rule.kind
    if kind == DISTINCT:
        return float(touched.shape[0])
    if kind == ENTROPY:
        return float(np.exp(shannon(counts, touched, float(n))[1]))
    if kind == RECURSIVE:
        falling = np.sort(counts[touched])[::-1].copy()
        rest = tail(falling, falling[0], rule.l)
        return falling[0] / rest if rest > 0 else np.inf
    if kind in {HIERARCHICAL, ORDERED}:
        moved, width = distance(counts, n, rule, extra)
        return float(moved) / (float(n) * rule.records * width)
    found = 0.0
    for v in touched:
        p, q = counts[v] / n, rule.totals[v] / rule.records
        if kind == EQUAL:
            found += max(0.0, p - q)
        elif kind == DELTA:
            found = max(found, abs(np.log2(p / q)))
        else:
            found = max(found, (p - q) / q)
    return found
