"""Messages of the window: each is a constant that can be filled, and a translation keeps its {names}."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "gui" / "window_messages.py"
OTHERS = ["de", "fr"]
# languages of which every message must be translated
COMPLETE: tuple[str, ...] = ("de", "fr")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = spec_from_file_location("window_messages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_message_is_a_constant(messages: ModuleType) -> None:
    assert messages.found().wrong == ()


def test_every_message_has_names_for_what_it_is_filled_with(messages: ModuleType) -> None:
    assert len(messages.found().messages) > 1500
    for one, more in messages.found().filled:
        assert all(name.isidentifier() for name in _names(one) | _names(more)), one
        if more:
            assert "count" in _names(more), f"{one}: the plural does not say how many"
            assert _names(one) <= _names(more), one


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_names(messages: ModuleType, language: str) -> None:
    for (one, more), texts in messages.translated(language).items():
        wanted = _names(one) | _names(more)
        for text in texts:
            assert _names(text) <= wanted, text
            assert wanted - _names(text) <= ({"count"} if more else set()), text


def test_nothing_is_left_to_translate(messages: ModuleType) -> None:
    left = {name: messages.missing(name, messages.found().messages) for name in COMPLETE}
    assert not any(left.values())
