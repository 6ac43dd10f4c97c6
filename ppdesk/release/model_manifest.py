"""What a model bundle says about itself: canonical JSON, sealed, and read back strictly."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ppdesk.core.canonical import canonical
from ppdesk.release.errors import BundleChangedError, NewerBundleError

MODEL_FORMAT: Literal["ppdesk-model-1"] = "ppdesk-model-1"
_LATER = frozenset({"null_tokens", "decimal", "classes"})  # not in every manifest of this format
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Feature(BaseModel):
    """One input of the model, with its declared domain."""

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=1_000)
    type: Literal["numeric", "categorical"]
    min: float | None = None
    max: float | None = None
    categories: list[str] | None = None


class ModelManifest(BaseModel):
    """The manifest. `privacy` is the claim; `metrics` are outside it and say so in `metrics_note`.

    `null_tokens` and `decimal` are how the model's own table wrote a missing value and a number, as declared
    at import: what new records should be read with, nothing that the model depends on. None, and not in the
    bytes, in manifests from before they were kept.
    """

    model_config = _STRICT

    format: Literal["ppdesk-model-1"] = MODEL_FORMAT
    tool: dict[str, str]
    onnx_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    made_from: str = Field(pattern=r"^[0-9a-f]{64}$")  # SHA-256 of the trained model in the project
    output: Literal["probability", "probabilities", "value"] = "probability"
    estimator: str
    target: str
    positive: str  # of two classes; empty for other models
    threshold: float | None = Field(ge=0, le=1)  # of two classes; None for other models
    classes: list[str] | None = None  # of several, in the order of the probabilities
    features: list[Feature] = Field(min_length=1)
    null_tokens: list[str] | None = None
    decimal: Literal["point", "comma"] | None = None
    epsilon: float | None = Field(ge=0)
    delta: float | None = Field(ge=0, lt=1)
    neighbours: str | None
    private: bool
    claim: str
    metrics: dict[str, Any] | None
    metrics_note: str
    stamp: str

    def to_bytes(self) -> bytes:
        """Canonical JSON, the bytes that are signed."""
        told = self.model_dump(mode="json")
        return canonical(
            {name: value for name, value in told.items() if name not in _LATER or value is not None}
        )


def parse_manifest(untrusted: bytes) -> ModelManifest:
    """The manifest from a bundle. Only the canonical form is read, so no key can be given twice.

    Raises NewerBundleError for another format, BundleChangedError for anything else that is not as written.
    """
    try:
        value = json.loads(untrusted)
    except (ValueError, RecursionError) as error:
        raise BundleChangedError(reason="its manifest is not JSON") from error
    if not isinstance(value, Mapping):
        raise BundleChangedError(reason="its manifest is not a JSON object")
    found = value.get("format")
    if found != MODEL_FORMAT and isinstance(found, str) and found.startswith("ppdesk-model-"):
        raise NewerBundleError(found=found[:40], known=MODEL_FORMAT)
    try:
        manifest = ModelManifest.model_validate_json(untrusted)
        same = manifest.to_bytes() == untrusted
    except (ValidationError, ValueError, RecursionError) as error:
        raise BundleChangedError(reason="its manifest is not as ppdesk writes it") from error
    if not same:
        raise BundleChangedError(reason="its manifest is not in canonical form")
    return manifest
