"""The form of a batch: what is left as it is comes from the import, and says so."""

import pytest
from pytestqt.qtbot import QtBot

from ppdesk.gui.editors import ChoiceEditor, ListEditor
from ppdesk.gui.form import Form
from ppdesk.gui.look import Look
from ppdesk.workflow.batches import BatchParams

SETTINGS = ("delimiter", "encoding", "header", "quoting", "decimal")


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> Form:
    made = Form(BatchParams)
    qtbot.addWidget(made)
    made.put({"batch": "b.csv"})
    return made


def test_nothing_is_overruled_unless_a_person_does(form: Form) -> None:
    assert form.values() == {"batch": "b.csv"}


def test_what_is_not_overruled_is_called_as_imported(form: Form) -> None:
    for name in SETTINGS:
        editor = form.rows[name].editor
        assert isinstance(editor, ChoiceEditor)
        assert editor.value() is None
    marks = form.rows["null_tokens"].editor
    assert isinstance(marks, ListEditor)
    assert marks.widget.placeholderText() == "As imported"


def test_what_is_overruled_comes_back(form: Form) -> None:
    values = {
        "batch": "b.csv", "delimiter": "tab", "encoding": "utf-16", "header": "no", "quoting": "none",
        "null_tokens": ["", "?"], "decimal": "comma",
    }  # fmt: skip
    form.put(values)
    assert form.values() == values
