"""One cycle of boosting: for each feature in turn the residuals of all records are summed by leaf, noise is
added, and the scores move. Compiled; all sums are of whole numbers, so they are exact in any order."""

import math

import numpy as np
import numpy.typing as npt

from ppdesk.core.compiling import compiled
from ppdesk.train.additive.kernel import CLIP, LOGISTIC, residual

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]


@compiled
def _one(  # noqa: PLR0917 - a kernel
    kind: int,
    codes: Codes,
    y: Floats,
    clip: float,
    leaves: Whole,
    noise: Whole,
    rates: Floats,
    score: Floats,
    waiting: Floats,
    last: int,
    table: Floats,
) -> int:
    """`cycle` for one output, where the residual is one number: what is not within -CLIP..CLIP, a score
    that is no number among it, adds nothing or is cut."""
    features, n = codes.shape
    full = float(CLIP)
    factor = full / clip
    move = np.zeros(leaves.shape[1])
    for j in range(features):
        sums = noise[j, :, 0].copy()
        if last >= 0:
            move[:] = waiting[:, 0]
        earlier = codes[last if last >= 0 else j]
        now = codes[j]
        leaf = leaves[j]
        for i in range(n):
            z = score[i, 0] + move[earlier[i]]
            score[i, 0] = z
            r = (1.0 / (1.0 + math.exp(-z)) if kind == LOGISTIC else z) - y[i]
            q = r * factor
            if not (q < full):
                q = full if q >= full else 0.0
            q = max(q, -full)
            sums[leaf[now[i]]] += np.int64(q)
        for b in range(leaves.shape[1]):
            waiting[b, 0] = -rates[j, leaf[b]] * (float(sums[leaf[b]]) / CLIP) * clip
            table[j, b, 0] += waiting[b, 0]
        last = j
    return last


@compiled
def cycle(  # noqa: PLR0917 - a kernel
    kind: int,
    codes: Codes,
    y: Floats,
    clip: float,
    leaves: Whole,
    noise: Whole,
    rates: Floats,
    score: Floats,
    waiting: Floats,
    last: int,
    table: Floats,
) -> int:
    """Boost every feature once; the place of the last one, whose move of the scores still waits.

    codes (p, n): the bin of each record in each feature; leaves (p, B): the leaf of each bin; noise (p, L,
    K); rates (p, L): what a noisy sum is multiplied with; score (n, K), table (p, B, K): changed; waiting
    (B, K): the move that feature `last` made and `score` has not seen (last < 0: none).

    What a record adds to a sum: its residual's whole numbers, L2 length at most CLIP, in one leaf.
    """
    features, n = codes.shape
    outputs = score.shape[1]
    if outputs == 1:
        return _one(kind, codes, y, clip, leaves, noise, rates, score, waiting, last, table)
    whole = np.empty(outputs, np.int64)
    for j in range(features):
        sums = noise[j].copy()
        for i in range(n):
            if last >= 0:
                for k in range(outputs):
                    score[i, k] += waiting[codes[last, i], k]
            residual(kind, score[i], y[i], clip, whole)
            leaf = leaves[j, codes[j, i]]
            for k in range(outputs):
                sums[leaf, k] += whole[k]
        for b in range(leaves.shape[1]):
            leaf = leaves[j, b]
            for k in range(outputs):
                waiting[b, k] = -rates[j, leaf] * (float(sums[leaf, k]) / CLIP) * clip
                table[j, b, k] += waiting[b, k]
        last = j
    return last
