"""Every mechanism and estimator that ppdesk has, ready for the tester."""

from collections.abc import Callable
from dataclasses import dataclass

from ppdesk.assess.auditing.auditable import Auditable
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.said import said
from ppdesk.privacy.events import Neighbours
from ppdesk.train.offers import OFFERS, Offer, Task, offer
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.auditables.claims import Wanted
from ppdesk.workflow.step import Inputs

# at these claims few runs can tell: there is little noise
SHARP_EPSILON, SHARP_DELTA = 3.0, 0.02


@dataclass(frozen=True)
class Planned:
    """A test to make. `make` gets the mechanism ready, which may fit it once on made-up records."""

    key: str
    title: str
    make: Callable[[], Auditable]


def of_project(inputs: Inputs) -> tuple[Planned, ...]:
    """The mechanisms that made what `inputs` hold, at the project's own claims, and estimators once more at a
    claim that few runs can hold them against. Only heads are looked at."""
    found: list[Planned] = []
    if Kind.MODEL in inputs:
        found += _of_model(inputs[Kind.MODEL].head)
    if Kind.STATISTICS in inputs:
        found += _of_statistics(inputs[Kind.STATISTICS].head)
    if Kind.SYNTHETIC in inputs:
        found += _of_synthetic(inputs[Kind.SYNTHETIC].head)
    if Kind.RELEASE in inputs:
        found += _of_release(inputs[Kind.RELEASE].head)
    return tuple(found)


def everything() -> tuple[Planned, ...]:
    """All mechanisms, and all estimators that are installed, for each task and relation they offer."""
    found = [*_noises(), *_figures()]
    for one in OFFERS:
        for relation in one.relations:
            for task in one.tasks if one.installed else ():
                found.append(_estimator(one, task, _sharp(one, relation)))
    return tuple(found)


def _sharp(one: Offer, relation: Neighbours) -> Wanted:
    return Wanted(SHARP_EPSILON, 0.0 if one.delta_zero else SHARP_DELTA, relation)


def _own(head: Head) -> Wanted | None:
    epsilon, delta = declared.number(head.get("epsilon")), declared.number(head.get("delta"))
    if not epsilon:
        return None
    relation, group = str(head.get("neighbours")), head.get("group")
    return Wanted(
        epsilon,
        delta or 0.0,
        Neighbours(relation) if relation in {one.value for one in Neighbours} else Neighbours.REPLACE_ONE,
        group if isinstance(group, int) and group >= 1 else 1,
        own=True,
    )


def _of_model(head: Head) -> list[Planned]:
    own, known = _own(head), {one.key for one in OFFERS}
    key = str(head.get("estimator"))
    if own is None or key not in known | {"dp-logistic-regression"}:
        return []
    one = offer(key)
    task = Task(str(head.get("task") or one.tasks[0].value))
    return [_estimator(one, task, own), _estimator(one, task, _sharp(one, own.neighbours))]


def _estimator(one: Offer, task: Task, wanted: Wanted) -> Planned:
    def make() -> Auditable:
        if one.key == "policy":
            from ppdesk.workflow.evaluation.auditables.policies import policy

            return policy(wanted)
        from ppdesk.workflow.evaluation.auditables.models import model

        return model(one, task, wanted)

    relation = "" if wanted.own else f"-{wanted.neighbours.value}"
    title = (
        said("{model}, {task}, at the {claim}", model=one.title, task=task.words, claim=wanted.words)
        if wanted.own
        else said("{model}, {task}, at {claim}", model=one.title, task=task.words, claim=wanted.words)
    )
    return Planned(f"{one.key}-{task.value}-{wanted.name}{relation}", title, make)


def _of_statistics(head: Head) -> list[Planned]:
    from ppdesk.privacy.errors import BadQuestionError
    from ppdesk.privacy.statistics.questions import read

    own, listed = _own(head), head.get("statistics")
    if own is None or not isinstance(listed, list | tuple):
        return []
    try:
        forms = {read(str(one)).form.value for one in listed}
    except BadQuestionError:  # a record of another version
        return []
    return [_statistic(form, own) for form in sorted(forms)]


_FORMS = {
    "count": "count",
    "cells": "count by kind",
    "sum": "sum age",
    "mean": "mean age",
    "quantiles": "median age",
}


def _statistic(form: str, wanted: Wanted) -> Planned:
    question = _FORMS[form]

    def make() -> Auditable:
        from ppdesk.workflow.evaluation.auditables.counts import statistics

        return statistics((question,), wanted, f"statistics-{form}")

    title = said("Statistics: {question}, at ε {epsilon:g}", question=question, epsilon=wanted.epsilon)
    return Planned(f"statistics-{form}-{wanted.name}", title, make)


def _of_synthetic(head: Head) -> list[Planned]:
    own = _own(head)
    return [] if own is None else [_synthetic(own)]


def _synthetic(wanted: Wanted) -> Planned:
    def make() -> Auditable:
        from ppdesk.workflow.evaluation.auditables.counts import synthetic

        return synthetic(wanted)

    kind = "pure" if wanted.delta == 0 else "zcdp"
    title = said(
        "Measurements for synthetic records (MST), at ε {epsilon:g}, δ {delta:g}",
        epsilon=wanted.epsilon,
        delta=wanted.delta,
    )
    return Planned(f"synthetic-{kind}-{wanted.name}", title, make)


def _of_release(head: Head) -> list[Planned]:
    claim = head.get("differential_privacy")
    own = _own(claim) if isinstance(claim, dict) else None
    return [] if own is None else [_safepub(own)]


def _safepub(wanted: Wanted) -> Planned:
    def make() -> Auditable:
        from ppdesk.workflow.evaluation.auditables.counts import safepub

        return safepub(wanted)

    title = said("SafePub, at ε {epsilon:g}, δ {delta:g}", epsilon=wanted.epsilon, delta=wanted.delta)
    return Planned(f"safepub-{wanted.name}", title, make)


def _noises() -> list[Planned]:
    from ppdesk.workflow.evaluation.auditables.counts import noises, tuning

    wanted = Wanted(SHARP_EPSILON, SHARP_DELTA)
    made = [*noises(wanted), tuning(Wanted(SHARP_EPSILON, 0.0))]
    return [Planned(one.key, one.title, lambda one=one: one) for one in made]  # type: ignore[misc]  # bound


def _figures() -> list[Planned]:
    sharp = Wanted(SHARP_EPSILON, 0.0, Neighbours.REPLACE_ONE)
    return [
        *(_statistic(form, sharp) for form in _FORMS),
        _synthetic(sharp),
        _synthetic(Wanted(SHARP_EPSILON, SHARP_DELTA, Neighbours.REPLACE_ONE)),
        _safepub(Wanted(1.0, 0.01)),
    ]
