"""What is declared about the columns that a model learns from: bounds, categories and kinds, all public.

Nothing in here is ever read off the data. A column that is not declared is refused, so that no bound of a
table can betray the person who set it.

The JSON form (a file that a person writes, or part of a model):

    {"delimiter": ",", "drop": ["id"],
     "columns": {"age": {"type": "numeric", "min": 0, "max": 120, "log": false},
                 "job": {"type": "categorical", "categories": ["clerk", "farmer"]}}}

"log": the quantity is spread over orders of magnitude (an income, an amount), so bins are laid on
sign(v) log(1 + |v|) instead of v. "delimiter" and "drop" belong to the file and are optional.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_count
from ppdesk.train.errors import UndeclaredFeatureError, UndeclaredTargetError

_TWO = 2
_FARTHEST = 1e100  # squares of targets, and their sums, must be doubles


@dataclass(frozen=True)
class Numeric:
    """A column of numbers between declared bounds, low < high; values outside are cut to them."""

    name: str
    low: float
    high: float
    log: bool = False

    @property
    def domain(self) -> str:
        """The declared domain in words."""
        if self.log:
            return said("{low:g} to {high:g}, by orders of magnitude", low=self.low, high=self.high)
        return said("{low:g} to {high:g}", low=self.low, high=self.high)

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "type": "numeric", "min": self.low, "max": self.high, "log": self.log}


@dataclass(frozen=True)
class Categorical:
    """A column with declared categories; any other value, and none, is one category more, the last."""

    name: str
    categories: tuple[str, ...]

    @property
    def domain(self) -> str:
        """The declared domain in words."""
        return said_count("{count:,} category", "{count:,} categories", len(self.categories))

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "type": "categorical", "categories": list(self.categories)}


Column: TypeAlias = Numeric | Categorical


@dataclass(frozen=True)
class Schema:
    """The columns in their order, names all different."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.columns]
        if not names:
            raise UndeclaredFeatureError(column="(none)", reason=said("there is no feature to learn from"))
        if len(set(names)) < len(names):
            raise UndeclaredFeatureError(column=", ".join(names), reason=said("a feature is named twice"))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.columns)

    @classmethod
    def from_json(cls, untrusted: Mapping[str, Any], *, without: Sequence[str] = ()) -> "Schema":
        """The columns of the JSON form, less `without` (the target, and what is dropped).
        UndeclaredFeatureError where a column is declared badly."""
        listed = untrusted.get("columns")
        if not isinstance(listed, Mapping):
            raise UndeclaredFeatureError(column="(none)", reason=said("the schema lists no columns"))
        gone = {*without, *(untrusted.get("drop") or ())}
        return cls(tuple(column(str(name), entry) for name, entry in listed.items() if name not in gone))

    @classmethod
    def from_roles(cls, head: Head, features: Sequence[str], target: str) -> "Schema":
        """What a ROLES head declares for `features`.

        UndeclaredFeatureError where a column is not declared, is the target or a direct identifier, or has
        no bounds or categories.
        """
        declared = {str(entry.get("name")): entry for entry in columns_of(head)}
        found = []
        for name in features:
            entry = declared.get(name)
            if entry is None:
                raise UndeclaredFeatureError(column=name, reason=said("it is not declared"))
            if name == target:
                raise UndeclaredFeatureError(column=name, reason=said("it is what the model should predict"))
            if entry.get("role") == "direct-identifier":
                raise UndeclaredFeatureError(column=name, reason=said("it is a direct identifier"))
            found.append(column(name, entry))
        return cls(tuple(found))

    def to_json(self) -> list[Json]:
        """A list of the columns, in their order."""
        return [one.to_json() for one in self.columns]

    @classmethod
    def from_list(cls, untrusted: Sequence[Mapping[str, Any]]) -> "Schema":
        """The schema that `to_json` wrote."""
        return cls(tuple(column(str(one.get("name")), one) for one in untrusted))


@dataclass(frozen=True)
class Classes:
    """A target of declared classes, at least two. `positive` is the one to find where there are two; the
    classes then stand with it last, so that code 1 is the positive one."""

    name: str
    values: tuple[str, ...]
    positive: str | None = None

    def __post_init__(self) -> None:
        if len(set(self.values)) != len(self.values) or len(self.values) < _TWO:
            raise UndeclaredTargetError(
                column=self.name, reason=said("it needs at least two different categories")
            )
        if self.positive is not None:
            if self.positive not in self.values:
                raise UndeclaredTargetError(
                    column=self.name, reason=said("its positive value is not one of its categories")
                )
            if self.binary:
                rest = tuple(one for one in self.values if one != self.positive)
                object.__setattr__(self, "values", (*rest, self.positive))

    @property
    def binary(self) -> bool:
        return len(self.values) == _TWO

    def to_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "type": "categorical",
            "categories": list(self.values),
            "positive": self.positive,
        }


@dataclass(frozen=True)
class Quantity:
    """A target that is a number between declared bounds, low < high; values outside are cut to them."""

    name: str
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (is_number(self.low) and is_number(self.high) and self.low < self.high):
            raise UndeclaredTargetError(
                column=self.name, reason=said("its bounds (min below max) are not declared")
            )
        if max(abs(self.low), abs(self.high)) > _FARTHEST:
            raise UndeclaredTargetError(
                column=self.name, reason=said("a bound is beyond {farthest:g}", farthest=_FARTHEST)
            )

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "type": "numeric", "min": self.low, "max": self.high}


Target: TypeAlias = Classes | Quantity


def target_from_json(untrusted: Mapping[str, Any]) -> Target:
    """The target that `to_json` wrote. UndeclaredTargetError."""
    name = str(untrusted.get("name"))
    if untrusted.get("type") == "numeric":
        return Quantity(name, *_bounds(name, untrusted))
    categories = untrusted.get("categories")
    if not isinstance(categories, list | tuple):
        raise UndeclaredTargetError(column=name, reason=said("its categories are not declared"))
    positive = untrusted.get("positive")
    if not all(_is_text(str(one)) for one in categories):
        raise UndeclaredTargetError(column=name, reason=said("a category is no text"))
    return Classes(name, tuple(str(one) for one in categories), None if positive is None else str(positive))


def column(name: str, entry: Mapping[str, Any]) -> Column:
    """A declared column. UndeclaredFeatureError where bounds or categories are missing or no good."""
    if entry.get("type") == "numeric":
        return Numeric(name, *_bounds(name, entry), log=entry.get("log") is True)
    categories = entry.get("categories")
    if not isinstance(categories, list | tuple) or not categories:
        raise UndeclaredFeatureError(column=name, reason=said("its categories are not declared"))
    texts = tuple(dict.fromkeys(str(one) for one in categories))
    if not all(map(_is_text, (name, *texts))):
        raise UndeclaredFeatureError(column=ascii(name), reason=said("a name in it is no text"))
    return Categorical(name, texts)


def _is_text(value: str) -> bool:
    """Whether it can be written: JSON may hold half of a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bounds(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    low, high = entry.get("min"), entry.get("max")
    if not (is_number(low) and is_number(high) and low < high):
        raise UndeclaredFeatureError(column=name, reason=said("its bounds (min below max) are not declared"))
    return float(low), float(high)


def is_number(value: Any) -> TypeGuard[float]:
    """Whether `value` is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no double holds
        return False
