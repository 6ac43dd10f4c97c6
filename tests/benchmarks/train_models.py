"""ppdesk's estimators in the training benchmark: made by key, fitted per seed, scored, and their cost
recomputed."""

import math
import statistics
import time
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
from train_scores import of_classes, of_quantity, split, summary
from train_table import Problem

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.privacy.events import DpEvent
from ppdesk.train.fitted import Asked
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Classes, Numeric, Quantity

_MADE_UP = 200  # records


class WrongTaskError(CodedError):
    """Estimator {key} does not learn {task}."""

    code = "PP-BENCH-014"
    exit = Exit.USAGE
    todo = "Choose another estimator, or another target."


class UnprovedError(CodedError):
    """No finite epsilon is proved at delta {delta:g} for what was done."""

    code = "PP-BENCH-016"
    exit = Exit.FAILED
    todo = "Ask for another delta."


class NotInstalledError(CodedError):
    """Estimator {key} needs {extra}, which is not installed."""

    code = "PP-BENCH-015"
    exit = Exit.USAGE
    todo = "Install it, or choose another estimator."


def task_of(problem: Problem) -> Task:
    """What kind of target it is."""
    if isinstance(problem.target, Quantity):
        return Task.QUANTITY
    return Task.BINARY if problem.target.binary else Task.CLASSES


def measure(problem: Problem, key: str, epsilon: float, delta: float, seeds: int) -> dict[str, Any]:
    """Scores, cost and times of the estimator `key`. CodedError."""
    Asked(epsilon, delta)  # a cost that is none is refused before any work
    made, task = offer(key), task_of(problem)
    if task not in made.tasks:
        raise WrongTaskError(key=key, task=task.words)
    if not made.installed:
        raise NotInstalledError(key=key, extra=made.extra)
    estimator_class = made.load(task)
    given = {"delta": 0.0 if made.delta_zero else delta, "neighbours": made.relations[0].value}

    def fresh() -> Any:
        return estimator_class(schema=problem.schema, target=problem.target, epsilon=epsilon, **given)

    fresh().fit(*made_up(problem))  # kernels are compiled or loaded here
    runs, seconds, costs = [], [], []
    for seed in range(seeds):
        train, test = split(problem.y, seed, stratified=task is not Task.QUANTITY)
        table, y = problem.take(train)
        model = fresh()
        started = time.perf_counter()
        model.fit(table, y)
        seconds.append(time.perf_counter() - started)
        costs.append(recomputed(model.event_, given["delta"]))
        runs.append(scores(model, problem, test))
    mean = statistics.fmean(seconds)
    return {
        "estimator": key, "task": task.value, **summary(runs), "epsilon": max(costs),
        "epsilon_asked": epsilon, "delta": given["delta"], "neighbours": given["neighbours"],
        "fit_seconds": mean, "samples_per_second": train.size / mean,
    }  # fmt: skip


def scores(model: Any, problem: Problem, test: np.ndarray) -> dict[str, float]:
    """What the fitted estimator makes of the held-out records."""
    table, _ = problem.take(test)
    y = problem.y[test]
    if isinstance(problem.target, Quantity):
        return of_quantity(y, np.asarray(model.predict(table), dtype=np.float64))
    chances = model.predict_proba(table)
    places = {value: place for place, value in enumerate(problem.target.values)}
    order = [places[str(one)] for one in model.classes_]
    inverse = np.argsort(order)
    names, where = np.unique(np.asarray(model.predict(table)), return_inverse=True)
    chosen = np.asarray([places[str(one)] for one in names])[where]
    return of_classes(y, chances[:, inverse], chosen)


def recomputed(event: DpEvent, delta: float) -> float:
    """Epsilon at `delta` of what was done, by privacy loss distributions."""
    from ppdesk.privacy.calibration import epsilon_of

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = float(epsilon_of(event, delta))
    if not math.isfinite(found):
        raise UnprovedError(delta=delta)
    return found


def made_up(problem: Problem) -> tuple[pa.Table, Any]:
    """A few records from the declaration alone."""
    draws = np.random.default_rng(0)
    columns = {
        one.name: pa.array(_between(one, draws.random(_MADE_UP)))
        if isinstance(one, Numeric)
        else pa.array(draws.choice(np.asarray(one.categories, dtype=object), _MADE_UP))
        for one in problem.schema.columns
    }
    target = problem.target
    if isinstance(target, Classes):
        y: Any = pa.array(draws.choice(np.asarray(target.values, dtype=object), _MADE_UP))
    else:
        y = _between(target, draws.random(_MADE_UP))
    return pa.table(columns), y


def _between(declared: Numeric | Quantity, share: np.ndarray) -> np.ndarray:
    """Numbers between the bounds, whose difference may be too large for a double."""
    return declared.low * (1 - share) + declared.high * share
