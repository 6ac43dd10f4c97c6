"""A trained network as plain JSON: its parameters as lists of numbers, no pickle.

    {"format": "ppdesk-torch-1", "estimator": "opacus", "schema": [...], "target": {...},
     "layers": [{"kind": "linear", "in": 3, "out": 8}, {"kind": "relu"}, ...] or null,
     "parameters": [{"name": "0.weight", "shape": [8, 3], "values": [...]}], "privacy": {...}}

A torch.nn.Sequential of linear layers, the activations below and dropout is written as "layers", and the
model is applied with NumPy, without torch. Any other module is "null": to read it back the function that
makes it must be given.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.opacus_engine.errors import UnknownModuleError
from ppdesk.train.records import Records
from ppdesk.train.schema import Quantity, Schema, Target, target_from_json
from ppdesk.train.sgd.encoding import Encoding

if TYPE_CHECKING:
    import torch

KEY = "opacus"
FORMAT = "ppdesk-torch-1"
Factory = Callable[[int, int], "torch.nn.Module"]
_MOST_NUMBERS = 1 << 27

ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
}


@dataclass(frozen=True)
class Parameter:
    """`values`, float64, in its shape."""

    name: str
    values: Floats


def inputs_of(records: Records) -> npt.NDArray[np.float32]:
    """(n, inputs): each number on -1 to 1 of its declared range, 0 where there is none; then a 1 for each
    missing number, in the columns' order; then a one-hot block for each column of categories, its last
    place any other value."""
    read = Encoding(records.schema, 0)
    found = read.read(records)
    plain = [np.isnan(records.values[place].astype(np.float64)) for place in read.plain]
    missing = np.stack(plain, axis=1) if plain else np.zeros((records.rows, 0), bool)
    hot = np.zeros((records.rows, read.one_hot), dtype=np.float32)
    hot[np.arange(records.rows)[:, None], found.codes.astype(np.int64)] = 1.0
    return np.concatenate([found.numbers, missing.astype(np.float32), hot], axis=1)


def widths(schema: Schema, target: Target) -> tuple[int, int]:
    """(inputs, outputs) that the network must have."""
    read = Encoding(schema, 0)
    outputs = 1 if isinstance(target, Quantity) else len(target.values)
    return 2 * len(read.plain) + read.one_hot, outputs


@dataclass(frozen=True)
class OpacusModel:
    """`layers` None: `module` is applied by torch."""

    schema: Schema
    target: Target
    layers: tuple[Mapping[str, Json], ...] | None
    parameters: tuple[Parameter, ...]
    privacy: Mapping[str, Json]
    module: Any = None
    estimator: str = KEY

    def outputs(self, inputs: npt.NDArray[np.float32]) -> Floats:
        """What the network says, (n, outputs), of (n, inputs)."""
        if self.layers is not None:
            return apply(self.layers, self.parameters, inputs.astype(np.float64))
        if self.module is None:
            raise UnknownModuleError
        import torch

        with torch.no_grad():
            return np.asarray(self.module(torch.from_numpy(inputs)).numpy(), dtype=np.float64)

    def predict(self, records: Records) -> Floats:
        """Probabilities, (n, classes), by softmax; for a quantity (n,) in its unit."""
        found = self.outputs(inputs_of(records))
        if isinstance(self.target, Quantity):
            low, high = self.target.low, self.target.high
            return np.clip(low / 2 + high / 2 + (high / 2 - low / 2) * found[:, 0], low, high)
        raised = np.exp(found - found.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "schema": self.schema.to_json(),
                "target": self.target.to_json(),
                "layers": None if self.layers is None else [dict(one) for one in self.layers],
                "parameters": [
                    {"name": one.name, "shape": list(one.values.shape), "values": one.values.ravel().tolist()}
                    for one in self.parameters
                ],
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes, factory: Factory | None = None) -> "OpacusModel":
        """The model that `to_json` wrote. `factory`: makes the network, where it is not written as layers.
        BadModelError; a model without layers and `factory` can be read, but not applied
        (UnknownModuleError)."""
        try:
            value = json.loads(untrusted)
            if value["format"] != FORMAT:
                raise BadModelError(reason="its format is unknown")
            schema, target = Schema.from_list(value["schema"]), target_from_json(value["target"])
            parameters = tuple(_parameter(one) for one in value["parameters"])
            layers = None if value["layers"] is None else tuple(dict(one) for one in value["layers"])
            if layers is not None:
                _check(layers, parameters, *widths(schema, target))
            module = None
            if layers is None and factory is not None:
                module = _filled(factory(*widths(schema, target)), parameters)
            privacy, estimator = dict(value["privacy"]), str(value["estimator"])
            return cls(schema, target, layers, parameters, privacy, module, estimator)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BadModelError(reason="a field is missing or of the wrong type") from error


def model_of(module: Any, schema: Schema, target: Target, privacy: Mapping[str, Json]) -> OpacusModel:
    """The model of a trained torch module."""
    parameters = tuple(
        Parameter(name, one.detach().double().numpy().copy()) for name, one in module.named_parameters()
    )
    layers = described(module)
    return OpacusModel(schema, target, layers, parameters, privacy, None if layers is not None else module)


def described(module: Any) -> tuple[Mapping[str, Json], ...] | None:
    """The layers of a plain torch.nn.Sequential; None for anything else."""
    import torch

    kinds = {
        torch.nn.Identity: "identity",
        torch.nn.Dropout: "identity",
        torch.nn.ReLU: "relu",
        torch.nn.Tanh: "tanh",
        torch.nn.Sigmoid: "sigmoid",
    }
    if type(module) is not torch.nn.Sequential:
        return None
    found: list[Mapping[str, Json]] = []
    for one in module:
        if type(one) is torch.nn.Linear and one.bias is not None:
            found.append({"kind": "linear", "in": one.in_features, "out": one.out_features})
        elif type(one) in kinds:
            found.append({"kind": kinds[type(one)]})
        else:
            return None
    return tuple(found)


def apply(layers: Sequence[Mapping[str, Json]], parameters: Sequence[Parameter], x: Floats) -> Floats:
    """The network of `layers`, (n, inputs) -> (n, outputs)."""
    left = iter(parameters)
    for layer in layers:
        if layer["kind"] == "linear":
            weight, bias = next(left).values, next(left).values
            x = x @ weight.T + bias
        else:
            x = ACTIVATIONS[str(layer["kind"])](x)
    return x


def _check(
    layers: Sequence[Mapping[str, Any]], parameters: Sequence[Parameter], inputs: int, outputs: int
) -> None:
    shapes: list[tuple[int, ...]] = []
    width = inputs
    for layer in layers:
        if layer["kind"] == "linear":
            if layer["in"] != width:
                raise BadModelError(reason="its layers do not fit each other")
            width = int(layer["out"])
            shapes += [(width, int(layer["in"])), (width,)]
        elif layer["kind"] not in ACTIVATIONS:
            raise BadModelError(reason="it has a layer of an unknown kind")
    if width != outputs or shapes != [one.values.shape for one in parameters]:
        raise BadModelError(reason="its parameters do not fit its layers")


def _parameter(value: Mapping[str, Any]) -> Parameter:
    shape = tuple(int(one) for one in value["shape"])
    values = np.asarray(value["values"], dtype=np.float64)
    if values.ndim != 1 or values.size > _MOST_NUMBERS or not np.isfinite(values).all():
        raise BadModelError(reason="a parameter is no list of numbers")
    return Parameter(str(value["name"]), values.reshape(shape))


def _filled(module: Any, parameters: Sequence[Parameter]) -> Any:
    import torch

    own = dict(module.named_parameters())
    if list(own) != [one.name for one in parameters]:
        raise BadModelError(reason="its parameters are not those of the network that was given")
    with torch.no_grad():
        for one in parameters:
            if tuple(own[one.name].shape) != one.values.shape:
                raise BadModelError(reason="its parameters are not those of the network that was given")
            own[one.name].copy_(torch.from_numpy(one.values))
    return module.eval()
