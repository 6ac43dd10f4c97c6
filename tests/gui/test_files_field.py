"""A field for several files, and forms whose fields stand under headings."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from ppdesk.core.params import Params, SourceFile, fields_of, param
from ppdesk.gui.editors import FilesEditor, WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.look import Look
from ppdesk.gui.parts.files import FilesField
from ppdesk.gui.results import page_area

ALT = Qt.KeyboardModifier.AltModifier


class Grouped(Params):
    table: SourceFile = param(label="Table", help="First.", group="File")
    others: tuple[SourceFile, ...] = param(
        (), label="More files", help="Others.", group="More files", more=True
    )
    source: str = param("", label="Source", help="Who.", group="Provenance")
    method: str = param("", label="Method", help="How.", group="Provenance", more=True)
    note: str = param("", label="Note", help="Any.")
    mark: str = param("", label="Mark", help="Any.", more=True)


@pytest.fixture
def field(qtbot: QtBot, look: Look) -> FilesField:
    made = FilesField("More files", suffixes=(".csv",))
    qtbot.addWidget(made)
    made.resize(340, 300)
    made.show()
    return made


def type_in(bot: QtBot, field: FilesField, *paths: str) -> None:
    for path in paths:
        bot.keyClicks(field.line, path)
        bot.keyClick(field.line, Qt.Key.Key_Return)


def test_files_are_typed_moved_and_removed_by_keyboard(qtbot: QtBot, field: FilesField) -> None:
    type_in(qtbot, field, "/a/one.csv", "/a/two.csv", "/b/three.csv", "/a/two.csv")
    assert field.value() == ["/a/one.csv", "/a/two.csv", "/b/three.csv"]
    assert [field.list.item(at).text() for at in range(3)] == ["one.csv", "two.csv", "three.csv"]
    field.list.setCurrentRow(2)
    qtbot.keyClick(field.list, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(field.list, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(field.list, Qt.Key.Key_Up, ALT)
    assert field.value() == ["/b/three.csv", "/a/one.csv", "/a/two.csv"]
    assert field.list.currentRow() == 0
    qtbot.keyClick(field.list, Qt.Key.Key_Down)
    qtbot.keyClick(field.list, Qt.Key.Key_Delete)
    assert field.value() == ["/b/three.csv", "/a/two.csv"]


def test_files_are_moved_and_removed_by_mouse(qtbot: QtBot, field: FilesField) -> None:
    assert not field.list.isVisible()
    type_in(qtbot, field, "one.csv", "two.csv")
    assert field.list.isVisible()
    assert not field.up.isEnabled()
    with qtbot.waitSignal(field.changed):
        qtbot.mouseClick(field.down, Qt.MouseButton.LeftButton)
    assert field.value() == ["two.csv", "one.csv"]
    for _ in range(2):
        qtbot.mouseClick(field.remove, Qt.MouseButton.LeftButton)
    assert field.value() == []
    assert not field.list.isVisible()


def test_what_is_typed_counts_before_enter_and_stays_when_the_field_is_left(
    qtbot: QtBot, field: FilesField
) -> None:
    qtbot.keyClicks(field.line, "late.csv")
    assert field.value() == ["late.csv"]
    field.line.left.emit()
    assert field.list.count() == 1
    assert field.value() == ["late.csv"]


def test_several_files_are_dropped_at_once(qtbot: QtBot, field: FilesField, tmp_path: Path) -> None:
    data = QMimeData()
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    field.dropEvent(drop)
    assert field.value() == [str(path) for path in paths]


def test_a_form_shows_fields_under_the_headings_of_their_groups(qtbot: QtBot, look: Look) -> None:
    form = Form(Grouped)
    qtbot.addWidget(form)
    form.put({"table": "a.csv", "others": ["b.csv", {"name": "c.csv", "sha256": "0"}]})
    form.show()
    assert set(form.rows) == {spec.name for spec in fields_of(Grouped)}
    assert list(form.folds) == ["More files", "Provenance: more", "More"]
    assert form.values()["others"] == ["b.csv", "c.csv"]
    assert form.rows["source"].isVisible()
    assert not form.rows["method"].isVisible()
    assert not form.rows["others"].isVisible()
    assert Grouped.model_validate(form.values()).others == (Path("b.csv"), Path("c.csv"))


def test_a_field_that_is_folded_away_is_brought_into_sight(qtbot: QtBot, look: Look) -> None:
    form = Form(Grouped)
    area = page_area(form, "Settings")
    qtbot.addWidget(area)
    area.resize(360, 200)
    form.put({})
    area.show()
    form.reveal("mark")
    qtbot.waitUntil(lambda: not form.rows["mark"].visibleRegion().isEmpty())
    assert area.focusWidget() is form.rows["mark"].editor.widget


def test_several_files_may_be_needed(qtbot: QtBot, look: Look) -> None:
    class Needed(Params):
        files: tuple[SourceFile, ...] = param(label="Files", help="Some.")

    editor = FilesEditor(fields_of(Needed)[0])
    qtbot.addWidget(editor.widget)
    with pytest.raises(WrongValueError):
        editor.value()
    editor.put("one.csv")
    assert editor.value() == ["one.csv"]
