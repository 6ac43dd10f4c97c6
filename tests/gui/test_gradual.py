"""Parts of a page that are made over several turns of the event loop."""

from functools import partial

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.section import Table, Words
from ppdesk.gui.gradual import Gradual, at_rest, finish
from ppdesk.gui.look import Look
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.results import BlockGrid

BLOCKS = [
    Words("First."),
    *(Table(f"Table {at}", ("Column", "Share"), (("age", "1 %"),)) for at in range(4)),
    Words("Last."),
]


def test_a_turn_makes_one_part_at_least_and_the_order_is_kept(qtbot: QtBot) -> None:
    around, made = QWidget(), []
    qtbot.addWidget(around)
    gradual = Gradual(around, turn=0.0)
    with qtbot.waitSignal(gradual.finished):
        gradual.put([partial(made.append, at) for at in range(4)])
        assert made == [0]
        assert not at_rest(around)
    assert made == [0, 1, 2, 3]
    assert at_rest(around)


def test_other_parts_take_the_place_of_what_is_left(qtbot: QtBot) -> None:
    around, made = QWidget(), []
    qtbot.addWidget(around)
    gradual = Gradual(around, turn=0.0)
    gradual.put([partial(made.append, at) for at in range(4)])
    gradual.put([partial(made.append, at) for at in range(10, 13)])
    finish(around)
    assert made == [0, 10, 11, 12]


def test_nothing_is_made_for_a_page_that_is_gone(qtbot: QtBot) -> None:
    around, made = QWidget(), []
    Gradual(around, turn=0.0).put([partial(made.append, at) for at in range(4)])
    with qtbot.waitSignal(around.destroyed):
        around.deleteLater()
    qtbot.wait(1)
    assert made == [0]


def test_a_result_keeps_the_room_of_what_is_not_made_yet(qtbot: QtBot, look: Look) -> None:
    whole = BlockGrid(BLOCKS, lambda *_: None)
    grid = BlockGrid(BLOCKS, lambda *_: None, gradual=True)
    for one in (whole, grid):
        qtbot.addWidget(one)
        one.resize(900, 700)
        one.show()
    finish(grid)
    names = [[view.accessibleName() for view in one.findChildren(TableView)] for one in (whole, grid)]
    assert names[0] == names[1] == [f"Table {at}" for at in range(4)]
    qtbot.waitUntil(lambda: whole.sizeHint() == grid.sizeHint())  # what is made is shown in the next turn
