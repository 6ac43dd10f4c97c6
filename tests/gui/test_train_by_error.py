"""Train: epsilon from the error that one can accept, and what each model can be expected to reach."""

from collections.abc import Mapping
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ppdesk.gui.look import Look
from ppdesk.gui.pages.curve import least, line_of, top
from ppdesk.gui.pages.spending import UsedCard
from ppdesk.gui.pages.train_form import EstimatorEditor, TrainForm
from ppdesk.gui.parts.accepted_error import BY_EPSILON, BY_ERROR
from ppdesk.workflow.model.train_params import TrainParams

LINE = {"name": "Additive model", "epsilons": [0.5, 2.0], "means": [0.90, 0.92], "sds": [0.01, 0.004]}
CURVE: Mapping[str, Any] = {"measure": "AUROC", "lines": [LINE], "ceiling": 0.93}


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> TrainForm:
    made = TrainForm(TrainParams, {})
    qtbot.addWidget(made)
    made.put({"estimator": "additive", "epsilon": 1.0})
    made.take_curve(CURVE)
    made.show()
    return made


def epsilon(form: TrainForm) -> float:
    return float(form.rows["epsilon"].editor.value())


def test_the_curve_read_backwards() -> None:
    assert least(LINE, 0.91) == 1.0
    assert least(LINE, 0.95) is None
    assert top(CURVE) == 0.93
    assert top({"lines": [LINE]}) == 0.92
    assert line_of(CURVE, "Ridge regression") is None


def test_cards_say_what_to_expect_and_follow_epsilon(form: TrainForm) -> None:
    editor = form.rows["estimator"].editor
    assert isinstance(editor, EstimatorEditor)
    cards = editor.cards.cards
    assert cards["additive"].accessibleName().endswith("AUROC 0.910")
    form.rows["epsilon"].editor.put(2.0)
    form.changed.emit()
    assert cards["additive"].accessibleName().endswith("AUROC 0.920")
    assert "AUROC" not in cards["ebm"].accessibleName()


def test_an_accepted_error_sets_epsilon(form: TrainForm) -> None:
    accepted = form.accepted
    accepted.how.put(BY_ERROR)
    accepted.how.chosen.emit(BY_ERROR)
    assert epsilon(form) == 2.0  # 0.920 is 0.01 below no privacy
    accepted.field.setText("0.02")
    assert epsilon(form) == 1.0
    assert "ε 1.00 is the least that reaches AUROC 0.910" in accepted.said
    assert accepted.how.value() == BY_ERROR
    accepted.field.setText("0.001")
    assert epsilon(form) == 1.0  # nothing on the curve reaches it
    assert "No ε on the curve reaches AUROC 0.929" in accepted.said


def test_epsilon_typed_by_hand_is_no_longer_by_error(form: TrainForm) -> None:
    form.accepted.how.put(BY_ERROR)
    form.accepted.how.chosen.emit(BY_ERROR)
    form.rows["epsilon"].editor.put(0.7)
    form.changed.emit()
    assert form.accepted.how.value() == BY_EPSILON


def test_without_a_curve_there_is_nothing_to_choose_by(form: TrainForm) -> None:
    assert not form.accepted.isHidden()
    form.take_curve(None)
    assert form.accepted.isHidden()


def test_what_a_step_used_is_rounded_up_and_never_above_what_is_reserved(qtbot: QtBot) -> None:
    card = UsedCard(1.0)
    qtbot.addWidget(card)
    assert card.used(1) is None
    card.take(((1, 0.1201), (10, 0.5), (20, 0.999)))
    assert [card.used(step) for step in (1, 5, 15, 99)] == [0.13, 0.5, 1.0, 1.0]
