"""How a quasi-identifier generalizes, on the page of Roles."""

from collections.abc import Callable, Sequence

import pytest

from ppdesk.core.params import parse
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.pages.roles_hierarchy import HierarchyField
from ppdesk.gui.pages.roles_proposed import Proposal, Proposed
from ppdesk.gui.pages.roles_rule_text import rule_of, text_of
from ppdesk.workflow.data.roles import STEP

COLUMNS = [("age", "integer"), ("zip", "string"), ("town", "string")]
AGE = {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 90.0}
ZIP = {"name": "zip", "role": "quasi-identifier", "type": "categorical"}
TOWN = {
    "name": "town",
    "role": "quasi-identifier",
    "type": "categorical",
    "categories": ["Kiel, Altona", "Ulm"],
}
RULES = [
    {"column": "age", "kind": "intervals", "widths": [2.5, 5], "whole": False},
    {"column": "zip", "kind": "redaction", "length": 5, "step": 2, "side": "left"},
    {"column": "town", "kind": "groups", "levels": [{"a = b": ["Kiel, Altona"], "south": ["Ulm"]}]},
]


@pytest.fixture
def pane(make_roles: Callable[[Sequence[tuple[str, str]]], RolesPane]) -> RolesPane:
    return make_roles(COLUMNS)


def field(pane: RolesPane, name: str) -> HierarchyField:
    fields = pane.columns[name].fields
    assert fields is not None
    return fields.hierarchy


def test_rules_come_back_as_they_were_put(pane: RolesPane) -> None:
    pane.put({"columns": [AGE, ZIP, TOWN], "generalize": RULES})
    assert pane.values()["generalize"] == RULES
    assert pane.values()["hierarchies"] == {}
    assert field(pane, "age").levels.text() == "45 › [45, 47.5) › [45, 50) › *"
    assert field(pane, "town").levels.text() == "Kiel, Altona › a = b › *"
    parse(STEP.Params, pane.values(), step="roles")


def test_a_chosen_kind_is_filled_in_from_what_is_declared(pane: RolesPane) -> None:
    pane.put({"columns": [AGE, ZIP, TOWN]})
    age = field(pane, "age")
    age.kind.put("intervals")
    age.kind.activated.emit(age.kind.currentIndex())
    assert age.line.text() == "5; 10; 20"
    assert age.levels.text() == "45 › 45 to 49 › 40 to 49 › 40 to 59 › *"
    age.line.setText("10; 15")
    assert "multiple" in age.levels.text()
    age.line.setText("ten")
    assert "enter numbers" in pane.first_wrong()
    age.line.setText("10; 30")
    assert pane.values()["generalize"] == [
        {"column": "age", "kind": "intervals", "widths": [10, 30], "whole": True}
    ]
    age.kind.put("file")
    age.line.setText("age.csv")
    assert (pane.values().get("generalize"), pane.values()["hierarchies"]) == (None, {"age": "age.csv"})


def test_the_levels_follow_the_declared_bounds(pane: RolesPane) -> None:
    pane.put({"columns": [AGE, ZIP, TOWN], "generalize": RULES[:1]})
    fields = pane.columns["age"].fields
    assert fields is not None
    fields.low.setText("80")
    assert field(pane, "age").levels.text().startswith("85 ›")
    fields.low.setText("")
    assert "lowest and highest" in field(pane, "age").levels.text()


def test_the_proposal_names_a_rule_and_keeps_declared_bounds(pane: RolesPane) -> None:
    pane.put({"columns": [AGE, ZIP, {**TOWN, "role": "sensitive"}], "hierarchies": {"zip": "zip.csv"}})
    entry = {**AGE, "min": 0, "max": 120, "origin": "knowledge"}
    pane.show_proposal(Proposal({"age": Proposed(entry, 0.9, (), "age"), "zip": Proposed(ZIP, 0.9, ())}))
    assert pane.banner is not None
    assert pane.banner.accessibleName().startswith("1 quasi-identifier without")
    pane.banner.link.click()
    values = pane.values()
    assert values["columns"][0] == AGE
    assert [(rule["column"], rule["kind"]) for rule in values["generalize"]] == [("age", "intervals")]
    assert values["hierarchies"] == {"zip": "zip.csv"}
    assert "as proposed" in pane.banner.accessibleName()


def test_a_proposed_rule_changes_nothing_else_that_was_declared(pane: RolesPane) -> None:
    as_text = {"name": "age", "role": "quasi-identifier", "type": "categorical", "categories": ["1", "2"]}
    pane.put({"columns": [as_text, {**ZIP, "role": "sensitive"}, {**TOWN, "role": "sensitive"}]})
    pane.show_proposal(Proposal({"age": Proposed({**AGE, "min": 0, "max": 120}, 0.9, (), "age")}))
    assert pane.banner is not None
    pane.banner.link.click()
    assert pane.values()["columns"][0] == as_text
    assert pane.values()["generalize"] == [{"column": "age", "kind": "suppress"}]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("intervals", "0.5; 1; 10"),
        ("groups", "north = Kiel, Bonn; south = Ulm | DE = north, south"),
        ("dates", "month; year"),
        ("redaction", "5"),
        ("redaction", "5; 2"),
        ("redaction", "5; 1; left"),
        ("suppress", ""),
    ],
)
def test_a_line_of_text_is_a_rule_and_back(kind: str, text: str) -> None:
    assert text_of(rule_of(kind, text, "c", whole=False)) == text


@pytest.mark.parametrize(
    ("kind", "text"), [("intervals", ""), ("groups", "a"), ("redaction", "x"), ("redaction", "1; 2; 3")]
)
def test_a_line_that_is_no_rule_says_what_to_enter(kind: str, text: str) -> None:
    with pytest.raises(WrongValueError, match="enter"):
        rule_of(kind, text, "c", whole=True)
