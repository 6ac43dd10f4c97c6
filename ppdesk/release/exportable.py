"""A trained model as a bundle can carry it: what the manifest says, and how its ONNX form is made."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from ppdesk.release import binned, linear, network
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.model_manifest import Feature

Declared = TypeVar("Declared", binned.BinnedModel, network.Network)
Output = Literal["probability", "probabilities", "value"]


@dataclass(frozen=True)
class Exportable:
    """`classes` in the order of the probabilities, empty for a number; `positive` and `threshold` of two
    classes alone. `build` gives the ONNX bytes."""

    estimator: str
    target: str
    classes: tuple[str, ...]
    positive: str
    threshold: float | None
    output: Output
    features: tuple[Feature, ...]
    build: Callable[[], bytes]


def read(data: bytes) -> Exportable:
    """The trained model that `data` says. UnsupportedModelError where it has no ONNX form."""
    try:
        found = json.loads(data)["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnsupportedModelError(reason="it does not say its format") from error
    if found == linear.FORMAT:
        return _linear(data)
    if found == binned.FORMAT:
        return _declared(binned.read(data), binned.build)
    if found == network.FORMAT:
        return _declared(network.read(data), network.build)
    raise UnsupportedModelError(reason="its format is unknown")


def _linear(data: bytes) -> Exportable:
    from ppdesk.release import onnx_model

    model = linear.read_model(data)
    return Exportable(
        estimator=model.estimator,
        target=model.target,
        classes=model.classes,
        positive=model.positive,
        threshold=model.threshold,
        output="probability",
        features=tuple(
            Feature(name=term.name, type="numeric", min=term.knots[0], max=term.knots[-1])
            if isinstance(term, linear.NumericTerm)
            else Feature(name=term.name, type="categorical", categories=list(term.categories))
            for term in model.linear.terms
        ),
        build=partial(onnx_model.build, model.linear),
    )


def _declared(model: Declared, build: Callable[[Declared], bytes]) -> Exportable:
    return Exportable(
        estimator=model.estimator,
        target=model.target,
        classes=model.classes,
        positive=model.classes[1] if model.output == "probability" else "",
        threshold=model.threshold,
        output=model.output,
        features=tuple(
            Feature(name=one.name, type="numeric", min=one.low, max=one.high)
            if one.numeric
            else Feature(name=one.name, type="categorical", categories=list(one.categories))
            for one in model.columns
        ),
        build=partial(build, model),
    )
