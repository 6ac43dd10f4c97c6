"""What the JSON of every exported model says alike: who made it, of what, and between which bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_TWO = 2


@dataclass(frozen=True)
class Said:
    """`classes` in order, empty for a number between `low` and `high`."""

    estimator: str
    target: str
    classes: tuple[str, ...]
    low: float | None
    high: float | None

    @property
    def two(self) -> bool:
        """Whether it tells two classes apart."""
        return len(self.classes) == _TWO

    @property
    def output(self) -> Literal["probability", "probabilities", "value"]:
        if not self.classes:
            return "value"
        return "probability" if self.two else "probabilities"


def said(value: Mapping[str, Any]) -> Said:
    """The head of `value`. KeyError, TypeError, ValueError or AttributeError for what is none."""
    target = value["target"]
    numeric = target["type"] == "numeric"
    within = value.get("learnt") or target  # narrower bounds, where they were found with noise
    return Said(
        estimator=str(value["estimator"]),
        target=str(target["name"]),
        classes=tuple(str(one) for one in target.get("categories") or ()),
        low=float(within["min"]) if numeric else None,
        high=float(within["max"]) if numeric else None,
    )
