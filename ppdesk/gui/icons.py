"""Icons of the set, recoloured from the palette and drawn at the screen's own resolution, and the mark."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.core.resources import resource
from ppdesk.gui.look import color


@lru_cache(maxsize=512)
def _drawn(name: str, value: str, pixels: int, stroke: str) -> QImage:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", value).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def draw_icon(painter: QPainter, name: str, rect: QRectF, tint: QColor) -> None:
    """Draw the icon `name` into `rect` (square, in widget coordinates) in the colour `tint`."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    stroke = "1.5" if rect.width() >= 22 else "1.75"
    image = _drawn(name, tint.name(), max(1, round(rect.width() * ratio)), stroke)
    painter.drawImage(rect, image)


def icon(name: str, role: str = "text2", size: int = 16) -> QIcon:
    """The icon as a QIcon for menus, at one and two times its size."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        picture = QPixmap.fromImage(_drawn(name, color(role).name(), round(size * ratio), "1.75"))
        picture.setDevicePixelRatio(ratio)
        made.addPixmap(picture)
    return made


def draw_mark(painter: QPainter, rect: QRectF, *, plate: QColor, figure: QColor) -> None:
    """The mark: dots become pairs, pairs become one bar. On a rounded plate."""
    unit = rect.width() / 22
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(rect, 4.2 * unit, 4.2 * unit)
    painter.setBrush(figure)
    for x, y, width in _MARK:
        bar = QRectF(rect.x() + x * unit, rect.y() + y * unit, width * unit, 3.2 * unit)
        painter.drawRoundedRect(bar, 1.6 * unit, 1.6 * unit)


# (left, top, width) in units of a plate of 22
_MARK = (
    (4.4, 4.6, 3.2),
    (9.4, 4.6, 3.2),
    (14.4, 4.6, 3.2),
    (4.4, 9.4, 8.2),
    (14.4, 9.4, 3.2),
    (4.4, 14.2, 13.2),
)


def app_icon() -> QIcon:
    """The program's icon for title bar and task bar."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_mark(painter, QRectF(0, 0, size, size), plate=QColor("#1B4F8C"), figure=QColor("#FFFFFF"))
        painter.end()
        made.addPixmap(picture)
    return made


class Icon(QWidget):
    """An icon in a layout. It stands beside a word, so it has no accessible name of its own."""

    def __init__(self, name: str, size: int = 16, role: str = "text2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._role = name, size, role
        self.setFixedSize(size, size)

    def put(self, name: str, role: str | None = None) -> None:
        """Show another icon."""
        self._name, self._role = name, role or self._role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tint = color(self._role) if self.isEnabled() else color("disabled")
        draw_icon(painter, self._name, QRectF(0, 0, self._size, self._size), tint)


class Mark(QWidget):
    """The program's mark in a layout."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("ppdesk")

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(0, 0, self._size, self._size)
        draw_mark(painter, area, plate=color("accent"), figure=color("on_accent"))
