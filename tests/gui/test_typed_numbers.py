"""Numbers are typed and shown as the window's language writes them; what could be two numbers is none."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ppdesk.gui.language import choose_language
from ppdesk.gui.look import Look
from ppdesk.gui.numbers import shown, typed
from ppdesk.gui.parts.inputs import NumberField


@pytest.fixture(autouse=True)
def _english_again(look: Look) -> Iterator[None]:
    yield
    choose_language("en")


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("en", "0.5", "0.5"),
        ("en", "1,024.5", "1024.5"),
        ("en", "0,5", "0,5"),
        ("de", "0,5", "0.5"),
        ("de", "0.5", "0.5"),
        ("de", "1 024,5", "1024.5"),
        ("de", "1.024", "1.024?"),
        ("fr", "0,00001", "0.00001"),
    ],
)
def test_what_is_typed_is_read_by_the_language(language: str, text: str, read: str) -> None:
    choose_language(language)
    assert typed(text) == read


def test_a_field_shows_the_mark_of_the_language(qtbot: QtBot) -> None:
    choose_language("de")
    field = NumberField("ε", step=0.1)
    qtbot.addWidget(field)
    field.setText("0.5")
    assert field.displayText() == shown("0.5") == "0,5"
    assert field.text() == "0.5"
