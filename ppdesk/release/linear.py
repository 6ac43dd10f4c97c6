"""A linear classifier on raw columns, as the bundle carries it.

score = intercept + sum over features of the feature's term; probability = 1 / (1 + exp(-score)).

- a numeric feature's term: slope * (value cut to low..high) + shift
- a categorical feature's term: the weight of its category, or `other` for any value that is not declared
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class NumericTerm:
    """A feature given as numbers; values outside low..high count as the nearer bound."""

    name: str
    low: float
    high: float
    slope: float
    shift: float


@dataclass(frozen=True)
class CategoryTerm:
    """A feature given as strings, with one weight for each declared category."""

    name: str
    categories: tuple[str, ...]
    weights: tuple[float, ...]
    other: float = 0.0


Term = NumericTerm | CategoryTerm


@dataclass(frozen=True)
class LinearModel:
    """What is written as ONNX. All numbers are 64-bit floats."""

    terms: tuple[Term, ...]
    intercept: float
