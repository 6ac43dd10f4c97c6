"""The help window: contents or what was found at the left, the text at the right. Stands beside the work."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget

from ppdesk.gui.help.library import STEP, Library, Passage
from ppdesk.gui.help.ranking import Entry, Ranking, excerpt
from ppdesk.gui.help.reader import Reader
from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.look import font
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.focus import FocusRing
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.parts.text import text

_TARGET = Qt.ItemDataRole.UserRole + 1
_LEFT = 300  # px


class HelpWindow(QDialog):
    """Offline help. `step_asked` is a step whose page somebody wants to see."""

    step_asked = Signal(str)

    def __init__(self, parent: QWidget | None, library: Library) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help - ppdesk"))
        self.setAccessibleName(tr("Help"))
        self.resize(1000, 680)
        self.setMinimumSize(720, 420)
        self._library = library
        self._ranking: Ranking[Passage] | None = None
        self._gone: list[tuple[str, str]] = []
        self.search = LineField(tr("Search the help"))
        self.search.setPlaceholderText(tr("Search the help"))
        self.search.textChanged.connect(self._list)
        self.search.returnPressed.connect(self._first)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setProperty("rows", True)
        self.list.setModel(self._model)
        self.list.setAccessibleName(tr("Pages of the help"))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.clicked.connect(self._chosen)
        self.list.activated.connect(self._chosen)
        self._count = text("", "caption")
        self.reader = Reader()
        self.reader.page_asked.connect(self.show_page)
        self.reader.copied.connect(self._say_copied)
        self.back = Button(tr("Back"), "ghost", icon="chevron-left", height=28)
        self.back.clicked.connect(self._back)
        self.go = Button(tr("Open this step"), "ghost", icon="arrow-right", height=28)
        self.go.clicked.connect(self._go)
        self._said = QLabel()
        self._said.setProperty("kind", "caption")
        self._build()
        self._list("")
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.search.setFocus)
        self._ring = FocusRing(self)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self._count)
        left.addWidget(self.list, 1)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(_LEFT)
        left.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back)
        top.addWidget(self.go)
        top.addStretch(1)
        top.addWidget(self._said)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(top)
        right.addWidget(self.reader, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(16)
        whole.addWidget(side)
        whole.addLayout(right, 1)

    def show_step(self, key: str) -> None:
        """The page about the step `key`."""
        self.show_page(f"{STEP}{key}", "")

    def show_page(self, key: str, anchor: str) -> None:
        """The page `key` from a heading on; nothing where there is no such page."""
        page = self._library.page(key)
        if page is None:
            self._said.setText(tr("There is no such page here: {name}", name=key))
            return
        here = self.reader.page
        if here is not None and here.key != key:
            self._gone.append((here.key, ""))
        self._put(key, anchor)

    def _put(self, key: str, anchor: str) -> None:
        page = self._library.page(key)
        assert page is not None  # noqa: S101  the callers look
        self.reader.put(page, anchor)
        self._said.setText("")
        self.back.setEnabled(bool(self._gone))
        self.back.setToolTip("" if self._gone else tr("There is no page before this one"))
        self.go.setVisible(key.startswith(STEP))
        if not self.search.text():
            self._select(key)

    def _select(self, key: str) -> None:
        for row in range(self._model.rowCount()):
            index = self._model.index(row, 0)
            if index.data(_TARGET) == (key, ""):
                self.list.setCurrentIndex(index)
                self.list.scrollTo(index)

    def _back(self) -> None:
        if self._gone:
            self._put(*self._gone.pop())

    def _go(self) -> None:
        page = self.reader.page
        if page is not None and page.key.startswith(STEP):
            self.step_asked.emit(page.key.removeprefix(STEP))

    def _say_copied(self, address: str) -> None:
        self._said.setText(tr("Copied: {address}", address=address))
        self._said.setToolTip(
            tr("This program opens no connection. Paste the address where you want to read it.")
        )

    # contents and what was found

    def _list(self, query: str) -> None:
        self._model.clear()
        if query.strip():
            self._found(query)
            return
        group = ""
        for page in self._library.pages:
            if page.group != group:
                group = page.group
                self._head(group)
            self._row(page.title, (page.key, ""), "")
        count = len(self._library.pages)
        self._count.setText(
            tr_count("{count} page, on this computer", "{count} pages, on this computer", count)
        )

    def _found(self, query: str) -> None:
        if self._ranking is None:
            self._ranking = Ranking(passages(self._library))
        found = self._ranking.find(query)
        for one in found:
            words = one.what.heading if one.what.heading == one.title else f"{one.what.heading} ({one.title})"
            self._row(words, (one.what.page, one.what.anchor), excerpt(one.what.text, query))
        self._count.setText(
            tr_count("{count} passage", "{count} passages", len(found)) if found else tr("Nothing found")
        )

    def _head(self, words: str) -> None:
        item = QStandardItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(font("strong"))
        self._model.appendRow(item)

    def _row(self, words: str, target: tuple[str, str], note: str) -> None:
        item = QStandardItem(words)
        item.setData(target, _TARGET)
        item.setToolTip(f"{words}\n{note}" if note else words)
        if note:
            item.setData(f"{words}: {note}", Qt.ItemDataRole.AccessibleTextRole)
        self._model.appendRow(item)

    def _chosen(self, index: QModelIndex) -> None:
        target = index.data(_TARGET)
        if target:
            self.show_page(*target)
            if self.search.text():
                self.reader.mark(self.search.text().split()[0])

    def _first(self) -> None:
        if self._model.rowCount() and self.search.text():
            self.list.setCurrentIndex(self._model.index(0, 0))
            self._chosen(self._model.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self._model.index(0, 0))
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # the list and the field have seen to it; a dialog would press a button
        super().keyPressEvent(event)


def passages(library: Library) -> list[Entry[Passage]]:
    """Every passage of the help, to be found."""
    return [Entry(one, one.heading, page.title, one.text) for page in library.pages for one in page.passages]
