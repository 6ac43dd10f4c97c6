"""What the ONNX models that ppdesk writes are made of, and the refusal of all else.

Every operator works in 64-bit floats, so a bundle and the trained model agree to rounding, and a file holds
nothing but the model: no date, no random name, no producer's build. The same model gives the same bytes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ppdesk.release.errors import BundleChangedError, UnsupportedModelError

OPSET, ML_OPSET, IR = 17, 3, 8
_ALLOWED = frozenset(
    (
        "LabelEncoder", "Gather", "Max", "Min", "Sub", "MatMul", "Add", "IsNaN", "Where", "Sum", "Sigmoid",
        "GreaterOrEqual", "Cast", "ReduceSum", "Softmax", "Squeeze", "Mul", "Abs", "Sign", "Log",
    )
)  # fmt: skip
_MAX_NODES = 10_000


class Graph:
    """A graph while it is written. Columns may have any name: inner names begin with more colons than any
    of them does."""

    def __init__(self, names: Sequence[str], output: str) -> None:
        """UnsupportedModelError where a column is named as the output is."""
        if output in names:
            raise UnsupportedModelError(reason=f"a column is named {output}, as its output is")
        self.output = output
        self.inner = ":" * (1 + max(len(name) - len(name.lstrip(":")) for name in names))
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._inputs: list[Any] = []

    def numbers(self, name: str) -> None:
        """An input of numbers, (n, 1) double; NaN is a missing one."""
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", 1]))

    def texts(self, name: str) -> None:
        """An input of strings, (n, 1)."""
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.STRING, ["n", 1]))

    def constant(self, name: str, value: object) -> str:
        """64-bit floats."""
        self._constants.append(numpy_helper.from_array(np.asarray(value, dtype=np.float64), name))
        return name

    def whole(self, name: str, value: object) -> str:
        """Whole numbers."""
        self._constants.append(numpy_helper.from_array(np.asarray(value, dtype=np.int64), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """One node; gives the name of its output."""
        self._nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def place(self, name: str, categories: Sequence[str], output: str) -> str:
        """Which of `categories` each cell of the input `name` is, int64 (n, 1); their count for any other."""
        return self.add(
            "LabelEncoder",
            [name],
            output,
            domain="ai.onnx.ml",
            keys_strings=list(categories),
            values_int64s=list(range(len(categories))),
            default_int64=len(categories),
        )

    def cell(self, name: str, edges: Sequence[float], at: str) -> str:
        """int64 (n, 1): how many `edges` the number in the input `name` is not below; one more than there are
        for a missing number. Inner names begin with `at`."""
        self.whole(at + "missing", len(edges) + 1)
        self.add("IsNaN", [name], at + "none")
        if edges:
            self.constant(at + "edges", [list(edges)])
            self.add("GreaterOrEqual", [name, at + "edges"], at + "over")  # (n, edges)
            self.add("Cast", [at + "over"], at + "ones", to=TensorProto.INT64)
            axis = self.whole(at + "axis", [1])
            self.add("ReduceSum", [at + "ones", axis], at + "count", keepdims=1)
        else:
            self.whole(at + "count", [[0]])
        return self.add("Where", [at + "none", at + "missing", at + "count"], at + "place")

    def to_bytes(self, width: int | str = 1) -> bytes:
        """The checked model; its output is (n, width) double."""
        output = helper.make_tensor_value_info(self.output, TensorProto.DOUBLE, ["n", width])
        graph = helper.make_graph(self._nodes, "ppdesk", self._inputs, [output], self._constants)
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

    Only the operators that ppdesk writes; no subgraphs, functions or data outside the file. A signature
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
