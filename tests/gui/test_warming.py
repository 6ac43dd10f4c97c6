"""A page's code is loaded when it is wanted, and windows wear the style sheet."""

import subprocess
import sys

from PySide6.QtWidgets import QApplication

from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.panes import PANES, pane_class
from ppdesk.gui.warming import names, warm
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import CATALOG


def test_each_name_is_a_page_of_a_step() -> None:
    assert set(PANES) <= {one.key for one in CATALOG}
    assert all(issubclass(pane_class(key), Pane) for key in PANES)
    assert pane_class("no such step") is Pane


def test_the_window_does_not_wait_for_pages_or_engines() -> None:
    heavy = (
        "ppdesk.gui.pages.anonymize",
        "ppdesk.gui.pages.train",
        "pyarrow",
        "numpy",
        "matplotlib",
        "sklearn",
    )
    code = f"import sys, ppdesk.gui.app; print([one for one in {heavy!r} if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_warming_loads_what_pages_are_made_of() -> None:
    listed = names()
    assert len(listed) == len(set(listed))
    assert set(names()) >= {one.path for one in CATALOG}
    warm(["ppdesk.gui.pages.standard_step"]).join(20)
    assert "ppdesk.gui.pages.standard_step" in sys.modules


def test_the_sheet_is_worn_by_windows(window: MainWindow) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert not app.styleSheet()
    assert window.styleSheet()
