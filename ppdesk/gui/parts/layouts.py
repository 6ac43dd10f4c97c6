"""Taking a layout apart."""

from PySide6.QtWidgets import QLayout, QWidget


def emptied(layout: QLayout) -> None:
    """Take everything out of `layout` and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        inside: QWidget | None = item.widget() if item is not None else None
        if inside is not None:
            inside.hide()
            inside.deleteLater()
