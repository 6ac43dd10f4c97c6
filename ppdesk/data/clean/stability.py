"""How many records of a cleaned table one record of the imported file can change (for group privacy).

Two files are neighbours when one record is replaced. Let the tables be compared as sequences, and count how
many records have to be taken out (d) and put in (i) to make one from the other: for neighbours d = i = 1.

- An operation whose result for a row rests on that row and on declared values alone turns each record taken
  out or put in into one such record or into none. d and i do not grow.
- Removing duplicates: a record r more or less changes nothing outside the group of rows that agree with it in
  the chosen columns. In its group one row stays. With r the row that stays is the same as without it, or it
  is r instead: at most one record in and one out. So each of the d + i edits makes at most one record in and
  one out: d' and i' are at most d + i, which doubles them.
- Removing duplicates over all columns: the row that stays says the same whichever of the group it is. As a
  set of records (with repetition) the result has r once more, once less, or not at all: d and i do not grow.
  Only the place of the row can change; that matters for a later operation that looks at the order of rows, so
  it is counted as doubling if such a one follows.
- Anything that uses other rows in another way (a mean, the row above, quartiles, near duplicates in chains)
  is taken as unbounded, which is said by None.

The numbers multiply. A record replaced is one taken out and one put in, so a table changes in max(d, i)
records. The number of rows itself is taken as public.
"""

from collections.abc import Sequence

from ppdesk.data.clean.operation import Operation
from ppdesk.data.clean.row_operations import Duplicates, Fill, FillBy


def stability_of(one: Operation, *, order_matters_later: bool = True) -> int | None:
    """The factor of one operation; `order_matters_later`: a later one looks at the order of rows."""
    if isinstance(one, Fill):
        return 1 if one.how is FillBy.CONSTANT else None
    if isinstance(one, Duplicates):
        return 1 if not one.columns and not order_matters_later else 2
    return 1 if one.row_local else None


def factors(operations: Sequence[Operation]) -> list[int | None]:
    """The factor of each operation in its place."""
    found: list[int | None] = []
    later = False
    for one in reversed(operations):
        found.append(stability_of(one, order_matters_later=later))
        later = later or isinstance(one, Duplicates)
    return found[::-1]


def stability(operations: Sequence[Operation]) -> int | None:
    """Of all operations one after the other; None: unbounded."""
    total = 1
    for factor in factors(operations):
        if factor is None:
            return None
        total *= factor
    return total
