"""Whether a new batch still looks like the data a model learnt from, column by column.

The population stability index PSI = sum (q - p) ln(q / p) and its limits, below 0.10 steady and above 0.25
drifted, follow Siddiqi (2006, Credit Risk Scorecards, Wiley). They are a convention of credit scoring, not
a test: a small batch passes 0.10 by chance alone. Yurdakul (2018, Statistical Properties of the Population
Stability Index) shows that without drift PSI is about (1/n + 1/m) times a chi-squared with one degree of
freedom less than there are cells; its 99 % point is the noise that a finding must stand above.
"""

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.cells import BINS, Domain
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.results import ColumnDrift

WATCH = 0.10
LIMIT = 0.25
SOURCE = "Siddiqi 2006: below 0.10 steady, above 0.25 drifted; noise after Yurdakul 2018"


def psi(reference: Counts, batch: Counts) -> float:
    """Population stability index in nats. Half a record is added to each cell, so that none is empty."""
    p, q = _smoothed(reference), _smoothed(batch)
    return float(np.sum((q - p) * np.log(q / p)))


def jensen_shannon(reference: Counts, batch: Counts) -> float:
    """Jensen-Shannon divergence in bits, 0..1 (Lin 1991, IEEE Trans. Information Theory 37)."""
    p, q = _shares(reference), _shares(batch)
    middle = (p + q) / 2
    return max(0.0, (_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2)


def total_variation(reference: Counts, batch: Counts) -> float:
    """Half the sum of absolute differences of shares, 0..1."""
    return float(np.abs(_shares(reference) - _shares(batch)).sum() / 2)


def noise(reference: Counts, batch: Counts) -> float:
    """The PSI that 99 of 100 batches without drift stay under (Yurdakul 2018)."""
    from scipy.special import chdtri

    cells = int(((reference + batch) > 0).sum())
    if cells < 2:
        return 0.0
    return float(chdtri(cells - 1, 0.01)) * (1 / int(reference.sum()) + 1 / int(batch.sum()))


def column_drift(
    domain: Domain, reference: Counts, batch: Counts, *, watch: float = WATCH, limit: float = LIMIT
) -> ColumnDrift:
    """Compare one column. reference, batch: (domain.cells,) counts from `cells.counts`.

    Raises NothingToCompareError where either side is empty.
    """
    for what, side in (("The reference", reference), ("The batch", batch)):
        if side.sum() == 0:
            raise NothingToCompareError(what=what)
    used = (reference + batch) > 0
    index = psi(reference[used], batch[used])
    floor = noise(reference, batch)
    categorical = domain.categories is not None
    return ColumnDrift(
        column=domain.name,
        psi=round(index, 6),
        js=round(jensen_shannon(reference, batch), 6),
        tv=round(total_variation(reference, batch), 6),
        noise=round(floor, 6),
        cells=int(used.sum()),
        unseen=int(batch[-2]),
        outside=0 if categorical else int(batch[0] + batch[BINS + 1]),
        missing=round(float(batch[-1] / batch.sum()), 6),
        verdict=verdict(index, floor, watch=watch, limit=limit),
    )


def verdict(index: float, floor: float, *, watch: float, limit: float) -> str:
    """steady, watch or drifted; unclear where the batch is too small to tell drift from chance."""
    if index > max(limit, floor):
        return "drifted"
    if index > max(watch, floor):
        return "watch"
    return "unclear" if floor > watch else "steady"


def _shares(side: Counts) -> Floats:
    shares: Floats = side / side.sum()
    return shares


def _smoothed(side: Counts) -> Floats:
    shares: Floats = (side + 0.5) / (side.sum() + 0.5 * side.size)
    return shares


def _relative_entropy(p: Floats, q: Floats) -> float:
    held = p > 0
    return float(np.sum(p[held] * np.log2(p[held] / q[held])))
