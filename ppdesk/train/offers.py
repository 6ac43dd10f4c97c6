"""What can be trained, as a list that needs no library: the estimators are loaded when they are asked for."""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.privacy.events import Neighbours


class Task(StrEnum):
    """What a model is for. The heads of models say it by these words."""

    BINARY = "binary"  # one of two classes
    CLASSES = "classes"  # one of several
    QUANTITY = "quantity"  # a number
    NONE = "none"  # learnt without a target
    POLICY = "policy"  # which action to take

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Task.BINARY: "two classes",
    Task.CLASSES: "several classes",
    Task.QUANTITY: "a number",
    Task.NONE: "no target",
    Task.POLICY: "decisions",
}


class UnknownOfferError(CodedError):
    """There is no estimator named {key}."""

    code = "PP-TRAIN-011"
    exit = Exit.USAGE
    todo = "Choose one of the estimators that Train lists."


@dataclass(frozen=True)
class Offer:
    """An estimator: ``ppdesk.train.<module>`` holds the class `name`. `extra` names the library that it needs
    beyond ppdesk's own, empty for none. `relations` are those that it can be asked for; `delta_zero`: its
    claim is pure, delta is 0 and no other."""

    key: str
    title: str
    good_at: str
    tasks: tuple[Task, ...]
    glass_box: bool  # every part of the model can be looked at
    module: str
    name: str
    extra: str = ""
    relations: tuple[Neighbours, ...] = (Neighbours.ADD_REMOVE, Neighbours.REPLACE_ONE)
    delta_zero: bool = False
    options: tuple[str, ...] = ()  # settings of Train that it has beside those of all

    @property
    def installed(self) -> bool:
        """Whether the library that it needs is there. Nothing is loaded to find out."""
        return not self.extra or find_spec(self.extra) is not None

    def load(self) -> Any:
        """The estimator's class."""
        return getattr(import_module(f"ppdesk.train.{self.module}"), self.name)


# as records of older versions call them
_FORMERLY = {"dp-logistic-regression": "objective-perturbation"}
_SUPERVISED = (Task.BINARY, Task.CLASSES, Task.QUANTITY)

OFFERS: tuple[Offer, ...] = (
    Offer(
        "objective-perturbation",
        "Logistic regression, pure ε",
        "Two classes where δ must be 0: every coefficient can be read, and the claim cannot fail.",
        (Task.BINARY,),
        True,
        "objective",
        "ObjectivePerturbation",
        relations=(Neighbours.REPLACE_ONE,),
        delta_zero=True,
        options=("regularization",),
    ),
)


def offer(key: str) -> Offer:
    """The offer of `key`. UnknownOfferError if there is none."""
    wanted = _FORMERLY.get(key, key)
    for one in OFFERS:
        if one.key == wanted:
            return one
    raise UnknownOfferError(key=key)


def for_task(task: Task) -> list[Offer]:
    """The offers that can do it, in the order of the list."""
    return [one for one in OFFERS if task in one.tasks]
