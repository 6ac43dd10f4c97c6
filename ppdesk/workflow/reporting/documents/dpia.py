"""Data protection impact assessment (GDPR Art. 35(7)), in the layout of the guides and the tool of the CNIL:
context, fundamental principles, risks, validation.

The program measures and persons judge: severity, likelihood and every decision are answers. Beside each
question stands what the record knows.
"""

from ppdesk.report.document import Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import context, index, measures, principles, risks, validation
from ppdesk.workflow.reporting.documents.shown import part


def compose(brief: Brief) -> tuple[Part, ...]:
    """The document's parts."""
    return (
        index.part_of(brief),
        context.part_of(brief),
        principles.part_of(brief),
        measures.part_of(brief),
        risks.part_of(brief),
        validation.part_of(brief),
        part(brief.say("What was not tested"), untested.section(brief.told, brief.say)),
    )
