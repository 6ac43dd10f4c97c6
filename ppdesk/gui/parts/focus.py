"""The focus ring: 2 px, 2 px away from the control, on keyboard focus, never clipped by its parents."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextBrowser,
    QWidget,
)
from shiboken6 import isValid

from ppdesk.gui.look import color

_AWAY = 4  # px from the control's edge to the ring's outer edge: 2 px gap and 2 px ring
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.EnabledChange)


class FocusRing(QWidget):
    """One ring per window. It lies over everything and lets every event through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a widget needs one
        app.focusChanged.connect(self._moved)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._put()
        return False

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        for old in self._watched:
            if isValid(old):
                old.removeEventFilter(self)
        self._target, self._watched = None, []
        if now is not None and now.window() is self.window() and self._shown_for(now):
            self._target = now
            part: QWidget | None = now
            while part is not None:
                self._watched.append(part)
                part.installEventFilter(self)
                part = None if part is self.window() else part.parentWidget()
        self._put()

    def _shown_for(self, now: QWidget) -> bool:
        if isinstance(now, QAbstractItemView | QScrollArea | QTextBrowser):
            return False  # they draw their own current row
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        return not by_mouse or isinstance(now, QLineEdit | QPlainTextEdit)

    def _put(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        corner = target.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(QRect(corner, target.size()).adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("focus"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
