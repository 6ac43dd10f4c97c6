"""A linear classifier as ONNX, from raw columns to a probability.

The graph is written with onnx.helper, not skl2onnx: skl2onnx turns a logistic regression into
LinearClassifier, which computes in 32-bit floats, and it needs fitted scikit-learn objects made up only to
be taken apart. Here every operator works in 64-bit floats, so the bundle and the trained model agree to
rounding (about 1e-15), and the file holds nothing but the model: no date, no random name, no producer's
build. The same model gives the same bytes.

Inputs: one per feature, shape (n, 1), tensor(string) or tensor(double); NaN is a missing number.
Output: "probability", (n, 1) double.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ppdesk.release.errors import BundleChangedError, UnsupportedModelError
from ppdesk.release.linear import CategoryTerm, LinearModel, NumericTerm, check

OPSET, ML_OPSET, IR = 17, 3, 8
OUTPUT = "probability"
_ALLOWED = frozenset(
    ("LabelEncoder", "Gather", "Max", "Min", "Sub", "MatMul", "Add", "IsNaN", "Where", "Sum", "Sigmoid")
)
_MAX_NODES = 10_000


def build(model: LinearModel) -> bytes:
    """The model as ONNX bytes. UnsupportedModelError where it cannot be applied (see linear.check)."""
    check(model)
    names = [term.name for term in model.terms]
    if OUTPUT in names:
        raise UnsupportedModelError(reason=f"a column is named {OUTPUT}, as its output is")
    # a column may have any name: inner names begin with more colons than any of them does
    inner = ":" * (1 + max(len(name) - len(name.lstrip(":")) for name in names))
    nodes: list[Any] = []
    constants = [_constant(inner + "intercept", model.intercept)]
    inputs = []
    for number, term in enumerate(model.terms):
        if isinstance(term, NumericTerm):
            inputs.append(helper.make_tensor_value_info(term.name, TensorProto.DOUBLE, ["n", 1]))
            _numeric(nodes, constants, term, f"{inner}{number}:")
        else:
            inputs.append(helper.make_tensor_value_info(term.name, TensorProto.STRING, ["n", 1]))
            _category(nodes, constants, term, f"{inner}{number}:")
    terms = [f"{inner}{number}:term" for number in range(len(names))]
    nodes.append(helper.make_node("Sum", [*terms, inner + "intercept"], [inner + "score"]))
    nodes.append(helper.make_node("Sigmoid", [inner + "score"], [OUTPUT]))
    output = helper.make_tensor_value_info(OUTPUT, TensorProto.DOUBLE, ["n", 1])
    graph = helper.make_graph(nodes, "ppdesk", inputs, [output], constants)
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)],
        ir_version=IR,
    )
    onnx.checker.check_model(made)
    data: bytes = made.SerializeToString(deterministic=True)
    return data


def check_untrusted(data: bytes) -> None:
    """Refuse what a bundle of ours never holds, before a runtime sees it.

    Only the operators that `build` writes; no subgraphs, functions or data outside the file. A signature
    says who made a file, not that it is harmless. Raises BundleChangedError.
    """
    from google.protobuf.message import DecodeError

    try:
        model = onnx.load_model_from_string(data)
    except (DecodeError, ValueError) as error:
        raise BundleChangedError(reason="its model is not ONNX") from error
    graph = model.graph
    if not graph.node or model.functions or len(graph.node) > _MAX_NODES or graph.sparse_initializer:
        raise BundleChangedError(reason="its model has parts that ppdesk does not write")
    for node in graph.node:
        outside = any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute)
        if node.op_type not in _ALLOWED or node.domain not in ("", "ai.onnx.ml") or outside:
            raise BundleChangedError(reason="its model uses operators that ppdesk does not write")
    for tensor in graph.initializer:
        if tensor.external_data or tensor.data_location != TensorProto.DEFAULT:
            raise BundleChangedError(reason="its model points to data outside the bundle")


def _constant(name: str, value: object) -> Any:
    return numpy_helper.from_array(np.asarray(value, dtype=np.float64), name)


def _numeric(nodes: list[Any], constants: list[Any], term: NumericTerm, at: str) -> None:
    """weights[0] + sum of slope * (value cut to a piece - start of the piece): linear interpolation."""
    left, right = np.array([term.knots[:-1]]), np.array([term.knots[1:]])  # (1, pieces)
    slopes = (np.diff(term.weights) / np.diff(term.knots)).reshape(-1, 1)
    for name, value in (
        ("left", left),
        ("right", right),
        ("slopes", slopes),
        ("start", term.weights[0]),
        ("missing", term.missing),
    ):
        constants.append(_constant(at + name, value))
    for operator, inputs, output in (
        ("Max", (term.name, at + "left"), "above"),  # (n, pieces)
        ("Min", (at + "above", at + "right"), "cut"),
        ("Sub", (at + "cut", at + "left"), "along"),
        ("MatMul", (at + "along", at + "slopes"), "rise"),  # (n, 1)
        ("Add", (at + "rise", at + "start"), "known"),
        ("IsNaN", (term.name,), "none"),
        ("Where", (at + "none", at + "missing", at + "known"), "term"),
    ):
        nodes.append(helper.make_node(operator, list(inputs), [at + output]))


def _category(nodes: list[Any], constants: list[Any], term: CategoryTerm, at: str) -> None:
    constants.append(_constant(at + "weights", [*term.weights, term.other]))
    nodes.append(
        helper.make_node(
            "LabelEncoder",
            [term.name],
            [at + "place"],
            domain="ai.onnx.ml",
            keys_strings=list(term.categories),
            values_int64s=list(range(len(term.categories))),
            default_int64=len(term.categories),
        )
    )
    nodes.append(helper.make_node("Gather", [at + "weights", at + "place"], [at + "term"]))
