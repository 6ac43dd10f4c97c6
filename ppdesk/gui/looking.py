"""Looking at rows in the window: the page is made when asked for, and let go of with its rows when left."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from ppdesk.gui.pages.table_view import RowsPage
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Sight


class Looking(QObject):
    """Holds the one page with rows."""

    def __init__(self, stack: QStackedWidget, project: Project, back: Callable[[str], object]) -> None:
        """`back` shows a step again, by its key."""
        super().__init__(stack)
        self._stack, self._project, self._back = stack, project, back
        self.page: RowsPage | None = None
        stack.currentChanged.connect(self._moved)

    def show(self, key: str, sights: Sequence[Sight]) -> None:
        """Show the rows that the page of the step `key` offers."""
        self.page = page = RowsPage(self._project, key, sights)
        page.back_asked.connect(lambda: self._back(key))
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        (page.look or page.back).setFocus()

    def _moved(self, _at: int) -> None:
        """Rows do not stay in memory behind another page."""
        page = self.page
        if page is not None and self._stack.currentWidget() is not page:
            self.page = None
            page.let_go()
            self._stack.removeWidget(page)
            page.deleteLater()
