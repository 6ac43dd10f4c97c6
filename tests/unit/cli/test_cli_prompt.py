"""The passphrase prompt, in front of a real terminal."""

import os
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="a terminal of one's own needs POSIX")

CODE = """
import sys
sys.path.insert(0, {root!r})
from ppdesk.cli.passphrases import PROJECT, Passphrases
found = Passphrases({{}}).get(PROJECT, None, new={new})
print("LENGTH", len(found))
"""
ROOT = str(Path(__file__).resolve().parents[3])


def answered(*answers: str, new: bool) -> tuple[str, int]:
    """What the terminal showed when each question was answered, and the exit code."""
    child, master = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", CODE.format(root=ROOT, new=new)])  # noqa: S606
    shown, waiting = b"", list(answers)
    asked = 0
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # the child has closed its end
            break
        if not piece:
            break
        shown += piece
        questions = shown.count(b"passphrase: ") + shown.count(b"confirmation: ")
        if questions > asked and waiting:
            asked = questions
            os.write(master, waiting.pop(0).encode() + b"\n")
    os.close(master)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_new_passphrase_is_asked_for_twice_and_never_shown() -> None:
    shown, code = answered("correct horse", "correct horse", new=True)
    assert code == 0
    assert "New project's passphrase" in shown
    assert "LENGTH 13" in shown
    assert "horse" not in shown


def test_two_answers_that_differ_are_asked_for_again() -> None:
    shown, _ = answered("correct horse", "battery", "staple", "staple", new=True)
    assert "LENGTH 6" in shown


def test_a_known_passphrase_is_asked_for_once() -> None:
    shown, _ = answered("correct horse", new=False)
    assert "LENGTH 13" in shown
    assert "horse" not in shown
