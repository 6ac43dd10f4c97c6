"""An additive model of bins as ONNX, from raw columns to probabilities or a value.

score_k = offset_k + sum over columns of values[bin of the cell, k]. A number v is in bin #{edges <= v}, one
that is missing in the last; a category in its own place, any other value in the last. A pair of columns adds
values[first's group * second's groups + second's group, k]; a category's group is listed. Two classes:
sigmoid; several: softmax; a number: the score, cut to the bounds it was learnt between.

`read` takes the JSON of a trained model (format "ppdesk-additive-1"), the only thing that the room that
trains and this one have in common.

Inputs: one per feature, shape (n, 1), tensor(string) or tensor(double); NaN is a missing number. Output:
"probability" (n, 1), "probabilities" (n, classes) or "value" (n, 1), double.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.release import exported_formats
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.said import Said, said

if TYPE_CHECKING:
    from ppdesk.release.onnx_graph import Graph

FORMAT = exported_formats.BINNED
_TWO = 2


@dataclass(frozen=True)
class Bins:
    """One column. `edges`: of a number the inner edges, rising; of categories none. `values`, (bins, K)."""

    name: str
    low: float | None
    high: float | None
    categories: tuple[str, ...]
    edges: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]

    @property
    def numeric(self) -> bool:
        return self.low is not None


@dataclass(frozen=True)
class Pair:
    """Two columns, by their places. Of each: a number's inner `edges`, rising, between its groups, one
    more for a missing one; of categories the `groups` of each, and last of any other value. `values`,
    (cells, K)."""

    columns: tuple[int, ...]
    edges: tuple[tuple[float, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    values: tuple[tuple[float, ...], ...]

    @property
    def widths(self) -> list[int]:
        """How many groups each side has."""
        sides = zip(self.edges, self.groups, strict=True)
        return [max(groups) + 1 if groups else len(edges) + 2 for edges, groups in sides]


@dataclass(frozen=True)
class BinnedModel(Said):
    """`offset`, (K,). `classes` in order, empty for a number between `low` and `high`."""

    threshold: float | None
    offset: tuple[float, ...]
    columns: tuple[Bins, ...]
    pairs: tuple[Pair, ...] = ()


def read(data: bytes) -> BinnedModel:
    """The model that `data` says. UnsupportedModelError for another format, or what does not add up."""
    try:
        value = json.loads(data)
        if value["format"] != FORMAT:
            raise UnsupportedModelError(reason="its format is unknown")
        head = said(value)
        model = BinnedModel(
            **vars(head),
            threshold=_threshold(value) if head.two else None,
            offset=tuple(float(one) for one in value["offset"]),
            columns=tuple(
                _bins(column, one) for column, one in zip(value["columns"], value["features"], strict=True)
            ),
            pairs=tuple(_pair(one) for one in value.get("pairs", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnsupportedModelError(reason="a field is missing or of the wrong type") from error
    _check(model)
    return model


def _threshold(value: Mapping[str, Any]) -> float:
    return float(value["thresholds"].get(value["policy"], 0.5))


def _bins(column: Mapping[str, Any], one: Mapping[str, Any]) -> Bins:
    numeric = column["type"] == "numeric"
    return Bins(
        name=str(column["name"]),
        low=float(column["min"]) if numeric else None,
        high=float(column["max"]) if numeric else None,
        categories=() if numeric else tuple(str(each) for each in column["categories"]),
        edges=tuple(float(each) for each in one["edges"]),
        values=tuple(tuple(float(each) for each in row) for row in one["values"]),
    )


def _pair(one: Mapping[str, Any]) -> Pair:
    return Pair(
        columns=tuple(int(each) for each in one["columns"]),
        edges=tuple(tuple(float(each) for each in side) for side in one["edges"]),
        groups=tuple(tuple(int(each) for each in side) for side in one["groups"]),
        values=tuple(tuple(float(each) for each in row) for row in one["values"]),
    )


def _check_pair(pair: Pair, model: BinnedModel) -> None:
    if not len(pair.columns) == len(pair.edges) == len(pair.groups) == _TWO == len(set(pair.columns)):
        raise UnsupportedModelError(reason="a pair is not of two columns")
    for place, edges, groups in zip(pair.columns, pair.edges, pair.groups, strict=True):
        if not 0 <= place < len(model.columns):
            raise UnsupportedModelError(reason="a pair names a column that is not there")
        column = model.columns[place]
        wanted = 0 if column.numeric else len(column.categories) + 1
        if len(groups) != wanted or any(not 0 <= one < wanted for one in groups):
            raise UnsupportedModelError(reason="the groups of a pair do not fit its columns")
        if list(edges) != sorted(set(edges)) or (edges and not column.numeric):
            raise UnsupportedModelError(reason="the edges of a pair do not rise")
    first, second = pair.widths
    if len(pair.values) != first * second or any(len(row) != len(model.offset) for row in pair.values):
        raise UnsupportedModelError(reason="a pair has not one value for each cell")
    numbers = [each for row in (*pair.edges, *pair.values) for each in row]
    if not all(math.isfinite(number) for number in numbers):
        raise UnsupportedModelError(reason="one of its numbers is not finite")


def _check(model: BinnedModel) -> None:
    names = [one.name for one in model.columns]
    outputs = len(model.classes) if len(model.classes) > _TWO else 1
    if not names or len(set(names)) < len(names):
        raise UnsupportedModelError(reason="it has no column, or two of the same name")
    if bool(model.classes) == (model.low is not None) or len(model.offset) != outputs:
        raise UnsupportedModelError(reason="its target and its scores do not fit")
    numbers = list(model.offset)
    for one in model.columns:
        bins = len(one.edges) + 2 if one.numeric else len(one.categories) + 1
        if len(one.values) != bins or any(len(row) != outputs for row in one.values):
            raise UnsupportedModelError(reason="a column has not one value for each bin")
        if list(one.edges) != sorted(set(one.edges)) or (not one.numeric and one.edges):
            raise UnsupportedModelError(reason="the edges of a column do not rise")
        if not one.numeric and (
            not one.categories or len(set(one.categories)) < len(one.categories) or "\0" in one.categories
        ):
            raise UnsupportedModelError(reason="a column has no category, or one twice")
        numbers += [*one.edges, *(each for row in one.values for each in row)]
    if not all(math.isfinite(number) for number in numbers):
        raise UnsupportedModelError(reason="one of its numbers is not finite")
    for pair in model.pairs:
        _check_pair(pair, model)


def build(model: BinnedModel) -> bytes:
    """The model as ONNX bytes. UnsupportedModelError where a column is named as the output is."""
    from ppdesk.release.onnx_graph import Graph

    graph = Graph([one.name for one in model.columns], model.output)
    inner, outputs = graph.inner, len(model.offset)
    terms = [_term(graph, one, f"{inner}{number}:", outputs) for number, one in enumerate(model.columns)]
    terms += [
        _both(graph, one, model, f"{inner}pair{number}:", outputs) for number, one in enumerate(model.pairs)
    ]
    offset = graph.constant(inner + "offset", model.offset)
    score = graph.add("Sum", [*terms, offset], inner + "score")  # (n, 1), or (n, 1, K)
    if not model.classes:
        low, high = graph.constant(inner + "low", model.low), graph.constant(inner + "high", model.high)
        graph.add("Max", [score, low], inner + "above")
        graph.add("Min", [inner + "above", high], graph.output)
        return graph.to_bytes()
    if outputs == 1:
        graph.add("Sigmoid", [score], graph.output)
        return graph.to_bytes()
    graph.add("Softmax", [score], inner + "chances", axis=-1)
    graph.add("Squeeze", [inner + "chances", graph.whole(inner + "second", [1])], graph.output)
    return graph.to_bytes(outputs)


def _term(graph: "Graph", one: Bins, at: str, outputs: int) -> str:
    values: Sequence[Any] = [row[0] for row in one.values] if outputs == 1 else one.values
    graph.constant(at + "values", values)
    if one.numeric:
        graph.numbers(one.name)
        place = graph.cell(one.name, one.edges, at)
    else:
        graph.texts(one.name)
        place = graph.place(one.name, one.categories, at + "place")
    return graph.add("Gather", [at + "values", place], at + "term")


def _both(graph: "Graph", pair: Pair, model: BinnedModel, at: str, outputs: int) -> str:
    """What a pair of columns adds."""
    values: Sequence[Any] = [row[0] for row in pair.values] if outputs == 1 else pair.values
    graph.constant(at + "values", values)
    places = []
    for side, (place, edges, groups) in enumerate(zip(pair.columns, pair.edges, pair.groups, strict=True)):
        column, inner = model.columns[place], f"{at}{side}:"
        if column.numeric:
            places.append(graph.cell(column.name, edges, inner))
        else:
            own = graph.place(column.name, column.categories, inner + "place")
            places.append(graph.add("Gather", [graph.whole(inner + "groups", groups), own], inner + "group"))
    # the cell's place: looked up, as whole numbers are only added here
    first, second = pair.widths
    rows = graph.whole(at + "rows", [one * second for one in range(first)])
    graph.add("Gather", [rows, places[0]], at + "row")
    graph.add("Add", [at + "row", places[1]], at + "cell")
    return graph.add("Gather", [at + "values", at + "cell"], at + "term")
