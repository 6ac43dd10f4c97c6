"""What runs released, as numbers that every tester can read: nothing missing, nothing constant."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_FARTHEST = 8.0  # scales from the middle; farther tells no more, and would drown the rest


@dataclass(frozen=True)
class Features:
    """Learnt from runs, (n, k): which columns differ at all, which are missing at times. `of` makes (n, m):
    the columns that differ, missing ones as their middle, then for each that is missing at times 1 or 0."""

    columns: npt.NDArray[np.int64]
    missing: npt.NDArray[np.int64]
    middle: Floats
    scale: Floats

    @classmethod
    def learnt(cls, first: Floats, second: Floats) -> "Features":
        whole = np.concatenate([first, second])
        gone = np.isnan(whole)
        some = ~gone.all(axis=0)
        low = np.min(np.where(gone, np.inf, whole), axis=0)
        high = np.max(np.where(gone, -np.inf, whole), axis=0)
        columns = np.flatnonzero(some & (low < high))
        missing = np.flatnonzero(some & gone.any(axis=0))
        if not columns.size:
            return cls(columns, missing, np.zeros(0), np.ones(0))
        kept = np.sort(whole[:, columns], axis=0)  # what is missing stands last
        last = whole.shape[0] - gone[:, columns].sum(axis=0) - 1
        quarter, middle, upper = (
            kept[(last * share).astype(np.int64), np.arange(columns.size)] for share in (0.25, 0.5, 0.75)
        )
        wide = upper > quarter
        spread = np.where(wide, (upper - quarter) / 1.349, 1.0)
        spread[~wide] = np.nanstd(kept[:, ~wide], axis=0)
        return cls(columns, missing, middle, np.where(spread > 0, spread, 1.0))

    def only(self, places: npt.NDArray[np.int64]) -> "Features":
        """Those at `places` of `of`, in ascending order."""
        columns, missing = places[places < self.columns.size], places[places >= self.columns.size]
        return Features(
            self.columns[columns],
            self.missing[missing - self.columns.size],
            self.middle[columns],
            self.scale[columns],
        )

    def of(self, values: Floats) -> Floats:
        kept = values[:, self.columns]
        filled = np.where(np.isnan(kept), self.middle, kept)
        # -0 and 0 are one value
        return np.concatenate([filled, np.isnan(values[:, self.missing])], axis=1) + 0.0

    def scaled(self, values: Floats) -> Floats:
        """`of`, each column in scales from its middle, far ones held; missing ones at the middle."""
        kept = values[:, self.columns]
        away = np.clip((kept - self.middle) / self.scale, -_FARTHEST, _FARTHEST)
        return np.concatenate([np.nan_to_num(away), np.isnan(values[:, self.missing])], axis=1)
