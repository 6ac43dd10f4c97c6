"""Words of pages that a banner, a menu or a key cap shows are said in the window's language."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.data.clean.cell_operations import Trim
from ppdesk.data.clean.words import words
from ppdesk.gui.language import choose_language, told
from ppdesk.gui.look import Look
from ppdesk.gui.pages.roles_proposed import sure
from ppdesk.gui.pages.rows_banner import RowsBanner
from ppdesk.gui.parts.band import RailLink
from ppdesk.gui.words import AGAIN, VERBS, verb
from ppdesk.policy.standard import preset


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


def test_what_runs_again_is_said_in_few_words() -> None:
    assert verb("import", again=True)[0] == "Import table again"
    assert all(AGAIN[key] == f"{words} again" for key, (words, _) in VERBS.items())
    choose_language("de")
    assert verb("import", again=True)[0] == "Erneut importieren"


def test_an_operation_on_all_columns_is_a_german_sentence() -> None:
    choose_language("de")
    assert told(words(Trim())) == "Leerzeichen entfernen für alle Spalten"


def test_a_clause_and_what_a_step_does_for_it_are_german() -> None:
    choose_language("de")
    clause = preset("gdpr").clauses[0]
    assert told(clause.title) == "Erwägungsgrund\N{NO-BREAK SPACE}26"
    assert told(clause.serves["roles"]) != clause.serves["roles"]


def test_keys_are_called_as_on_the_keyboard(qtbot: Any) -> None:
    choose_language("de")
    link = RailLink("Historie", "history", "Ctrl H")
    qtbot.addWidget(link)
    assert link.toolTip() == "Historie (Strg H)"


def test_how_sure_is_said_in_the_language_of_the_window() -> None:
    assert sure(0.95) == "very sure"
    choose_language("de")
    assert sure(0.95) == "sehr sicher"
