"""A remark's title and its detail are two sentences."""

import pytest

from ppdesk.gui.parts.cards import Banner


@pytest.mark.parametrize(
    ("bold", "words", "spoken"),
    [
        ("A purpose is missing", "Say one.", "A purpose is missing. Say one."),
        ("Is it so?", "Look.", "Is it so? Look."),
        ("Nothing to do", "", "Nothing to do"),
    ],
)
def test_a_full_stop_stands_between_them(qtbot, bold: str, words: str, spoken: str) -> None:
    banner = Banner("info", bold, words)
    qtbot.addWidget(banner)
    assert banner.accessibleName() == spoken
