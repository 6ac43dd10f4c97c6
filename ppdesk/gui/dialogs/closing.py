"""Sign what was added: asked once, when a project is closed and nobody has signed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr


class SignOnCloseDialog(Dialog):
    """Sign, leave unsigned, or stay (Escape)."""

    left = Signal()  # close without a signature

    def __init__(self, parent: QWidget | None, unsigned: str) -> None:
        """`unsigned` says which events nobody has signed."""
        super().__init__(
            parent,
            tr("Sign what was added?"),
            tr(
                "{unsigned}. Your signature lets others see later that this is the history as you left "
                "it. Unsigned events stay on record and can be signed another time.",
                unsigned=unsigned,
            ),
            verb=tr("Sign"),
            wide=480,
        )
        self.cancel.say(tr("Stay"))
        self.leave = self.add_button(tr("Leave unsigned"))
        self.leave.clicked.connect(self._leave)

    def _leave(self) -> None:
        self.left.emit()
        self.done(0)
