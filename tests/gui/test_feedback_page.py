"""Feedback: all comments stand below the last one."""

from types import SimpleNamespace
from typing import Any

from ppdesk.core.section import Figures, Table
from ppdesk.gui.pages.comments import FeedbackStep, comments

TIME = "2026-01-01T00:00:42Z"


def said(comment: str, **more: str) -> Any:
    params = {"person": "Eve", "comment": comment, **more}
    return SimpleNamespace(params=params, facts={"title": "Monitor", "event": 23}, time=TIME)


SAID = [said("Too few.", answer="Agreed.", decision="accepted"), said("Do it again.", decision="change")]


def test_all_comments_the_last_one_first() -> None:
    figures, table = comments(SAID)
    assert isinstance(figures, Figures)
    assert [one.value for one in figures.items] == ["2", "1", "1"]
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows] == ["Do it again.", "Too few."]
    assert table.rows[0][2] == "Monitor, event 23"


def test_a_single_comment_is_not_told_twice() -> None:
    pane = FeedbackStep.__new__(FeedbackStep)
    pane._said = SAID[:1]
    assert pane.arranged([]) == []
    pane._said = SAID
    assert len(pane.arranged([])) == 2
