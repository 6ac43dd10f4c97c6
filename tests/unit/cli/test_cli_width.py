"""What is printed fits the terminal, and a file gets full lines."""

import os
import sys

import pytest

from ppdesk.cli import sections
from ppdesk.core.section import Section, Table, Words

_LONG = " ".join(["word"] * 60)
_SECTION = Section("Title", [Words(_LONG), Table("Table", ("A column", "Why"), [["name", _LONG]])])


@pytest.mark.parametrize(("columns", "most"), [(80, 80), (40, 60), (200, 96)])
def test_lines_fit_the_terminal(monkeypatch, columns, most):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda _else: os.terminal_size((columns, 24)))
    assert most - 5 < max(map(len, sections.lines(_SECTION))) <= most


def test_a_file_gets_full_lines(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda _else: os.terminal_size((40, 24)))
    assert 91 < max(map(len, sections.lines(_SECTION))) <= 96
