"""Compiled kernels of l-diversity: is it met by a class, and how many of its records may stay at most.

A class is given by the codes of its values and their counts f_v > 0, which add up to n. What may stay of it
is the largest sub-multiset that meets the model (see `rules`). Of all sub-multisets of one size, the most
even one, min(f_v, M) for a common cap M, has the most entropy (entropy is Schur-concave), and the least share
of the largest counts; and the entropy of min(f_v, M) only falls as M grows, as r_1 / (r_l + ...) only grows.
So a bisection on M finds the most that may stay, in whole records.

Grassberger's estimate psi(n) - 1/n sum f psi(f) is not closed under union. It is bounded by what is: with
psi = G, n G(n) <= n ln n + 1/12 and f G(f) >= f ln f - 1.2704 (worst at f = 1). So a part of m >= k records
that meets it has Shannon entropy of at least ln l - (1.2704 d + 1/12) / m, where d <= min(m, values of the
class), and so has the union of such parts.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled, inlined

HAIR = 1e-9  # logarithms that differ by this share are taken as equal where a bound rests on them
_FEW = 64  # so many equal counts are tried one by one
_WORST, _ROUND = 1.2704, 1 / 12  # Grassberger's G against the logarithm: see above


class Mixture(NamedTuple):
    """The parameters of a model."""

    l: int  # noqa: E741 - at least so many values
    num: int  # c = num / den, exactly
    den: int
    real: float  # ln l
    table: NDArray[np.float64]  # psi of small counts: ln, or Grassberger's G


class Sorted(NamedTuple):
    """Scratch, (values + 1,): falling counts, and what a count and all smaller ones add up to."""

    falling: NDArray[np.int64]
    tails: NDArray[np.int64]
    weights: NDArray[np.float64]


@compiled
def logarithms(size: int) -> Any:
    """(size,) float64: ln f, and 0 at 0."""
    out = np.zeros(size)
    for f in range(1, size):
        out[f] = np.log(float(f))
    return out


@compiled
def grassberger(size: int) -> Any:
    """(size,) float64: G_1 = G_0 = -gamma - ln 2, G_(2m+1) = G_(2m) = G_0 + sum_(i <= m) 2 / (2i - 1).

    Grassberger, Entropy estimates from insufficient samplings, 2003 (arXiv physics/0307138v2), eq. 36.
    """
    out = np.full(max(2, size), -np.euler_gamma - np.log(2.0))
    for f in range(2, size):
        out[f] = out[f - 1] if f % 2 else out[f - 2] + 2.0 / (f - 1)
    return out


@compiled
def beyond(f: int) -> float:
    """Grassberger's G_f by the expansion of the digamma function at infinity: to 1e-14 from f = 100 on."""
    even = float(f - f % 2)
    m = 4.0 / (even * even)
    return float(np.log(even) + m * (1.0 / 24 - m * (7.0 / 960 - m * (31.0 / 8064))))


@inlined
def psi(f: int, table: Any, corrected: bool) -> float:
    """ln f, or Grassberger's G_f if `corrected`: from the table, and beyond it computed."""
    if f < table.shape[0]:
        return float(table[f])
    return beyond(f) if corrected else float(np.log(float(f)))


@inlined
def spread(counts: Any, n: int, asked: Any, corrected: bool) -> tuple[float, float]:
    """Both sides of the definition: n (psi(n) - ln l), sum_v f_v psi(f_v)."""
    total = 0.0
    for f in counts:
        total += f * psi(f, asked.table, corrected)
    return n * (psi(n, asked.table, corrected) - asked.real), total


@inlined
def diverse(values: Any, counts: Any, n: int, asked: Any, corrected: bool) -> bool:
    """Entropy of at least ln l, among at least l values. Near equality the sum is taken in the order of the
    codes, so that a class is judged alike however it came about."""
    if counts.shape[0] < asked.l:
        return False
    most, total = spread(counts, n, asked, corrected)
    if abs(most - total) <= HAIR * (abs(total) + n):
        most, total = spread(counts[np.argsort(values)], n, asked, corrected)
    return bool(most >= total)


@compiled
def arrange(counts: Any, room: Any) -> None:
    """Fill `room`: `falling` counts, and what they and all smaller ones add up to (`tails`)."""
    d = counts.shape[0]
    falling, tails = room.falling, room.tails
    if d > _FEW:
        falling[:d] = np.sort(counts)[::-1]
    else:
        for i in range(d):
            at = i
            while at > 0 and falling[at - 1] < counts[i]:
                falling[at] = falling[at - 1]
                at -= 1
            falling[at] = counts[i]
    tails[d] = 0
    for i in range(d - 1, -1, -1):
        tails[i] = tails[i + 1] + falling[i]


@inlined
def _above(falling: Any, d: int, cap: Any) -> int:
    """How many of the first `d` counts pass `cap`."""
    low, high = 0, d
    while low < high:
        middle = (low + high) // 2
        if falling[middle] > cap:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _even(top: int, cap: Any, more: int, room: Any, asked: Any) -> bool:
    """Whether entropy is at least `real` (or nearly) where `top` values count `cap` each, `more` of them one
    more, and all smaller ones what they count."""
    real, table, rest = asked.real, asked.table, room.weights
    n = top * cap + more + room.tails[top]
    total = (top - more) * cap * psi(cap, table, False) + rest[top]
    if more > 0:
        total += more * (cap + 1) * psi(cap + 1, table, False)
    return bool(n * (psi(n, table, False) - real) >= total - HAIR * (abs(total) + n))


@compiled
def even_part(counts: Any, asked: Any, room: Any) -> Any:
    """The most records of a class that may stay for a (Shannon) entropy of at least `asked.real`."""
    d = counts.shape[0]
    arrange(counts, room)
    falling, rest = room.falling, room.weights
    rest[d] = 0.0
    for i in range(d - 1, -1, -1):
        rest[i] = rest[i + 1] + falling[i] * psi(falling[i], asked.table, False)
    low, high = np.int64(1), falling[0]
    if _even(0, high, 0, room, asked):
        return room.tails[0]
    if not _even(d, low, 0, room, asked):
        return np.int64(0)  # no part has more entropy than as many single records of different values
    while high - low > 1:
        middle = (low + high) // 2
        if _even(_above(falling, d, middle), middle, 0, room, asked):
            low = middle
        else:
            high = middle
    top = _above(falling, d, low)
    more = top - 1
    while top <= _FEW and more > 0 and not _even(top, low, more, room, asked):
        more -= 1
    return top * low + more + room.tails[top]


@compiled
def less(k: int, d: int, real: float) -> float:
    """The Shannon entropy that a union of parts of at least `k` records, of `d` values, has at least where
    Grassberger's of each is at least `real`."""
    least = max(k, 1)
    return real - _WORST * min(1.0, d / least) - _ROUND / least


@inlined
def _few_large(d: int, cap: Any, asked: Any, room: Any) -> bool:
    """Whether `cap` as the largest count stays below c times the l-th and all smaller ones."""
    top = _above(room.falling, d, cap)
    last = asked.l - 1
    tail = max(0, top - last) * cap + room.tails[max(top, last)]
    return bool(cap * asked.den < asked.num * tail)


@compiled
def capped_part(counts: Any, asked: Any, room: Any) -> Any:
    """The most records of a class, of at least l values, that may stay for recursive (c,l)-diversity."""
    d = counts.shape[0]
    arrange(counts, room)
    falling = room.falling
    low, high = np.int64(0), falling[0]
    if _few_large(d, high, asked, room):
        return room.tails[0]
    while high - low > 1:
        middle = (low + high) // 2
        if _few_large(d, middle, asked, room):
            low = middle
        else:
            high = middle
    top = _above(falling, d, low)
    return top * low + room.tails[top]
