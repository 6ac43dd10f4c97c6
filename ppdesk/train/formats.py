"""Reading a trained model back, whatever estimator made it: its JSON says in "format" what it is."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import cast

from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Fitted

# format -> (module of ppdesk.train, class with from_json)
FORMATS: Mapping[str, tuple[str, str]] = {
    "ppdesk-additive-1": ("additive.model", "AdditiveModel"),  # boosting's too
    "ppdesk-logistic-1": ("objective", "ObjectiveFitted"),
    "ppdesk-network-1": ("sgd.model", "SgdModel"),
    "ppdesk-linear-1": ("linear.model", "LinearModel"),
    "ppdesk-one-against-rest-1": ("diffprivlib_models.logistic", "LinearClassifier"),
    "ppdesk-naive-bayes-1": ("diffprivlib_models.naive_bayes", "NaiveBayes"),
    "ppdesk-forest-1": ("diffprivlib_models.trees", "Forest"),
    "ppdesk-torch-1": ("opacus_engine.model", "OpacusModel"),
    "ppdesk-clusters-1": ("clusters.model", "ClustersModel"),
    "ppdesk-components-1": ("components.model", "ComponentsModel"),
    "ppdesk-histogram-1": ("histogram.model", "HistogramModel"),
    "ppdesk-policy-1": ("policy.model", "PolicyModel"),
}


def format_of(untrusted: bytes) -> str:
    """What the JSON says of itself. BadModelError where it is none."""
    try:
        value = json.loads(untrusted)
    except (ValueError, RecursionError) as error:
        raise BadModelError(reason="it is not JSON") from error
    found = value.get("format") if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise BadModelError(reason="it does not say its format")
    return found


def read(untrusted: bytes) -> Fitted:
    """The model that some estimator's `to_json` wrote. BadModelError for anything else."""
    found = FORMATS.get(format_of(untrusted))
    if found is None:
        raise BadModelError(reason="its format is unknown")
    module, name = found
    return cast(Fitted, getattr(import_module(f"ppdesk.train.{module}"), name).from_json(untrusted))
