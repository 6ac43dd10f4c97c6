"""A pair of columns in the trained model: a table of what their groups add to the score together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.records import Values
from ppdesk.train.schema import Column, Numeric

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Part:
    """One of the two columns, the schema's number `column`. A numeric one: inner `edges` between its groups,
    a value v is in number #{edges <= v}, one more for missing cells. A categorical one: `groups`, the group
    of each category and, last, of all else."""

    column: int
    edges: tuple[float, ...]
    groups: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many groups there are."""
        return max(self.groups) + 1 if self.groups else len(self.edges) + 2

    def places(self, values: Values) -> npt.NDArray[np.int64]:
        """The group of each cell, (n,)."""
        if self.groups:
            return np.array(self.groups, dtype=np.int64)[np.asarray(values, dtype=np.int64)]
        found = np.searchsorted(np.array(self.edges), values, side="right").astype(np.int64)
        found[np.isnan(values)] = len(self.edges) + 1
        return found

    def fits(self, columns: Sequence[Column]) -> bool:
        """Whether it is a part of such columns."""
        if not 0 <= self.column < len(columns):
            return False
        column = columns[self.column]
        if isinstance(column, Numeric):
            return not self.groups and list(self.edges) == sorted(set(self.edges))
        width = len(column.categories) + 1
        return (
            not self.edges and len(self.groups) == width and 0 <= min(self.groups) <= max(self.groups) < width
        )


@dataclass(frozen=True)
class Pair:
    """`values` and `sds`, (first's groups times second's, K), the second's groups running faster: what is
    added to each score, and its standard deviation."""

    parts: tuple[Part, Part]
    values: Rows
    sds: Rows

    def added(self, values: Sequence[Values]) -> Floats:
        """What each record gets, (n, K), from the columns' values in the schema's order."""
        first, second = (part.places(values[part.column]) for part in self.parts)
        return np.asarray(np.array(self.values)[first * self.parts[1].width + second])

    def to_json(self) -> dict[str, Json]:
        """What `pair_from_json` reads."""
        return {
            "columns": [part.column for part in self.parts],
            "edges": [list(part.edges) for part in self.parts],
            "groups": [list(part.groups) for part in self.parts],
            "values": [list(row) for row in self.values],
            "sds": [list(row) for row in self.sds],
        }


def pair_from_json(untrusted: Mapping[str, Any], columns: Sequence[Column], outputs: int) -> Pair:
    """The pair that `to_json` wrote. BadModelError for what does not fit; KeyError, TypeError, ValueError."""
    parts = [
        Part(int(column), tuple(float(one) for one in edges), tuple(int(one) for one in groups))
        for column, edges, groups in zip(
            untrusted["columns"], untrusted["edges"], untrusted["groups"], strict=True
        )
    ]
    if len(parts) != 2 or parts[0].column == parts[1].column or not all(one.fits(columns) for one in parts):
        raise BadModelError(reason="a pair's groups do not fit its columns")
    values, sds = (
        tuple(tuple(float(one) for one in row) for row in untrusted[name]) for name in ("values", "sds")
    )
    rows = (*values, *sds)
    width = parts[0].width * parts[1].width
    if len(values) != width or len(sds) != width or any(len(row) != outputs for row in rows):
        raise BadModelError(reason="a pair's function has the wrong size")
    edges = [one for part in parts for one in part.edges]
    if not (np.isfinite(np.array(rows)).all() and np.isfinite(edges).all()):
        raise BadModelError(reason="a pair's function is not finite")
    return Pair((parts[0], parts[1]), values, sds)
