"""A number for each column."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ppdesk.gui.parts.inputs import NumberField
from ppdesk.gui.parts.text import Elided

_WIDE = 84  # px


class WeightsField(QWidget):
    """What is left empty has the usual number, which its field shows in grey."""

    changed = Signal()
    left = Signal()

    def __init__(self, name: str, columns: Sequence[str], usual: float) -> None:
        super().__init__()
        self.fields: dict[str, NumberField] = {}
        self._other: dict[str, float] = {}  # of columns that are not there
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, column in enumerate(columns):
            field = self.fields[column] = NumberField(f"{name}, {column}", small=True)
            field.setPlaceholderText(f"{usual:g}")
            field.setFixedWidth(_WIDE)
            field.textChanged.connect(lambda _words: self.changed.emit())
            field.left.connect(self.left)
            grid.addWidget(Elided(column, "body"), row, 0)
            grid.addWidget(field, row, 1)
        self.setAccessibleName(name)
        if self.fields:
            self.setFocusProxy(next(iter(self.fields.values())))

    def words(self) -> dict[str, str]:
        """What is typed, of the columns where something is."""
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        return {
            **{name: f"{one:g}" for name, one in self._other.items()},
            **{n: t for n, t in typed.items() if t},
        }

    def put(self, numbers: Mapping[str, float]) -> None:
        self._other = {name: one for name, one in numbers.items() if name not in self.fields}
        for name, field in self.fields.items():
            field.setText(f"{numbers[name]:g}" if name in numbers else "")

    def mark(self, wrong: bool) -> None:
        for field in self.fields.values():
            bad = wrong and bool(field.text().strip()) and not _number(field.text())
            field.mark(bad)


def _number(words: str) -> bool:
    try:
        return float(words) >= 0
    except ValueError:
        return False
