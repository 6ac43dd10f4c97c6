"""Kernels of equal t-closeness, beta-likeness and delta-disclosure: shares within caps.

Each asks p_v <= u_v of the values of a class, with an excess of at most t in all (equal t-closeness; else 0).
n' records can stay only if sum_v min(f_v, n' u_v) >= (1 - t) n', which is concave in n'. Of delta-disclosure
that is the upper half; its lower half is not closed under union, and adds nothing to the bound.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import inlined

_SAFE = 1e-6  # records by which a bound computed in floating point gives way


class Shares(NamedTuple):
    """The shares of the table, and the parameters of a model. What a model does not use is empty."""

    records: int
    totals: NDArray[np.int64]  # (values,) records of the table with each value
    num: int  # num / den is t or 1 + beta, exactly
    den: int
    plain: bool  # records ** 2 times num or den (and the width of distances) fits 64 bits
    real: float  # 2 ** delta
    excess: float  # t where shares may pass their caps together, else 0
    caps: NDArray[np.float64]  # (values,) largest p_v; of two distances: that of a class of this value alone
    own: NDArray[np.float64]  # (values,) -ln q_v
    far: NDArray[np.int64]  # (values,) codes by falling distance of their own


@inlined
def share(amount: int, num: int, den: int) -> Any:
    """floor(amount * num / den) without leaving 64 bits."""
    return (amount // den) * num + ((amount % den) * num) // den


@inlined
def at_most(amount: Any, whole: Any, shares: Any) -> Any:
    """Whether amount <= whole * num / den, exactly."""
    if shares.plain:
        return amount * shares.den <= whole * shares.num
    return amount <= share(whole, shares.num, shares.den)


@inlined
def close(values: Any, counts: Any, n: int, shares: Any) -> bool:
    """Equal t-closeness, exactly: half of the absolute differences is what lies above."""
    surplus = np.int64(0)
    for e in range(values.shape[0]):
        surplus += max(np.int64(0), counts[e] * shares.records - shares.totals[values[e]] * n)
    return bool(at_most(surplus, n * shares.records, shares))


@inlined
def undisclosed(values: Any, counts: Any, n: int, shares: Any) -> bool:
    """Delta-disclosure: the shares of the values that the class has, by less than a factor 2 ** delta."""
    for e in range(values.shape[0]):
        there = float(counts[e] * shares.records)
        expected = float(shares.totals[values[e]] * n)
        if there >= expected * shares.real or there * shares.real <= expected:
            return False
    return True


@inlined
def alike(values: Any, counts: Any, n: int, shares: Any, enhanced: bool) -> bool:
    """Beta-likeness: p_v <= (1 + beta) q_v, exactly; if `enhanced` also (p_v - q_v) / q_v <= -ln q_v."""
    for e in range(values.shape[0]):
        v = values[e]
        there, expected = counts[e] * shares.records, shares.totals[v] * n
        over = there - expected
        if over <= 0:
            continue
        if not at_most(there, expected, shares):
            return False
        if enhanced and over > expected * shares.own[v]:
            return False
    return True


@inlined
def part_within_caps(values: Any, counts: Any, n: int, shares: Any) -> Any:
    """The most records that may stay: Newton steps on a concave, piecewise linear function come down to its
    zero without passing it, so any number of them is safe."""
    kept = float(n)
    need = 1.0 - shares.excess
    for _ in range(values.shape[0] + 2):
        fixed, growing = 0.0, 0.0
        for e in range(values.shape[0]):
            cap = shares.caps[values[e]]
            if counts[e] <= kept * cap:
                fixed += counts[e]
            else:
                growing += cap
        if fixed + growing * kept >= need * kept or growing >= need:
            break
        kept = fixed / (need - growing)
    return min(n, np.int64(np.floor(kept + _SAFE + n * 1e-9)))
