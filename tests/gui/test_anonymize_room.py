"""The form and the cards of Anonymize have room for German and French."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.gui.language import choose_language
from ppdesk.gui.pages.anonymize_cards import OffCard
from ppdesk.gui.pages.anonymize_form import anonymize_form
from ppdesk.gui.parts.callout import draw_callout
from ppdesk.gui.parts.class_bars import ClassBars
from ppdesk.gui.parts.risk_gauge import RiskGauge
from ppdesk.workflow.data.anonymize import AnonymizeStep

pytestmark = pytest.mark.usefixtures("look")
_FORM = 372  # px


@pytest.fixture(params=["de", "fr", "pseudo"])
def spoken(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    choose_language(request.param)
    yield request.param
    choose_language("en")


def test_the_form_needs_no_more_than_its_width(qtbot: QtBot, spoken: str) -> None:
    form = anonymize_form(AnonymizeStep.Params, {Kind.TABLE: {"rows": 30_162}})
    qtbot.addWidget(form)
    form.put({"k": 5, "suppression_limit": 0.02})
    assert form.minimumSizeHint().width() <= _FORM


def test_why_a_model_is_off_stands_below_its_name_where_there_is_no_room_beside_it(qtbot: QtBot) -> None:
    card = OffCard("l-diversity", "Needs a sensitive column.", "Set in Roles")
    qtbot.addWidget(card)
    card.show()
    card.resize(_FORM, 34)
    one_line = card.minimumSizeHint().height()
    card.resize(250, 60)
    assert card.minimumSizeHint().height() > one_line


def test_no_line_of_a_gauge_is_cut(qtbot: QtBot) -> None:
    gauge = RiskGauge("Prosecutor (knows who takes part)", "One sentence that has no room in one line.")
    qtbot.addWidget(gauge)
    gauge.resize(230, 60)
    gauge.show()
    low = gauge.minimumSizeHint().height()
    gauge.put(1.0, 0.2, 0.2)
    assert gauge.minimumSizeHint().height() > low - 1
    assert gauge.minimumSizeHint().height() >= gauge.heightForWidth(230)


def test_a_note_does_not_break_inside_a_number(qapp: QApplication) -> None:
    picture = QPixmap(400, 400)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    room = QRectF(0, 0, 400, 400)
    name = "Risk " + "m" * 8
    parted = draw_callout(painter, [name, "w" * 25 + " 0.7 %"], room.center(), room)
    whole = draw_callout(painter, [name, "w" * 25 + " 0.7\u00a0%"], room.center(), room)
    painter.end()
    assert whole.width() <= parted.width()


def test_sizes_of_classes_are_written_as_the_language_does(qtbot: QtBot, qapp: QApplication) -> None:
    choose_language("de")
    bars = ClassBars(small=True)
    qtbot.addWidget(bars)
    bars.put(["1", "1,000+"], [1, 1], None)
    assert "1.000+" in bars.accessibleDescription()
    choose_language("en")
