"""How a layer of the pyramid of NIST SP 800-226, Guidelines for Evaluating Differential Privacy Guarantees
(March 2025), is shown: hazards in the program's own words; what the record does not know is said."""

from ppdesk.core.section import Block
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.shown import table

Row = tuple[str, str]  # hazard, what the record says


def layer(brief: Brief, title: str, found: list[Row]) -> tuple[Block, ...]:
    """The table of one layer of the pyramid."""
    say = brief.say
    return table(
        title,
        (say("Hazard"), say("What the record says")),
        [(hazard, told or say("The record does not say.")) for hazard, told in found],
        (),
        say("After NIST SP 800-226 (March 2025), in the program's own words."),
    )
