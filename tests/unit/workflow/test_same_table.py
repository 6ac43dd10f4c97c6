"""Whether a model belongs to the table that holds now."""

import pytest

from ppdesk.core.canonical import Json
from ppdesk.workflow.same_table import mark, same

TABLE: dict[str, Json] = {
    "sha256": "ab" * 32,
    "rows": 100,
    "columns": [{"name": "age", "type": "integer"}],
    "reading": {"decimal": "point"},
    "provenance": {"source": "survey"},
}


def test_a_model_belongs_to_the_table_it_was_trained_on() -> None:
    assert same(mark(TABLE), TABLE)


def test_other_words_about_the_same_rows_do_not_part_them() -> None:
    assert same(mark(TABLE), {**TABLE, "provenance": {"source": "survey of 2024"}})


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "cd" * 32},
        {"rows": 99},
        {"made": "ef" * 32},  # cleaned in another way, with as many rows left
        {"excluded": 3},
        {"quarantined": 1},
        {"reading": {"decimal": "comma"}},
        {"columns": [{"name": "age", "type": "string"}]},
    ],
)
def test_other_rows_or_another_order_part_them(change: dict[str, Json]) -> None:
    assert not same(mark(TABLE), {**TABLE, **change})


def test_a_model_from_before_tables_could_be_cleaned_is_held_against_file_and_records() -> None:
    old = {name: value for name, value in mark(TABLE).items() if name != "table_made"}
    assert same(old, TABLE)
    assert not same(old, {**TABLE, "rows": 99})
    assert not same({}, TABLE)
