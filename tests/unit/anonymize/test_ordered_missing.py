"""Ordered t-closeness takes a declared order as it is, also where it says where missing values stand."""

import pyarrow as pa
import pytest

from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("low", "", "high"), ["low", "", "high"]),
        (("low", "high", ""), ["low", "high", ""]),
        (("high", "low"), ["", "high", "low"]),
        ((), ["", "high", "low"]),
    ],
)
def test_missing_values_stand_where_the_order_says_else_first(order, expected):
    table = pa.table({"a": ["x"] * 4, "ill": ["low", "", "high", "low"]})
    held = frequency_set(table, [validated("a", [["x", "*"]])])
    needs = requirements(table, held, [("ill", models.OrderedTCloseness(0.2, order=order))])
    labels = needs.attributes[0].labels
    assert [labels[code] for code in needs.each[0].rule.row.order.tolist()] == expected
