"""What the accountants prove of the runs as they were made, beside what the budget charges. Slow to start:
dp-accounting is loaded where there is something to compose."""

from collections.abc import Mapping

from ppdesk.core.said import said
from ppdesk.core.section import Block, Words
from ppdesk.privacy.events import DpEvent, from_json
from ppdesk.report.verdict import Check, good, wrong
from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting.told import Told


def words(told: Told) -> tuple[Block, ...]:
    """One sentence where the exact mechanisms add up to less than the charge; nothing otherwise."""
    from ppdesk.privacy.ledger import Budget
    from ppdesk.privacy.words import proved_sentence

    limit = number(told.budget.get("limit_delta")) or 0.0
    rows = told.budget.get("rows")
    counted = {
        row.get("seq")
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping) and row.get("standing") != "void"
    }
    events = [event for seq, event in _reserved(told) if seq in counted]
    budget = Budget(0.0, limit)
    found = budget.tightest(events)
    return () if found == budget.total(events) else (Words(proved_sentence(found), "info"),)


def claims(told: Told) -> list[Check]:
    """Whether every pair that was charged for a known mechanism covers it; nothing where there is none."""
    from ppdesk.privacy.stated import UnprovedClaimError, stated_in, verify_stated

    events = [event for _, event in _reserved(told)]
    if not any(True for _ in stated_in(events)):
        return []
    try:
        count = verify_stated(events)
    except UnprovedClaimError as error:
        return [wrong(said("Privacy claims"), error.message)]
    words = said(
        "Each epsilon and delta that was charged for a known mechanism is proved for it, {number} in all.",
        number=str(count),
    )
    return [good(said("Privacy claims"), words)]


def _reserved(told: Told) -> list[tuple[int, DpEvent]]:
    return [
        (event.seq, from_json(event.cost))
        for event in told.events
        if event.outcome == "reserved" and event.cost
    ]
