"""How often the values of a column stand in it, counted once for the profile and the fingerprint.

A column that repeats its values is counted by its distinct values. Of one that hardly does, the 64-bit hashes
of all values are sorted, which is several times as quick. Two different values of n then count as one with a
chance of about n**2 / 2**65 (3e-8 for a million rows); whoever works out such values only gets wrong counts.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.column_types import ColumnType, column_type, other_mark, present_texts
from ppdesk.data.readers.text_bytes import codes_of
from ppdesk.data.row_sums import RowSums, text_hashes, trimmed_hashes

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_SAMPLE = 1 << 14  # rows that tell whether a column repeats its values
_WIDE = 1 << 30  # bytes from which distinct values need 64-bit offsets


@dataclass(frozen=True)
class Counted:
    """What is known of a column. `values` (d,) are its distinct values without null and `counts` (d,) how
    many rows have each, in the order in which they come; both None where it hardly repeats any."""

    type: ColumnType
    values: "pa.Array | None" = None
    counts: "NDArray[np.int64] | None" = None


def count_column(column: "pa.ChunkedArray") -> "RepeatedValues | ManyValues":
    """The counts of a column of strings."""
    import pyarrow.compute as pc

    first = column.slice(0, _SAMPLE)
    distinct = int(pc.count_distinct(first).as_py())
    if 2 * distinct > len(first) > 0:
        return ManyValues(column)
    return RepeatedValues(column)


@dataclass(frozen=True)
class RepeatedValues:
    """A column by its distinct values."""

    column: "pa.ChunkedArray"

    @cached_property
    def _encoded(self) -> "tuple[pa.Array, list[NDArray[np.int32]]]":
        """(distinct values, for each chunk the places of its rows' values, past the end for missing)."""
        import pyarrow as pa

        column = self.column
        if column.nbytes > _WIDE:
            column = column.cast(pa.large_string())
        parts: Any = column.dictionary_encode().chunks
        if not parts:
            return pa.array([], pa.string()), []
        # one table of values grows along the chunks, so that the last one has them all
        values = parts[-1].dictionary
        return values, [codes_of(part.indices, len(values)) for part in parts]

    @property
    def values(self) -> "pa.Array":
        """The distinct values, in the order of `counts`."""
        return self._encoded[0]

    def counts(self) -> "NDArray[np.int64]":
        """How many rows have each distinct value, in the order in which they come first."""
        import numpy as np

        values, codes = self._encoded
        found = np.zeros(len(values) + 1, dtype=np.int64)
        for part in codes:
            found += np.bincount(part, minlength=len(values) + 1)
        return found[:-1]

    def type(self, decimal: DecimalMark) -> ColumnType:
        return column_type(self._encoded[0], decimal)

    def other_mark(self, decimal: DecimalMark) -> bool:
        return other_mark(self._encoded[0], decimal)

    def add_to(self, sums: RowSums, name: str) -> None:
        import numpy as np

        values, codes = self._encoded
        hashes = np.append(trimmed_hashes(values), np.uint64(0))
        first = 0
        for part in codes:
            sums.add(name, first, hashes, part)
            first += len(part)


@dataclass(frozen=True)
class ManyValues:
    """A column by the hashes of all its values."""

    column: "pa.ChunkedArray"

    @cached_property
    def _hashes(self) -> "list[NDArray[np.uint64]]":
        return [text_hashes(chunk) for chunk in self.column.chunks]

    def counts(self) -> "NDArray[np.int64]":
        """How many rows have each distinct value, in no order."""
        import numpy as np

        every = np.concatenate(self._hashes)
        every.sort()  # a missing value counts as an empty one, 0, so all of them are at the beginning
        every = every[self.column.null_count :]
        if len(every) == 0:
            return np.zeros(0, dtype=np.int64)
        new = np.ones(len(every) + 1, dtype=bool)
        np.not_equal(every[1:], every[:-1], out=new[1:-1])
        return np.diff(np.flatnonzero(new))

    @cached_property
    def _present(self) -> "pa.ChunkedArray":
        return present_texts(self.column)

    def type(self, decimal: DecimalMark) -> ColumnType:
        return column_type(self._present, decimal)

    def other_mark(self, decimal: DecimalMark) -> bool:
        return other_mark(self._present, decimal)

    def add_to(self, sums: RowSums, name: str) -> None:
        first = 0
        for chunk, hashes in zip(self.column.chunks, self._hashes, strict=True):
            sums.add(name, first, trimmed_hashes(chunk, hashes))
            first += len(chunk)
