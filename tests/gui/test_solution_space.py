"""The solution space on the screen: looked at by mouse and keys, another transformation taken."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from ppdesk.core.section import Plot, Table
from ppdesk.gui.look import Look
from ppdesk.gui.pages.anonymize_alternatives import Alternatives
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.pages.anonymize_space import SolutionSpace
from ppdesk.gui.pages.anonymize_spots import alternatives
from ppdesk.gui.parts.axis import ticks, worded
from ppdesk.gui.parts.buttons import Button
from ppdesk.workflow.data.anonymize_facts import ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_space import Space, SpacePoint

# levels of age and town, status, score, suppressed, bound
POINTS = [
    ((0, 0), "implied", None, None, 0.0),
    ((0, 1), "fails", None, 9, 0.1),
    ((1, 0), "best", 0.2, 1, 0.2),
    ((1, 1), "alternative", 0.4, 0, 0.4),
    ((2, 0), "meets", 0.6, 0, 0.6),
    ((2, 1), "beaten", None, None, 1.0),
]
REASONS = {"fails": "It suppresses more.", "beaten": "It cannot come before the best."}
FACTS = {
    "columns": [{"name": "age", "level": 1}, {"name": "town", "level": 0}],
    "after": {"classes": 4, "marketer": 0.1},
    "search": {
        "optimal": True,
        "algorithm": "exact",
        "alternatives": [{"levels": [1, 1], "classes": 2, "average_risk": 0.05}],
    },
}
LATTICE = json.dumps(
    {
        "columns": ["age", "town"],
        "lattice_size": 6,
        "points": [
            {"levels": levels, "status": status, "score": score, "suppressed": suppressed, "bound": bound}
            for levels, status, score, suppressed, bound in POINTS
        ],
        "reasons": REASONS,
    }
).encode()
PLOT = Plot(
    "Transformations",
    "lattice",
    {
        "totals": [sum(levels) for levels, *_ in POINTS],
        "scores": [score or bound for _, _, score, _, bound in POINTS],
        "statuses": [status for _, status, *_ in POINTS],
        "measure": "Loss",
    },
)


@pytest.fixture
def space(qtbot: QtBot, look: Look) -> SolutionSpace:
    made = SolutionSpace()
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.put_record(PLOT, FACTS)
    made.show()
    made.put(LATTICE)
    return made


def test_the_optimum_is_at_hand_first_and_is_not_taken_again(space: SolutionSpace) -> None:
    said = space.plot.accessibleDescription()
    assert "6 transformations" in said
    assert "Optimum: loss 0.2. 1 record suppressed. 4 classes, average risk 10 %." in said
    assert "Levels: age 1, town 0" in said
    assert "Next best (1)" in said
    assert "Proved to suppress too much (1)" in said
    assert not space.use.isEnabled()
    assert "taken" in space.use.toolTip()


def test_arrow_keys_go_through_all_and_enter_takes_one(qtbot: QtBot, space: SolutionSpace) -> None:
    qtbot.keyClick(space.plot, Qt.Key.Key_Right)
    assert space.plot.spot is not None
    assert space.plot.spot.levels == (1, 1)
    assert space.use.isEnabled()
    with qtbot.waitSignal(space.used) as taken:
        qtbot.keyClick(space.plot, Qt.Key.Key_Return)
    assert taken.args == [{"age": 1, "town": 1}]
    seen = set()
    qtbot.keyClick(space.plot, Qt.Key.Key_PageUp)
    for _ in POINTS:
        assert space.plot.spot is not None
        seen.add(space.plot.spot.levels)
        qtbot.keyClick(space.plot, Qt.Key.Key_Right)
    assert len(seen) == len(POINTS)
    qtbot.keyClick(space.plot, Qt.Key.Key_Home)
    assert space.plot.spot.status == "best"
    qtbot.keyClick(space.plot, Qt.Key.Key_Up)
    assert space.plot.spot.total == 2
    qtbot.keyClick(space.plot, Qt.Key.Key_Down)
    assert space.plot.spot.total == 1


def test_what_suppresses_too_much_says_why_it_cannot_be_used(qtbot: QtBot, space: SolutionSpace) -> None:
    place = space.plot.place(1)  # by score: the one that fails
    qtbot.mouseClick(space.plot, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert space.plot.spot is not None
    assert space.plot.spot.status == "fails"
    assert not space.use.isEnabled()
    assert "It suppresses more." in space.plot.accessibleDescription()
    assert "at least 0.1" in space.plot.accessibleDescription()
    taken = QSignalSpy(space.used)
    qtbot.mouseDClick(space.plot, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert taken.count() == 0


def test_a_click_beside_all_marks_changes_nothing(qtbot: QtBot, space: SolutionSpace) -> None:
    before = space.plot.spot
    qtbot.mouseMove(space.plot, pos=space.plot.place(1).toPoint())
    qtbot.mouseClick(space.plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert space.plot.spot == before


def test_risk_and_loss_show_those_whose_risk_is_known(qtbot: QtBot, space: SolutionSpace) -> None:
    assert space.switch.isVisible()
    qtbot.mouseClick(
        next(one for one in space.switch.children() if getattr(one, "text", str)() == "Risk and loss"),
        Qt.MouseButton.LeftButton,
    )
    assert space.plot.count == 2
    assert "average risk" in space.plot.accessibleDescription()
    qtbot.keyClick(space.plot, Qt.Key.Key_End)
    assert space.plot.spot is not None
    assert space.plot.spot.risk == 0.05


def test_what_was_counted_for_a_choice_is_drawn_by_risk_and_can_be_used(
    qtbot: QtBot, space: SolutionSpace
) -> None:
    after = RiskFacts(
        records=9, classes=4, smallest=2, largest=4, uniques=0, prosecutor=0.5, marketer=0.1, at_risk=0,
        histogram=(0, 9),
    )  # fmt: skip
    columns = [
        ColumnLoss(name=name, level=level, levels=3, loss=0.2) for name, level in (("age", 1), ("town", 0))
    ]
    shown = Shown(2, 10, 1, after, after, ("1", "2"), columns, 0.2, 1, live=True)
    points = [
        SpacePoint(levels=(2, 1), score=1.0, suppressed=0, classes=1, risk=0.001),
        SpacePoint(levels=(1, 1), score=0.4, suppressed=1, classes=2, risk=0.05),
        SpacePoint(levels=(0, 1), score=0.3, suppressed=5, classes=3, risk=0.2),
    ]
    space.put_live(shown)
    space.put_space(Space(columns=("age", "town"), size=6.0, points=tuple(points)), shown)
    assert space.plot.count == 4
    assert space.plot.spot is not None
    assert (space.plot.spot.status, space.plot.spot.smallest) == ("best", 2)
    heights = [space.plot.place(at).y() for at in range(4)]  # by score
    assert heights[1] < heights[0] < heights[2] < heights[3]
    assert "4 of 6 drawn" in space.note.text()
    qtbot.keyClick(space.plot, Qt.Key.Key_Right)
    assert not space.use.isEnabled()  # it suppresses too much
    qtbot.keyClick(space.plot, Qt.Key.Key_Right)
    with qtbot.waitSignal(space.used) as taken:
        qtbot.mouseClick(space.use, Qt.MouseButton.LeftButton)
    assert taken.args == [{"age": 1, "town": 1}]


def test_without_the_levels_it_only_shows(qtbot: QtBot, look: Look) -> None:
    made = SolutionSpace()
    qtbot.addWidget(made)
    made.put_record(PLOT, FACTS)
    made.show()
    assert made.plot.count == 6
    assert made.switch.isHidden()
    qtbot.keyClick(made.plot, Qt.Key.Key_Right)
    assert not made.use.isEnabled()


def test_nothing_is_taken_in_a_project_that_is_only_read(qtbot: QtBot, look: Look) -> None:
    made = SolutionSpace(usable=False)
    qtbot.addWidget(made)
    made.put_record(PLOT, FACTS)
    made.put(LATTICE)
    made.plot.go(3)
    assert "reading only" in made.use.toolTip()


def test_each_alternative_has_a_button(qtbot: QtBot, look: Look) -> None:
    table = Table("Alternatives", ("Levels", "Score"), [("1 1", "0.4")], right=(1,), caption="Best first.")
    made = Alternatives(table, alternatives(FACTS), usable=True)
    qtbot.addWidget(made)
    made.show()
    button = made.findChild(Button)
    assert button.accessibleName() == "Use alternative 1: levels 1 1"
    with qtbot.waitSignal(made.used) as taken:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken.args == [{"age": 1, "town": 1}]


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [(0.056, 1.0, 0.0, 1.0), (3, 3, 3.0, 6.0), (0.0, 0.013, 0.0, 0.014), (2_000_000, 9_000_000, 2e6, 1e7)],
)
def test_ticks_enclose_what_is_drawn(low: float, high: float, first: float, last: float) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert len(found) <= 9
    assert (found[0], round(found[-1], 6)) == (pytest.approx(first), pytest.approx(last, rel=0.2))
    assert len(set(worded(found))) == len(found)
