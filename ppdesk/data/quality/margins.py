"""Whether a sample is made up like the population that reference margins describe."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.data.quality.errors import MarginsUnreadableError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_REAL = r"-?[0-9]+(?:\.[0-9]+)?"
_BAND = re.compile(rf"(?P<low>{_REAL})\s*(?:to|-|–)\s*(?P<high>{_REAL})")
_UNDER = re.compile(rf"(?:under|below|<)\s*(?P<below>{_REAL})", re.IGNORECASE)
_OVER = re.compile(rf"(?P<low>{_REAL})\s*(?:and over|and older|\+|or more)", re.IGNORECASE)
_Z95 = 1.959963984540054  # the normal quantile of 0.975
_FEW = 5.0  # expected records under which the chi-square approximation is not trusted (Cochran 1954)
_SUM = 0.02  # how far shares may be from adding up to 1, for rounding


@dataclass(frozen=True)
class Margin:
    """The make-up of the population in one column: `shares` add up to 1."""

    column: str
    values: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Cell:
    """One category: how many records have it, which share of those with a value, and what was expected."""

    value: str
    records: int
    share: float
    low: float  # Wilson (1927), 95 %
    high: float
    expected: float


@dataclass(frozen=True)
class Likeness:
    """How one column of the sample compares with its margin."""

    column: str
    records: int  # with a value of the margin
    missing: int
    other: int  # with a value that the margin does not name
    distance: float  # total variation, 0 (alike) to 1; records with another value count as expected nowhere
    chi_square: float  # goodness of fit among the categories of the margin (Pearson 1900)
    freedom: int
    p: float
    v: float  # Cramér's V of the goodness of fit: sqrt(chi_square / (records * freedom)), at most 1 shown
    few: bool  # an expected count is under five, so that p is rough
    cells: tuple[Cell, ...]


def read_margins(path: Path) -> tuple[Margin, ...]:
    """The margins of a CSV file with the columns column, value and share or count. MarginsUnreadableError."""
    from ppdesk.core.errors import CodedError
    from ppdesk.data.readers.csv_table import CsvFormat, read_csv

    try:
        rows = read_csv(path, CsvFormat()).table
    except CodedError as error:
        raise _refused(path, error.message.rstrip(".")) from None
    rows = rows.rename_columns([name.strip().lower() for name in rows.column_names])
    weight = next((name for name in ("share", "count") if name in rows.column_names), None)
    if weight is None or not {"column", "value"} <= set(rows.column_names):
        raise _refused(path, "it has not the columns column, value and share (or count)")
    found: dict[str, dict[str, float]] = {}
    sizes = numbers(rows.column(weight), DecimalMark.POINT)
    pairs = zip(rows.column("column").to_pylist(), rows.column("value").to_pylist(), strict=True)
    for row, ((column, value), size) in enumerate(zip(pairs, sizes.tolist(), strict=True), 2):
        if not column or value is None or not math.isfinite(size) or size < 0:
            raise _refused(path, f"row {row} has no column, no value, or no {weight} of 0 or more")
        if found.setdefault(column, {}).setdefault(value, size) != size:
            raise _refused(path, f"row {row} names a value again")
    return tuple(_margin(path, column, cells, shares=weight == "share") for column, cells in found.items())


def _refused(path: Path, reason: str) -> MarginsUnreadableError:
    return MarginsUnreadableError(file=path.name, reason=reason)


def _margin(path: Path, column: str, cells: dict[str, float], *, shares: bool) -> Margin:
    total = math.fsum(cells.values())
    if len(cells) < 2 or total <= 0:
        raise _refused(path, f"column {column} needs two values or more")
    if shares and abs(total - 1) > _SUM and abs(total - 100) > 100 * _SUM:
        raise _refused(path, f"the shares of column {column} add up neither to 1 nor to 100")
    return Margin(column, tuple(cells), tuple(one / total for one in cells.values()))


def compare(margin: Margin, column: "pa.ChunkedArray", decimal: DecimalMark) -> Likeness:
    """How `column` (strings, null = missing) compares with its margin."""
    from scipy.stats import chi2

    place = places(margin, column, decimal)
    counts = np.bincount(place + 2, minlength=len(margin.values) + 2)
    missing, other, seen = int(counts[0]), int(counts[1]), counts[2:].astype(np.int64)
    expected = np.array(margin.shares)
    inside, present = int(seen.sum()), int(seen.sum()) + other
    distance = (np.abs(seen / present - expected).sum() + other / present) / 2 if present else 0.0
    possible = expected > 0
    # a category that the population has not is told as distance; chi-square cannot divide by it
    judged = int(seen[possible].sum())
    wanted = expected[possible] * judged
    chi = float((((seen[possible] - wanted) ** 2) / wanted).sum()) if judged else 0.0
    freedom = int(possible.sum()) - 1
    return Likeness(
        column=margin.column,
        records=inside,
        missing=missing,
        other=other,
        distance=float(distance),
        chi_square=chi,
        freedom=freedom,
        p=float(chi2.sf(chi, freedom)) if freedom and judged else 1.0,
        v=min(1.0, math.sqrt(chi / (judged * freedom))) if freedom and judged else 0.0,
        few=bool((wanted < _FEW).any()),
        cells=tuple(
            Cell(value, count, count / present if present else 0.0, *wilson(count, present), share)
            for value, count, share in zip(margin.values, seen.tolist(), margin.shares, strict=True)
        ),
    )


def wilson(count: int, total: int) -> tuple[float, float]:
    """The score interval of a share, 95 % (Wilson 1927). (0, 1) without records."""
    if not total:
        return 0.0, 1.0
    share, square = count / total, _Z95 * _Z95
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def places(margin: Margin, column: "pa.ChunkedArray", decimal: DecimalMark) -> "NDArray[np.int64]":
    """The margin's value that each record has, (n,) int64: -2 missing, -1 none of them."""
    from ppdesk.data.quality.held import codes

    coded = column.combine_chunks().dictionary_encode()
    bands = [_band(one) for one in margin.values]
    if all(band is not None for band in bands):
        of_value = _in_bands([band for band in bands if band is not None], coded.dictionary, decimal)
    else:
        known = {value: place for place, value in enumerate(margin.values)}
        of_value = np.array([known.get(one, -1) for one in coded.dictionary.to_pylist()], np.int64)
    found: NDArray[np.int64] = np.append(of_value, -2)[codes(coded)]
    return found


def _in_bands(
    bands: "Sequence[tuple[float, float, bool]]", values: "pa.Array", decimal: DecimalMark
) -> "NDArray[np.int64]":
    number = numbers(values, decimal)
    place = np.full(number.size, -1, np.int64)
    for index in range(len(bands) - 1, -1, -1):  # where two bands share an end, the first holds it
        low, high, closed = bands[index]
        place[(number >= low) & ((number <= high) if closed else (number < high))] = index
    return place


def _band(value: str) -> tuple[float, float, bool] | None:
    """(low, high, whether high belongs to it) of "18 to 24", "under 18", "65 and over"; None for others."""
    text = value.strip()
    if (met := _BAND.fullmatch(text)) is not None:
        return float(met["low"]), float(met["high"]), True
    if (met := _UNDER.fullmatch(text)) is not None:
        return -math.inf, float(met["below"]), False
    if (met := _OVER.fullmatch(text)) is not None:
        return float(met["low"]), math.inf, True
    return None
