"""How the page's right side is laid out: cards beside and below each other, or tabs in a low window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import GAP, LOW_WINDOW
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.text import text
from ppdesk.gui.results import scrolled

_RISK, _TOP, _BELOW = 262, 11, 9  # px; how the height is shared
_WIDEST = 16_777_215  # px: as wide as Qt allows


class _Framed(Card):
    """A page of the tabs in a low window."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.add(inside, 1)


class Workspace(QWidget):
    """`space` and `risk` have cards of their own; the pages below, in their order, stand under tabs, and so
    does the whole result, which stands beneath all this."""

    whole = Signal(bool)  # the whole result is asked for, or is not any more
    turned = Signal(str)  # another page is in sight

    def __init__(self, space: QWidget, risk: QWidget, pages: dict[str, QWidget]) -> None:
        """`pages` by their words."""
        super().__init__()
        self._space, self._risk, self._pages = space, risk, pages
        self._low: bool | None = None
        self._names: list[str] = []
        self.note = text("", "caption")
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self._outer: QWidget | None = None
        self._whole = tr("Whole result")
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)

    def arrange(self) -> None:
        """For the window as it is."""
        low = self.window().height() < LOW_WINDOW
        if low == self._low:
            return
        self._low, before = low, self.page
        for part in (self._space, self._risk, self.note, *self._pages.values()):
            part.setParent(None)
        if self._outer is not None:
            self._around.removeWidget(self._outer)
            self._outer.deleteLater()
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(tr("What is shown"))
        self._outer = self._tabbed() if low else self._side_by_side()
        self._around.addWidget(self._outer)
        if before in self._names:
            self.tabs.setCurrentIndex(self._names.index(before))
        self.tabs.currentChanged.connect(lambda _at: self._turn())
        self._turn()
        for part in (self._space, self._risk):
            part.show()

    @property
    def page(self) -> str:
        """The words of the tab that is chosen."""
        at = self.tabs.currentIndex()
        return self._names[at] if 0 <= at < len(self._names) else ""

    def show_page(self, words: str) -> None:
        """Choose a tab."""
        if words in self._names:
            self.tabs.setCurrentIndex(self._names.index(words))

    def _turn(self) -> None:
        whole = self.page == self._whole
        at = self.tabs.currentIndex()
        self.stack.setVisible(not whole)
        if not whole and at >= 0:
            self.stack.setCurrentIndex(at)
        if not self._low:
            self._top.setVisible(not whole)
        self.note.setVisible(not whole)
        self.whole.emit(whole)
        self.turned.emit(self.page)

    def _add(self, pages: dict[str, QWidget]) -> None:
        self._names = [*pages, self._whole]
        for words, page in pages.items():
            self.tabs.addTab(words)
            self.stack.addWidget(page)
        self.tabs.addTab(self._whole)

    def _tabbed(self) -> QWidget:
        self._risk.setMinimumWidth(0)
        self._risk.setMaximumWidth(_WIDEST)
        below = {words: _Framed(page) for words, page in self._pages.items()}
        self._add({tr("Solutions"): self._space, tr("Risk"): scrolled(self._risk, tr("Risk")), **below})
        outer = QWidget()
        column = QVBoxLayout(outer)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(8)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        return outer

    def _side_by_side(self) -> QWidget:
        self._add(self._pages)
        self._top = QWidget()
        first = QHBoxLayout(self._top)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(GAP)
        self._risk.setFixedWidth(_RISK)
        first.addWidget(self._space, 1)
        first.addWidget(self._risk)
        card = Card()
        head = QHBoxLayout()
        head.addWidget(self.tabs, 1)
        head.addWidget(self.note)
        card.add(head)
        card.add(self.stack, 1)
        outer = QWidget()
        column = QVBoxLayout(outer)
        column.setContentsMargins(0, 4, 0, 12)
        column.setSpacing(GAP)
        column.addWidget(self._top, _TOP)
        column.addWidget(card, _BELOW)
        return outer
