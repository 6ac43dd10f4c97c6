"""A Qt model over an Arrow table: any number of rows, nothing made in advance, no widget per cell."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.arrow_cells import ArrowCells, shown

if TYPE_CHECKING:
    import pyarrow as pa

Index = QModelIndex | QPersistentModelIndex
# Qt counts the pixels of a table in 31 bits: at 25 px a row, 85,899,345 rows
MOST_ROWS = 80_000_000
MISSING, EMPTY = "missing", "empty"  # marks of cells without text
MARK = Qt.ItemDataRole.UserRole + 1
TYPE_WORDS = {"string": "text", "integer": "whole number", "decimal": "decimal number", "date": "date"}
_NUMBERS = frozenset({"integer", "decimal"})
_CELL = 200  # characters painted; the tooltip has more


class ArrowModel(QAbstractTableModel):
    """Texts of `table`. A missing value has no text and the mark MISSING, an empty text the mark EMPTY."""

    def __init__(self, table: "pa.Table", types: Mapping[str, str] | None = None) -> None:
        """`types`: what the columns hold, by name: "string", "integer", "decimal" or "date"; a column that is
        not named is told by its Arrow type."""
        super().__init__()
        self.cells = ArrowCells(table)
        told = types or {}
        self.types = [
            told.get(name, _type(table.schema.field(at))) for at, name in enumerate(self.cells.names)
        ]

    @property
    def left_out(self) -> int:
        """How many rows at the end are beyond what Qt can show."""
        return max(0, self.cells.rows - MOST_ROWS)

    def let_go(self) -> None:
        """Forget the table: no row of it stays in memory for this model."""
        self.beginResetModel()
        self.cells.let_go()
        self.endResetModel()

    def is_number(self, column: int) -> bool:
        """Whether a column is set right-aligned."""
        return self.types[column] in _NUMBERS

    def is_fixed(self, column: int) -> bool:
        """Whether a column is set in letters of one width."""
        return self.types[column] != "string"

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else min(self.cells.rows, MOST_ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.cells.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        across = orientation is Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(self.cells.names[section]) if across else f"{section + 1:,}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{shown(self.cells.names[section])}, {self.type_words(section)}" if across else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = not across or self.is_number(section)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def type_words(self, column: int) -> str:
        """What a column holds, in words."""
        return told(TYPE_WORDS.get(self.types[column], self.types[column]))

    def data(self, index: Index, role: int = 0) -> Any:
        if role not in _ROLES:
            return None
        text = self.cells.cell(index.row(), index.column())
        mark = MISSING if text is None else "" if text else EMPTY
        if role == MARK:
            return mark
        if role == Qt.ItemDataRole.AccessibleTextRole and mark:
            return tr("missing value") if mark == MISSING else tr("empty text")
        if role == Qt.ItemDataRole.ToolTipRole:
            return shown(text) if text is not None and len(text) > _TOOLTIP_FROM else None
        return shown((text or "")[:_CELL])


_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ToolTipRole,
        MARK,
    }
)
_TOOLTIP_FROM = 24  # characters: shorter ones are never cut


def _type(field: Any) -> str:
    import pyarrow as pa

    if pa.types.is_integer(field.type):
        return "integer"
    if pa.types.is_floating(field.type) or pa.types.is_decimal(field.type):
        return "decimal"
    return "string"
