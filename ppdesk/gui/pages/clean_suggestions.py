"""What looks as if an operation would help: words and counts, each taken into the recipe by one click."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head
from ppdesk.data.clean.suggestion import without_values
from ppdesk.gui.language import number, told, tr
from ppdesk.gui.look import MARGIN
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Elided, text

if TYPE_CHECKING:
    import pyarrow as pa

_FEW = 3  # shown before a person asks for all


@dataclass(frozen=True)
class Hint:
    """One suggestion. `operation` and `clusters` are there once a person has looked, or need not."""

    id: str
    words: str
    count: int
    operation: Mapping[str, Any] | None = None
    clusters: Sequence[Sequence[tuple[str, int]]] = field(default_factory=tuple)

    @property
    def needs_look(self) -> bool:
        return self.operation is None


def read(table: Head | None) -> list[Hint]:
    """The suggestions that the head of a table holds."""
    held = table.get("suggestions") if table is not None else None
    listed = [one for one in held if isinstance(one, Mapping)] if isinstance(held, list | tuple) else []
    return [
        Hint(str(one["id"]), str(one["words"]), int(str(one["count"])), without_values(str(one["id"])))
        for one in listed
    ]


def looked_at(part: "pa.Table") -> list[Hint]:
    """The suggestions with their operations, from the table that a look gives out."""
    found = []
    for one in part.to_pylist():
        detail = json.loads(one["detail"] or "null") or {}
        clusters = [
            [(str(value), int(count)) for value, count in each] for each in detail.get("clusters", ())
        ]
        operation = json.loads(one["operation"] or "null")
        found.append(Hint(one["id"], one["words"], one["count"], operation, clusters))
    return found


class SuggestionsCard(QWidget):
    """Hidden while there is nothing to suggest."""

    taken = Signal(object)  # Hint

    def __init__(self, in_recipe: Callable[[Hint], bool]) -> None:
        """`in_recipe`: whether what a suggestion would do is in the recipe already."""
        super().__init__()
        self._in_recipe = in_recipe
        self.hints: list[Hint] = []
        self.buttons: dict[str, Button] = {}
        self._all = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, MARGIN, 0)
        self._card: Card | None = None
        self._shown: object = None
        self.hide()

    def put(self, hints: Sequence[Hint]) -> None:
        """Show `hints`; what a look has shown of one stays."""
        known = {one.id: one for one in self.hints if not one.needs_look}
        self.hints = [
            known[one.id] if one.needs_look and one.id in known and known[one.id].count == one.count else one
            for one in hints
        ]
        self.show_state()

    def show_state(self) -> None:
        """The recipe changed."""
        state = (tuple((one.id, one.count, self._in_recipe(one)) for one in self.hints), self._all)
        if state == self._shown:
            return
        self._shown = state
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
        self._card = self._made()
        self._column.addWidget(self._card)
        self.setVisible(bool(self.hints))

    def _made(self) -> Card:
        open_ones = [one for one in self.hints if not self._in_recipe(one)]
        order = [*open_ones, *(one for one in self.hints if one not in open_ones)]
        card = Card(tr("Suggestions"), tr("{count} open, found by counting", count=len(open_ones)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.buttons = {}
        shown = order if self._all else order[:_FEW]
        for row, one in enumerate(shown):
            self._row(grid, row, one)
        card.add(grid)
        if len(order) > _FEW:
            foot = QHBoxLayout()
            words = tr("Show fewer") if self._all else tr("Show all {count}", count=len(order))
            more = Button(words, "link", height=20)
            more.clicked.connect(self._turn)
            foot.addWidget(more)
            foot.addStretch(1)
            card.add(foot)
        return card

    def _row(self, grid: QGridLayout, row: int, one: Hint) -> None:
        done = self._in_recipe(one)
        grid.addWidget(Shape("done" if done else "look", 14), row, 0)
        words = Elided(told(one.words), "body")
        grid.addWidget(words, row, 1)
        grid.addWidget(text(number(one.count), "strong"), row, 2, Qt.AlignmentFlag.AlignRight)
        if done:
            grid.addWidget(text(tr("in the recipe"), "caption"), row, 3)
            return
        add = Button(tr("Look and add") if one.needs_look else tr("Add"), "link", height=20)
        add.setAccessibleName(f"{add.text()}: {told(one.words)}, {number(one.count)}")
        add.setToolTip(
            tr("What it would do names values of the table. Looking at them is recorded.")
            if one.needs_look
            else tr("Put it at the end of the recipe")
        )
        add.clicked.connect(lambda _on=False: self.taken.emit(one))
        self.buttons[one.id] = add
        grid.addWidget(add, row, 3)

    def _turn(self) -> None:
        self._all = not self._all
        self.show_state()
