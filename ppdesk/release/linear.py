"""A logistic regression on raw columns, as the bundle carries it.

log-odds = intercept + sum over features of the feature's term; probability = 1 / (1 + exp(-log-odds)).

- a numeric feature's term: linear interpolation of `weights` over `knots`, flat outside them; `missing`
  where there is no number
- a categorical feature's term: the weight of its category, or `other` for any value that is not declared

`read_model` takes the JSON of a trained model (format "ppdesk-logistic-1"), the only thing that the room
that trains and this one have in common.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ppdesk.release import exported_formats
from ppdesk.release.errors import UnsupportedModelError

FORMAT = exported_formats.LINEAR


@dataclass(frozen=True)
class NumericTerm:
    """A feature given as numbers. `knots` rise; one weight each."""

    name: str
    knots: tuple[float, ...]
    weights: tuple[float, ...]
    missing: float


@dataclass(frozen=True)
class CategoryTerm:
    """A feature given as strings, with one weight for each declared category."""

    name: str
    categories: tuple[str, ...]
    weights: tuple[float, ...]
    other: float


Term = NumericTerm | CategoryTerm


@dataclass(frozen=True)
class LinearModel:
    """What is written as ONNX. All numbers are 64-bit floats."""

    terms: tuple[Term, ...]
    intercept: float


@dataclass(frozen=True)
class TrainedModel:
    """A trained model: what is scored, and what the manifest says about it."""

    linear: LinearModel
    estimator: str
    target: str
    positive: str
    threshold: float
    classes: tuple[str, ...]
    privacy: Mapping[str, Any]


def read_model(data: bytes) -> TrainedModel:
    """The model that `data` says. UnsupportedModelError for another format, or what does not add up."""
    try:
        value = json.loads(data)
        if value["format"] != FORMAT:
            raise UnsupportedModelError(reason="its format is unknown")
        terms = tuple(_term(one) for one in value["features"])
        model = TrainedModel(
            linear=LinearModel(terms, float(value["intercept"])),
            estimator=str(value["estimator"]),
            target=str(value["target"]),
            positive=str(value["positive"]),
            threshold=float(value["threshold"]),
            classes=tuple(str(one) for one in value["classes"]),
            privacy=dict(value["privacy"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnsupportedModelError(reason="a field is missing or of the wrong type") from error
    check(model.linear)
    return model


def check(model: LinearModel) -> None:
    """UnsupportedModelError where the model cannot be applied: no or doubled features, weights that do not
    fit, knots that do not rise, numbers that are not finite."""
    names = [term.name for term in model.terms]
    if not names:
        raise UnsupportedModelError(reason="it has no features")
    if len(set(names)) < len(names):
        raise UnsupportedModelError(reason="two of its columns have the same name")
    numbers = [model.intercept]
    for term in model.terms:
        if isinstance(term, NumericTerm):
            width = len(term.knots)
            if width < 2 or list(term.knots) != sorted(set(term.knots)):
                raise UnsupportedModelError(reason="the knots of a column do not rise")
            numbers += [*term.knots, term.missing]
        else:
            width = len(term.categories)
            if not width or len(set(term.categories)) < width or "\0" in term.categories:
                raise UnsupportedModelError(reason="a column has no category, or one twice")
            numbers.append(term.other)
        if len(term.weights) != width:
            raise UnsupportedModelError(reason="a column has not one weight for each knot or category")
        numbers += term.weights
    if not all(math.isfinite(number) for number in numbers):
        raise UnsupportedModelError(reason="one of its numbers is not finite")


def _term(value: Mapping[str, Any]) -> Term:
    weights = tuple(float(one) for one in value["weights"])
    if value["kind"] == "numeric":
        knots = tuple(float(one) for one in value["knots"])
        return NumericTerm(str(value["name"]), knots, weights, float(value["missing"]))
    if value["kind"] == "categorical":
        categories = tuple(str(one) for one in value["categories"])
        return CategoryTerm(str(value["name"]), categories, weights, float(value["other"]))
    raise UnsupportedModelError(reason="it has a feature of an unknown kind")
