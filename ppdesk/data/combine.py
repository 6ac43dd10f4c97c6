"""Several tables become one: appended (more rows) or joined by keys (more columns). Over Arrow and numpy.

Stability
---------
`Combined.stability` says how many rows of the result change at most when one record of one of the files is
replaced by another one; None where no such number holds for all tables. It is told for two inputs that are
both taken in and that end in the same number of rows, which is taken as public (docs/security.md).

- *Append.* Each row comes from one record, unchanged: 1.
- *Join, the key unique on both sides, inner.* A row of the result is made of exactly one record of each side,
  and each record takes part in at most one row. To replace a record takes away the row that it was in, if
  any, and adds the one that the new record is in, if any. The number of rows agrees: none or both, so 1.
- *The same, left.* A replaced left record changes its own row. A replaced right record with another key takes
  its values from one row and gives new ones to another: 2.
- *The key repeats on one side.* One record of the other side stands in as many rows as its key repeats, and
  nothing bounds that for all tables: None.
- *One join after another.* A record of a table so far that stands in s rows of it stands in s rows after a
  join of unique keys, since each row goes into at most one. So the largest number of the single joins holds,
  and None if one of them has none. That keys are unique is seen in the data, and told exactly as the number
  of rows is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.wording import listed
from ppdesk.data.bounds import check_size
from ppdesk.data.combine_errors import (
    ManyToManyError,
    NoSuchKeyError,
    NothingMatchesError,
    OtherColumnsError,
    SameNamesError,
)

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_AT_ONCE = 1 << 20  # rows taken at a time
_NAMED = 20  # columns that an error names


class How(StrEnum):
    """Which rows of a join stay: those with a match, or all of the first table."""

    INNER = "inner"
    LEFT = "left"


@dataclass(frozen=True)
class Joined:
    """What one join did, in rows. `matched` and `left_only` add up to the rows of the tables so far;
    `right_only` are the rows of the file whose key nobody has. `left_repeats` and `right_repeats` count the
    rows whose key an earlier row of their side has; `without_key` those of both sides that lack a key."""

    file: str
    matched: int
    left_only: int
    right_only: int
    left_repeats: int
    right_repeats: int
    without_key: int


@dataclass(frozen=True)
class Combined:
    """The table, what each join did, and the stability (see above)."""

    table: "pa.Table"
    joins: tuple[Joined, ...] = ()
    stability: int | None = 1


def append(first: "pa.Table", others: "Sequence[tuple[str, pa.Table]]") -> Combined:
    """All rows, in the order of the files and with the columns in the order of the first. `others` are
    (name of the file, table). OtherColumnsError, TooLargeError."""
    import pyarrow as pa

    names = first.column_names
    for file, table in others:
        missing = [name for name in names if name not in table.column_names]
        surplus = [name for name in table.column_names if name not in names]
        if missing or surplus:
            raise OtherColumnsError(file=file, missing=_listed(missing), surplus=_listed(surplus))
    check_size(sum(table.num_rows for _, table in others) + first.num_rows, first.num_columns)
    return Combined(pa.concat_tables([first, *(table.select(names) for _, table in others)]))


def join(
    first: "pa.Table",
    others: "Sequence[tuple[str, pa.Table]]",
    keys: Sequence[str],
    how: How,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Combined:
    """One join after the other, by whole, equal texts in `keys`. A missing key matches nothing. The rows
    come in the order of the first table, then of the file. NoSuchKeyError, SameNamesError, ManyToManyError,
    NothingMatchesError, TooLargeError, CancelledRunError."""
    missing = [key for key in keys if key not in first.column_names]
    if missing or not keys:
        raise NoSuchKeyError(file="The first file", names=_listed(missing))
    table, joins, bounds = first, [], []
    for file, other in others:
        if cancelled():
            raise CancelledRunError()
        table, done = _join(table, file, other, list(keys), how)
        joins.append(done)
        bounds.append(_stability(done, how))
    known = [bound for bound in bounds if bound is not None]
    return Combined(table, tuple(joins), max(known) if len(known) == len(bounds) else None)


def _stability(done: Joined, how: How) -> int | None:
    if done.left_repeats or done.right_repeats:
        return None
    return 1 if how is How.INNER else 2


def _join(
    left: "pa.Table", file: str, right: "pa.Table", keys: list[str], how: How
) -> "tuple[pa.Table, Joined]":
    import numpy as np

    missing = [key for key in keys if key not in right.column_names]
    if missing:
        raise NoSuchKeyError(file=file, names=_listed(missing))
    new = [name for name in right.column_names if name not in keys]
    clash = [name for name in new if name in left.column_names]
    if clash:
        raise SameNamesError(file=file, names=_listed(clash))
    lefts, rights = _codes(left, right, keys)
    many = 1 + int(max(lefts.max(initial=-1), rights.max(initial=-1)))
    on_left, on_right = (np.bincount(codes[codes >= 0], minlength=many) for codes in (lefts, rights))
    repeats = [int(np.maximum(counts - 1, 0).sum()) for counts in (on_left, on_right)]
    if all(repeats):
        raise ManyToManyError(file=file, left=repeats[0], right=repeats[1])
    found = np.where(lefts >= 0, on_right[lefts], 0) if many else np.zeros(len(lefts), dtype=np.int64)
    done = Joined(
        file=file,
        matched=int((found > 0).sum()),
        left_only=int((found == 0).sum()),
        right_only=int(on_right[on_left == 0].sum() + (rights < 0).sum()),
        left_repeats=repeats[0],
        right_repeats=repeats[1],
        without_key=int((lefts < 0).sum() + (rights < 0).sum()),
    )
    if not done.matched:
        raise NothingMatchesError(file=file)
    times = found if how is How.INNER else np.maximum(found, 1)
    check_size(int(times.sum()), left.num_columns + len(new))
    from_left = np.repeat(np.arange(len(lefts)), times)
    table = _taken(left, from_left)
    partners = _partners(lefts, rights, on_right, found, times)
    for name, column in zip(new, _taken(right.select(new), partners).columns, strict=True):
        table = table.append_column(name, column)
    return table, done


def _partners(lefts: "Ints", rights: "Ints", on_right: "Ints", found: "Ints", times: "Ints") -> "Ints":
    """The row of the right side for each row of the result, -1 where there is none."""
    import numpy as np

    order = np.argsort(rights, kind="stable")
    order = order[(rights < 0).sum() :]  # those without a key stand first
    starts = np.concatenate([[0], np.cumsum(on_right)[:-1]]) if len(on_right) else np.zeros(1, dtype=np.int64)
    begins = np.where(found > 0, starts[np.maximum(lefts, 0)], -1)
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    at = np.repeat(begins, times)
    return np.where(at < 0, -1, order[np.where(at < 0, 0, at + within)])


def _codes(left: "pa.Table", right: "pa.Table", keys: list[str]) -> "tuple[Ints, Ints]":
    """A number for each row's key, the same for the same texts on both sides; -1 where a part is missing."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = left.num_rows + right.num_rows
    codes, missing = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=bool)
    for key in keys:
        chunks = [*left.column(key).chunks, *right.column(key).chunks]
        column = pa.chunked_array(chunks, pa.string()).dictionary_encode()
        parts = [pc.fill_null(part.indices, -1).to_numpy() for part in column.chunks]
        own = np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)
        missing |= own < 0
        if len(keys) == 1:
            codes = own
            break
        width = 1 + int(own.max(initial=0))  # fewer than the rows, so that no product leaves 64 bits
        codes = np.unique(codes * width + np.maximum(own, 0), return_inverse=True)[1].astype(np.int64)
    codes[missing] = -1
    return codes[: left.num_rows], codes[left.num_rows :]


def _taken(table: "pa.Table", rows: "Ints") -> "pa.Table":
    """`table` at `rows`, with missing values at -1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pieces = []
    for start in range(0, max(1, len(rows)), _AT_ONCE):
        some = pa.array(rows[start : start + _AT_ONCE])
        pieces.append(table.take(pc.if_else(pc.less(some, 0), pa.scalar(None, pa.int64()), some)))
    return pa.concat_tables(pieces)


def _listed(names: Sequence[str]) -> str:
    return listed([name[:60] for name in names], _NAMED) or "none"
