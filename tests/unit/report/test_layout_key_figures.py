"""Rows of key figures on paper."""

from ppdesk.core.section import KeyFigure
from ppdesk.report.layout.blocks import key_figures
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import register_fonts


def test_rows_of_key_figures_are_not_torn() -> None:
    register_fonts()
    grid, _gap = key_figures([KeyFigure(f"Figure {n}", f"{n}", "of many") for n in range(5)], Setting())
    _, height = grid.wrap(Setting().width, 1000)
    assert grid.split(Setting().width, height - 1) == []  # nothing of it on this page: all of it on the next


def test_no_key_figures_are_nothing() -> None:
    assert list(key_figures([], Setting())) == []
