"""Whether the desktop is locked or goes to sleep, as the system tells it over its local bus (Linux).

systemd-logind says `Lock` of the session and `PrepareForSleep`; freedesktop and GNOME screen savers say
`ActiveChanged`. On Windows and macOS nothing is asked: there the time without input has to do.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
)
_LOGIN, _LOGIN_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"


class DesktopWatch(QObject):
    """`locked`: the desktop was locked, or the computer is about to sleep."""

    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heard = sys.platform == "linux" and self._listen()  # whether a bus is there to tell

    def _listen(self) -> bool:
        from PySide6.QtDBus import QDBusConnection

        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        heard = []
        if system.isConnected():
            heard += [
                _connected(system, "", f"{_LOGIN}.Session", "Lock", to=self, slot="on_lock()"),
                _connected(
                    system,
                    _LOGIN_PATH,
                    f"{_LOGIN}.Manager",
                    "PrepareForSleep",
                    to=self,
                    slot="on_active(bool)",
                ),
            ]
        if session.isConnected():
            heard += [
                _connected(session, path, name, "ActiveChanged", to=self, slot="on_active(bool)")
                for name, path in _SAVERS
            ]
        return any(heard)

    @Slot()
    def on_lock(self) -> None:
        """The session was locked."""
        self.locked.emit()

    @Slot(bool)
    def on_active(self, active: bool) -> None:
        """The screen saver begins or ends; sleep begins or is over."""
        if active:
            self.locked.emit()


def _connected(
    bus: "QDBusConnection", path: str, interface: str, signal: str, *, to: QObject, slot: str
) -> bool:
    """Whether `slot` hears `signal`, from whichever program sends it."""
    # it takes what SLOT() gives, a text; its stub asks for bytes, which it refuses
    return bool(bus.connect("", path, interface, signal, to, SLOT(slot)))  # type: ignore[call-overload]  # see above
