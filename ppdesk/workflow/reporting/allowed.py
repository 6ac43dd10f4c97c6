"""Whether the data may be used as it is used, by what stands in the history now."""

from datetime import date

from ppdesk.core.findings import Finding
from ppdesk.workflow import terms
from ppdesk.workflow.reporting.told import Told


def open_terms(told: Told, today: date) -> list[Finding]:
    """A purpose that the last import does not allow, and days of it that have passed."""
    imported, objective = told.last_good("import"), told.last_good("objective")
    if imported is None:
        return []
    said = terms.terms_of({"provenance": dict(imported.params)})
    wanted = "" if objective is None else str(objective.params.get("purpose") or "")
    return [*terms.purposes_differ(said, wanted), *terms.days(said, today)]


def last_day(told: Told) -> date:
    """The day of the last event: what a report of this history can know."""
    return date.fromisoformat(told.events[-1].time[:10])
