"""Thousands of random things are done to the window: nothing is raised, and Qt has nothing to say."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.exceptions import format_captured_exceptions
from pytestqt.qtbot import QtBot

sys.path.insert(0, str(Path(__file__).parent))

from monkey import Monkey, leave_all

from ppdesk.gui.look import Look
from ppdesk.gui.window import SAMPLE, MainWindow

GOOD = "seven green ladders swim"
_OF_THE_STAGE = ("This plugin does not support", "window activation")  # there is no desktop


@pytest.fixture
def no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody answers where a file is asked for, and what is made by chance lies in a folder of the test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_a, **_k: ("", ""))
    monkeypatch.setattr(QPrintDialog, "exec", lambda *_a: 0)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: "")


@pytest.fixture
def play(qtbot: QtBot, qtlog: Any, window: MainWindow, look: Look) -> Callable[[Path, int, int], None]:
    """Lets a monkey act on the project at a path; one that it closed is opened again."""

    def act(path: Path, seed: int, acts: int) -> None:
        monkey = Monkey(window, look, seed)
        with qtbot.capture_exceptions() as raised:
            for _ in range(acts):
                if window.project.snapshot is None and window.project.idle:
                    leave_all()
                    window.unlock(path, GOOD)
                    reach(lambda: window.project.snapshot is not None)
                monkey.act()
                if raised or warnings(qtlog):
                    break
            leave_all()
            reach(lambda: window.project.idle)
        if raised or warnings(qtlog):
            last = "\n".join(monkey.told[-12:])
            told = [*warnings(qtlog), format_captured_exceptions(raised)]
            pytest.fail(f"seed {seed}, act {len(monkey.told)}\n{last}\n" + "\n".join(told))

    return act


def warnings(qtlog: Any) -> list[str]:
    """What Qt warned of."""
    records = [one for one in qtlog.records if one.log_type_name != "QtDebugMsg"]
    return [one.message for one in records if not any(words in one.message for words in _OF_THE_STAGE)]


def reach(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)
    assert true()


@pytest.mark.usefixtures("no_files")
def test_a_monkey_finds_nothing(
    play: Callable[[Path, int, int], None], window: MainWindow, tmp_path: Path, settled: Callable[[], None]
) -> None:
    window.project.load_recipe(SAMPLE, lambda: window.project.create(tmp_path / "study.ppdesk", GOOD))
    reach(lambda: window.project.snapshot is not None)
    settled()
    play(tmp_path / "study.ppdesk", 8, 300)


@pytest.mark.campaign
@pytest.mark.usefixtures("no_files")
@pytest.mark.parametrize("seed", range(5))
def test_five_monkeys_find_nothing_in_a_finished_project(
    seed: int, play: Callable[[Path, int, int], None], finished: Path
) -> None:
    play(finished, seed, 2_000)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole sample, run once."""
    folder = tmp_path_factory.mktemp("finished")
    word = folder / "p.txt"
    word.write_text(GOOD, encoding="utf-8")
    subprocess.run(
        [
            sys.executable, "-m", "ppdesk", "run", str(SAMPLE), "--project", str(folder / "adult.ppdesk"),
            "--passphrase-file", str(word), "--signer", "Ada Analyst", "--signer-passphrase-file", str(word),
            "--copy-passphrase-file", str(word), "--test-mode", "7",
        ],
        check=True,
    )  # fmt: skip
    return folder / "adult.ppdesk"
