"""Words on the screen in the styles of the type scale."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class _Wrapping(QLabel):
    """A label that wraps. Its least height is one line: what it needs at its width, its layout asks anew."""

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height())


def text(words: str, kind: str = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A label in the style `kind` of the type scale. Plain text: what a file says is never read as markup."""
    made = _Wrapping(words) if wrap else QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(_wrapping_policy())
    return made


def _wrapping_policy() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    return policy


class Elided(QLabel):
    """One line that ends in an ellipsis where there is no room; the tooltip says it all."""

    def __init__(self, words: str, kind: str = "caption", *, own_width: bool = False) -> None:
        """`own_width`: it takes no more room than its words need, and all of that where there is enough."""
        super().__init__(words)
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(words)
        across = QSizePolicy.Policy.Maximum if own_width else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def put(self, words: str) -> None:
        """Show other words."""
        self.setText(words)
        self.setToolTip(words)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class Flow(_Wrapping):
    """A paragraph of body text with room between its lines, the first sentence bold where asked."""

    def __init__(self, words: str = "", bold: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(_wrapping_policy())
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
