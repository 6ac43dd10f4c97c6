"""Words of pages that a banner, a menu or a key cap shows are said in the window's language."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.gui.language import choose_language
from ppdesk.gui.look import Look
from ppdesk.gui.pages.rows_banner import RowsBanner


@pytest.fixture(autouse=True)
def _english_again(look: Look) -> Iterator[None]:
    yield
    choose_language("en")


def _banner(qtbot: Any, aside: int) -> str:
    event = SimpleNamespace(seq=3, outputs={Kind.TABLE: "sha"}, facts={"quarantined": aside})
    rows = RowsBanner(Kind.TABLE, lambda _found: None)
    qtbot.addWidget(rows)
    rows.show_project(
        cast("Any", SimpleNamespace(event=lambda _seq: event)), cast("Any", SimpleNamespace(good=3))
    )
    assert rows.banner is not None
    return rows.banner.accessibleName()


def test_rows_set_aside_are_named_in_a_sentence(qtbot: Any) -> None:
    assert _banner(qtbot, 1200) == "Counts only. A look at rows is recorded. Also: put aside (1,200)."


def test_the_banner_below_rows_is_german(qtbot: Any) -> None:
    choose_language("de")
    assert "Look" not in _banner(qtbot, 0)
    assert "1.200" in _banner(qtbot, 1200)
