"""What Train charges before it runs covers what is run then."""

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.privacy.events import EpsilonDelta, Gaussian, Neighbours, Stated, from_json, to_json
from ppdesk.privacy.stated import verify_stated
from ppdesk.train.offers import OFFERS, Task
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema
from ppdesk.workflow.model.train import STEP
from ppdesk.workflow.model.train_cost import ONE_GAUSSIAN

SCHEMA = Schema((Numeric("age", 0, 100), Numeric("hours", 0, 80)))
TARGETS = {
    Task.BINARY: Classes("y", ("a", "b"), "b"),
    Task.CLASSES: Classes("y", ("a", "b", "c")),
    Task.QUANTITY: Quantity("y", 0, 100),
    Task.NONE: None,
}
CASES = [(one.key, task) for one in OFFERS if one.key in ONE_GAUSSIAN for task in one.tasks]


def charged(**values: object) -> Stated | EpsilonDelta:
    found = STEP.cost(parse(STEP.Params, values, step="train"), {Kind.TABLE: {}})
    assert isinstance(found, Stated | EpsilonDelta)
    return found


def test_the_list_names_offers() -> None:
    assert {one.key for one in OFFERS} >= ONE_GAUSSIAN


@pytest.mark.parametrize("neighbours", Neighbours)
@pytest.mark.parametrize(("key", "task"), CASES)
def test_no_less_is_stated_than_what_is_run(key: str, task: Task, neighbours: Neighbours) -> None:
    offer = next(one for one in OFFERS if one.key == key)
    table = {
        "age": [30.0, 40.0],
        "hours": [1.0, 2.0],
        "y": [1.0, 2.0] if task is Task.QUANTITY else ["a", "b"],
    }
    estimator = offer.load(task)(
        schema=SCHEMA,
        target=TARGETS[task],
        epsilon=1.0,
        delta=1e-6,
        neighbours=neighbours.value,
        entropy=TestEntropy(1),
    ).fit(table)
    stated = charged(estimator=key, epsilon=1.0, delta=1e-6, neighbours=neighbours.value)
    assert isinstance(stated, Stated)
    assert isinstance(stated.event, Gaussian)
    assert isinstance(estimator.event_, Gaussian)
    assert estimator.event_.neighbours is stated.event.neighbours is neighbours
    assert estimator.event_.noise_multiplier >= stated.event.noise_multiplier


@pytest.mark.parametrize(("epsilon", "delta"), [(0.1, 1e-9), (1.0, 1e-6), (20.0, 1e-5)])
def test_the_pair_covers_the_mechanism_that_is_stated(epsilon: float, delta: float) -> None:
    stated = charged(epsilon=epsilon, delta=delta)
    assert verify_stated([stated]) == 1
    assert from_json(to_json(stated)) == stated


def test_what_is_not_known_beforehand_is_charged_by_its_guarantee() -> None:
    found = charged(estimator="sgd-logistic", epsilon=1.0, delta=1e-6)
    assert found == EpsilonDelta(1.0, 1e-6, Neighbours.ADD_REMOVE)
