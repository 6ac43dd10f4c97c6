"""What was not tested, in every document of a release."""

from ppdesk.report.document import Chapter, Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents.brief import Brief


def part(brief: Brief) -> Part:
    """The limits of the report."""
    return Part(brief.say("What was not tested"), (Chapter(untested.section(brief.told, brief.say)),))
