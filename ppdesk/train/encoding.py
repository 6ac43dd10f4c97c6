"""From declared columns to a matrix whose rows have a known norm. Nothing here is read off the data.

Each feature is a block of entries that are not negative and sum to one, so a block's L2 norm is at most one:

- numeric, with declared bounds: the value is cut to the bounds and shared between the two nearest of
  `knots` evenly spaced knots in proportion to its distance (linear interpolation, "hat" functions); the
  linear model on it is a piecewise linear function of the value. A last entry takes cells that are
  missing or hold no number.
- categorical, with declared categories: one entry each, and a last one for any other value and for none.

With B features a row is the B blocks and a constant 1 for the intercept, all times 1/sqrt(B + 1). Its
squared norm is at most (B + 1) / (B + 1) = 1: the bound follows from the declaration alone.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.wording import counted
from ppdesk.train.errors import MissingColumnError, UndeclaredFeatureError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float64]

KNOTS = 7  # six straight pieces: enough for one rise and fall, few enough to pay their noise


@dataclass(frozen=True)
class Numeric:
    """A column of numbers with declared bounds, low < high."""

    name: str
    low: float
    high: float
    knots: int = KNOTS

    @property
    def width(self) -> int:
        return self.knots + 1

    @property
    def domain(self) -> str:
        """The declared domain in words."""
        return f"{self.low:g} to {self.high:g}"

    def places(self) -> list[float]:
        """Where the knots stand, in the column's unit."""
        step = (self.high - self.low) / (self.knots - 1)
        return [self.low + step * place for place in range(self.knots - 1)] + [self.high]

    def names(self) -> list[str]:
        return [*(f"{self.name} at {place:g}" for place in self.places()), f"{self.name} missing"]

    def fill(self, column: "pa.ChunkedArray", out: "Floats", decimal: DecimalMark) -> None:
        """Write the block of `column`, (n,) strings, into `out`, (n, width) zeros."""
        self.lay(numbers(column, decimal), out)

    def lay(self, found: "Floats", out: "Floats") -> None:
        """The same for numbers, (n,) with NaN where there is none."""
        import numpy as np

        given = ~np.isnan(found)
        values = np.clip(np.where(given, found, self.low), self.low, self.high)
        # divided before subtracting, so that no pair of finite bounds overflows
        span = self.high / 2 - self.low / 2
        where = (values / 2 - self.low / 2) / span * (self.knots - 1)
        left = np.minimum(np.floor(where).astype(np.intp), self.knots - 2)
        share = np.clip(where - left, 0.0, 1.0)
        rows = np.flatnonzero(given)
        out[rows, left[rows]] = 1.0 - share[rows]
        out[rows, left[rows] + 1] = share[rows]
        out[~given, self.knots] = 1.0

    def to_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "kind": "numeric",
            "min": self.low,
            "max": self.high,
            "knots": self.places(),
        }


@dataclass(frozen=True)
class Categorical:
    """A column with declared categories. Cells are compared as they are, without trimming."""

    name: str
    categories: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.categories) + 1

    @property
    def domain(self) -> str:
        """The declared domain in words."""
        return counted(len(self.categories), "category", "categories")

    def names(self) -> list[str]:
        return [*(f"{self.name} = {one}" for one in self.categories), f"{self.name} other or missing"]

    def fill(self, column: "pa.ChunkedArray", out: "Floats", decimal: DecimalMark) -> None:  # noqa: ARG002
        """Write the block of `column`, (n,) strings, into `out`, (n, width) zeros."""
        import pyarrow as pa
        import pyarrow.compute as pc

        known = pa.array(self.categories, pa.string())
        place = pc.fill_null(pc.index_in(column.cast(pa.string()), value_set=known), len(self.categories))
        self.lay(place.to_numpy(), out)

    def lay(self, places: "npt.NDArray[Any]", out: "Floats") -> None:
        """The same for places among the categories, (n,) whole numbers; their count where it is none."""
        import numpy as np

        out[np.arange(out.shape[0]), places] = 1.0

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "kind": "categorical", "categories": list(self.categories)}


Feature = Numeric | Categorical


@dataclass(frozen=True)
class Encoding:
    """The features in their order. d = sum of their widths + 1; the last column is the intercept's."""

    features: tuple[Feature, ...]

    @classmethod
    def from_roles(
        cls, head: Head, features: Sequence[str], target: str, *, knots: int = KNOTS
    ) -> "Encoding":
        """The encoding that a ROLES head declares for `features`.

        UndeclaredFeatureError where a column is not declared, is the target or a direct identifier, or has
        no bounds or categories.
        """
        declared = {str(entry.get("name")): entry for entry in columns_of(head)}
        if not features:
            raise UndeclaredFeatureError(column="(none)", reason="there is no feature to learn from")
        if len(set(features)) < len(features):
            raise UndeclaredFeatureError(column=", ".join(features), reason="a feature is named twice")
        return cls(tuple(_feature(name, declared, target, knots) for name in features))

    @property
    def width(self) -> int:
        """d, the number of columns of the matrix, intercept included."""
        return sum(feature.width for feature in self.features) + 1

    @property
    def row_scale(self) -> float:
        """What each row is multiplied by, so that its L2 norm is at most one.

        The next float below 1/sqrt(B + 1), so that rounding cannot lift a row over the bound.
        """
        return math.nextafter(1 / math.sqrt(len(self.features) + 1), 0)

    @property
    def names(self) -> list[str]:
        """A name for each of the d columns."""
        return [*(name for feature in self.features for name in feature.names()), "intercept"]

    def blocks(self) -> Iterator[tuple[Feature, slice]]:
        """Each feature with its columns."""
        start = 0
        for feature in self.features:
            yield feature, slice(start, start + feature.width)
            start += feature.width

    def encode_read(self, values: "Sequence[npt.NDArray[Any]]", rows: int) -> "Floats":
        """The same matrix as `encode` gives, of columns that were read by the same declaration: numbers with
        NaN, and places among the categories."""
        import numpy as np

        matrix = np.zeros((rows, self.width))
        for (feature, place), column in zip(self.blocks(), values, strict=True):
            feature.lay(column, matrix[:, place])
        matrix[:, -1] = 1.0
        matrix *= self.row_scale
        return matrix

    def encode(self, table: "pa.Table", decimal: DecimalMark = DecimalMark.POINT) -> "Floats":
        """(n, d) float64, every row with L2 norm at most one. `decimal` is the table's declared mark.

        MissingColumnError where a column is not there.
        """
        import numpy as np

        matrix = np.zeros((table.num_rows, self.width))
        for feature, place in self.blocks():
            if feature.name not in table.column_names:
                raise MissingColumnError(column=feature.name)
            feature.fill(table.column(feature.name), matrix[:, place], decimal)
        matrix[:, -1] = 1.0
        matrix *= self.row_scale
        return matrix


def _feature(name: str, declared: Mapping[str, Mapping[str, Any]], target: str, knots: int) -> Feature:
    entry = declared.get(name)
    if entry is None:
        raise UndeclaredFeatureError(column=name, reason="it is not declared")
    if name == target:
        raise UndeclaredFeatureError(column=name, reason="it is what the model should predict")
    if entry.get("role") == "direct-identifier":
        raise UndeclaredFeatureError(column=name, reason="it is a direct identifier")
    if entry.get("type") == "numeric":
        low, high = entry.get("min"), entry.get("max")
        if not (_is_number(low) and _is_number(high) and low < high):
            raise UndeclaredFeatureError(column=name, reason="its bounds (min below max) are not declared")
        return Numeric(name, float(low), float(high), knots)
    categories = entry.get("categories")
    if not isinstance(categories, list | tuple) or not categories:
        raise UndeclaredFeatureError(column=name, reason="its categories are not declared")
    found = tuple(dict.fromkeys(str(one) for one in categories))
    return Categorical(name, found)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
