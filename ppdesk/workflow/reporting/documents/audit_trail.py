"""Full audit trail: the summary, every step of the workflow, budget and claim, limits, every event."""

from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.parts import parts


def compose(brief: Brief) -> tuple[Part, ...]:
    """The document's parts."""
    return parts(brief.told)
