"""A density of tables as a tree of columns, as plain JSON.

Format "ppdesk-histogram-1": {"columns": [...], "bins": b, "single": [[chance of each cell], ...],
"edges": [{"from": i, "to": j, "chances": [[...], ...]}, ...], "threshold": t, "share": s, "privacy": {...}}.

The chance of a record is the product of its cells' chances in `single`, times for each edge of the tree
chances[x_i][x_j] / (row sum x_i * column sum x_j). Without edges this is the histogram-based outlier score of
Goldstein and Dengel 2012; with them the tree of Chow and Liu 1968. The score is minus its logarithm: high is
strange. `threshold`: the score that the share `share` of records was at or above when it was trained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.histogram.cells import Cells, Codes
from ppdesk.train.moments.claim import opened
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target

FORMAT = "ppdesk-histogram-1"
KEY = "histogram"


@dataclass(frozen=True)
class Edge:
    """Two columns and the chance of each pair of their cells, all above 0, which add up to 1."""

    first: int
    second: int
    chances: tuple[tuple[float, ...], ...]

    @cached_property
    def lift(self) -> Floats:
        """log of the chance over what it would be if the two were unrelated."""
        chances = np.array(self.chances)
        found: Floats = np.log(chances) - np.log(np.outer(chances.sum(axis=1), chances.sum(axis=0)))
        return found


@dataclass(frozen=True)
class HistogramModel:
    """`single`: the chances of each column's cells, all above 0."""

    schema: Schema
    bins: int
    single: tuple[tuple[float, ...], ...]
    edges: tuple[Edge, ...]
    threshold: float
    share: float
    privacy: Mapping[str, Json]

    def __post_init__(self) -> None:
        widths = self.cells.widths
        if tuple(len(one) for one in self.single) != widths:
            raise BadModelError(reason="it has not one chance for each cell of its columns")
        for edge in self.edges:
            if not (0 <= edge.first < len(widths) and 0 <= edge.second < len(widths)):
                raise BadModelError(reason="an edge names no column")
            shape = {len(edge.chances), *(len(one) - widths[edge.second] for one in edge.chances)}
            if shape != {widths[edge.first], 0}:
                raise BadModelError(reason="an edge has not one chance for each pair of cells")
        every = [x for one in self.single for x in one]
        every += [x for edge in self.edges for one in edge.chances for x in one]
        if not all(0 < x <= 1 for x in every):
            raise BadModelError(reason="a chance is not above 0 and at most 1")

    @property
    def estimator(self) -> str:
        return KEY

    @property
    def target(self) -> Target | None:
        return None

    @cached_property
    def cells(self) -> Cells:
        return Cells(self.schema, self.bins)

    def predict(self, records: Records) -> Floats:
        """The anomaly score, (n,) float64: minus the natural logarithm of the chance of the record's cells.
        Higher is stranger."""
        return self.scores_of(self.cells.codes(records))

    def flagged(self, records: Records) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Whether each record's score is at or above the threshold, (n,)."""
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = self.predict(records) >= self.threshold
        return found

    def log_density(self, records: Records) -> Floats:
        """The logarithm of the density, (n,): chance of the cells over their width in the columns' units (1
        for categories and missing values)."""
        codes = self.cells.codes(records)
        widths = [np.log(volume)[code] for volume, code in zip(self.cells.volumes(), codes, strict=True)]
        found: Floats = -self.scores_of(codes) - np.sum(widths, axis=0)
        return found

    def scores_of(self, codes: tuple[Codes, ...]) -> Floats:
        """The scores of records whose cells are `codes`."""
        score = np.zeros(len(codes[0]))
        for chances, code in zip(self.single, codes, strict=True):
            score -= np.log(np.array(chances))[code]
        for edge in self.edges:
            score -= edge.lift[codes[edge.first], codes[edge.second]]
        return score

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": KEY,
                "columns": self.schema.to_json(),
                "bins": self.bins,
                "single": [list(one) for one in self.single],
                "edges": [
                    {"from": edge.first, "to": edge.second, "chances": [list(one) for one in edge.chances]}
                    for edge in self.edges
                ],
                "threshold": self.threshold,
                "share": self.share,
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> "HistogramModel":
        """The model that `to_json` wrote. BadModelError."""
        found = opened(data, FORMAT)
        try:
            return cls(
                Schema.from_list(found["columns"]),
                int(found["bins"]),
                tuple(tuple(float(x) for x in one) for one in found["single"]),
                tuple(
                    Edge(
                        int(one["from"]),
                        int(one["to"]),
                        tuple(tuple(float(x) for x in row) for row in one["chances"]),
                    )
                    for one in found["edges"]
                ),
                float(found["threshold"]),
                float(found["share"]),
                dict(found["privacy"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadModelError(reason=f"a part is missing or wrong ({type(error).__name__})") from None
