"""One look at the records around given centres: how many are nearest to each, and which way they lie.

**Sensitivity.** A record x is counted at its nearest centre c only, and adds there the whole-number vector

    w = trunc(u (1 - 1e-9) U),   u = (x - c) / max(|x - c|, R),   |u| <= 1,  U = 2^20

with R the centre's radius, which is public. Truncation towards zero shortens every coordinate, and the factor
makes up for more than what doubles round, so |w| < U: the sums have a squared sensitivity of U^2, whatever
R is. The counts are in cells of their own: COUNT_UNIT^2. Centres and radii are computed from earlier noisy
answers only, so steps compose adaptively. Clipping to a radius that follows the centres' distances, instead
of to the whole domain, is from Diaa, Humphries and Kerschbaum 2024 (FastLloyd); noisy counts and sums around
the nearest centre from Blum, Dwork, McSherry and Nissim 2005.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.train.moments.coding import Coding, Floats
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending, Whole
from ppdesk.train.records import Records

UNIT = 2**20
_INSIDE = 1 - 1e-9
_CHUNK = 2**13
COUNTS = 0.15  # of a step's share: counts enter a shift as a factor near one, sums carry it


@dataclass(frozen=True)
class Look:
    """`counts` (k,) records; `shifts` (k, d): the mean of u R around each centre, grid units, shrunk;
    `noise`: standard deviation of a count."""

    counts: Floats
    shifts: Floats
    noise: float


def sums(rows: Floats, centres: Floats, radii: Floats) -> tuple[Whole, Whole]:
    """(counts (k,), sums (k, d)) of coded rows (m, d): exact whole numbers."""
    near = nearest(rows, centres)
    away = rows - centres[near]
    length = np.sqrt((away * away).sum(axis=1))
    away *= (_INSIDE * UNIT / np.maximum(length, radii[near]))[:, None]
    chosen = np.zeros((len(centres), len(rows)))
    chosen[near, np.arange(len(rows))] = 1.0
    # whole numbers below 2^53 in doubles: exact
    return np.bincount(near, minlength=len(centres)).astype(np.int64), (chosen @ np.trunc(away)).astype(
        np.int64
    )


def nearest(rows: Floats, centres: Floats) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """The place of the nearest centre, (m,)."""
    found: np.ndarray[tuple[int], np.dtype[np.intp]] = (
        (centres**2).sum(axis=1) - 2 * rows @ centres.T
    ).argmin(axis=1)
    return found


def look(
    records: Records,
    coding: Coding,
    centres: Floats,
    radii: Floats,
    *,
    spending: Spending | None,
    share: float,
    tick: Callable[[], None],
) -> Look:
    """One noisy look, at `share` of the guarantee; without `spending` an exact one, for the twin."""
    counts, total = np.zeros(len(centres), np.int64), np.zeros(centres.shape, np.int64)
    for start in range(0, records.rows, _CHUNK):
        tick()
        part = sums(coding.rows(records, start, start + _CHUNK), centres, radii)
        counts += part[0]
        total += part[1]
    if spending is None:
        return _look(counts.astype(np.float64), total / UNIT, radii, 0.0, 0.0)
    noisy = spending.noisy(counts * COUNT_UNIT, COUNT_UNIT**2, share * COUNTS, disjoint=True) / COUNT_UNIT
    spread = spending.scale(COUNT_UNIT**2, share * COUNTS, disjoint=True) / COUNT_UNIT
    moved = spending.noisy(total, UNIT**2, share * (1 - COUNTS)) / UNIT
    return _look(noisy, moved, radii, spread, spending.scale(UNIT**2, share * (1 - COUNTS)) / UNIT)


def _look(counts: Floats, moved: Floats, radii: Floats, spread: float, noise: float) -> Look:
    """A shift is drawn towards none by the part of its square that is noise (James and Stein 1961), and is
    none where too few records are seen."""
    size = np.maximum(counts, 1.0)[:, None]
    squared = (moved**2).sum(axis=1, keepdims=True)
    keep = np.maximum(0.0, 1 - moved.shape[1] * noise**2 / np.maximum(squared, 1e-300))
    shifts = np.where(counts[:, None] > 2 * spread, keep * moved / size * radii[:, None], 0.0)
    length = np.sqrt((shifts**2).sum(axis=1, keepdims=True))
    return Look(counts, shifts * np.minimum(1.0, radii[:, None] / np.maximum(length, 1e-300)), spread)


def radii_of(centres: Floats, most: float) -> Floats:
    """Three quarters of the way to the nearest other centre, (k,), at least a hundredth of `most`."""
    if len(centres) == 1:
        return np.array([most])
    squared = ((centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    found: Floats = np.clip(0.75 * np.sqrt(squared.min(axis=1)), 0.01 * most, most)
    return found
