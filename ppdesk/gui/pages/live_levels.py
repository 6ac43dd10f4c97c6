"""The levels in the live card: each can be moved, and what it would give is shown at once."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ppdesk.core.wording import percent
from ppdesk.gui.language import tr
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.pips import LevelPips
from ppdesk.gui.parts.text import Elided, text

Row = tuple[str, int | None, int, float | None]  # column, level (None: mixed), how many, loss (None: unknown)


class LiveLevels(QWidget):
    """Column, pips, words, loss. Rows stay while their columns do, so that a person can go on moving one."""

    chosen = Signal(object)  # levels by column

    def __init__(self) -> None:
        super().__init__()
        self.pips: dict[str, LevelPips] = {}
        self._shown: list[tuple[str, bool, int]] = []
        self._words: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)

    def put(self, rows: Sequence[Row]) -> None:
        """Show `rows`."""
        shown = [(name, level is not None, levels) for name, level, levels, _ in rows]
        if shown != self._shown:
            self._make(rows)
            self._shown = shown
        for (name, level, levels, loss), (of, lost) in zip(rows, self._words, strict=True):
            of.setText(
                tr("mixed") if level is None else tr("{level} of {highest}", level=level, highest=levels - 1)
            )
            lost.setText("-" if loss is None else percent(loss))
            if level is not None:
                self.pips[name].put(level, levels)

    def _make(self, rows: Sequence[Row]) -> None:
        emptied(self._grid)
        self.pips, self._words = {}, []
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (name, level, levels, _loss) in enumerate(rows):
            self._grid.addWidget(Elided(name, "body"), row, 0)
            if level is not None:
                pips = self.pips[name] = LevelPips(name)
                pips.put(level, levels)
                pips.valueChanged.connect(lambda _level: self._moved())
                self._grid.addWidget(pips, row, 1)
            words = (text("", "caption"), text("", "caption"))
            for at, one in enumerate(words, start=2):
                self._grid.addWidget(one, row, at, right)
            self._words.append(words)

    def _moved(self) -> None:
        self.chosen.emit({name: pips.value() for name, pips in self.pips.items()})
