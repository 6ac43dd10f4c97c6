"""Settings that can be tried, as a person writes them: ``ebm learning_rate=0.2 rounds=150``."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.train.errors import BadSettingError
from ppdesk.train.offers import Task, offer

# estimator -> setting -> (whole number, lowest, highest)
_SGD = {
    "learning_rate": (False, 1e-4, 1e3),
    "clip": (False, 1e-3, 1e3),
    "steps": (True, 1, 20_000),
    "batch": (True, 1, 1_000_000),
    "bins": (True, 0, 512),
    "momentum": (False, 0, 0.999),
}
ALLOWED: Mapping[str, Mapping[str, tuple[bool, float, float]]] = {
    "additive": {"counts": (False, 0.02, 0.8), "steps": (True, 5, 400)},
    "ebm": {
        "rounds": (True, 1, 2_000),
        "learning_rate": (False, 1e-4, 10),
        "max_bins": (True, 2, 1_024),
        "max_leaves": (True, 2, 64),
        "count_share": (False, 0.01, 0.9),
    },
    "sgd-logistic": _SGD,
    "sgd-mlp": {**_SGD, "hidden": (True, 1, 4_096)},
}
USUAL: Mapping[Task, tuple[str, ...]] = {
    Task.BINARY: ("additive", "additive counts=0.12", "additive counts=0.4", "ebm", "ebm learning_rate=0.1"),
    Task.CLASSES: ("additive", "additive counts=0.12", "additive counts=0.4", "ebm"),
    Task.QUANTITY: ("additive", "additive counts=0.12", "additive counts=0.4", "linear"),
}


@dataclass(frozen=True)
class Candidate:
    """An estimator, and what of its settings is not by its rule."""

    key: str
    settings: tuple[tuple[str, float], ...] = ()

    @property
    def words(self) -> str:
        """As a person writes it."""
        return " ".join((self.key, *self.written))

    @property
    def written(self) -> tuple[str, ...]:
        """The settings as Train takes them."""
        return tuple(f"{name}={value!r}" for name, value in self.settings)

    def options(self) -> dict[str, Any]:
        """As the estimator takes them."""
        return {name: (int(value),) if name == "hidden" else value for name, value in self.settings}


def candidate(text: str) -> Candidate:
    """What `text` says. UnknownOfferError, BadSettingError."""
    key, *rest = text.split() or [""]
    return Candidate(offer(key).key, settings(offer(key).key, rest))


def settings(key: str, written: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """``NAME=VALUE`` settings of the estimator `key`, whole numbers as int. BadSettingError."""
    allowed, found = ALLOWED.get(key, {}), {}
    for one in written:
        name, _, value = one.partition("=")
        if name not in allowed:
            known = ", ".join(allowed) or "none"
            raise BadSettingError(setting=name, reason=f"{key} has these to choose: {known}")
        whole, low, high = allowed[name]
        try:
            number = int(value) if whole else float(value)
        except ValueError:
            kind = "a whole number" if whole else "a number"
            raise BadSettingError(setting=name, reason=f"it is {kind}") from None
        if not (math.isfinite(number) and low <= number <= high):
            raise BadSettingError(setting=name, reason=f"it lies from {low:g} to {high:g}")
        found[name] = number
    return tuple(found.items())
