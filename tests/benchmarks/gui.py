"""How quickly the window answers: start, pages, and the worst stall of its event loop while jobs run.

    python tests/benchmarks/gui.py start [--rounds 7]
    python tests/benchmarks/gui.py pages FOLDER [--rounds 3]
    python tests/benchmarks/gui.py walk FOLDER [--jobs quality,anonymize] [--where]

FOLDER holds one finished project (`*.ppdesk`), its passphrase in `p.txt` and the person's `home`; it is
copied and never changed. No display is needed. Each prints a table.

start: from the start of the process to the first paint, each round in a process of its own, beside a bare
PySide6 window in the same round. pages: from the request to the first paint of each page, and to the end of
what it asks for; first in a new process, then again. walk: one person goes through all pages, types, scrolls,
searches, changes theme and size, while jobs run one after the other; a timer of 5 ms in the same event loop
says how late it is. A bare window with the same timer stands beside it in a process of its own: what it loses
is the machine's. CPU seconds are those of the window's thread alone.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow

_OPENING = 60.0  # seconds at most


# start


def start(rounds: int) -> None:
    """Print medians and minima of both windows, and their ratio."""
    found: dict[str, list[tuple[float, float]]] = {"ppdesk": [], "bare": []}
    for number in range(rounds + 1):
        for kind, kept in found.items():
            took = _started(kind)
            if number:  # the first round warms the disk's cache
                kept.append(took)
    print(f"{'first paint':<24} {'median s':>9} {'least s':>9} {'CPU s':>9}")
    for kind, name in (("ppdesk", "ppdesk"), ("bare", "peer: a bare window")):
        seconds = [one[0] for one in found[kind]]
        cpu = min(one[1] for one in found[kind])
        print(f"{name:<24} {statistics.median(seconds):9.3f} {min(seconds):9.3f} {cpu:9.3f}")
    least = [min(one[1] for one in kept) for kept in found.values()]
    print(f"CPU, ratio {least[0] / least[1]:.1f}")


def _started(kind: str) -> tuple[float, float]:
    """(seconds, CPU seconds) from the start of a process to the first paint of its window."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, __file__, f"child-{kind}"],
            stdout=subprocess.PIPE,
            env={**os.environ, "PPDESK_HOME": home},
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        took = time.perf_counter() - began
        process.wait()
    return took, float(line)


def _child(kind: str) -> None:
    """A window that ends at its first paint, and says what CPU that took."""
    if kind == "ppdesk":
        from ppdesk.__main__ import gui_main
    from gui_watch import FirstPaint
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])

    def painted() -> None:
        sys.stdout.write(f"{time.process_time()}\n")
        sys.stdout.flush()
        os._exit(0)

    watch = FirstPaint(QMainWindow, painted)
    app.installEventFilter(watch)
    if kind == "ppdesk":
        sys.argv[1:] = []
        gui_main()
        return
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.exec()


# an open project


@contextmanager
def opened(folder: Path) -> Iterator["MainWindow"]:
    """The window, on a copy of the project in `folder`."""
    from gui_watch import until
    from PySide6.QtWidgets import QApplication

    from ppdesk import guard
    from ppdesk.core.mode import Mode
    from ppdesk.gui.app import make_window
    from ppdesk.gui.desk import Desk
    from ppdesk.gui.look import Look

    guard.install()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    Look(app, "light")
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        shutil.copytree(folder / "home", copy / "home")
        source = next(one for one in sorted(folder.glob("*.ppdesk")) if "audit" not in one.name)
        shutil.copy(source, copy / source.name)
        window = make_window(Desk(copy / "home", "Ada Analyst", Mode(test_seed=7)))
        window.resize(1440, 900)
        window.show()
        window.unlock(copy / source.name, (folder / "p.txt").read_text(encoding="utf-8").strip())
        until(lambda: window.project.snapshot is not None and window.project.idle, _OPENING)
        try:
            yield window
        finally:
            window.project.cancel()
            until(lambda: not window.project.running, 30.0)
            window.leave()


def pages(folder: Path, rounds: int) -> None:
    """Print, for each page, the least of `rounds` processes."""
    found: dict[str, list[list[float]]] = {}
    for _ in range(rounds):
        told = subprocess.run(
            [sys.executable, __file__, "child-pages", str(folder)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout
        for key, took in json.loads(told.splitlines()[-1]).items():
            found.setdefault(key, []).append(took)
    print(f"{'page, ms':<14} {'first':>7} {'CPU':>7} {'all there':>10} {'again':>7}")
    for key, each in found.items():
        least = [1000 * min(column) for column in zip(*each, strict=True)]
        print(f"{key:<14} {least[0]:7.0f} {least[1]:7.0f} {least[2]:10.0f} {least[3]:7.0f}")
    for at, name in ((0, "first"), (3, "again")):
        worst = {key: 1000 * min(one[at] for one in each) for key, each in found.items()}
        key = max(worst, key=worst.__getitem__)
        print(
            f"slowest, {name}: {key} {worst[key]:.0f} ms; median {statistics.median(worst.values()):.0f} ms"
        )


def _child_pages(folder: Path) -> None:
    from gui_watch import shown, until

    with opened(folder) as window:
        found: dict[str, list[float]] = {}
        assert window.project.snapshot is not None
        keys = [place.key for place in window.project.snapshot.places]
        for key in [*keys, "history"]:
            found[key] = list(shown(window, key))
            began = time.perf_counter()
            until(lambda: window.project.idle, _OPENING)
            found[key].append(found[key][0] + time.perf_counter() - began)
        for key in [*keys, "history"]:
            found[key].append(shown(window, key)[0])
            until(lambda: window.project.idle, _OPENING)
    print(json.dumps(found), flush=True)
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--jobs", default="quality,anonymize,inspect")
    parser.add_argument("--where", action="store_true", help="say what the window did when it stalled")
    asked = parser.parse_args()
    if asked.what == "start":
        start(asked.rounds or 7)
    elif asked.what in ("child-ppdesk", "child-bare"):
        _child(asked.what.removeprefix("child-"))
    elif asked.folder is None:
        parser.error("a folder is needed")
    elif asked.what == "pages":
        pages(asked.folder, asked.rounds or 3)
    elif asked.what == "child-pages":
        _child_pages(asked.folder)
    elif asked.what == "walk":
        from gui_walk import walk

        with opened(asked.folder) as window:
            walk(window, [one for one in asked.jobs.split(",") if one], where=asked.where)
        os._exit(0)
    else:
        parser.error("start, pages or walk")


if __name__ == "__main__":
    main()
