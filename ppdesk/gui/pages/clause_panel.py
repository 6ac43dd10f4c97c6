"""The rule that a step serves, one click away: its words, its source, and what the step does for it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ppdesk.gui.clauses import Served
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.words import title
from ppdesk.policy.standard import Clause

_WIDE = 440  # px


class ClausePanel(QFrame):
    """Opens under the button that asked for it; a click elsewhere or Escape closes it."""

    go_asked = Signal(str)

    def __init__(self, parent: QWidget, served: Served, key: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "raised")
        self.setAccessibleName(tr("Clause that this step serves"))
        self.setFixedWidth(_WIDE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(6)
        self._column.addWidget(text(served.title, "section", wrap=True))
        self._column.addWidget(text(served.lead, "caption", wrap=True))
        for clause in served.clauses:
            self._clause(clause, key)
        if served.go:
            go = Button(tr("Go to {step}", step=title(served.go)), "link", height=20)
            go.clicked.connect(lambda: self._go(served.go))
            self._column.addWidget(go)

    def _clause(self, clause: Clause, key: str) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(text(told(clause.title), "strong", wrap=True))
        self._column.addWidget(Flow(told(clause.serves[key]), tr("This step:")))
        self._column.addWidget(Flow(told(clause.says), tr("The rule:")))
        if clause.quote:  # its own words stay in its own language
            self._column.addWidget(
                text(
                    f"\N{LEFT DOUBLE QUOTATION MARK}{clause.quote}\N{RIGHT DOUBLE QUOTATION MARK}",
                    "purpose",
                    wrap=True,
                )
            )
        if clause.where:
            line = Button(tr("Copy the address of the source"), "link", height=20)
            line.setToolTip(clause.where)
            line.clicked.connect(lambda: QGuiApplication.clipboard().setText(clause.where))
            self._column.addWidget(text(clause.where, "caption", wrap=True))
            self._column.addWidget(line)

    def _go(self, key: str) -> None:
        self.close()
        self.go_asked.emit(key)

    def show_below(self, button: QWidget) -> None:
        """Open with its right edge under that of `button`."""
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        self.move(corner.x() - _WIDE, corner.y())
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(_WIDE))
        self.setFocus()
