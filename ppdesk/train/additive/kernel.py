"""The passes over the records, compiled. All sums are of whole numbers, so they are exact in any order.

What a record adds depends on its own codes, its own target and published tables: nothing of another record
enters, and no figure here knows n. Residuals are put on whole numbers BEFORE they are summed: a sum of floats
may round by more than one record's share (Casacuberta and others 2022), a sum of int64 does not round.
"""

import math

import numpy as np
import numpy.typing as npt

from ppdesk.core.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]
Groups = npt.NDArray[np.uint8]
Places = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]

CLIP = 1 << 18  # the most that the whole-number residual of one record can be long (L2)
_FULL = float(CLIP)
LOGISTIC, SOFTMAX, IDENTITY = 0, 1, 2


def no_places(records: int, columns: int, width: int) -> Places:
    """(records, columns) to be filled with places in a table of `width` bins."""
    if width <= np.iinfo(np.uint16).max:
        return np.empty((records, columns), dtype=np.uint16)
    return np.empty((records, columns), dtype=np.uint32)


@compiled
def scores(places: Places, table: Floats, offset: Floats, out: Floats) -> None:
    """out[i, k] = offset[k] + sum over columns j of table[places[i, j], k]; out (n, K)."""
    n, columns = places.shape
    outputs = offset.shape[0]
    for i in range(n):
        for k in range(outputs):
            total = offset[k]
            for j in range(columns):
                total += table[places[i, j], k]
            out[i, k] = total


@compiled
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


@compiled
def gradient(  # noqa: PLR0917 - a kernel
    kind: int, places: Places, y: Floats, table: Floats, offset: Floats, clip: float, out: Whole
) -> None:
    """One pass: adds each record's whole-number residual to the bin it has in every column.

    places (n, F); y (n,); table (D, K): the scores; offset (K,); out (D, K) int64, zeros at first. |out| <=
    n CLIP: exact up to n = 2^43.
    """
    n, columns = places.shape
    outputs = offset.shape[0]
    score = np.empty(outputs, np.float64)
    whole = np.empty(outputs, np.int64)
    if outputs == 1:
        column, sums = table[:, 0].copy(), np.zeros(table.shape[0], np.int64)
        for i in range(n):
            mine = places[i]
            total, other, j = offset[0], 0.0, 1  # two sums: additions need not wait for each other
            while j < columns:
                total += column[mine[j - 1]]
                other += column[mine[j]]
                j += 2
            if j == columns:
                total += column[mine[j - 1]]
            score[0] = total + other
            residual(kind, score, y[i], clip, whole)
            r = whole[0]
            for j in range(columns):
                sums[mine[j]] += r
        out[:, 0] += sums
        return
    for i in range(n):
        for k in range(outputs):
            score[k] = offset[k]
        for j in range(columns):
            for k in range(outputs):
                score[k] += table[places[i, j], k]
        residual(kind, score, y[i], clip, whole)
        for j in range(columns):
            for k in range(outputs):
                out[places[i, j], k] += whole[k]


@compiled
def screen(  # noqa: PLR0917 - a kernel
    kind: int,
    groups: Groups,
    y: Floats,
    score: Floats,
    pairs: Whole,
    widths: Whole,
    starts: Whole,
    clip: float,
    out: Whole,
) -> None:
    """Adds each record's whole-number residual to the cell it has in every pair of columns.

    groups (n, F): each record's group of each column; score (n, K); pairs (P, 2): columns; widths (P,):
    groups of the second one; starts (P,): where the cells of each pair begin; out (cells, K) int64, zeros at
    first.
    """
    n, outputs = score.shape
    whole = np.empty(outputs, np.int64)
    for i in range(n):
        residual(kind, score[i], y[i], clip, whole)
        mine = groups[i]
        for p in range(pairs.shape[0]):
            place = starts[p] + mine[pairs[p, 0]] * widths[p] + mine[pairs[p, 1]]
            for k in range(outputs):
                out[place, k] += whole[k]
