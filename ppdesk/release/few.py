"""Suppressed records that are too few to hide each other.

A suppressed record shows "*" in each quasi-identifier, and keeps its other columns. Together these records
are one class of the file. Where that class has fewer than k records the file is not k-anonymous: whoever
knows a person's quasi-identifiers and finds no class that fits them knows that the person is one of
these few (Sweeney 2002, definition 2, holds for every tuple of the file).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

SUPPRESSED = "*"


def without_few(rows: "pa.Table", generalized: Sequence[str], k: int) -> "tuple[pa.Table, int]":
    """(`rows` without the records that show "*" in all of `generalized` where these are fewer than `k`,
    how many were left out)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    shown = [name for name in generalized if name in rows.column_names]
    if not shown:
        return rows, 0
    hidden = pa.scalar(True)
    for name in shown:
        hidden = pc.and_(hidden, pc.fill_null(pc.equal(rows.column(name), SUPPRESSED), False))
    count = int(pc.sum(hidden).as_py() or 0)
    return (rows.filter(pc.invert(hidden)), count) if 0 < count < k else (rows, 0)
