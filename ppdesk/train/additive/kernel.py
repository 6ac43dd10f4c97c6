"""The passes over the records, compiled. All sums are of whole numbers, so they are exact in any order.

What a record adds depends on its own codes, its own target and published tables: nothing of another record
enters, and no figure here knows n. Residuals are put on whole numbers BEFORE they are summed: a sum of floats
may round by more than one record's share (Casacuberta and others 2022), a sum of int64 does not round.
"""

import math

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]

CLIP = 1 << 18  # the most that the whole-number residual of one record can be long (L2)
_FULL = float(CLIP)
LOGISTIC, SOFTMAX, IDENTITY = 0, 1, 2


@numba.njit(nogil=True, cache=True)
def scores(codes: Codes, starts: Whole, table: Floats, offset: Floats, out: Floats) -> None:
    """out[i, k] = offset[k] + sum over columns j of table[starts[j] + codes[i, j], k]; out (n, K)."""
    n, columns = codes.shape
    outputs = offset.shape[0]
    for i in range(n):
        for k in range(outputs):
            total = offset[k]
            for j in range(columns):
                total += table[starts[j] + codes[i, j], k]
            out[i, k] = total


@numba.njit(nogil=True, cache=True)
def residual(kind: int, score: Floats, y: float, clip: float, out: Whole) -> None:
    """The residual of one record, cut to L2 length `clip` and put on whole numbers of length CLIP at most.

    Cut to length first; each entry then rounds towards zero, which cannot lengthen it. What is left over, by
    rounding of floats or a score that is no number, is settled in whole numbers: a vector that is still too
    long becomes zero. So ||out||^2 <= CLIP^2 holds exactly, whatever the floats did.
    """
    outputs = score.shape[0]
    if kind == 0:
        z = score[0]
        r = 1.0 / (1.0 + math.exp(-z)) - y if z >= 0 else math.exp(z) / (1.0 + math.exp(z)) - y
        q = r * (_FULL / clip)
        if not (q < _FULL):
            q = _FULL if q >= _FULL else 0.0
        q = max(q, -_FULL)
        out[0] = np.int64(q)
        return
    if kind == 2:
        q = (score[0] - y) * (_FULL / clip)
        if not (q < _FULL):
            q = _FULL if q >= _FULL else 0.0
        q = max(q, -_FULL)
        out[0] = np.int64(q)
        return
    top = score[0]
    for k in range(1, outputs):
        top = max(top, score[k])
    whole = 0.0
    for k in range(outputs):
        whole += math.exp(score[k] - top)
    length = 0.0
    for k in range(outputs):
        r = math.exp(score[k] - top) / whole - (1.0 if k == y else 0.0)
        length += r * r
    length = math.sqrt(length)
    factor = _FULL / max(length, clip) * (1.0 - 1e-9)
    squared = np.int64(0)
    for k in range(outputs):
        q = (math.exp(score[k] - top) / whole - (1.0 if k == y else 0.0)) * factor
        if not (-_FULL <= q <= _FULL):
            q = 0.0
        out[k] = np.int64(q)
        squared += out[k] * out[k]
    if squared > np.int64(CLIP) * np.int64(CLIP):
        for k in range(outputs):
            out[k] = 0


@numba.njit(nogil=True, cache=True)
def gradient(  # noqa: PLR0917 - a kernel
    kind: int, codes: Codes, y: Floats, starts: Whole, table: Floats, offset: Floats, clip: float, out: Whole
) -> None:
    """One pass: adds each record's whole-number residual to the bin it has in every column.

    codes (n, F) uint16; y (n,); starts (F,): where each column's bins begin; table (D, K): the scores; offset
    (K,); out (D, K) int64, zeros at first. |out| <= n CLIP: exact up to n = 2^43.
    """
    n, columns = codes.shape
    outputs = offset.shape[0]
    score = np.empty(outputs, np.float64)
    whole = np.empty(outputs, np.int64)
    if outputs == 1:
        for i in range(n):
            total = offset[0]
            for j in range(columns):
                total += table[starts[j] + codes[i, j], 0]
            score[0] = total
            residual(kind, score, y[i], clip, whole)
            r = whole[0]
            for j in range(columns):
                out[starts[j] + codes[i, j], 0] += r
        return
    for i in range(n):
        for k in range(outputs):
            score[k] = offset[k]
        for j in range(columns):
            place = starts[j] + codes[i, j]
            for k in range(outputs):
                score[k] += table[place, k]
        residual(kind, score, y[i], clip, whole)
        for j in range(columns):
            place = starts[j] + codes[i, j]
            for k in range(outputs):
                out[place, k] += whole[k]
