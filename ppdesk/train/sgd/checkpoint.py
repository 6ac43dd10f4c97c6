"""A run that goes on after a kill.

A state holds the number of steps done and the parameters and means of the optimizer: values that were
computed from noisy sums only, so keeping or showing it is post-processing. It holds no place in a stream of
random numbers: the steps that are left draw fresh samples and fresh noise, as they would have.

Why nothing is spent twice. What is ever seen are the states, and what follows from them. Steps done after
the last state are lost with the process and were shown to no one (`progress` tells of a step only once its
state is kept), so the run that is seen has each step once, with noise of its own: the event of the plan,
which the reservation charged. Two runs from one state would spend the steps after it twice; so a state is
resumed once, by the process that holds the project's lock.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.train.sgd.optimizer import Optimizer

FORMAT = "ppdesk-sgd-state-1"


class OtherRunError(CodedError):
    """The kept state belongs to a training with other settings."""

    code = "PP-TRAIN-150"
    exit = Exit.REFUSED
    todo = "Resume with the settings it was begun with, or start anew, which is charged anew."


def state_of(optimizer: Optimizer, settings: Mapping[str, Json]) -> dict[str, Json]:
    """The state as plain values."""
    return {
        "format": FORMAT,
        "settings": sha256_hex(canonical(settings)),
        "step": optimizer.done,
        "weights": optimizer.weights.tolist(),
        "velocity": optimizer.velocity.tolist(),
        "second": optimizer.second.tolist(),
        "average": optimizer.average.tolist(),
    }


def restore(optimizer: Optimizer, state: Mapping[str, Any], settings: Mapping[str, Json]) -> None:
    """Put a state back. OtherRunError where it is of other settings, or no state."""
    if state.get("format") != FORMAT or state.get("settings") != sha256_hex(canonical(settings)):
        raise OtherRunError
    for name in ("weights", "velocity", "second", "average"):
        values = np.asarray(state.get(name), np.float64)
        if values.shape != getattr(optimizer, name).shape or not np.isfinite(values).all():
            raise OtherRunError
        getattr(optimizer, name)[:] = values
    step = state.get("step")
    if not isinstance(step, int) or step < 0:
        raise OtherRunError
    optimizer.done = step
