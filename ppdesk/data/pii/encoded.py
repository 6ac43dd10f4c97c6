"""Columns by their distinct values: what all of this room works on, so that a million rows cost one pass."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True)
class Encoded:
    """One column. `values`: its distinct texts in the order of their first row; `counts`: rows of each,
    int64; `codes`: the place of each row's text in `values`, int32, -1 for a missing one."""

    name: str
    values: "pa.Array"
    counts: "np.ndarray"
    codes: "np.ndarray"

    @property
    def rows(self) -> int:
        return len(self.codes)

    @property
    def distinct(self) -> int:
        return len(self.values)

    @property
    def present(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum())

    @property
    def missing(self) -> int:
        return self.rows - self.present

    @property
    def most(self) -> int:
        """Rows of the most common value."""
        return int(self.counts.max()) if len(self.counts) else 0


def encode(name: str, column: "pa.ChunkedArray") -> Encoded:
    """The column (strings, null = missing) by its distinct values."""
    import numpy as np
    import pyarrow as pa

    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    coded = text.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):  # more than 2 GiB of text stays in chunks, with one dictionary
        coded = coded.unify_dictionaries().combine_chunks()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    counts = np.bincount(codes[codes >= 0], minlength=len(coded.dictionary)).astype(np.int64)
    return Encoded(name, coded.dictionary, counts, codes)


def spread(length: int, bound: int) -> "np.ndarray":
    """Up to `bound` places of `length`, evenly spaced from the first to the last: the same ones each time."""
    import numpy as np

    if length <= bound:
        return np.arange(length)
    return np.linspace(0, length - 1, bound).astype(np.int64)
