"""Fields with a level or a number for each column, and menus of sentences."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.look import Look
from ppdesk.gui.pages import released
from ppdesk.gui.pages.anonymize_form import anonymize_form
from ppdesk.gui.parts.pips import LevelPips
from ppdesk.gui.sentences import SentencesField
from ppdesk.privacy.cells import Categories
from ppdesk.privacy.statistics.plan import Bounds
from ppdesk.workflow.data.anonymize_params import AnonymizeParams

ROLES = {
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 99},
        {"name": "town", "role": "quasi-identifier", "type": "categorical", "categories": ["A", "B"]},
        {"name": "illness", "role": "sensitive", "type": "categorical", "categories": ["x", "y"]},
        {"name": "income", "role": "insensitive", "type": "numeric", "min": 0, "max": 9000},
    ]
}
LEVELS = {"columns": {"age": {"levels": 4, "leaves": 100}, "town": {"levels": 2, "leaves": 2}}}


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> Form:
    made = anonymize_form(AnonymizeParams, {Kind.ROLES: ROLES, Kind.HIERARCHIES: LEVELS})
    qtbot.addWidget(made)
    for fold in made.folds.values():
        fold.open(True)
    made.resize(356, 2000)
    made.show()
    made.put({})
    return made


def _pick(field: SentencesField, *path: str) -> None:
    """Choose from the menu, as a click on it does."""
    menu = field.samples
    for words in path[:-1]:
        menu = next(one for one in menu.actions() if one.text() == words).menu()
    next(one for one in menu.actions() if one.text() == path[-1]).trigger()


def test_pips_are_moved_by_keys_and_by_the_mouse(qtbot: QtBot, look: Look) -> None:
    pips = LevelPips("age")
    qtbot.addWidget(pips)
    pips.put(1, 5)
    pips.show()
    told = QSignalSpy(pips.valueChanged)
    qtbot.keyClick(pips, Qt.Key.Key_Right)
    assert pips.value() == 2
    assert pips.accessibleName() == "age: level 2 of 4"
    qtbot.mouseClick(pips, Qt.MouseButton.LeftButton, pos=pips.place(4).toPoint())
    assert pips.value() == 4
    qtbot.mousePress(pips, Qt.MouseButton.LeftButton, pos=pips.place(4).toPoint())
    qtbot.mouseMove(pips, pos=pips.place(0).toPoint())
    assert told.count() >= 2
    pips.put(3, 5)
    assert pips.value() == 3


def test_levels_are_chosen_all_or_none(qtbot: QtBot, form: Form) -> None:
    field = form.rows["levels"].editor.widget
    assert form.values()["levels"] == {}
    assert field.said.text() == "The search decides."
    qtbot.mouseClick(field.turn, Qt.MouseButton.LeftButton)
    assert form.values()["levels"] == {"age": 0, "town": 0}
    qtbot.keyClick(field.pips["age"], Qt.Key.Key_Right)
    assert form.values()["levels"] == {"age": 1, "town": 0}
    assert "Chosen by a person" in field.said.text()
    qtbot.mouseClick(field.turn, Qt.MouseButton.LeftButton)
    assert form.values()["levels"] == {}


def test_levels_that_do_not_fit_are_kept_and_said(form: Form) -> None:
    editor = form.rows["levels"].editor
    for odd in ({"age": 9, "town": 1}, {"age": 1}, {"gone": 1}):
        editor.put(odd)
        assert editor.value() == odd
        assert f"{next(iter(odd))} = " in editor.widget.said.text()


def test_bounds_of_levels_name_only_what_was_moved(qtbot: QtBot, form: Form) -> None:
    lowest, highest = form.rows["lowest_levels"].editor, form.rows["highest_levels"].editor
    assert lowest.value() == {}
    assert highest.value() == {}
    qtbot.keyClick(lowest.widget.pips["age"], Qt.Key.Key_Right)
    qtbot.keyClick(highest.widget.pips["age"], Qt.Key.Key_Left)
    assert (lowest.value(), highest.value()) == ({"age": 1}, {"age": 2})
    qtbot.mouseClick(lowest.widget.turn, Qt.MouseButton.LeftButton)
    assert lowest.value() == {}


def test_weights_are_numbers(qtbot: QtBot, form: Form) -> None:
    editor = form.rows["weights"].editor
    qtbot.keyClicks(editor.widget.fields["age"], "0.5")
    assert editor.value() == {"age": 0.5}
    qtbot.keyClicks(editor.widget.fields["town"], "much")
    with pytest.raises(WrongValueError, match="number for town"):
        editor.value()


def test_a_model_is_added_from_the_menu_and_judged_at_once(qtbot: QtBot, form: Form) -> None:
    row = form.rows["sensitive"]
    field = row.editor.widget
    _pick(field, "Several different values")
    assert field.line.text() == "illness: distinct-l-diversity, l = 2"
    assert field.line.selectedText() == "2"
    assert "Enter" in form.first_wrong()  # what is written is not taken yet, and is not forgotten
    qtbot.keyClicks(field.line, "1")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert field.said.isVisible()
    assert field.said.text().startswith("L: ")
    qtbot.keyClick(field.line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field.line, "3")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert form.values()["sensitive"] == ["illness: distinct-l-diversity, l = 3"]
    assert not form.first_wrong()


def test_every_sentence_of_the_menus_can_be_read(form: Form) -> None:
    def whole(samples: list) -> list[str]:
        return [one for _, rest in samples for one in ([rest] if isinstance(rest, str) else whole(rest))]

    from ppdesk.gui.pages import anonymize_menus as menus
    from ppdesk.workflow.declared import columns

    known = columns(ROLES)
    assert not [one for one in whole(menus.sensitive(known)) if menus.wrong_sensitive(one, known)]
    assert not [one for one in whole(menus.population()) if menus.wrong_population(one)]
    assert not [one for one in whole(menus.treatments(known)) if menus.wrong_treatment(one, known)]
    asked = {
        "age": Bounds("age", 0, 99),
        "a town": Categories("a town", ("A",)),
        "b": Categories("b", ("B",)),
    }
    assert not [one for one in whole(released.samples(asked)) if released.wrong(one, asked)]


def test_what_is_wrong_with_a_sentence_is_said() -> None:
    from ppdesk.gui.pages import anonymize_menus as menus
    from ppdesk.workflow.declared import columns

    known = columns(ROLES)
    assert menus.wrong_sensitive("gone: distinct-l-diversity, l = 2", known) == "No column is called gone."
    assert menus.wrong_population("k-map").startswith("K: ")
    assert menus.wrong_treatment("income: microaggregate, group = 5, also = gone", known).endswith("gone.")
    asked = {"age": Bounds("age", 0, 99)}
    assert "gone" in released.wrong("mean gone", asked)
    assert released.wrong("average age", asked)
