"""The frame of every dialog: title, one paragraph, fields, buttons at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.errors import CodedError
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import look
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.focus import FocusRing
from ppdesk.gui.parts.layouts import insert_in_order
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Flow, restyle, text

Then = Callable[[], object]


class Dialog(QDialog):
    """420 to 560 wide. The primary button repeats the verb; Escape always leaves."""

    def __init__(
        self, parent: QWidget | None, title: str, words: str = "", *, verb: str, wide: int = 460
    ) -> None:
        super().__init__(parent)
        if parent is None:
            look().dress(self)
        self.setWindowTitle(tr("{title} - ppdesk", title=title))
        self.setAccessibleName(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # what was typed goes with it
        self.setFixedWidth(wide)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 24, 20)
        self._column.setSpacing(12)
        self._column.addWidget(text(title, "dialog", wrap=True))
        if words:
            self._column.addWidget(Flow(words))
        self._inside = QVBoxLayout()
        self._inside.setSpacing(14)
        self._column.addLayout(self._inside)
        self._shape, self._said = Shape("failed"), text("", "caption", wrap=True)
        restyle(self._said, "tone", "risk")
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._said, 1)
        self._column.addLayout(said)
        self.cancel = Button(tr("Cancel"), "secondary")
        self.accept_button = Button(verb, "primary")
        self.accept_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.go)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.accept_button)
        self._column.addSpacing(4)
        self._column.addLayout(self.buttons)
        self._ring = FocusRing(self)
        self.say("")

    def fit(self) -> None:
        """Take the height that the words need at the dialog's width."""
        self._column.activate()
        tall = self._column.totalHeightForWidth(self.width())
        self.setFixedHeight(max(tall, self._column.totalMinimumSize().height()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def add(self, inside: QWidget) -> None:
        """One more part. In an open dialog it is shown at once, so that `fit` knows its height."""
        self._inside.addWidget(inside)
        if self.isVisible():
            inside.show()

    def add_field(self, label: str, field: QWidget, help_words: str = "") -> QWidget:
        """A labelled field with help below; returns the whole row."""
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        name = text(label, "label")
        name.setBuddy(field)
        column.addWidget(name)
        column.addWidget(field)
        if help_words:
            column.addWidget(text(help_words, "caption", wrap=True))
            field.setAccessibleDescription(help_words)
        self.add(around)
        return around

    @property
    def said(self) -> str:
        """What is shown as wrong."""
        return self._said.text()

    def say(self, words: str) -> None:
        """Show what is wrong; nothing takes it away."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self._shape.setVisible(bool(words))
        if words:
            self._said.setAccessibleName(words)
        if self.isVisible():
            self.fit()

    def say_error(self, error: CodedError) -> None:
        self.say(f"{told(error.message)} {told(error.advice)} ({error.error_code})")
        self.busy(on=False)

    def failed(self, error: CodedError) -> None:
        """What was asked for elsewhere did not work. The dialog may be gone by then."""
        if isValid(self):
            self.say_error(error)

    def go_on(self, then: Then) -> None:
        """What was asked for elsewhere is done: close, where this is still open, and go on with `then`."""
        if isValid(self):
            self.accept()
        then()

    def busy(self, *, on: bool, words: str = "") -> None:
        """While the answer is on its way, nothing can be pressed twice."""
        self.accept_button.setEnabled(not on)
        if on:
            self.say("")
        if words:
            self.accept_button.say(words)

    def add_button(self, words: str) -> Button:
        """One more button, left of the primary one."""
        made = Button(words, "secondary")
        made.setAutoDefault(False)
        insert_in_order(self.buttons, self.buttons.indexOf(self.accept_button), made)
        return made

    def go(self) -> None:
        """What the primary button does; a dialog with fields looks at them first."""
        self.accept()


class ErrorDialog(Dialog):
    """What happened, what it means, what to do, and the code."""

    def __init__(self, parent: QWidget | None, error: CodedError, *, verb: str = "Close") -> None:
        super().__init__(parent, tr("This did not work"), verb=told(verb))
        self.error = error
        self.add(Flow(told(error.advice), told(error.message)))
        self.add(text(tr("Code {error_code}", error_code=error.error_code), "mono"))
        self.cancel.setVisible(verb != "Close")


class AskDialog(Dialog):
    """Something that cannot be undone. The safe button has the focus."""

    def __init__(self, parent: QWidget | None, title: str, words: str, verb: str) -> None:
        super().__init__(parent, title, words, verb=verb)
        self.accept_button.setDefault(False)
        self.cancel.setFocus()
