"""A linear model or a network trained by DP-SGD as ONNX, from raw columns to probabilities or a value.

`read` takes the JSON of a trained model (format "ppdesk-network-1"), the only thing that the room that trains
and this one have in common. All that the graph needs stands there: the edges of bins, middles and slopes of
other numbers, and the layers, in 64-bit floats.

A coded column chooses a row of the first layer: its category or bin, the last where there is none. A number
that is not binned counts as (v - middle) * slope, cut to its bounds before; 0 where it is missing. Between
layers max(0, x). Two classes: sigmoid; several: softmax; a number: the output, cut to -1..1, between the
bounds it was learnt between.

Inputs: one per feature, shape (n, 1), tensor(string) or tensor(double); NaN is a missing number. Output:
"probability" (n, 1), "probabilities" (n, classes) or "value" (n, 1), double.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.release import exported_formats
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.said import Said, said

if TYPE_CHECKING:
    from ppdesk.release.onnx_graph import Graph

FORMAT = exported_formats.NETWORK
_TWO = 2
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reads:
    """One column. `rows`: of the first layer that are its, 0 for a number that is not binned. `edges` of a
    binned one, `middle` and `slope` of another."""

    name: str
    low: float | None
    high: float | None
    log: bool
    categories: tuple[str, ...]
    rows: int
    edges: tuple[float, ...] = ()
    middle: float = 0.0
    slope: float = 0.0

    @property
    def numeric(self) -> bool:
        return self.low is not None


@dataclass(frozen=True)
class Network(Said):
    """`layers`: (matrix (inputs, outputs), biases (outputs,)). `classes` in order, empty for a number between
    `low` and `high`."""

    threshold: float | None
    columns: tuple[Reads, ...]
    layers: tuple[tuple[Floats, Floats], ...]


def read(data: bytes) -> Network:
    """The model that `data` says. UnsupportedModelError for another format, or what does not add up."""
    try:
        value = json.loads(data)
        if value["format"] != FORMAT:
            raise UnsupportedModelError(reason="its format is unknown")
        head = said(value)
        model = Network(
            **vars(head),
            threshold=float(value["threshold"]) if head.two else None,
            columns=tuple(
                _reads(column, one, int(value["bins"]))
                for column, one in zip(value["schema"], value["inputs"], strict=True)
            ),
            layers=tuple(
                (np.asarray(one["weights"], np.float64), np.asarray(one["biases"], np.float64))
                for one in value["layers"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnsupportedModelError(reason="a field is missing or of the wrong type") from error
    _check(model)
    return model


def _reads(column: Mapping[str, Any], one: Mapping[str, Any], bins: int) -> Reads:
    name = str(column["name"])
    if column["type"] != "numeric":
        categories = tuple(str(each) for each in column["categories"])
        return Reads(name, None, None, False, categories, len(categories) + 1)
    low, high, log = float(column["min"]), float(column["max"]), bool(column.get("log"))
    if bins == 0:
        return Reads(name, low, high, log, (), 0, (), float(one["middle"]), float(one["slope"]))
    if one["edges"] is None:
        raise UnsupportedModelError(reason="the bounds of a column are one on its scale")
    edges = tuple(float(each) for each in one["edges"])
    if len(edges) != bins - 1 or list(edges) != sorted(edges):
        raise UnsupportedModelError(reason="the edges of a column do not rise")
    return Reads(name, low, high, log, (), bins + 1, edges)


def _check(model: Network) -> None:
    names = [one.name for one in model.columns]
    if not names or len(set(names)) < len(names):
        raise UnsupportedModelError(reason="it has no column, or two of the same name")
    for one in model.columns:
        given = one.categories
        if not one.numeric and (not given or len(set(given)) < len(given) or "\0" in given):
            raise UnsupportedModelError(reason="a column has no category, or one twice")
    width = sum(one.rows or 1 for one in model.columns)
    for matrix, biases in model.layers:
        if matrix.shape != (width, *biases.shape) or biases.ndim != 1:
            raise UnsupportedModelError(reason="its layers do not fit its columns")
        width = biases.size
    outputs = len(model.classes) if len(model.classes) > _TWO else 1
    if not model.layers or width != outputs or bool(model.classes) == (model.low is not None):
        raise UnsupportedModelError(reason="its target and its outputs do not fit")
    plain = [each for one in model.columns for each in (one.middle, one.slope, *one.edges)]
    parts = (np.asarray(plain), *(each for layer in model.layers for each in layer))
    if not all(np.isfinite(part).all() for part in parts):
        raise UnsupportedModelError(reason="one of its numbers is not finite")


def build(model: Network) -> bytes:
    """The model as ONNX bytes. UnsupportedModelError where a column is named as the output is."""
    from ppdesk.release.onnx_graph import Graph

    graph = Graph([one.name for one in model.columns], model.output)
    inner = graph.inner
    graph.constant(inner + "zero", 0.0)
    values = _first(graph, model)
    for number, (matrix, biases) in enumerate(model.layers[1:], start=1):
        at = f"{inner}layer{number}:"
        graph.add("Max", [values, inner + "zero"], at + "positive")
        product = graph.add(
            "MatMul", [at + "positive", graph.constant(at + "weights", matrix)], at + "product"
        )
        values = graph.add("Add", [product, graph.constant(at + "biases", biases)], at + "values")
    if model.low is not None and model.high is not None:
        _value(graph, values, model.low, model.high)
        return graph.to_bytes()
    if len(model.classes) == _TWO:
        graph.add("Sigmoid", [values], graph.output)
        return graph.to_bytes()
    graph.add("Softmax", [values], graph.output, axis=-1)
    return graph.to_bytes(len(model.classes))


def _first(graph: "Graph", model: Network) -> str:
    """(n, outputs) of the first layer. Its rows: of the coded columns in order, then one for each number."""
    matrix, biases = model.layers[0]
    terms, start, last = [], 0, sum(one.rows for one in model.columns)
    axis = graph.whole(graph.inner + "one", [1])
    for number, one in enumerate(model.columns):
        at = f"{graph.inner}{number}:"
        if one.rows:
            rows = graph.constant(at + "rows", matrix[start : start + one.rows])
            graph.add("Gather", [rows, _place(graph, one, at)], at + "chosen")  # (n, 1, outputs)
            terms.append(graph.add("Squeeze", [at + "chosen", axis], at + "term"))
            start += one.rows
        else:
            row = graph.constant(at + "row", matrix[last : last + 1])
            terms.append(graph.add("MatMul", [_number(graph, one, at), row], at + "term"))
            last += 1
    bias = graph.constant(graph.inner + "biases", biases)
    return graph.add("Sum", [*terms, bias], graph.inner + "values")


def _place(graph: "Graph", one: Reads, at: str) -> str:
    if not one.numeric:
        graph.texts(one.name)
        return graph.place(one.name, one.categories, at + "place")
    graph.numbers(one.name)
    return graph.cell(one.name, one.edges, at)


def _number(graph: "Graph", one: Reads, at: str) -> str:
    """(n, 1): the value as the first layer takes it."""
    graph.numbers(one.name)
    graph.constant(at + "low", one.low)
    graph.constant(at + "high", one.high)
    graph.add("Max", [one.name, at + "low"], at + "above")
    value = graph.add("Min", [at + "above", at + "high"], at + "cut")
    if one.log:  # sign(v) log(1 + |v|)
        graph.constant(at + "unit", 1.0)
        for operator, inputs, output in (
            ("Sign", ("cut",), "sign"),
            ("Abs", ("cut",), "size"),
            ("Add", ("size", "unit"), "more"),
            ("Log", ("more",), "log"),
            ("Mul", ("sign", "log"), "magnitude"),
        ):
            value = graph.add(operator, [at + name for name in inputs], at + output)
    graph.constant(at + "middle", one.middle)
    graph.constant(at + "slope", one.slope)
    graph.constant(at + "none", 0.0)
    graph.add("Sub", [value, at + "middle"], at + "off")
    graph.add("Mul", [at + "off", at + "slope"], at + "share")
    graph.add("IsNaN", [one.name], at + "missing")
    return graph.add("Where", [at + "missing", at + "none", at + "share"], at + "number")


def _value(graph: "Graph", values: str, low: float, high: float) -> None:
    """low + (output + 1) / 2 (high - low), the output cut to -1..1; written so that nothing overflows."""
    inner = graph.inner
    for name, value in (
        ("least", -1.0),
        ("most", 1.0),
        ("middle", low / 2 + high / 2),
        ("half", high / 2 - low / 2),
    ):
        graph.constant(inner + name, value)
    graph.add("Max", [values, inner + "least"], inner + "raised")
    graph.add("Min", [inner + "raised", inner + "most"], inner + "within")
    graph.add("Mul", [inner + "within", inner + "half"], inner + "off")
    graph.add("Add", [inner + "off", inner + "middle"], graph.output)
