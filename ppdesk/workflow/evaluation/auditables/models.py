"""Every estimator that Train offers, on tables of a few made-up records with a number and a category.

What is released is all that Train stores: the model, what is recorded beside it and, for DP-SGD, the noisy
weights of the first and the last state that a run keeps (in a short run they are one).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ppdesk.assess.auditing.auditable import Auditable, Released, one_by_one
from ppdesk.assess.auditing.space import Floats, Space
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours, Stated
from ppdesk.train.fitted import Asked, Trained
from ppdesk.train.offers import OFFERS, Offer, Task
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.workflow.evaluation.auditables.claims import Wanted, plain, with_curve
from ppdesk.workflow.evaluation.auditables.released import flat, of_model

ROWS = 8  # the declared, public number of records; the tables have fewer, which is allowed
SCHEMA = Schema((Numeric("number", 0.0, 1.0), Categorical("kind", ("a", "b"))))
BINARY = Classes("y", ("no", "yes"), "yes")
CLASSES = Classes("y", ("one", "two", "three"))
QUANTITY = Quantity("y", 0.0, 1.0)
_TARGETS = {Task.BINARY: BINARY, Task.CLASSES: CLASSES, Task.QUANTITY: QUANTITY}
_NAN = float("nan")
_NUMBER, _KIND = (0.0, 1.0, 0.5, _NAN), (0.0, 1.0, 2.0)
_LABELS = {
    Task.BINARY: (0.0, 1.0),
    Task.CLASSES: (0.0, 2.0, 1.0),
    Task.QUANTITY: (0.0, 1.0, 0.5),
    Task.NONE: (0.0, 0.0),
}
# few steps and small trees where the claim is only there to be tested: as much noise in all, sooner done
_SHORT: Mapping[str, Mapping[str, Any]] = {
    "additive": {"steps": 3},
    "sgd-logistic": {"steps": 5, "rate": 0.5, "bins": 2},
    "sgd-mlp": {"steps": 5, "rate": 0.5, "bins": 2, "hidden": (3,)},
    "ebm": {"rounds": 5},
    "diffprivlib-forest": {"trees": 2, "depth": 2},
}
_COST = {
    "additive": 17.0, "sgd-logistic": 8.0, "sgd-mlp": 8.0, "ebm": 5.0, "linear": 17.0, "k-means": 9.0,
    "diffprivlib-forest": 2.5, "histogram": 3.5, "pca": 1.5,
}  # fmt: skip
_OWN_COST = {"diffprivlib-forest": 25.0, "additive": 65.0, "sgd-logistic": 60.0, "sgd-mlp": 60.0, "ebm": 35.0}
Fit = Callable[[Records, Any, Asked, Entropy], tuple[Trained, Released]]


def records_of(table: Floats) -> Records:
    """The made-up table as an estimator reads it: (n, 2 and more) -> Records."""
    return Records(SCHEMA, (table[:, 0].astype(np.float64), table[:, 1].astype(np.int32)))


PROBE = records_of(np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 1.0], [_NAN, 2.0]]))


def asked_of(wanted: Wanted) -> Asked:
    """The guarantee as estimators are asked for it."""
    return Asked(wanted.epsilon, wanted.delta, wanted.neighbours, wanted.group)


def model(offer: Offer, task: Task, wanted: Wanted) -> Auditable:
    """The estimator of `offer` for `task`. Fits it once, without records, to see what it charges."""
    fit = fitting(offer, task, short=not wanted.own)
    asked = asked_of(wanted)

    def run(table: Any, entropy: Entropy) -> Released:
        return fit(records_of(table), _labels(table, task), asked, entropy)[1]

    columns = (_NUMBER, _KIND, _LABELS[task])
    space = Space(columns, replace=wanted.neighbours is Neighbours.REPLACE_ONE, group=wanted.group)
    event = _event(offer, task, asked, short=not wanted.own)
    claim = plain(wanted) if _is_pair(event) else with_curve(wanted, event)
    costs = {**_COST, **_OWN_COST} if wanted.own else _COST
    return Auditable(
        f"{offer.key}-{task.value}-{wanted.name}",
        f"{offer.title}, {task.words}",
        claim,
        space.pairs(),
        one_by_one(run),
        cost=costs.get(offer.key, 2.0),
        propose=space.propose,
        move=space.move,
        note=f"At {wanted.words}.",
    )


def fitting(offer: Offer, task: Task, *, short: bool) -> Fit:
    """One fit by the estimator that Train uses, and all that comes out of it."""
    kind, target = offer.load(task), _TARGETS.get(task)
    asked_so = short and offer.key not in {"additive", "ebm"}  # they ask their engines, see `_fit`
    more: dict[str, Any] = dict(_SHORT.get(offer.key, {})) if asked_so else {}

    def fit(records: Records, y: Any, asked: Asked, entropy: Entropy) -> tuple[Trained, Released]:
        states: list[Mapping[str, Any]] = []
        if offer.key.startswith("sgd"):
            more["on_checkpoint"] = states.append
        made = kind(
            schema=SCHEMA, target=target, epsilon=asked.epsilon, delta=asked.delta,
            neighbours=asked.neighbours.value, group=asked.group, rows=ROWS, entropy=entropy, **more,
        )  # fmt: skip
        trained = _fit(made, offer, records, y, asked, target, entropy, short=short)
        found = of_model(trained, PROBE)
        for name, state in (("first", states[:-1][:1]), ("last", states[-1:])):
            for kept in (one["state"] for one in state):
                found.update(flat(name, {"weights": kept["weights"], "velocity": kept["velocity"]}))
        return trained, found

    return fit


def _fit(  # noqa: PLR0917 - what an estimator is given
    made: Any,
    offer: Offer,
    records: Records,
    y: Any,
    asked: Asked,
    target: Any,
    entropy: Entropy,
    *,
    short: bool,
) -> Trained:
    if short and offer.key == "additive":
        from ppdesk.train.additive.fit import fit

        return fit(
            records,
            y,
            asked,
            target,
            options={**_SHORT["additive"], "rows": ROWS},
            entropy=entropy,
            tick=_tick,
        )
    if short and offer.key == "ebm":
        from ppdesk.train.ebm import engine

        options = engine.Options(**_SHORT["ebm"])
        return engine.fit(records, y, asked, target, options=options, entropy=entropy, tick=_tick)
    trained: Trained = made._fit(records, y, asked, target, entropy=entropy, tick=_tick, persons=None)
    return trained


def _event(offer: Offer, task: Task, asked: Asked, *, short: bool) -> DpEvent:
    from ppdesk.core.entropy import SystemEntropy

    nobody = np.zeros((1 if asked.neighbours is Neighbours.REPLACE_ONE else 0, 3))
    fit = fitting(offer, task, short=short)
    return fit(records_of(nobody), _labels(nobody, task), asked, SystemEntropy())[0].event


def _is_pair(event: DpEvent) -> bool:
    """Whether nothing but one pair is claimed."""
    return isinstance(event.event if isinstance(event, Stated) else event, EpsilonDelta)


def _labels(table: Floats, task: Task) -> Any:
    if task is Task.NONE:
        return None
    return table[:, 2].astype(np.float64 if task is Task.QUANTITY else np.int32)


def _tick() -> None:
    """The tester asks between runs."""


def models(wanted: Callable[[Offer], list[Wanted]]) -> list[Auditable]:
    """All offers that are installed, each task once, but for the policy."""
    return [
        model(offer, task, one)
        for offer in OFFERS
        if offer.installed and offer.key != "policy"
        for task in offer.tasks
        for one in wanted(offer)
    ]
