"""One level of a hierarchy for each column."""

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.pips import LevelPips
from ppdesk.gui.parts.text import Elided, restyle, text

_WORDS = 52  # px
Rest = Literal["nothing", "lowest", "highest"]  # what a column has that is not named


class LevelsField(QWidget):
    """With `rest` "nothing", either every column has a level or none has; else those that are not moved from
    the lowest, or the highest, are not named."""

    changed = Signal()

    def __init__(
        self, name: str, counts: Mapping[str, int], rest: Rest, none: str = "", own: str = ""
    ) -> None:
        """`counts`: how many levels each column has. `none` and `own`: what is said where no levels, or
        some, are chosen."""
        super().__init__()
        self._counts, self._rest, self._none, self._own = dict(counts), rest, none, own
        self._other: dict[str, int] = {}  # levels that these hierarchies do not have
        self._on = rest != "nothing"
        self._start: dict[str, int] = {}
        self.pips: dict[str, LevelPips] = {}
        self._words: dict[str, QLabel] = {}
        self.said = text("", "caption", wrap=True)
        self.turn = Button("", "link", height=20)
        self.turn.clicked.connect(self._turn)
        self.rows = QWidget()
        grid = QGridLayout(self.rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, (column, levels) in enumerate(counts.items()):
            self._row(grid, row, name, column, levels)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.said, 1)
        head.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignTop)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(6)
        around.addLayout(head)
        around.addWidget(self.rows)
        self.setAccessibleName(name)
        self._show()

    def _row(self, grid: QGridLayout, row: int, name: str, column: str, levels: int) -> None:
        pips = self.pips[column] = LevelPips(f"{name}, {column}")
        pips.put(levels - 1 if self._rest == "highest" else 0, levels)
        of = self._words[column] = text("", "caption")
        of.setFixedWidth(_WORDS)
        of.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        pips.valueChanged.connect(lambda _level: self._moved())
        grid.addWidget(Elided(column, "body"), row, 0)
        grid.addWidget(pips, row, 1)
        grid.addWidget(of, row, 2)

    def start(self, levels: Mapping[str, int]) -> None:
        """The levels to begin with, when a person starts choosing."""
        self._start = dict(levels)

    def value(self) -> dict[str, int]:
        """Levels by column, of the columns that have one."""
        if not self._on:
            return dict(self._other)
        rest = {"nothing": None, "lowest": 0}
        found = {
            name: pips.value()
            for name, pips in self.pips.items()
            if pips.value() != rest.get(self._rest, pips.maximum())
        }
        return {**self._other, **found}

    def put(self, levels: Mapping[str, int]) -> None:
        """Show `levels`; those that these hierarchies do not have are kept, and said."""
        fits = {name: one for name, one in levels.items() if 0 <= one < self._counts.get(name, 0)}
        self._other = {name: one for name, one in levels.items() if name not in fits}
        whole = self._rest != "nothing" or len(fits) == len(self._counts)
        if not whole:
            self._other = dict(levels)  # some of them only: nothing is guessed
        self._on = self._rest != "nothing" or (whole and bool(fits))
        for name, pips in self.pips.items():
            rest = self._counts[name] - 1 if self._rest == "highest" else 0
            pips.put(fits.get(name, rest), self._counts[name])
        self._show()

    def mark(self, wrong: bool) -> None:
        restyle(self.said, "tone", "risk" if wrong else "")

    def _turn(self) -> None:
        """Start choosing, or let it be."""
        chosen = bool(self.value())
        self.put({} if chosen else {name: self._start.get(name, 0) for name in self._counts})
        if not chosen and self.pips:
            next(iter(self.pips.values())).setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _moved(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for name, pips in self.pips.items():
            self._words[name].setText(tr("{level} of {highest}", level=pips.value(), highest=pips.maximum()))
        self.rows.setVisible(self._on)
        other = ", ".join(f"{name} = {one}" for name, one in self._other.items())
        chosen = bool(self.value())
        said = told(self._own if chosen else self._none)
        kept = tr("These cannot be shown here: {levels}.", levels=other) if other else ""
        self.said.setText(f"{said} {kept}".strip())
        self.said.setVisible(bool(self.said.text()))
        free = tr("Back to the search") if chosen else tr("Choose levels")
        self.turn.say(free if self._rest == "nothing" else tr("Reset"))
        self.turn.setVisible(self._rest == "nothing" or chosen)
