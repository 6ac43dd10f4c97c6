"""The page of Roles beside what was proposed, and the field of sentences that Quality has."""

import time
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.core.params import fields_of
from ppdesk.core.section import Table
from ppdesk.gui.look import Look
from ppdesk.gui.pages import roles_proposed
from ppdesk.gui.pages.quality import wrong
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.sentences import SentencesEditor
from ppdesk.workflow.data.inspection import ColumnProposal, Inspection, UnitProposal
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.data.roles_params import Role, Scale

LEFT = Qt.MouseButton.LeftButton
COLUMNS = [("patient", "string"), ("age", "integer"), ("illness", "string")]


def proposal() -> roles_proposed.Proposal:
    found = Inspection(
        rows=900,
        columns=(
            ColumnProposal(
                name="patient",
                role=Role.DIRECT_IDENTIFIER,
                confidence=0.95,
                reasons=("Looks like a person's number.", "It repeats."),
            ),
            ColumnProposal(
                name="age",
                role=Role.QUASI_IDENTIFIER,
                confidence=0.8,
                reasons=("An age.",),
                scale=Scale.NUMERIC,
            ),
            ColumnProposal(name="illness", role=Role.SENSITIVE, confidence=0.4, reasons=("Health.",)),
        ),
        unit=UnitProposal(kind="column", column="patient", most_rows=4, reason="It repeats."),
    )
    table = {"columns": [{"name": name, "type": kind} for name, kind in COLUMNS]}
    made = roles_proposed.read({Kind.INSPECTION: found.head(), Kind.TABLE: table})
    assert made is not None
    return made


@pytest.fixture
def pane(make_roles: Callable[[Sequence[tuple[str, str]]], RolesPane]) -> RolesPane:
    return make_roles(COLUMNS)


def test_without_an_inspection_the_page_leads_to_it(qtbot: QtBot, pane: RolesPane) -> None:
    pane.show_proposal(None)
    assert pane.banner is not None
    with qtbot.waitSignal(pane.inspect_asked):
        qtbot.mouseClick(pane.banner.link, LEFT)
    # until a person says otherwise, the careful choice
    assert {one["role"] for one in pane.values()["columns"]} == {"quasi-identifier"}


def test_the_proposal_is_taken_whole_or_by_column(qtbot: QtBot, pane: RolesPane) -> None:
    pane.show_proposal(proposal())
    patient = pane.columns["patient"]
    assert patient.line is not None
    assert patient.line.said == "Proposed: direct identifier, very sure, 95 %"
    assert "It repeats." in patient.line.chip.toolTip()
    assert not patient.line._all.isVisible()
    qtbot.mouseClick(patient.line.more, LEFT)
    assert patient.line._all.isVisible()
    qtbot.mouseClick(patient.line.use, LEFT)
    assert patient.role == "direct-identifier"
    assert patient.line.said.startswith("As proposed")
    assert pane.banner is not None
    assert pane.banner.accessibleName().startswith("1 of 3 proposals differs")
    qtbot.mouseClick(pane.banner.link, LEFT)
    values = pane.values()
    assert [one["role"] for one in values["columns"]] == [
        "direct-identifier",
        "quasi-identifier",
        "sensitive",
    ]
    assert (values["unit_column"], values["most_rows"]) == ("patient", 4)
    assert "as proposed" in pane.banner.accessibleName()


def test_taking_a_proposal_keeps_bounds_and_hierarchies(pane: RolesPane) -> None:
    bounds = {"name": "age", "role": "insensitive", "type": "numeric", "min": 0, "max": 120, "origin": "data"}
    pane.put({"columns": [bounds], "hierarchies": {"age": "age.csv"}})
    pane.show_proposal(proposal())
    assert pane.banner is not None
    pane.banner.link.click()
    age = next(one for one in pane.values()["columns"] if one["name"] == "age")
    assert age == {**bounds, "role": "quasi-identifier"}
    assert pane.values()["hierarchies"] == {"age": "age.csv"}


def test_the_unit_is_a_column_and_a_number(qtbot: QtBot, pane: RolesPane) -> None:
    assert "unit_column" not in pane.values()
    pane.unit.column.put("patient")
    pane.unit.most.setText("0")
    assert "from 1 to 10,000" in pane.first_wrong()
    pane.unit.most.setText("3")
    assert pane.values()["most_rows"] == 3


def test_sixty_columns_hold_their_values_before_their_fields_are_made(qtbot: QtBot, look: Look) -> None:
    pane = RolesPane()
    qtbot.addWidget(pane)
    pane.show()
    columns = [(f"column {at}", "integer") for at in range(60)]
    began = time.perf_counter()
    pane.show_columns(columns)
    took = time.perf_counter() - began
    assert not pane.complete
    pane.put({"columns": [{"name": "column 59", "role": "sensitive", "type": "numeric", "min": 1.0}]})
    early = pane.values()
    assert early["columns"][59] == {
        "name": "column 59",
        "role": "sensitive",
        "type": "numeric",
        "min": 1.0,
    }
    qtbot.waitUntil(lambda: pane.complete, timeout=20_000)
    QApplication.processEvents()
    assert pane.values() == early
    assert took < 2  # a tenth of it here; the fields of all rows at once take longer


def test_checks_are_read_as_they_are_written(qtbot: QtBot, look: Look) -> None:
    spec = next(one for one in fields_of(QualityParams) if one.name == "checks")
    editor = SentencesEditor(spec, wrong, [("Unique", "column is unique")], help="")
    field = editor.widget
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field.line, "age is betwen 3 and 4")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert "cannot be read" in field.said.text()
    field.line.clear()
    qtbot.keyClicks(field.line, "sex is one of male; female")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    field.samples.actions()[0].trigger()
    qtbot.keyClicks(field.line, "id")  # the sample's column is selected
    qtbot.mouseClick(field.add, LEFT)
    assert editor.value() == ["sex is one of male; female", "id is unique"]
    qtbot.keyClick(field.list, Qt.Key.Key_Return)
    assert field.line.text() == "id is unique"
    qtbot.keyClicks(field.line, " or id is missing")
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert editor.value() == ["sex is one of male; female", "id is unique"]
    qtbot.keyClick(field.list, Qt.Key.Key_Delete)
    assert editor.value() == ["sex is one of male; female"]
    editor.put(["age is"])
    with pytest.raises(ValueError, match="Number 1"):
        editor.value()


def test_a_table_with_more_numbers_than_room_scrolls_sideways(qtbot: QtBot, look: Look) -> None:
    head = ("Column", *(f"Number {at}" for at in range(12)))
    view = TableView(Table("Wide", head, [["age", *["100.0 %"] * 12]], right=tuple(range(1, 13))))
    qtbot.addWidget(view)
    view.show()
    view.resize(400, view.height())
    bar = view.horizontalScrollBar()
    assert bar.isVisible()
    assert bar.maximum() > 0
    view.resize(2_000, view.height())
    assert not bar.isVisible()
