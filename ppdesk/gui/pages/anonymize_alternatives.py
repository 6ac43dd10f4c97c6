"""The table of alternatives: each row can be used."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.section import Table
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text


class Alternatives(QWidget):
    """The next best transformations, best first."""

    used = Signal(object)  # levels by column

    def __init__(self, table: Table, levels: Sequence[Mapping[str, int]], *, usable: bool) -> None:
        """`levels` of the rows, in their order. `usable`: whether the form can be changed."""
        super().__init__()
        self.buttons: list[Button] = []
        last = len(table.header)
        shown = replace(
            table,
            header=(*table.header, "Take it"),
            rows=[(*row, "") for row in table.rows],
            right=(*table.right, last),
            caption=table.caption.replace(" To take one, give its levels as chosen levels.", ""),
        )
        self.view = TableView(shown)
        for row, one in enumerate(levels[: len(table.rows)]):
            button = Button("Use", "link", height=20)
            button.setAccessibleName(f"Use alternative {row + 1}: levels {shown.rows[row][0]}")
            button.clicked.connect(lambda _on=False, chosen=dict(one): self.used.emit(chosen))
            button.setEnabled(usable)
            button.setToolTip("" if usable else "The project is open for reading only.")
            self.view.setIndexWidget(self.view.model().index(row, last), _at_right(button))
            self.buttons.append(button)
        card = Card(table.title, flush=True)
        card.add(self.view)
        note = text(shown.caption, "caption", wrap=True)
        note.setContentsMargins(15, 7, 15, 8)
        card.add(note)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)


def _at_right(button: Button) -> QWidget:
    """In line with numbers above and below."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 15, 1)
    row.addStretch(1)
    row.addWidget(button)
    return made
