"""The look: contrast as measured, one source of colours, and a Qt binding that keeps its references."""

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import ppdesk.gui
from ppdesk.core.palette import CONTRAST, DARK, LIGHT
from ppdesk.gui.look import THEMES, TYPE, Look, font
from ppdesk.gui.qss import style_sheet

# the design's table: text, surface, what WCAG 2.2 needs, then light, dark, high contrast
MEASURED = (
    ("text", "surface", 4.5, 16.45, 13.93, 21.00),
    ("text", "canvas", 4.5, 15.05, 15.42, 21.00),
    ("text", "sunken", 4.5, 14.14, 14.70, 21.00),
    ("text", "hover", 4.5, 13.47, 11.19, 16.48),
    ("text", "accent_soft", 4.5, 13.78, 11.34, 13.06),
    ("text2", "surface", 4.5, 7.89, 8.98, 21.00),
    ("text2", "canvas", 4.5, 7.22, 9.94, 21.00),
    ("text2", "sunken", 4.5, 6.78, 9.47, 21.00),
    ("text3", "surface", 4.5, 5.89, 6.53, 15.91),
    ("text3", "canvas", 4.5, 5.38, 7.23, 15.91),
    ("text3", "sunken", 4.5, 5.06, 6.89, 15.91),
    ("text3", "hover", 4.5, 4.82, 5.25, 12.49),
    ("accent", "surface", 4.5, 8.26, 7.97, 12.93),
    ("accent", "sunken", 4.5, 7.09, 8.41, 12.93),
    ("accent", "accent_soft", 4.5, 6.92, 6.49, 8.04),
    ("on_accent", "accent", 4.5, 8.26, 8.52, 12.93),
    ("on_accent", "accent_hover", 4.5, 10.28, 10.27, 15.12),
    ("on_accent", "accent_pressed", 4.5, 12.89, 6.69, 11.22),
    ("ok", "surface", 4.5, 6.51, 8.34, 16.80),
    ("ok", "ok_soft", 4.5, 5.57, 7.19, 11.29),
    ("ok", "sunken", 4.5, 5.59, 8.80, 16.80),
    ("caution", "surface", 4.5, 6.64, 8.63, 15.18),
    ("caution", "caution_soft", 4.5, 5.88, 7.35, 10.41),
    ("caution", "sunken", 4.5, 5.71, 9.10, 15.18),
    ("risk", "surface", 4.5, 6.57, 7.75, 11.42),
    ("risk", "risk_soft", 4.5, 5.60, 6.84, 9.37),
    ("risk", "sunken", 4.5, 5.64, 8.18, 11.42),
    ("decide", "surface", 4.5, 7.56, 8.08, 12.06),
    ("decide", "decide_soft", 4.5, 6.42, 7.17, 10.25),
    ("decide", "sunken", 4.5, 6.49, 8.53, 12.06),
    ("text", "ok_soft", 4.5, 14.09, 12.01, 14.11),
    ("text", "caution_soft", 4.5, 14.55, 11.86, 14.40),
    ("text", "risk_soft", 4.5, 14.03, 12.30, 17.24),
    ("text", "decide_soft", 4.5, 13.97, 12.36, 17.85),
    ("edge", "surface", 3, 3.66, 4.18, 21.00),
    ("edge", "canvas", 3, 3.35, 4.62, 21.00),
    ("edge", "sunken", 3, 3.15, 4.41, 21.00),
    ("focus", "surface", 3, 5.38, 9.69, 16.57),
    ("focus", "canvas", 3, 4.92, 10.72, 16.57),
    ("focus", "sunken", 3, 4.62, 10.22, 16.57),
)


def luminance(value: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row[0]} on {row[1]}")
def test_contrast_is_what_the_design_measured(row: tuple[str, str, float, float, float, float]) -> None:
    ink, paper, needs, *measured = row
    for palette, said in zip((LIGHT, DARK, CONTRAST), measured, strict=True):
        found = contrast(getattr(palette, ink), getattr(palette, paper))
        assert found >= needs
        assert found == pytest.approx(said, abs=0.006)


def test_only_the_palette_says_colours() -> None:
    """No file of the window writes a colour; only the program's icon, seen outside the window, does."""
    folder = Path(ppdesk.gui.__file__).parent
    found = [
        (path.name, line)
        for path in folder.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"#[0-9A-Fa-f]{6}\b", line) and not (path.name == "icons.py" and "plate=QColor" in line)
    ]
    assert found == []


def test_style_sheets_are_set_in_one_place() -> None:
    folder = Path(ppdesk.gui.__file__).parent
    users = [
        path.name for path in folder.rglob("*.py") if "setStyleSheet" in path.read_text(encoding="utf-8")
    ]
    assert users == ["look.py"]


def test_each_role_in_the_sheet_exists() -> None:
    sheet = style_sheet({name: value for name, value in vars(LIGHT).items() if name != "name"})
    assert "@" not in sheet


def test_the_bundled_font_is_the_one_shown(look: Look) -> None:
    for style in TYPE:
        wanted = font(style)
        assert QFontInfo(wanted).family().startswith("IBM Plex")
        assert wanted.pixelSize() >= 11


def test_a_theme_reaches_every_widget(qtbot: QtBot, look: Look) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    for theme, palette in zip(THEMES[1:], (LIGHT, DARK, CONTRAST), strict=True):
        look.choose(theme)
        assert look.palette is palette
        assert label.palette().windowText().color().name().upper() == palette.text
    look.choose("light")


def test_void_calls_keep_the_reference_to_none(qtbot: QtBot) -> None:
    """A PySide6 release lost one in each call, and the process ended after some thousands of them."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(5_000):
        label.setText(str(number % 10))
    assert sys.getrefcount(None) > before - 500
