"""What an attacker learns who takes a general value for any value below it.

k is counted by exact matching: a class are the records that show the same values, and "*" is a value of its
own. In a local transformation labels of different classes overlap, and an attacker who knows a person's
values may match them against every record whose labels cover them. Among those are all records of the
person's own class, so the attacker is never nearer to the person than 1 in the size of that class: exact
matching is the cautious count. Here the other one is counted as well: the risk of a record is then 1 / number
of released records that cover its values, suppressed ones included.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.anonymize.local.clustering import Task
from ppdesk.anonymize.local.release import Local
from ppdesk.core.compiling import compiled

_PAIRS = 100_000_000  # comparisons of a tuple with a class


@dataclass(frozen=True)
class Matching:
    """`highest` and `mean` risk, 0..1, of records of `tried` distinct tuples, all or evenly chosen."""

    highest: float
    mean: float
    tried: int
    all: bool


def matching(task: Task, local: Local) -> Matching:
    """The risk of the kept and suppressed records of a table under matching by cover."""
    maps = task.frequencies.maps
    groups = len(task.frequencies.counts)
    chosen = np.arange(groups)
    fit = max(1, _PAIRS // max(1, len(local.sizes)))
    if fit < groups:
        chosen = np.unique(np.linspace(0, groups - 1, fit).astype(np.int64))
    m = len(maps.shape)
    leaves = np.stack([task.frequencies.leaves(d)[chosen] for d in range(m)], axis=1)
    starts = maps.starts[np.arange(m), local.levels]
    labels = maps.finest.maps[starts + local.leaf]
    covered = _covered(leaves, starts, labels, local.sizes, maps.finest.maps) + local.suppressed
    counts = task.frequencies.counts[chosen]
    risks = 1 / np.maximum(covered, 1)
    return Matching(
        highest=float(risks.max()),
        mean=float((risks * counts).sum() / counts.sum()),
        tried=len(chosen),
        all=len(chosen) == groups,
    )


@compiled
def _covered(leaves: Any, starts: Any, labels: Any, sizes: Any, maps: Any) -> Any:
    """(tuples,) int64: records of the classes whose labels cover each tuple."""
    found = np.zeros(leaves.shape[0], np.int64)
    for t in range(leaves.shape[0]):
        for c in range(labels.shape[0]):
            inside = True
            for d in range(labels.shape[1]):
                if maps[starts[c, d] + leaves[t, d]] != labels[c, d]:
                    inside = False
                    break
            if inside:
                found[t] += sizes[c]
    return found
