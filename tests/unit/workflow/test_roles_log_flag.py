"""Roles: a quantity that spans orders of magnitude, and targets of several classes or of a number."""

from pathlib import Path

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import blocking
from ppdesk.core.params import parse
from ppdesk.train.schema import Numeric, Schema
from ppdesk.workflow.data.roles import STEP, _roles_head
from ppdesk.workflow.data.roles_params import RolesParams
from ppdesk.workflow.dictionary import expand, written

COLUMNS = [
    {"name": "gain", "role": "insensitive", "type": "numeric", "min": 0, "max": 99_999, "log": True},
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0, "max": 120},
    {"name": "kind", "role": "insensitive", "categories": ["a", "b", "c"], "target": True},
]


def _params(columns: list[dict[str, object]]) -> RolesParams:
    return parse(RolesParams, {"columns": columns}, step="roles")


def test_the_flag_reaches_the_schema_of_training_and_old_heads_have_none() -> None:
    head = _roles_head(_params(COLUMNS))
    found = Schema.from_roles(head, ["gain", "age"], "kind")
    assert found.columns == (Numeric("gain", 0, 99_999, log=True), Numeric("age", 0, 120))
    assert "log" not in head["columns"][1], "a head without it is as it was"


def test_only_a_number_has_orders_of_magnitude() -> None:
    wrong = [{**COLUMNS[2], "log": True}]
    assert "PP-ROLES-002" in [one.code for one in blocking(STEP.check(_params(wrong), {Kind.TABLE: {}}))]


def test_targets_of_several_classes_and_of_a_number_need_no_positive_value() -> None:
    number = [{**COLUMNS[0], "target": True}, COLUMNS[1]]
    for columns in (COLUMNS, number):
        assert blocking(STEP.check(_params(columns), {Kind.TABLE: {}})) == []


def test_a_dictionary_says_it_and_is_written_with_it(tmp_path: Path) -> None:
    text = written({"columns": COLUMNS}, {})
    (tmp_path / "d.toml").write_text(text, encoding="utf-8")
    again = expand(tmp_path / "d.toml")["columns"]
    assert [one.get("log") for one in again] == [True, None, None]
