"""One person walks through the whole window while jobs run: how long the event loop was away."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gui_watch import LATE, Doctor, Heart, Stall
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea

from ppdesk.core.errors import CodedError
from ppdesk.gui.look import look

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow

_BETWEEN = 60  # ms between two things that the person does
_MOST = 240.0  # seconds

Act = tuple[str, Callable[[], None]]


def walk(window: "MainWindow", jobs: list[str], *, where: bool) -> None:
    """Print the worst stalls of the walk, and those of a bare window beside it."""
    assert window.project.snapshot is not None
    queue, failed = list(jobs), []

    def next_job(_key: str = "", error: CodedError | None = None) -> None:
        if error is not None:
            failed.append(f"{_key}: {error.code}")
        if queue:
            key = queue.pop(0)
            QTimer.singleShot(0, lambda: window.project.run(key, window.project.filled(key)))

    window.project.run_ended.connect(lambda key, _result: next_job(key))
    window.project.run_failed.connect(next_job)
    peer = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    heart, doctor = Heart(), None
    if where:
        doctor = Doctor(heart)
        doctor.start()
    next_job()
    loop, acts, began, rounds = QEventLoop(), _acts(window), time.monotonic(), 0

    def act() -> None:
        nonlocal acts, rounds
        busy = bool(queue or window.project.running)
        one = next(acts, None)
        if one is None:
            rounds += 1
            if not busy or time.monotonic() - began > _MOST:
                loop.quit()
                return
            acts = _acts(window)
        else:
            heart.doing = one[0]
            one[1]()
        QTimer.singleShot(_BETWEEN, act)

    QTimer.singleShot(_BETWEEN, act)
    loop.exec()
    told, _ = peer.communicate("end\n")
    print(f"{rounds} rounds in {time.monotonic() - began:.0f} s beside {', '.join(jobs) or 'no job'}; "
          f"failed: {', '.join(failed) or 'none'}")  # fmt: skip
    _print(heart, json.loads(told))
    for doing, late, calls in doctor.seen if doctor is not None else ():
        print(f"{1000 * late:6.0f} ms {doing:<22} {calls}")


def _acts(window: "MainWindow") -> Iterator[Act]:
    """What a person does, one after the other."""
    assert window.project.snapshot is not None
    keys = [place.key for place in window.project.snapshot.places]
    for key in keys:
        yield f"open {key}", lambda key=key: window.show_step(key)
        yield from ((f"type in {key}", lambda at=at: _type(window, at)) for at in range(2))
        yield from ((f"scroll {key}", lambda at=at: _scroll(window, at)) for at in range(2))
    yield "open history", window.show_history
    for letters in ("t", "tr", "tra", ""):
        yield "search history", lambda letters=letters: _search(window, letters)
    for theme in ("dark", "contrast", "light"):
        yield f"theme {theme}", lambda theme=theme: look().choose(theme)
    for key in ("train", "anonymize"):
        yield f"open {key}", lambda key=key: window.show_step(key)
        yield f"theme dark on {key}", lambda: look().choose("dark")
        yield f"theme light on {key}", lambda: look().choose("light")
        yield f"resize {key}", lambda: window.resize(1280, 720)
        yield f"resize {key}", lambda: window.resize(1440, 900)


def _type(window: "MainWindow", at: int) -> None:
    page = window.page
    fields = (
        [one for one in page.findChildren(QLineEdit) if one.isVisible() and one.isEnabled()] if page else []
    )
    if len(fields) > at:
        QTest.keyClicks(fields[at], "1")
        QTest.keyClick(fields[at], Qt.Key.Key_Backspace)


def _scroll(window: "MainWindow", at: int) -> None:
    shown = window.stack.currentWidget()
    areas = [one for one in shown.findChildren(QScrollArea) if one.isVisible()] if shown else []
    if len(areas) > at:
        inside = areas[at].viewport()
        middle = QPointF(inside.rect().center())
        QApplication.sendEvent(
            inside,
            QWheelEvent(
                middle, inside.mapToGlobal(middle), QPoint(0, -40), QPoint(0, -240), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip


def _search(window: "MainWindow", letters: str) -> None:
    if window.history is not None:
        window.history.search.setText(letters)


def _print(heart: Heart, peer: list[float]) -> None:
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    print(f"stalls over {1000 * LATE:.0f} ms: {heart.over(LATE)} of {heart.beats} beats; "
          f"a bare window: {sum(one > LATE for one in peer)}, worst {1000 * max(peer):.0f} ms")  # fmt: skip
    _table("by the clock", heart.worst(12))
    _table("by CPU of the window's thread", heart.worst(12, by_cpu=True))


def _table(title: str, stalls: list[Stall]) -> None:
    print(f"{title:<36} {'ms':>7} {'CPU ms':>7}")
    for one in stalls:
        print(f"    {one.doing:<32} {1000 * one.seconds:7.0f} {1000 * one.cpu:7.0f}")


def bare() -> None:
    """The peer: a window that does nothing, with the same heart, until a line comes in."""
    import threading

    from PySide6.QtWidgets import QMainWindow

    app = QApplication(sys.argv[:1])
    window, heart = QMainWindow(), Heart()
    window.show()
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
    poll = QTimer()
    poll.timeout.connect(lambda: app.quit() if over.is_set() else None)
    poll.start(100)
    app.exec()
    print(json.dumps([one.seconds for one in heart.stalls[1:]]))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    bare()
