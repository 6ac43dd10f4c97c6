"""Forms made from Params: every type of field, what is said of wrong values, and the way there and back."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ppdesk.core.params import Params, SourceFile, TargetFile, param
from ppdesk.gui.editors import ChoiceEditor, NumberEditor, WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.look import Look
from ppdesk.gui.parts.inputs import NumberField
from ppdesk.workflow.catalog import CATALOG


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right-hand"


class Sample(Params):
    name: str = param(label="Name", help="A name.", min_length=1)
    count: int = param(5, label="Count", help="How many.", unit="records", ge=2, le=10)
    share: float | None = param(None, label="Share", help="Of all.", ge=0, le=1)
    side: Side = param(Side.LEFT, label="Side", help="Which one.")
    on: bool = param(True, label="On", help="Whether.")
    source: SourceFile = param(label="File", help="To read.")
    target: TargetFile | None = param(None, label="Target", help="To write.")
    words: tuple[str, ...] = param(("",), label="Words", help="Some.", more=True)
    weights: dict[str, float] = param({}, label="Weights", help="By name.", more=True)


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> Form:
    made = Form(Sample)
    qtbot.addWidget(made)
    made.put({})
    made.show()
    return made


def test_defaults_are_shown_and_required_fields_ask(form: Form) -> None:
    assert form.first_wrong() == "Name: Needed before you go on."
    form.put({"name": "n", "source": "a.csv"})
    assert form.values() == {
        "name": "n",
        "count": 5,
        "side": "left",
        "on": True,
        "source": "a.csv",
        "words": [""],
        "weights": {},
    }


def test_values_come_back_as_they_were_put(form: Form) -> None:
    values = {
        "name": "n",
        "count": 7,
        "share": 0.25,
        "side": "right-hand",
        "on": False,
        "source": "a.csv",
        "target": "b.csv",
        "words": ["", "NA", "?"],
        "weights": {"age": 2.0},
    }
    form.put(values)
    assert form.values() == values
    assert Sample.model_validate(form.values()).words == ("", "NA", "?")


def test_small_numbers_are_written_out(form: Form) -> None:
    form.put({"share": 0.00001})
    editor = form.rows["share"].editor
    assert isinstance(editor, NumberEditor)
    assert editor.widget.text() == "0.00001"


def test_leaving_a_field_says_what_to_enter_and_typing_takes_it_away(qtbot: QtBot, form: Form) -> None:
    row = form.rows["count"]
    field = row.editor.widget
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "99")
    field.left.emit()
    assert row.said == "Enter a whole number from 2 to 10."
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert row.said == "How many."


def test_arrow_keys_step_within_the_range(qtbot: QtBot, form: Form) -> None:
    field = form.rows["count"].editor.widget
    assert isinstance(field, NumberField)
    for _ in range(9):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "10"
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "9"


@pytest.mark.parametrize("typed", ["two", "1.5", "1", "nan", "inf", "1e400", ""])
def test_numbers_that_are_none_are_refused_or_the_default(form: Form, typed: str) -> None:
    editor = form.rows["count"].editor
    assert isinstance(editor, NumberEditor)
    editor.widget.setText(typed)
    if typed:
        with pytest.raises(WrongValueError):
            editor.value()
    else:
        assert editor.value() == 5


def test_what_matters_less_is_under_more(form: Form) -> None:
    assert not form.rows["words"].isVisible()
    form.more.button.click()
    assert form.rows["words"].isVisible()


def test_values_of_closed_lists_are_words(form: Form) -> None:
    editor = form.rows["side"].editor
    assert isinstance(editor, ChoiceEditor)
    assert editor.value() == "left"


@pytest.mark.parametrize("key", [entry.key for entry in CATALOG if entry.key != "roles"])
def test_every_step_has_a_form(qtbot: QtBot, look: Look, key: str) -> None:
    step = next(entry for entry in CATALOG if entry.key == key).load()
    made = Form(step.Params)
    qtbot.addWidget(made)
    made.put({})
    assert set(made.rows) == set(step.Params.model_fields)


def test_the_dictionary_fills_the_roles_in(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    from ppdesk.core.resources import resource
    from ppdesk.gui.pages.roles import RolesPane

    pane = RolesPane()
    qtbot.addWidget(pane)
    pane.show_columns([("sex", "string"), ("age", "integer")])
    pane.show()
    said: Callable[[], str] = pane.first_wrong
    assert said() == ""
    qtbot.keyClicks(pane.dictionary.line, str(tmp_path / "missing.toml"))
    qtbot.mouseClick(pane.load, Qt.MouseButton.LeftButton)
    assert "missing.toml" in pane.said
    pane.dictionary.line.clear()
    qtbot.keyClicks(pane.dictionary.line, str(resource("samples", "adult", "dictionary.toml")))
    qtbot.mouseClick(pane.load, Qt.MouseButton.LeftButton)
    values = pane.values()
    assert values["columns"][1] == {
        "name": "age",
        "role": "quasi-identifier",
        "type": "numeric",
        "min": 17.0,
        "max": 90.0,
    }
    assert set(values["hierarchies"]) == {"sex", "age"}
