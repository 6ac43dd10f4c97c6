"""SUDA scores of records, and what they say of the chance that a unique match is right.

Elliot, Manning and Ford 2002, A computational algorithm for handling the special uniques problem; as
sdcMicro's suda2 computes them (with its `original_scores`). A minimal sample unique of k of V columns adds
(V - k)! to the score S of its record: the fewer columns make a record unique, the more it stands out. The
data intrusion simulation (Skinner and Elliot 2002, JRSS B 64) tells how likely a unique match is right, of a
sample of the fraction p with U unique records and P records in pairs:

    DIS = U p / (U p + P (1 - p))

and DIS-SUDA spreads it by the scores, over the N records that have one, Q = 1 + (8 - V) / 20:

    1 / (1 + N (1 / DIS - 1) / (S^Q sum(1 / S^Q)))

Here U counts all unique records; sdcMicro 5.8 leaves out those that share a slot of its hash table with
another one. N is all of them where no combination is too large to be looked at. For more than 27 columns Q
stays at 0.05, since a larger score never is a smaller risk.
"""

import math
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.reidentification.classes import DIGITS, shares_above
from ppdesk.assess.reidentification.results import ColumnShare, SpecialUniques
from ppdesk.assess.reidentification.uniques import Walk

FRACTION = 0.01  # where nobody says what share of the population the table is: sdcMicro's default
_LEAST_Q = 0.05


@dataclass(frozen=True)
class Scores:
    """`suda` and `dis_suda` (tuples,) float64; both 0 where nothing is unique. `dis` 0..1."""

    suda: Floats
    dis_suda: Floats
    dis: float


def worth(columns: int, largest: int) -> Floats:
    """(largest,) float64: what a minimal sample unique of 1, 2, ... of `columns` adds to a score."""
    return np.array([float(math.factorial(columns - size)) for size in range(1, largest + 1)])


def intrusion(counts: Counts, fraction: float) -> float:
    """DIS of a sample of `fraction` of the population, 0..1, with `counts` (classes,) int64 records."""
    alone, paired = int((counts == 1).sum()), 2 * int((counts == 2).sum())
    right, wrong = alone * fraction, paired * (1 - fraction)
    return right / (right + wrong) if right > 0 else 0.0


def scores(walk: Walk, columns: int, counts: Counts, fraction: float) -> Scores:
    """Of all tuples. `counts` (tuples,) int64 records of each; `fraction` in (0, 1]."""
    suda = walk.by_size @ worth(columns, walk.largest)
    dis = intrusion(counts, fraction)
    scored = suda > 0
    found = np.zeros(len(suda))
    if scored.any() and dis > 0:
        power = suda[scored] ** max(_LEAST_Q, 1 + (8 - columns) / 20)
        odds = int(scored.sum()) * (1 / dis - 1)
        found[scored] = 1 / (1 + odds / (power * float((1 / power).sum())))
    return Scores(suda, found, dis)


def special(walk: Walk, names: tuple[str, ...], counts: Counts, fraction: float) -> SpecialUniques:
    """What is told of them: no record, and no value."""
    found = scores(walk, len(names), counts, fraction)
    scored = found.suda > 0
    gain = worth(len(names), walk.largest)
    width = np.zeros(len(walk.uniques), np.int64)
    for column in range(len(names)):
        width += (walk.uniques >> column) & 1
    total = float(found.suda.sum())
    columns = []
    for column, name in enumerate(names):
        held = ((walk.uniques >> column) & 1).astype(np.bool_)
        share = float(gain[width[held] - 1].sum()) / total if total else 0.0
        columns.append(ColumnShare(name, round(share, DIGITS), int(held.sum())))
    least = np.argmax(walk.by_size[scored] > 0, axis=1)
    return SpecialUniques(
        largest=walk.largest,
        records=int(scored.sum()),
        by_size=tuple(walk.by_size.sum(axis=0, dtype=np.int64).tolist()),
        smallest=tuple(np.bincount(least, minlength=walk.largest).tolist()),
        fraction=fraction,
        dis=round(found.dis, DIGITS),
        highest=round(float(found.dis_suda.max()), DIGITS),
        above=shares_above(found.dis_suda, counts),
        columns=tuple(sorted(columns, key=lambda one: -one.share)),
    )
