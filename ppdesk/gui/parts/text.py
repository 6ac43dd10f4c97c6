"""Words on the screen in the styles of the type scale."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def text(words: str, kind: str = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A label in the style `kind` of the type scale. Plain text: what a file says is never read as markup."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        made.setMinimumWidth(40)
    return made


class Flow(QLabel):
    """A paragraph of body text with room between its lines, the first sentence bold where asked."""

    def __init__(self, words: str = "", bold: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setMinimumWidth(80)
        self.put(words, bold)

    def put(self, words: str, bold: str = "") -> None:
        """Show other words; both are taken as plain text."""
        head = f'<span style="font-weight:600">{escape(bold)}</span>&nbsp; ' if bold and words else ""
        if bold and not words:
            head = f'<span style="font-weight:600">{escape(bold)}</span>'
        body = escape(words).replace("\n", "<br>")
        self.setText(f'<p style="margin:0; line-height:124%">{head}{body}</p>')
        self.setAccessibleName(f"{bold} {words}".strip())


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet selects by, and have it looked at anew."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
