"""What a run will cost, before it runs: epsilon in plain words, and the budget after it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ppdesk.core.wording import chance as plain_delta
from ppdesk.gui.language import number, told, tr
from ppdesk.gui.look import GAP
from ppdesk.gui.parts.cards import Card, Facts
from ppdesk.gui.parts.gauges import BudgetGauge, OddsBar
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.snapshot import Outlook
from ppdesk.privacy.words import PRIORS, failure, posterior, sentence, sureness
from ppdesk.workbench.views import BudgetView
from ppdesk.workflow.unit import Unit

_LARGE = 0.25  # delta from which nothing can be said in such words


def cost_cards(
    outlook: Outlook, budget: BudgetView, unit: Unit | None = None, more: Sequence[tuple[str, str]] = ()
) -> QWidget:
    """Two cards side by side: what epsilon means (for `unit`, where that is known), and what the run will
    cost, with `more` (name, value) about it."""
    both = QWidget()
    both.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP)
    row.addWidget(_meaning(outlook, unit), 6)
    row.addWidget(_cost(outlook, budget, more), 5)
    return both


def _meaning(outlook: Outlook, unit: Unit | None) -> Card:
    epsilon, delta = outlook.epsilon, outlook.delta
    person = unit is not None and unit.column is not None
    card = Card(tr("What ε = {epsilon:.2f} means", epsilon=epsilon), "" if unit is None else told(unit.per))
    card.add(Flow(told(sentence(epsilon, 0.0, outlook.neighbours, person=person))))
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.addWidget(text(tr("Before"), "caption"), 0, 0)
    last = text(tr("At most after"), "caption")
    last.setAlignment(Qt.AlignmentFlag.AlignRight)
    grid.addWidget(last, 0, 1, 1, 2)
    for at, prior in enumerate(PRIORS, start=1):
        bar = OddsBar()
        bar.put(prior, posterior(prior, epsilon))
        grid.addWidget(text(tr("{share} sure", share=sureness(prior)), "purpose"), at, 0)
        grid.addWidget(bar, at, 1)
        value = text(sureness(posterior(prior, epsilon)), "strong")
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(value, at, 2)
    grid.setColumnStretch(1, 1)
    card.add(grid)
    if delta > 0:
        card.add(text(_failing(epsilon, delta), "caption", wrap=True))
    card.add(QWidget(), 1)
    return card


def _failing(epsilon: float, delta: float) -> str:
    """Delta in words: what it lets happen, and how rarely."""
    rare = round(1 / delta)
    if delta >= _LARGE:
        return tr("With a failure chance of 1 in {rare:,} (δ).", rare=rare)
    often, extra = failure(delta)
    surer = sureness(posterior(0.5, epsilon + extra))
    return tr(
        "With a failure chance of 1 in {rare:,} (δ): at most 1 time in {often:,} they get surer than {surer} "
        "from 50 %.",
        rare=rare,
        often=round(1 / often),
        surer=surer,
    )


def _cost(outlook: Outlook, budget: BudgetView, more: Sequence[tuple[str, str]]) -> Card:
    epsilon, delta = outlook.epsilon, outlook.delta
    card = Card(tr("What this run will cost"))
    gauge = BudgetGauge(height=13)
    limit = budget.limit_epsilon
    gauge.put(budget.total_epsilon, epsilon, limit or 0.0)
    card.add(gauge)
    ends = QHBoxLayout()
    ends.addWidget(text("0", "caption"))
    ends.addStretch(1)
    ends.addWidget(_right(tr("no limit yet") if limit is None else tr("limit ε {limit:.2f}", limit=limit)))
    card.add(ends)
    left = "" if limit is None else _left(limit - budget.total_epsilon - epsilon)
    rows = [
        (tr("Spent so far"), _amount(budget.total_epsilon)),
        *([(tr("Of this elsewhere"), _amount(budget.elsewhere_epsilon))] if budget.elsewhere_epsilon else []),
        (tr("This run"), f"{_amount(epsilon)}, δ {plain_delta(delta) if delta else 0}"),
    ]
    card.add(Facts([*rows, *([(tr("Left afterwards"), left)] if left else []), *more]))
    card.add(
        text(
            tr("Spending cannot be undone. A run that is stopped or breaks off counts as spent."),
            "caption",
            wrap=True,
        )
    )
    card.add(QWidget(), 1)
    return card


def _left(epsilon: float) -> str:
    """What is left of the limit; below 0 the run is refused."""
    if epsilon > -1e-9:
        return _amount(max(0.0, epsilon))
    return tr("ε {epsilon:.2f} over the limit", epsilon=-epsilon)


def _amount(epsilon: float) -> str:
    return f"ε {number(epsilon, '.2f')}"


def _right(words: str) -> QLabel:
    made = text(words, "caption")
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    return made
