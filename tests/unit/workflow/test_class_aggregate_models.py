"""Aggregates of classes are refused where what a model proved of the classes would not hold of them."""

from typing import Any

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.workflow.data.anonymize import STEP

COLUMNS = [
    {"name": "age", "role": "quasi-identifier", "type": "numeric"},
    {"name": "ill", "role": "sensitive", "type": "categorical"},
]
HEADS = {Kind.TABLE: {"columns": COLUMNS}, Kind.ROLES: {"unit": "record", "target": None, "columns": COLUMNS}}


def refused(**values: Any) -> set[str]:
    params = parse(
        STEP.Params, {"treat": ["age: class-aggregate, by = interval"], **values}, step="anonymize"
    )
    return {one.code for one in STEP.check(params, HEADS) if one.level is Level.BLOCKING}


@pytest.mark.parametrize(
    "model",
    [
        "k-map, k = 5, population = 1000, estimator = poisson",
        "population-uniqueness, most = 0.1, population = 1000",
    ],
)
def test_an_aggregate_is_finer_than_the_class_that_was_counted_in_the_population(model: str) -> None:
    assert refused(population=[model]) == {"PP-MASK-031"}


def test_models_on_the_table_alone_hold_of_aggregates() -> None:
    assert refused(population=["average-risk, average = 0.1"]) == set()
    assert refused() == set()


def test_grassbergers_estimate_falls_where_two_classes_become_one() -> None:
    assert refused(sensitive=["ill: entropy-l-diversity, l = 2, estimator = grassberger"]) == {"PP-MASK-027"}
    assert refused(sensitive=["ill: entropy-l-diversity, l = 2"]) == set()
