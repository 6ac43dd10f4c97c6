"""What all estimators share: declarations in any form, records read by them, persons bounded."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.events import ImpossibleCostError, NoEvent
from ppdesk.train.base import DpClassifier, DpRegressor
from ppdesk.train.errors import MissingColumnError, TwinError, UnansweredError, UndeclaredTargetError
from ppdesk.train.fitted import Trained
from ppdesk.train.schema import Classes, Quantity, Schema

SCHEMA = {
    "columns": {
        "age": {"type": "numeric", "min": 0, "max": 10},
        "job": {"type": "categorical", "categories": ["a", "b"]},
        "ill": {"type": "categorical", "categories": ["yes", "no"], "positive": "yes"},
        "cost": {"type": "numeric", "min": 5, "max": 6},
    },
    "drop": ["cost"],
}
FRAME = pd.DataFrame(
    {
        "job": ["a", "z", None, "b"],
        "age": [1.0, 99.0, None, 3.0],
        "ill": ["yes", "no", "?", "yes"],
        "cost": 5.5,
    }
)


@dataclass
class Saw:
    """A model that remembers what its estimator was given."""

    given: dict
    threshold: float | None = None
    privacy: dict | None = None

    def predict(self, records):
        if isinstance(self.given["target"], Quantity):
            return np.full(records.rows, 5.0)
        classes = len(self.given["target"].values)
        return np.tile(np.linspace(1, 2, classes) / np.linspace(1, 2, classes).sum(), (records.rows, 1))


class Looks:
    def _fit(self, records, y, asked, target, *, entropy, tick, persons):
        given = {"records": records, "y": y, "asked": asked, "target": target, "persons": persons}
        return Trained(Saw({**given, "entropy": entropy}), NoEvent(), {})


class LooksAtClasses(Looks, DpClassifier):
    pass


class LooksAtNumbers(Looks, DpRegressor):
    pass


def given(model):
    return model.fitted_.given


@pytest.mark.parametrize("table", [FRAME, pa.Table.from_pandas(FRAME), FRAME.to_dict("list")])
def test_a_table_is_read_by_its_declaration_and_unknown_targets_are_left_out(table):
    model = LooksAtClasses(schema=SCHEMA, target="ill").fit(table)
    assert model.schema_.names == ("age", "job")
    assert model.classes_.tolist() == ["no", "yes"]
    assert given(model)["y"].tolist() == [1, 0, 1]
    assert given(model)["records"].values[0].tolist() == [1, 10, 3]
    assert given(model)["records"].values[1].tolist() == [0, 2, 1]
    assert model.predict(table).tolist() == ["yes"] * 4
    assert (model.n_features_in_, model.feature_names_in_.tolist()) == (2, ["age", "job"])


def test_a_matrix_has_bounds_for_all_columns_and_a_list_of_classes():
    x, y = np.asarray([[1, 20], [3, 4], [5, 6]]), [7, 8, 9]
    model = LooksAtClasses(schema=(0, [10, 5]), target=[7, 8]).fit(x, y)
    assert given(model)["records"].values[1].tolist() == [5, 4]
    assert model.classes_.tolist() == [7, 8]
    assert given(model)["target"] == Classes("y", ("7", "8"), "8")
    assert not hasattr(model, "feature_names_in_")
    with pytest.raises(ValueError, match="expecting 2 features"):
        model.predict(x[:, :1])


def test_a_number_is_cut_to_its_declared_bounds():
    model = LooksAtNumbers(schema=(0, 1), target=(0, 3)).fit(np.zeros((3, 1)), [1, 7, np.nan])
    assert given(model)["y"].tolist() == [1, 3]


def test_at_most_group_records_of_a_person_are_kept():
    people = np.repeat([5, 9, -3], [10, 2, 1])
    model = LooksAtClasses(schema=(0, 1), target=[0, 1], group=3).fit(
        np.zeros((13, 1)), np.zeros(13, int), persons=people
    )
    found = given(model)
    assert np.unique(found["persons"], return_counts=True)[1].tolist() == [1, 3, 2]
    assert found["records"].rows == len(found["y"]) == 6
    assert found["asked"].group == 3


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"schema": None}, UnansweredError),
        ({"schema": ([0, 0, 0], 1)}, UnansweredError),
        ({"target": None}, UnansweredError),
        ({"target": Quantity("y", 0, 1)}, UnansweredError),
        ({"target": "ill"}, UndeclaredTargetError),
        ({"neighbours": "edit"}, UnansweredError),
        ({"rows": 0}, UnansweredError),
        ({"epsilon": 0}, ImpossibleCostError),
        ({"delta": 1}, ImpossibleCostError),
        ({"group": 0}, ImpossibleCostError),
    ],
)
def test_what_is_not_declared_is_a_question(wrong, error):
    with pytest.raises(error) as told:
        LooksAtClasses(**{"schema": (0, 1), "target": [0, 1], **wrong}).fit(np.zeros((2, 2)), [0, 1])
    assert told.value.advice


def test_columns_that_are_not_there_are_named():
    with pytest.raises(MissingColumnError):
        LooksAtClasses(schema=SCHEMA, target="ill").fit(FRAME.drop(columns="job"))
    with pytest.raises(MissingColumnError):
        LooksAtClasses(schema=SCHEMA, target="ill").fit(FRAME.drop(columns="ill"))


def test_a_list_of_columns_may_stand_in_a_schema_object_too():
    schema = Schema.from_json({**SCHEMA, "drop": []})
    assert LooksAtNumbers(schema=schema, target="cost").fit(FRAME).schema_.names == ("age", "job", "ill")


def test_noise_comes_from_the_system_and_a_seed_only_from_the_test_mode():
    x, y = np.zeros((2, 1)), [0, 1]
    assert given(LooksAtClasses(schema=(0, 1), target=[0, 1]).fit(x, y))["entropy"].private
    seeded = LooksAtClasses(schema=(0, 1), target=[0, 1], entropy=TestEntropy(3)).fit(x, y)
    assert not given(seeded)["entropy"].private


def test_it_can_be_cloned_and_says_that_it_is_not_fitted():
    model = LooksAtClasses(schema=SCHEMA, target="ill", epsilon=3)
    assert clone(model).get_params()["epsilon"] == 3
    with pytest.raises(NotFittedError):
        model.predict(FRAME)


def test_the_private_threshold_decides_between_two_classes():
    model = LooksAtClasses(schema=SCHEMA, target="ill").fit(FRAME)
    model.fitted_.threshold = 0.9
    assert model.predict(FRAME).tolist() == ["no"] * 4


def test_a_twin_is_refused_where_there_is_none():
    with pytest.raises(TwinError):
        LooksAtClasses(schema=SCHEMA, target="ill").fit_twin(FRAME)


def test_cells_of_several_types_are_read_one_by_one():
    x = np.asarray([[1, "2"], ["three", 4.0], [None, "5"]], dtype=object)
    read = given(LooksAtClasses(schema=(0, 9), target=[0, 1]).fit(x, [0, 1, 1]))["records"].values
    assert np.isnan(read[0]).tolist() == [False, True, True]
    assert read[1].tolist() == [2, 4, 5]
