"""A batch of new records is cleaned as the table was that the model learnt from."""

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import parse
from ppdesk.workflow.cleaning import as_cleaned, handed_on, recipe
from ppdesk.workflow.data.clean import STEP


def cleaned(*operations, **more):
    """A TABLE with a recipe."""
    params = parse(STEP.Params, {"operations": list(operations), **more}, step="clean")
    return Artifact(Kind.TABLE, {}, (recipe(params),))


def done(batch, source):
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in batch.items()})
    return as_cleaned(table, source, DecimalMark.POINT, lambda: False)


def test_each_record_stays_in_its_place_and_is_cleaned():
    source = cleaned(
        {"op": "trim"},
        {"op": "type", "columns": "age", "type": "integer", "bad": "quarantine"},
        {"op": "map", "column": "sex", "values": {"m": "male"}, "others": "quarantine"},
        {"op": "filter", "where": "age > 30"},
        {"op": "range", "columns": "age", "max": 90, "action": "drop"},
        {"op": "duplicates"},
        {"op": "fill", "columns": "age", "how": "mean"},
        {"op": "fill", "columns": "sex", "value": "unknown"},
    )
    found = done({"age": [" 20", "x", "99"], "sex": ["m ", "q", None]}, source)
    assert found.table.to_pydict() == {"age": ["20", None, "99"], "sex": ["male", "unknown", "unknown"]}
    assert found.facts.done == 4
    assert found.facts.left_out == (
        "filter rows (it takes rows out)", "range (it takes rows out)",
        "remove duplicates (it looks at other rows)",
        "fill missing (it looks at other rows)",
    )  # fmt: skip
    assert (found.facts.changed, found.facts.unlike) == (7, 3)
    assert found.facts.words().startswith(
        "4 operations of Clean done to these records as to the table: 7 cells changed. 3 records would have"
    )


def test_a_batch_without_the_outcome_is_cleaned_in_what_it_has():
    source = cleaned(
        {"op": "case", "columns": ["name", "outcome"], "to": "upper"},
        {"op": "rename", "column": "name", "to": "n"},
        {"op": "trim", "columns": ["n", "outcome"]},
        {"op": "drop-columns", "columns": ["outcome"]},
    )
    found = done({"name": ["a "]}, source)
    assert found.table.to_pydict() == {"n": ["A"]}
    assert found.facts.left_out == ("leave out columns (the table has no column outcome)",)


@pytest.mark.parametrize("name", ["Alter", "age"])
def test_a_mapped_column_may_have_either_name(name):
    source = cleaned({"op": "trim", "columns": ["age"]}, mapping={"age": "Alter"})
    assert done({name: [" 1"]}, source).table.to_pydict() == {"age": ["1"]}


def test_a_table_that_was_not_cleaned_leaves_the_batch_as_it_is():
    found = done({"age": [" 1"]}, Artifact(Kind.TABLE, {}, ()))
    assert found.facts is None
    assert found.table.to_pydict() == {"age": [" 1"]}


def test_the_recipe_is_personal_and_is_handed_on():
    parts = handed_on(cleaned({"op": "trim"}))
    assert [(part.name, part.personal) for part in parts] == [("recipe", True)]
    assert handed_on(Artifact(Kind.MODEL, {}, (Part("model", b""),))) == ()
