"""Generalization hierarchies: ARX's CSV form, checked to be trees with one top, and coded for the search."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ppdesk.anonymize.errors import (
    BranchingHierarchyError,
    DuplicateLeafError,
    EmptyHierarchyError,
    OpenTopError,
    ReturnedFromTopError,
    UnevenHierarchyError,
    UnreadableHierarchyError,
)
from ppdesk.core.canonical import canonical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOP = "*"  # the value that says nothing; also what every quasi-identifier of a suppressed record becomes


@dataclass(frozen=True)
class Hierarchy:
    """The hierarchy of one column. `rows`: one per leaf, the leaf first, then its generalizations up to
    the top. Level 0 are the leaves. Make it with `validated`; the class itself checks nothing."""

    column: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def levels(self) -> int:
        """How many levels there are, the leaves included."""
        return len(self.rows[0])

    @property
    def leaves(self) -> tuple[str, ...]:
        """Level 0, in the order of the file."""
        return tuple(row[0] for row in self.rows)

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The distinct values of each level, in the order of the file."""
        return tuple(tuple(dict.fromkeys(level)) for level in zip(*self.rows, strict=True))

    @cached_property
    def codes(self) -> "tuple[NDArray[np.int32], ...]":
        """For each level, (leaves,) int32: the index in `labels` of each leaf's value on that level."""
        import numpy as np

        coded = []
        for labels, level in zip(self.labels, zip(*self.rows, strict=True), strict=True):
            number = {label: index for index, label in enumerate(labels)}
            coded.append(np.fromiter((number[value] for value in level), np.int32, len(self.rows)))
        return tuple(coded)


def validated(column: str, rows: Sequence[Sequence[str]], places: Sequence[int] | None = None) -> Hierarchy:
    """The hierarchy, if it is one: as many levels in each row, no leaf twice, equal values generalize
    equally, "*" at the top of every row and nothing else above a "*". Rows count from 1, or as `places`
    says. Raises a HierarchyError that names the row; the values of a hierarchy file are public, so it may
    name them too.
    """
    if not rows:
        raise EmptyHierarchyError(column=column)
    levels = len(rows[0])
    first_row: dict[str, int] = {}
    parents: list[dict[str, tuple[str, int]]] = [{} for _ in range(levels - 1)]
    for number, row in zip(places or range(1, len(rows) + 1), rows, strict=True):
        if len(row) != levels:
            raise UnevenHierarchyError(
                column=column, row=number, value=row[0], actual=len(row), expected=levels
            )
        if row[-1] != TOP:
            raise OpenTopError(column=column, row=number, value=row[0])
        if row[0] in first_row:
            raise DuplicateLeafError(column=column, row=number, value=row[0], first=first_row[row[0]])
        first_row[row[0]] = number
        for level, known in enumerate(parents):
            parent, since = known.setdefault(row[level], (row[level + 1], number))
            if parent != row[level + 1]:
                raise BranchingHierarchyError(
                    column=column, row=number, level=level, value=row[level], other=row[level + 1],
                    parent=parent, first=since,
                )  # fmt: skip
            if level and row[level] == TOP != parent:
                raise ReturnedFromTopError(column=column, row=number, level=level + 1, value=parent)
    return Hierarchy(column, tuple(tuple(row) for row in rows))


def from_csv(column: str, data: bytes) -> Hierarchy:
    """A hierarchy file as ARX writes it: no header, semicolons, UTF-8, a row per leaf. Blank lines are
    not rows."""
    try:
        text = data.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        found = [(reader.line_num, row) for row in reader if row]
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableHierarchyError(column=column) from None
    return validated(column, [row for _, row in found], [place for place, _ in found])


def to_csv(hierarchy: Hierarchy) -> bytes:
    """The same as a file that ARX and `from_csv` read. A row whose first value is empty stands for missing
    values."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\n").writerows(hierarchy.rows)
    return written.getvalue().encode()


def to_json(hierarchies: Mapping[str, Hierarchy]) -> bytes:
    """Canonical JSON ``{column: [[leaf, level 1, ..., "*"], ...]}``."""
    return canonical({name: [list(row) for row in one.rows] for name, one in hierarchies.items()})


def from_json(data: bytes) -> dict[str, Hierarchy]:
    """What `to_json` wrote, checked again."""
    return {str(name): validated(str(name), rows) for name, rows in json.loads(data).items()}
