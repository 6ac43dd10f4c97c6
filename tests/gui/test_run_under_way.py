"""A run that spends in steps, as it goes: used of reserved, the line by step, speed; or why there is none."""

import pytest
from pytestqt.qtbot import QtBot

from ppdesk.gui.pages.under_way import UnderWay
from ppdesk.gui.parts.step_curve import used_by
from ppdesk.train.sgd.by_step import BySteps

pytestmark = pytest.mark.usefixtures("look")
FOUND = BySteps(100, ((1, 0.2), (50, 0.7), (100, 1.0)), noise=3.9, batch=200.0, rows=1000)


def test_what_is_used_is_that_of_the_next_point() -> None:
    assert used_by(FOUND.points, 0) == 0.0
    assert used_by(FOUND.points, 1) == 0.2
    assert used_by(FOUND.points, 2) == 0.7  # never below the line
    assert used_by(FOUND.points, 400) == 1.0


def test_each_step_moves_the_line_the_ledger_and_the_costs(qtbot: QtBot) -> None:
    shown = UnderWay("Train", 1.0, [], steps=True)
    qtbot.addWidget(shown)
    assert shown.costs() == []
    assert shown.charts is not None
    shown.follow(0.4, "Step 10 of 100")
    assert shown.costs()[0][2] == "ε 1.00 reserved"  # the line is not worked out yet
    shown.take(FOUND)
    shown.follow(0.6, "Step 50 of 100")
    costs = {caption: value for _, caption, value in shown.costs()}
    assert costs["Privacy so far"] == "ε 0.70 of 1.00 reserved"
    assert costs["Time left"].startswith("about ")
    assert costs["Speed"].endswith(" records a second")
    assert "Step 50 of 100" in shown.charts.used.curve.accessibleDescription()
    assert shown.charts.used.words.isHidden()
    shown.charts.used.curve.resize(320, 240)
    assert not shown.charts.used.curve.grab().isNull()


def test_where_there_is_no_line_the_page_says_why(qtbot: QtBot) -> None:
    undeclared, at_once, none = (UnderWay("Train", 1.0, [], steps=one) for one in (True, False, None))
    for each in (undeclared, at_once, none):
        qtbot.addWidget(each)
    undeclared.take(None)
    assert undeclared.charts is not None
    assert at_once.charts is not None
    assert "is not declared" in undeclared.charts.used.words.text()
    assert "no step" in at_once.charts.used.words.text()
    assert none.charts is None
    none.take(FOUND)  # nobody asked
    assert none.costs() == []
