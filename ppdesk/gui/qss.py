"""The one style sheet: what Qt's own widgets need. ``@role`` stands for a colour of the palette."""

import re
from collections.abc import Mapping

_SHEET = """
* { font-family: "IBM Plex Sans"; font-size: 13px; }
QWidget { color: @text; }
QMainWindow, QDialog, QWidget[role="canvas"] { background: @canvas; }
QDialog { background: @raised; }
QWidget[role="surface"] { background: @surface; }
QWidget[role="sunken"] { background: @sunken; }
QFrame[role="raised"] { background: @raised; border: 1px solid @edge; border-radius: 6px; }
QWidget[edge="bottom"] { border: 0; border-bottom: 1px solid @line; }
QWidget[edge="top"] { border: 0; border-top: 1px solid @line; }
QWidget[edge="right"] { border: 0; border-right: 1px solid @line; }

QLabel { background: transparent; }
QLabel[kind="display"] { font-size: 28px; font-weight: 600; }
QLabel[kind="figure"] { font-size: 24px; font-weight: 500; }
QLabel[kind="title"] { font-size: 20px; font-weight: 600; }
QLabel[kind="dialog"] { font-size: 16px; font-weight: 600; }
QLabel[kind="section"] { font-size: 14px; font-weight: 600; }
QLabel[kind="label"] { font-weight: 500; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="purpose"] { color: @text2; }
QLabel[kind="caption"] { font-size: 12px; color: @text3; }
QLabel[kind="note"] { font-size: 12px; color: @text2; }
QLabel[kind="head"] { font-size: 12px; font-weight: 500; color: @text2; }
QLabel[kind="mono"] { font-family: "IBM Plex Mono"; font-size: 12px; color: @text2; }
QLabel[tone="risk"] { color: @risk; }
QLabel[tone="ok"] { color: @ok; }
QLabel[tone="caution"] { color: @caution; }
QLabel:disabled { color: @disabled; }

QMenuBar { background: transparent; color: @text2; spacing: 0; }
QMenuBar::item { background: transparent; padding: 6px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; color: @text; }
QMenuBar::item:pressed { background: @pressed; color: @text; }
QMenu { background: @raised; border: 1px solid @line; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @hover; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 8px; }
QMenu::item:checked { font-weight: 600; }

QLineEdit, QPlainTextEdit, QAbstractSpinBox { background: @surface; color: @text; border: 1px solid @edge;
  border-radius: 4px; padding: 0 7px; selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit, QPlainTextEdit { placeholder-text-color: @text3; }
QLineEdit { min-height: 30px; max-height: 30px; }
QLineEdit[small="true"] { min-height: 26px; max-height: 26px; padding: 0 6px; }
QPlainTextEdit { padding: 4px 5px; }
QLineEdit:disabled, QPlainTextEdit:disabled { background: @canvas; color: @disabled; border-color: @line;
  placeholder-text-color: @disabled; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 2px solid @risk; padding: 0 6px; }
QPlainTextEdit[wrong="true"] { padding: 3px 4px; }
QLineEdit[bare="true"] { border: 0; background: transparent; padding: 0; }

QScrollArea { border: 0; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView[rows="true"] QScrollBar:vertical { margin: 44px 0 0 0; }
QTableView[rows="true"] QScrollBar::sub-line:vertical { width: 12px; height: 43px; background: @sunken;
  border: 0; border-bottom: 1px solid @line; subcontrol-position: top; subcontrol-origin: margin; }
QTableView { background: @surface; border: 0; gridline-color: transparent; outline: 0;
  selection-background-color: @accent_soft; selection-color: @text; }
QHeaderView { background: @sunken; border: 0; }
QHeaderView::section { background: @sunken; color: @text2; font-size: 12px; font-weight: 500; border: 0;
  border-bottom: 1px solid @line; padding: 0 8px; min-height: 25px; }
QHeaderView::section:first { padding-left: 15px; }
QHeaderView::section:last { padding-right: 15px; }
QHeaderView::section:only-one { padding: 0 15px; }
QTableCornerButton::section { background: @sunken; border: 0; }
QTableView[boxed="true"] { border: 1px solid @edge; border-radius: 4px; gridline-color: @line; }
QTableView[boxed="true"][wrong="true"], QListView[rows="true"][wrong="true"] { border: 2px solid @risk; }
QTableView[boxed="true"]::item { padding: 0 7px; }
QTableView[boxed="true"] QHeaderView::section { padding: 0 8px; }
QTableView[boxed="true"] QLineEdit { border: 0; border-radius: 0; min-height: 0; max-height: 60px; }
QTreeView { background: @sunken; border: 0; outline: 0; }
QTreeView[rows="true"] { background: @surface; border: 1px solid @line; border-radius: 6px;
  selection-background-color: @accent_soft; selection-color: @text; }
QListView { background: @raised; border: 1px solid @line; outline: 0; padding: 4px; }
QListView[field="true"] { background: @surface; border: 1px solid @edge; border-radius: 4px; padding: 0; }
QListView[field="true"]:disabled { background: @canvas; border-color: @line; }
QListView[rows="true"] { background: @surface; border-radius: 4px; padding: 1px; border: 1px solid @edge; }
QListView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; color: @text; }
QListView::item:selected, QListView::item:hover { background: @hover; color: @text; }

QTabWidget::pane { border: 0; border-top: 1px solid @line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @text2; font-weight: 500; padding: 6px 0; margin-right: 22px;
  border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; font-weight: 600; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 6px 10px; font-size: 12px; }
QToolButton { background: transparent; border: 0; border-radius: 4px; padding: 0; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @pressed; }
QTextBrowser { background: transparent; border: 0; }
"""


def style_sheet(values: Mapping[str, str]) -> str:
    """The sheet with each role replaced by its colour (``#RRGGBB``)."""
    return re.sub(r"@(\w+)", lambda found: values[found.group(1)], _SHEET)
