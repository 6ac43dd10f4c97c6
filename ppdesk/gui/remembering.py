"""What the window keeps of its tables: widths that a person set and the column it is sorted by.

A kind of table is told by a short hash of its title and heads, so that no name of a column is written down.
"""

import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ppdesk.gui.desk import Desk
from ppdesk.gui.parts.above import found_above

_MOST_KINDS = 200
_WIDEST = 4000  # px


def kind_of(title: str, heads: Sequence[str]) -> str:
    """The kind of a table: the same for tables of one title and the same heads."""
    told = "\x1f".join((title, *heads))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


class Remembering(QObject):
    """Keeps widths and order of tables in the person's window.json. One for each window."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._desk = desk

    def widths(self, kind: str) -> list[int]:
        """The widths that a person gave the columns of a kind of table; empty where none did."""
        kept = self._desk.table("widths", kind)
        fit = isinstance(kept, list) and all(isinstance(one, int) and 0 < one <= _WIDEST for one in kept)
        return list(kept) if fit and isinstance(kept, list) else []

    def keep_widths(self, kind: str, widths: Sequence[int]) -> None:
        """A person set the widths of a kind of table; none: as the window finds best."""
        self._desk.put_table("widths", kind, list(widths), _MOST_KINDS)

    def order(self, kind: str) -> tuple[int, bool] | None:
        """(column, whether downwards) by which a kind of table is sorted; None for as it comes."""
        kept = self._desk.table("order", kind)
        if not (isinstance(kept, list) and len(kept) == 2 and all(isinstance(one, int) for one in kept)):
            return None
        return int(kept[0]), bool(kept[1])

    def keep_order(self, kind: str, order: tuple[int, bool] | None) -> None:
        """A person sorted a kind of table."""
        self._desk.put_table("order", kind, None if order is None else [order[0], int(order[1])], _MOST_KINDS)


def remembering_of(part: QWidget) -> Remembering | None:
    """What the window of `part` remembers."""
    return found_above(part, Remembering)
