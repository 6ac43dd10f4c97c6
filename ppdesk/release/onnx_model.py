"""A linear classifier as ONNX, from raw columns to a probability.

The graph is written with onnx.helper, not skl2onnx: skl2onnx turns a logistic regression into
LinearClassifier, which computes in 32-bit floats, and it needs fitted scikit-learn objects made up only to
be taken apart.

Inputs: one per feature, shape (n, 1), tensor(string) or tensor(double); NaN is a missing number.
Output: "probability", (n, 1) double.
"""

import numpy as np

from ppdesk.release.linear import CategoryTerm, LinearModel, NumericTerm, check
from ppdesk.release.onnx_graph import Graph

OUTPUT = "probability"


def build(model: LinearModel) -> bytes:
    """The model as ONNX bytes. UnsupportedModelError where it cannot be applied (see linear.check)."""
    check(model)
    graph = Graph([term.name for term in model.terms], OUTPUT)
    inner = graph.inner
    intercept = graph.constant(inner + "intercept", model.intercept)
    terms = []
    for number, term in enumerate(model.terms):
        lay = _numeric if isinstance(term, NumericTerm) else _category
        terms.append(lay(graph, term, f"{inner}{number}:"))  # type: ignore[arg-type]  # chosen by its type
    graph.add("Sum", [*terms, intercept], inner + "score")
    graph.add("Sigmoid", [inner + "score"], OUTPUT)
    return graph.to_bytes()


def _numeric(graph: Graph, term: NumericTerm, at: str) -> str:
    """weights[0] + sum of slope * (value cut to a piece - start of the piece): linear interpolation."""
    graph.numbers(term.name)
    left, right = np.array([term.knots[:-1]]), np.array([term.knots[1:]])  # (1, pieces)
    slopes = (np.diff(term.weights) / np.diff(term.knots)).reshape(-1, 1)
    for name, value in (
        ("left", left),
        ("right", right),
        ("slopes", slopes),
        ("start", term.weights[0]),
        ("missing", term.missing),
    ):
        graph.constant(at + name, value)
    for operator, inputs, output in (
        ("Max", (term.name, at + "left"), "above"),  # (n, pieces)
        ("Min", (at + "above", at + "right"), "cut"),
        ("Sub", (at + "cut", at + "left"), "along"),
        ("MatMul", (at + "along", at + "slopes"), "rise"),  # (n, 1)
        ("Add", (at + "rise", at + "start"), "known"),
        ("IsNaN", (term.name,), "none"),
        ("Where", (at + "none", at + "missing", at + "known"), "term"),
    ):
        graph.add(operator, inputs, at + output)
    return at + "term"


def _category(graph: Graph, term: CategoryTerm, at: str) -> str:
    graph.texts(term.name)
    graph.constant(at + "weights", [*term.weights, term.other])
    graph.place(term.name, term.categories, at + "place")
    return graph.add("Gather", [at + "weights", at + "place"], at + "term")
