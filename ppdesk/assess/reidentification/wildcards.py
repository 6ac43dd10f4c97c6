"""How many records a record cannot be told from, when a missing value may be any value.

Two records are alike where each column has the same value, or one of them has none there; as sdcMicro counts
(freqCalc; Templ, Kowarik and Meindl 2015, Journal of Statistical Software 67), with the one difference that a
record without any value counts for all others as well, as they count for it.
"""

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.effort import Progress, no_progress
from ppdesk.assess.reidentification.coding import Codes, grouped

_PAIR_SECONDS, _TUPLE_SECONDS = 1e-4, 2.5e-7


def work_seconds(wild: Bools) -> float:
    """About how long `alike` takes on one core. `wild` (columns, tuples) bool."""
    patterns = len(np.unique(np.packbits(wild, axis=0).T, axis=0))
    return float(patterns * (patterns * _PAIR_SECONDS / 2 + wild.shape[1] * _TUPLE_SECONDS))


def alike(
    codes: Codes, sizes: tuple[int, ...], wild: Bools, values: Floats, progress: Progress = no_progress
) -> Floats:
    """(measures, tuples) float64: the sum of `values` (measures, tuples) over all tuples that are like each
    one, itself included. `codes` (columns, tuples), `wild` (columns, tuples) bool: where a value is missing.

    Tuples with values in the same columns are one pattern; each pair of patterns is compared in the columns
    that both have. Work: tuples x patterns.
    """
    packed, pattern = np.unique(np.packbits(wild, axis=0).T, axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    held = [np.flatnonzero(pattern == one) for one in range(len(packed))]
    has = [~wild[:, one[0]] for one in held]
    found = np.zeros_like(values)
    pairs, done = len(held) * (len(held) + 1) // 2, 0
    for a, mine in enumerate(held):
        for b in range(a, len(held)):
            if done % 16 == 0:
                progress(done / pairs, "Compare records with missing values")
            done += 1
            theirs = held[b]
            common = has[a] & has[b]
            both = mine if a == b else np.concatenate([mine, theirs])
            groups, first = grouped(
                codes[np.ix_(common, both)], [size for size, used in zip(sizes, common, strict=True) if used]
            )
            ours, others = groups[: len(mine)], groups[-len(theirs) :]
            for measure, one in zip(found, values, strict=True):
                measure[mine] += np.bincount(others, one[theirs], len(first))[ours]
                if a != b:
                    measure[theirs] += np.bincount(ours, one[mine], len(first))[others]
    return found
