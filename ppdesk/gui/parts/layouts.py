"""Layouts: taken apart, and Tab's way through them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget


def emptied(layout: QLayout) -> None:
    """Take everything out of `layout` and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        inside: QWidget | None = item.widget() if item is not None else None
        if inside is not None:
            inside.hide()
            inside.deleteLater()


def insert_in_order(
    row: QBoxLayout, at: int, widget: QWidget, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter
) -> None:
    """Put `widget` at place `at` of a row that is not shown yet, for the eye and for Tab alike.

    Tab goes in the order in which widgets came to their parent, and `QWidget.setTabOrder` changes nothing as
    long as they are the only ones there: so those behind it come anew.
    """
    later = [item.widget() for place in range(at, row.count()) if (item := row.itemAt(place)) is not None]
    for one in later:
        if one is not None:
            row.removeWidget(one)
            one.setParent(None)
    for one in (widget, *later):
        if one is not None:
            row.addWidget(one, 0, alignment)
