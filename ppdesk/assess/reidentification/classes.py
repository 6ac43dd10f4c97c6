"""Prosecutor and marketer risk, from how many records each record cannot be told from.

The prosecutor knows that a person is in the table and looks for them: 1 / records like them. The marketer
tries everybody; the mean is the share expected to be found (El Emam 2013; ISO/IEC 27559).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.reidentification.results import EDGES, SIZES, RecordRisk

_SAME = 1e-12  # a risk of exactly the limit is not above it
DIGITS = 6


def shares_above(risks: Floats, counts: Counts) -> tuple[float, ...]:
    """The share of records with a risk above each of EDGES. `risks` (tuples,), `counts` (tuples,) records."""
    return tuple(above(risks, counts, edge) for edge in EDGES)


def above(risks: Floats, counts: Counts, limit: float) -> float:
    """The share of records with a risk above the limit, to six digits."""
    return round(int(counts[risks > limit * (1 + _SAME)].sum()) / max(1, int(counts.sum())), DIGITS)


def record_risk(like: NDArray[Any], counts: Counts, limit: float, left_out: int = 0) -> RecordRisk:
    """The risk of records in tuples: `like` (tuples,) how many records each cannot be told from, itself
    included, all at least 1; `counts` (tuples,) int64 records of each. `limit` 0..1."""
    risks = 1.0 / np.asarray(like, np.float64)
    records = int(counts.sum())
    bins = np.searchsorted(np.array(SIZES), np.round(like), side="right") - 1
    held = np.bincount(bins, weights=counts, minlength=len(SIZES)).astype(np.int64)
    return RecordRisk(
        records=records,
        left_out=left_out,
        classes=len(counts),
        smallest=round(float(np.min(like))),
        uniques=int(counts[np.asarray(like) == 1].sum()),
        highest=round(float(risks.max()), DIGITS),
        mean=round(float(risks @ counts) / records, DIGITS),
        at_risk=above(risks, counts, limit),
        above=shares_above(risks, counts),
        histogram=tuple(held.tolist()),
    )
