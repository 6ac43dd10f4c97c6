"""What Train was asked for, as its MODEL says. Light: no library is loaded."""

from collections.abc import Mapping
from contextlib import suppress

from pydantic import ValidationError

from ppdesk.core.artifacts import Head
from ppdesk.workflow.model.train_params import TrainParams


def settings_of(model: Head) -> TrainParams | None:
    """The settings, from MODEL head `model`; None where it does not say them. Models of other versions may
    not."""
    said = model.get("training")
    if isinstance(said, Mapping):
        with suppress(ValidationError):  # of another version
            return TrainParams.model_validate(said.get("settings"))
    return None
