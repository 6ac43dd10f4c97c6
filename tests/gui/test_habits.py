"""What the window does by itself: undo, lock, tell, take what is dropped, remember, say what went wrong."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ppdesk.core.crashes import crash_lines
from ppdesk.core.section import Figures, KeyFigure, Table, Words
from ppdesk.gui.desk import Desk, text_size
from ppdesk.gui.dialogs.about import AboutDialog, ShortcutsDialog, libraries
from ppdesk.gui.dialogs.settings import SettingsDialog
from ppdesk.gui.habits import place
from ppdesk.gui.habits.crashing import CrashDialog
from ppdesk.gui.habits.desktop import DesktopWatch
from ppdesk.gui.habits.locking import AutoLock, LockingDialog, minutes
from ppdesk.gui.habits.printing import document, write_pdf
from ppdesk.gui.undoing import Trail
from ppdesk.gui.window import MainWindow
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.policy.rules import Desktop

SECRET = "Erika Mustermann, 4711"


@pytest.fixture
def opened(window: MainWindow, settled: Callable[[], None], tmp_path: Path) -> MainWindow:
    """The window with a new project, on its first page."""
    window.project.create(tmp_path / "habits.ppdesk", "four words for it")
    settled()
    return window


# undo


def test_a_trail_goes_back_and_on_and_a_change_by_hand_counts_as_undo() -> None:
    trail = Trail({"k": 5})
    trail.note({"k": 10})
    trail.note({"k": 11})
    assert trail.back() == {"k": 10}
    assert trail.on() == {"k": 11}
    trail.note({"k": 10})
    assert trail.past == [{"k": 5}]
    trail.note({"k": 7})
    assert not trail.future


def test_a_change_of_a_form_is_undone_and_redone(opened: MainWindow, settled: Callable[[], None]) -> None:
    opened.show_step("import")
    page = opened.page
    assert page is not None
    settled()
    dataset = page.form.rows["dataset"].editor
    page.fill({"dataset": "survey"})
    page.form.changed.emit()
    opened.menus.actions["Undo"].trigger()
    assert not dataset.value()
    assert opened.menus.actions["Redo"].isEnabled()
    opened.menus.actions["Redo"].trigger()
    assert dataset.value() == "survey"
    assert not opened.menus.actions["Redo"].isEnabled()


def test_what_another_page_put_into_a_form_is_undone_there(
    opened: MainWindow, settled: Callable[[], None]
) -> None:
    opened.project.offer("import", {"dataset": "from elsewhere"})
    opened.show_step("import")
    settled()
    assert opened.page is not None
    dataset = opened.page.form.rows["dataset"].editor
    assert dataset.value() == "from elsewhere"
    opened.menus.actions["Undo"].trigger()
    assert not dataset.value()


# lock


def test_the_policy_bounds_the_minutes(desk: Desk) -> None:
    assert minutes(desk, None) == 15
    assert minutes(desk, 5) == 5
    desk.put("lock_minutes", "0")
    assert minutes(desk, None) == 0
    assert minutes(desk, 30) == 30


def test_nobody_there_the_project_is_closed_and_says_why(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    lock: AutoLock = opened.habits.locking
    lock._idle.timeout.emit()
    assert isinstance(lock.dialog, LockingDialog)
    lock._last.timeout.emit()
    settled()
    QApplication.processEvents()
    assert opened.project.snapshot is None
    assert opened.status._idle.text() == "Locked after 15 minutes"
    assert not opened.findChildren(LockingDialog) or not opened.findChildren(LockingDialog)[0].isVisible()


def test_a_run_goes_on_before_the_desktop_lock_closes(
    opened: MainWindow, settled: Callable[[], None]
) -> None:
    opened.project.running = "import"
    opened.habits.locking.desktop_locked()
    assert opened.project.snapshot is not None
    opened.project.running = ""
    opened.habits.locking._run_over()
    QApplication.processEvents()
    settled()
    assert opened.project.snapshot is None


def test_who_comes_back_during_a_run_is_not_locked_out_but_a_locked_desktop_is(opened: MainWindow) -> None:
    lock, move = opened.habits.locking, QEvent(QEvent.Type.MouseMove)
    opened.project.running = "import"
    lock._idle.stop()
    lock._idle.timeout.emit()
    assert lock._waiting
    lock.eventFilter(opened, move)
    assert not lock._waiting
    lock.desktop_locked()
    lock.eventFilter(opened, move)
    assert lock._waiting
    opened.project.running = ""


def test_what_an_auditor_has_open_is_locked_too(
    opened: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    opened.project.close()
    settled()
    lock = opened.habits.locking
    assert not lock._idle.isActive()
    opened.auditing.open(tmp_path / "habits.ppdesk", "four words for it")
    settled()
    assert opened.auditing.is_open
    assert lock._idle.isActive()
    lock._lock_idle()
    settled()
    assert not opened.auditing.is_open


def test_the_bus_of_the_desktop_locks(qtbot: QtBot) -> None:
    watch = DesktopWatch()
    with qtbot.waitSignal(watch.locked):
        watch.on_active(True)
    with qtbot.assertNotEmitted(watch.locked):
        watch.on_active(False)


# crash


def test_a_crash_is_shown_once_without_a_value(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    def fails(value: str) -> None:
        try:
            int(value)
        except ValueError as error:
            raise KeyError(value) from error

    undo = window.habits.crashes.install()
    try:
        fails(SECRET)
    except KeyError as error:
        for _ in range(2):
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        undo()
    qtbot.waitUntil(lambda: window.habits.crashes.dialog is not None)
    dialog = window.habits.crashes.dialog
    assert isinstance(dialog, CrashDialog)
    assert "KeyError" in dialog.report
    assert "ValueError" in dialog.report
    assert "test_habits.py" in dialog.report
    kept = [file.read_text("utf-8") for file in (desk.home / "logs").iterdir()]
    assert len(kept) == 1
    assert not any(word in text for text in (dialog.report, *kept) for word in ("Erika", "4711"))


def test_a_chain_of_errors_that_goes_round_ends() -> None:
    one, two = ValueError(), KeyError()
    one.__context__, two.__context__ = two, one
    assert len(crash_lines(one)) == 3


# drop


@pytest.mark.parametrize(("name", "what"), [("a.ppdesk", "opened"), ("a.PDF", "opened"), ("a.csv", "data")])
def test_what_is_dropped_goes_where_it_belongs(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, name: str, what: str
) -> None:
    dropping = opened.habits.dropping
    for signal in (dropping.opened, dropping.data):
        signal.disconnect()
    path = tmp_path / name
    path.touch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(getattr(dropping, what)) as told:
        assert dropping.eventFilter(opened, event)
    assert told.args == [str(path)]


def test_a_dropped_data_file_stands_in_import(
    opened: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("a;b\n1;2\n")
    opened.habits.dropping.take([str(file)])
    settled()
    assert opened.page is not None
    assert opened.page.key == "import"
    assert opened.page.form.values()["table"] == str(file)


# telling


def test_only_long_work_is_told_and_only_its_step(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling, told = window.habits.telling, []
    monkeypatch.setattr(telling, "tell", told.append)
    monkeypatch.setattr(QApplication, "activeWindow", staticmethod(lambda: None))
    telling._started("train")
    telling.over("train", well=True)
    telling._began -= 11
    telling.over("train", well=True)
    assert told == ["Train is done"]


# remembering


def test_the_window_comes_back_with_its_size_and_stages(window: MainWindow, desk: Desk) -> None:
    window.resize(1300, 750)
    place.keep(window, desk)
    place.keep_stages(desk, frozenset({2, 5}))
    window.resize(1100, 700)
    again = Desk(desk.home, desk.actor)
    place.put_back(window, again)
    assert (window.width(), window.height()) == (1300, 750)
    assert place.open_stages(again) == {2, 5}


def test_a_project_leaves_the_list_and_stays_a_file(window: MainWindow, desk: Desk, tmp_path: Path) -> None:
    from ppdesk.gui.desk import Recent

    file = tmp_path / "old.ppdesk"
    file.touch()
    desk.remember(Recent(str(file), "Import: ready", "todo", "In progress", ""))
    window.start.put(desk.recent())
    row = window.start.recent.rows[0]
    entries = row.entries(row.click, row.remove_asked.emit)
    assert [one.words for one in entries if one.words] == [
        "Open", "Show in folder", "Copy path", "Remove from the list"
    ]  # fmt: skip
    entries[-1].call()
    assert desk.recent() == []
    assert file.exists()


# settings, about, print


def test_settings_are_kept(window: MainWindow, desk: Desk) -> None:
    dialog = SettingsDialog(window, desk, NO_POLICY)
    dialog.language.put("de")
    dialog.text_size.put("120")
    dialog.lock.put("30")
    assert dialog.needs_start
    dialog.go()
    again = Desk(desk.home, desk.actor)
    assert (again.get("language"), text_size(again), minutes(again, None)) == ("de", 120, 30)


def test_what_the_policy_forbids_cannot_be_chosen(window: MainWindow, desk: Desk) -> None:
    rules = NO_POLICY.rules.model_copy(update={"desktop": Desktop(lock_minutes=7)})
    dialog = SettingsDialog(window, desk, Policy(rules, "here"))
    offered = [dialog.lock.itemData(at) for at in range(dialog.lock.count())]
    assert offered == ["5", "7"]
    assert dialog.lock.value() == "7"


def test_about_names_each_library_with_its_licence(window: MainWindow) -> None:
    found = {name: licence for name, _, licence in libraries()}
    assert "numpy" in found
    assert all(found.values())
    assert AboutDialog(window, "No network").tabs.count() == 3
    ShortcutsDialog(window).deleteLater()


def test_a_result_goes_on_paper(window: MainWindow, tmp_path: Path) -> None:
    blocks = (
        Words("Rows <b>were</b> read."),
        Figures((KeyFigure("Rows", "30,162", "all"),)),
        Table("Columns", ("Name", "Rows"), [(f"c{at}", str(at)) for at in range(120)], (1,)),
    )
    made = document("Import", blocks, ())
    assert "Rows <b>were</b> read." in made.toPlainText()
    path = tmp_path / "result.pdf"
    assert write_pdf(path, "Import", made, "adult, event 3")
    assert made.pageCount() > 2
    assert path.read_bytes().startswith(b"%PDF")


def test_a_field_without_an_undo_lets_the_keys_through(qtbot: QtBot, opened: MainWindow) -> None:
    field = QLineEdit(opened)
    field.show()
    field.setFocus()
    undoing = opened.habits.undoing
    undoing._focus_moved(None, field)
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    press = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undoing.eventFilter(field, press)
    qtbot.keyClicks(field, "ab")
    assert not undoing.eventFilter(field, press)
    QGuiApplication.clipboard().clear()
