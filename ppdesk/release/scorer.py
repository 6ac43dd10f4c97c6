"""Applying a model bundle to records: seal first, then hashes, then the model, then the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.identity.sealing import verify_seal
from ppdesk.release.errors import BundleChangedError, MissingFeatureError
from ppdesk.release.model_manifest import Feature, ModelManifest, parse_manifest
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.release.runtime import open_session

if TYPE_CHECKING:
    import pyarrow as pa

_NO_VALUE = "\x00"  # stands for a missing category; no declared category may be it
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Probabilities of the positive class, (n,) float64 (empty where there are not two classes), `output`,
    (n, width), as the model gives it (see the manifest's `output`), and how many cells were outside what
    was declared, per column."""

    probability: Floats
    unseen: dict[str, int]  # categories that are not declared: their column says nothing
    outside: dict[str, int]  # numbers outside the declared bounds: taken as the nearer bound
    missing: dict[str, int]  # cells without a value, or without a number where one is needed
    output: Floats = field(default_factory=lambda: np.zeros((0, 1)))


@dataclass(frozen=True)
class Scorer:
    """A bundle whose seal and hashes hold, ready to score."""

    manifest: ModelManifest
    fingerprint: str  # of the certificate that sealed it
    session: Any  # onnxruntime.InferenceSession

    def score(self, records: "pa.Table", decimal: DecimalMark = DecimalMark.POINT) -> Scored:
        """Probability of the positive outcome for each record, or what else the model says. All columns
        are strings, null is missing; `decimal` is the mark of their numbers.

        Raises MissingFeatureError where a column is not there. Columns the model does not use are not
        looked at.
        """
        for feature in self.manifest.features:
            if feature.name not in records.column_names:
                raise MissingFeatureError(column=feature.name)
        inputs: dict[str, Any] = {}
        scored = Scored(np.zeros(0), {}, {}, {})
        for feature in self.manifest.features:
            column = records.column(feature.name)
            if feature.type == "numeric":
                inputs[feature.name], missing, strange = _numbers(column, feature, decimal)
                counts = scored.outside
            else:
                inputs[feature.name], missing, strange = _categories(column, feature)
                counts = scored.unseen
            counts.update({feature.name: strange} if strange else {})
            scored.missing.update({feature.name: missing} if missing else {})
        if records.num_rows == 0:
            return scored
        found = self.session.run([self.manifest.output], inputs)[0]
        told = np.asarray(found, dtype=np.float64).reshape(records.num_rows, -1)
        two = self.manifest.output == "probability"
        return replace(scored, probability=told[:, 0] if two else np.zeros(0), output=told)


def load(parts: Mapping[str, bytes]) -> Scorer:
    """A scorer from a bundle's parts (see bundle.MEMBERS), trusted or not.

    Order: seal over the manifest, form of the manifest, hash of the model, operators of the model; only
    then is the model loaded. Raises what verify_seal raises, BundleChangedError or NewerBundleError.
    """
    fingerprint = verify_seal(parts["manifest.json"], parts["manifest.sig"], parts["certificate.pem"])
    manifest = parse_manifest(parts["manifest.json"])
    model = parts["model.onnx"]
    if sha256_hex(model) != manifest.onnx_sha256:
        raise BundleChangedError(reason="its model is not the one the manifest names")
    check_untrusted(model)
    session = open_session(model)
    names = [entry.name for entry in session.get_inputs()]
    if names != [feature.name for feature in manifest.features]:
        raise BundleChangedError(reason="its model asks for other columns than the manifest names")
    return Scorer(manifest, fingerprint, session)


def _numbers(column: "pa.ChunkedArray", feature: Feature, decimal: DecimalMark) -> tuple[Floats, int, int]:
    """((n, 1) float64 with NaN for what is no number, how many those are, how many are out of bounds)."""
    values: Floats = numbers(column, decimal)
    low, high = feature.min, feature.max
    beyond = 0 if low is None or high is None else int(((values < low) | (values > high)).sum())
    return values.reshape(-1, 1), int(np.isnan(values).sum()), beyond


def _categories(column: "pa.ChunkedArray", feature: Feature) -> tuple[npt.NDArray[np.object_], int, int]:
    """((n, 1) strings, how many are missing, how many are not declared)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = column.cast(pa.string())
    known = pc.is_in(text, value_set=pa.array(feature.categories or [], pa.string()))
    unknown = len(text) - int(pc.sum(known).as_py() or 0) - text.null_count
    filled = pc.fill_null(text, _NO_VALUE).to_numpy(zero_copy_only=False)
    return filled.astype(object).reshape(-1, 1), text.null_count, unknown
