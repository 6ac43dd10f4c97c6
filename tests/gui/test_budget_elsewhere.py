"""The window counts what other projects spent on the same data, and says so in a line."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ppdesk.gui.dialogs.show import LedgerDialog
from ppdesk.gui.frame import BudgetCard
from ppdesk.gui.look import Look
from ppdesk.workbench.views import BudgetView

SHARED = BudgetView(
    0.5, 0.0, 3.0, 1e-5, "replace-one", "basic composition", (),
    elsewhere_epsilon=1.25, elsewhere_projects=1, total_epsilon=1.75, register=("The register is older.",),
)  # fmt: skip


def said(widget: LedgerDialog | BudgetCard) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_the_ledger_shows_the_whole_sum_and_where_it_comes_from(qtbot: QtBot, look: Look) -> None:
    dialog = LedgerDialog(None, SHARED)
    qtbot.addWidget(dialog)
    assert "ε 1.75 spent, limit ε 3.00" in said(dialog)
    assert "Of this, ε 1.25 was spent elsewhere on the same data, by one other project or copy." in said(
        dialog
    )
    assert "The register is older." in said(dialog)


@pytest.mark.parametrize(
    ("planned", "elsewhere", "words"),
    [
        (0.0, 1.25, "ε 1.75 spent (1.25 elsewhere)"),
        (0.5, 1.25, "ε 1.75 spent, 0.50 planned"),
        (0.0, 0.0, "ε 1.75 spent"),
    ],
)
def test_the_card_counts_it(qtbot: QtBot, planned: float, elsewhere: float, words: str) -> None:
    card = BudgetCard()
    qtbot.addWidget(card)
    card.put(1.75, planned, 3.0, elsewhere)
    assert words in said(card)
