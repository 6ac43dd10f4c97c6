"""What the accountants prove of the runs as they were made, beside what the budget charges."""

from collections.abc import Mapping

from ppdesk.core.section import Block, Words
from ppdesk.privacy.events import from_json
from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting.told import Told


def words(told: Told) -> tuple[Block, ...]:
    """One sentence where the exact mechanisms add up to less than the charge; nothing otherwise. Loads
    dp-accounting where there is something to compose."""
    from ppdesk.privacy.ledger import Budget
    from ppdesk.privacy.words import proved_sentence

    limit = number(told.budget.get("limit_delta")) or 0.0
    rows = told.budget.get("rows")
    counted = {
        row.get("seq")
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping) and row.get("standing") != "void"
    }
    events = [
        from_json(event.cost)
        for event in told.events
        if event.seq in counted and event.outcome == "reserved" and event.cost
    ]
    budget = Budget(0.0, limit)
    found = budget.tightest(events)
    return () if found == budget.total(events) else (Words(proved_sentence(found), "info"),)
