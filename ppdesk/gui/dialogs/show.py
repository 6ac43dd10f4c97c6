"""The ledger, as a dialog with nothing to decide."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from ppdesk.core.section import Table
from ppdesk.core.wording import chance
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.gauges import BudgetGauge
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.workbench.views import BudgetView


class _Shown(Dialog):
    """A dialog with nothing to decide."""

    def __init__(self, parent: QWidget | None, title: str, words: str = "", *, wide: int = 560) -> None:
        super().__init__(parent, title, words, verb=tr("Close"), wide=wide)
        self.cancel.hide()


class LedgerDialog(_Shown):
    """Every reservation, and how the total comes about."""

    def __init__(self, parent: QWidget | None, budget: BudgetView) -> None:
        super().__init__(parent, tr("Privacy budget"), wide=720)
        gauge = BudgetGauge(height=13)
        gauge.put(budget.total_epsilon, 0.0, budget.limit_epsilon or 0.0)
        self.add(gauge)
        spent, limit = budget.total_epsilon, budget.limit_epsilon
        words = (
            tr("ε {spent:.2f} spent, no limit set yet", spent=spent)
            if limit is None
            else tr("ε {spent:.2f} spent, limit ε {limit:.2f}", spent=spent, limit=limit)
        )
        self.add(text(words, "strong"))
        for line in _elsewhere(budget):
            self.add(text(line, "caption", wrap=True))
        rows = [
            (
                tr("Event {event}", event=row.seq),
                told(row.title),
                row.actor,
                told(row.standing),
                f"{row.epsilon:.2f}",
                chance(row.delta),
            )
            for row in budget.rows
        ]
        if rows:
            header = ("", tr("Step"), tr("Who"), tr("Standing"), "ε", "δ")
            card = Card(flush=True)
            card.add(TableView(Table(tr("Ledger"), header, rows, right=(4, 5))))
            self.add(card)
        else:
            self.add(text(tr("Nothing was spent yet."), "caption"))
        if budget.method:
            self.add(text(tr("Summed by: {method}", method=told(budget.method)), "caption", wrap=True))


def _elsewhere(budget: BudgetView) -> Iterator[str]:
    """What other projects spent on the same data, and what speaks against the register that says so."""
    if budget.elsewhere_projects:
        yield tr_count(
            "Of this, ε {epsilon:.2f} was spent elsewhere on the same data, by one other project or copy. "
            "The list below is this project's.",
            "Of this, ε {epsilon:.2f} was spent elsewhere on the same data, by {count} other projects or "
            "copies. The list below is this project's.",
            budget.elsewhere_projects,
            epsilon=budget.elsewhere_epsilon,
        )
    yield from (told(line) for line in budget.register)
