"""What a schema in JSON may hold, and what is refused by code."""

import pytest

from ppdesk.train.errors import UndeclaredFeatureError
from ppdesk.train.schema import Quantity, Schema, target_from_json

HALF = "\ud800"  # half of a character, as JSON may write it


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "numeric", "min": 0, "max": 10**400},
        {"type": "numeric", "min": -(10**400), "max": 0},
        {"type": "numeric", "min": False, "max": True},
        {"type": "categorical", "categories": [HALF]},
    ],
)
def test_what_no_double_and_no_text_holds_is_refused(entry):
    with pytest.raises(UndeclaredFeatureError):
        Schema.from_json({"columns": {"a": entry}})
    with pytest.raises(UndeclaredFeatureError):
        target_from_json({"name": "a", **entry, "categories": ["x", *entry.get("categories", [])]})


def test_a_target_whose_squares_no_double_holds_is_refused():
    assert Quantity("y", -1e90, 1e90)
    for low, high in ((0.0, 1e200), (-1e308, 0.0)):
        with pytest.raises(UndeclaredFeatureError):
            Quantity("y", low, high)
