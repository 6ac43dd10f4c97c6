"""The ledger, as a dialog with nothing to decide."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from ppdesk.core.section import Table
from ppdesk.core.wording import chance
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.gauges import BudgetGauge
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.workbench.views import BudgetView


class _Shown(Dialog):
    """A dialog with nothing to decide."""

    def __init__(self, parent: QWidget | None, title: str, words: str = "", *, wide: int = 560) -> None:
        super().__init__(parent, title, words, verb="Close", wide=wide)
        self.cancel.hide()


class LedgerDialog(_Shown):
    """Every reservation, and how the total comes about."""

    def __init__(self, parent: QWidget | None, budget: BudgetView) -> None:
        super().__init__(parent, "Privacy budget", wide=720)
        gauge = BudgetGauge(height=13)
        gauge.put(budget.total_epsilon, 0.0, budget.limit_epsilon or 0.0)
        self.add(gauge)
        limit = "no limit set yet" if budget.limit_epsilon is None else f"limit ε {budget.limit_epsilon:.2f}"
        self.add(text(f"ε {budget.total_epsilon:.2f} spent, {limit}", "strong"))
        for line in _elsewhere(budget):
            self.add(text(line, "caption", wrap=True))
        rows = [
            (f"Event {row.seq}", row.title, row.actor, row.standing, f"{row.epsilon:.2f}", chance(row.delta))
            for row in budget.rows
        ]
        if rows:
            card = Card(flush=True)
            card.add(
                TableView(Table("Ledger", ("", "Step", "Who", "Standing", "ε", "δ"), rows, right=(4, 5)))
            )
            self.add(card)
        else:
            self.add(text("Nothing was spent yet.", "caption"))
        if budget.method:
            self.add(text(f"Summed by: {budget.method}", "caption", wrap=True))


def _elsewhere(budget: BudgetView) -> Iterator[str]:
    """What other projects spent on the same data, and what speaks against the register that says so."""
    if budget.elsewhere_projects:
        count = budget.elsewhere_projects
        others = "one other project or copy" if count == 1 else f"{count} other projects or copies"
        yield (
            f"Of this, ε {budget.elsewhere_epsilon:.2f} was spent elsewhere on the same data, by {others}. "
            "The list below is this project's."
        )
    yield from budget.register
