"""Cells as numbers and numbers as cells, with as many decimals as the column had."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.masking.errors import NotNumbersError
from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_DECIMALS = 9


@dataclass(frozen=True)
class Numerals:
    """`values` (n,) float64, NaN where missing; `decimals` is the most that a cell is written with."""

    values: NDArray[np.float64]
    decimals: int
    mark: DecimalMark

    @property
    def present(self) -> NDArray[np.bool_]:
        """(n,) bool: which are not missing."""
        return ~np.isnan(self.values)

    def written(self, values: NDArray[np.float64], decimals: int | None = None) -> "pa.Array":
        """(n,) strings, NaN as missing. -0 is written as 0."""
        import pyarrow as pa

        places = self.decimals if decimals is None else decimals
        distinct, where = np.unique(values, return_inverse=True)
        texts = [None if np.isnan(one) else self._text(float(one), places) for one in distinct]
        return pa.array(texts, pa.string()).take(pa.array(where.reshape(-1)))

    def _text(self, value: float, decimals: int) -> str:
        text = f"{value:.{decimals}f}"
        if not text.strip("-0."):
            text = text.lstrip("-")
        return text.replace(".", self.mark.sign)


def numerals(column: "pa.ChunkedArray", mark: DecimalMark, *, name: str, technique: str) -> Numerals:
    """The numbers of a column of strings. NotNumbersError where a cell that is not missing is none (an
    infinity is none)."""
    import pyarrow.compute as pc

    found = numbers(column, mark)
    missing = np.asarray(pc.is_null(column))
    wrong = int((~np.isfinite(found) & ~missing).sum())
    if wrong:
        raise NotNumbersError(column=name, cells=wrong, technique=technique)
    pattern = rf"\{mark.sign}(?P<decimals>[0-9]*)"
    decimals = pc.struct_field(pc.extract_regex(column, pattern), "decimals")
    most = pc.max(pc.utf8_length(decimals)).as_py() or 0
    return Numerals(found, min(int(most), _MOST_DECIMALS), mark)
