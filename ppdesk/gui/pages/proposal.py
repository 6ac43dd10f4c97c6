"""What an earlier step recommends, where the form says something else."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import MARGIN
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied


class Proposal(QWidget):
    """A banner whose link takes the proposed settings over; hidden where the form holds them already."""

    used = Signal(object)  # the settings

    def __init__(self, edge: int = MARGIN) -> None:
        """`edge`: px that stay free at the right."""
        super().__init__()
        self.banner: Banner | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, edge, 0)
        self.hide()

    def follow(self, by: str, head: Head, values: Mapping[str, Any] | None) -> None:
        """`by` is the step that proposes; `head` has settings and a name, or nothing; `values` are the
        form's."""
        emptied(self._column)
        self.banner = None
        settings = head.get("settings")
        if not isinstance(settings, Mapping) or not settings:
            self.hide()
            return
        held = values is not None and all(values.get(name) == value for name, value in settings.items())
        if not held:
            words = tr("{settings}, says {step}.", settings=told(str(head.get("name"))), step=told(by))
            self.banner = Banner("info", tr("Proposed settings"), words, tr("Use them"))
            self.banner.link.clicked.connect(lambda: self.used.emit(dict(settings)))
            self._column.addWidget(self.banner)
        self.setVisible(not held)
