"""California: deidentified information, Cal. Civ. Code 1798.140(m), and no reidentification, 1798.148.

The subdivision asks for a property of the information and for three commitments of the business. The
property has measurements beside it; the commitments are words that only the business can give.
"""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.document import Attachment, Part
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.documents.released import (
    attackers,
    gaps,
    hierarchies,
    law,
    law_words,
    limits,
    measured,
    table,
)
from ppdesk.workflow.reporting.documents.released.outline import answers, section, stated
from ppdesk.workflow.reporting.documents.shown import part

_KEY = DocumentKind.CCPA.value


def compose(brief: Brief) -> tuple[Part, ...]:
    """All parts, in order."""
    say = brief.say
    return (
        part(
            say("What this document is"),
            section(
                "Cal. Civ. Code 1798.140(m)",
                law_words.quote(
                    say,
                    law.DEIDENTIFIED,
                    say(
                        "“Deidentified” is information that cannot reasonably be used to infer information "
                        "about a particular consumer, or be linked to one in another way, where the business "
                        "that has it:"
                    ),
                ),
                Words(
                    say(
                        "The property of the information stands beside measurements; the three commitments "
                        "are the words of the business. The program concludes nothing about either."
                    ),
                    "info",
                ),
                answers(brief, _KEY, "business", "information"),
                stated(brief, "objective", "purpose", say("Purpose")),
                stated(brief, "import", "source", say("Source of the data")),
                table.description(brief),
            ),
        ),
        part(
            say("“Cannot reasonably be used to infer or be linked”: the evidence"),
            section(say("Columns and what was done to them"), table.columns(brief)),
            section(
                say("Linking: measured risk of re-identification"),
                measured.adversaries(brief),
                measured.classes(brief),
                limits.table(brief),
            ),
            section(
                say("Linking and inferring: what attackers got"),
                attackers.results(brief),
                answers(brief, _KEY, "inference"),
            ),
        ),
        part(
            say("The three commitments"),
            section(
                say("(1) Reasonable measures"),
                law_words.quote(
                    say,
                    law.MEASURES,
                    say(
                        "(1) takes reasonable measures so that the information cannot be associated with a "
                        "consumer or household."
                    ),
                ),
                measured.promise(brief),
                answers(brief, _KEY, "measures", "household"),
            ),
            section(
                say("(2) Public commitment"),
                law_words.quote(
                    say,
                    law.COMMITMENT,
                    say(
                        "(2) publicly commits to keep and use the information in deidentified form and not "
                        "to try to reidentify it, except solely to find out whether its deidentification "
                        "meets this subdivision."
                    ),
                ),
                _tests(brief),
                answers(brief, _KEY, "commitment", "commitment-where", "tests"),
            ),
            section(
                say("(3) Contracts with recipients"),
                law_words.quote(
                    say,
                    law.CONTRACTS,
                    say(
                        "(3) obliges by contract all who get the information to keep this whole subdivision."
                    ),
                ),
                answers(brief, _KEY, "contracts", "recipients"),
            ),
        ),
        part(
            say("Patient information: section 1798.148"),
            section(
                "Cal. Civ. Code 1798.148",
                law_words.quote(
                    say,
                    law.NO_REIDENTIFICATION,
                    say(
                        "A business or another person shall not reidentify, or try to reidentify, "
                        "deidentified patient information that meets section 1798.146(a)(4), except for "
                        "purposes that the section names:"
                    ),
                ),
                Words(
                    say(
                        "The purposes are: treatment, payment and health care operations; public health; "
                        "research under the Common Rule; testing of deidentification under a contract that "
                        "bans any other use and asks for return or destruction; what law requires."
                    )
                ),
                answers(brief, _KEY, "patients", "method"),
            ),
            section(
                say("What a contract of sale or licence says"),
                _provisions(brief),
                answers(brief, _KEY, "provisions"),
            ),
        ),
        part(say("Applied hierarchies"), section(say("What each value became"), hierarchies.table(brief))),
        gaps.part(brief),
        part(
            say("Statement of the business"),
            section(
                say("Who states this, and until when"),
                answers(brief, _KEY, "stated-by", "stated-on", "review"),
            ),
        ),
    )


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """Applied hierarchies."""
    return hierarchies.attachments(brief)


def _tests(brief: Brief) -> list[Block]:
    attack = brief.record("attack")
    if attack is None:
        return []
    told = brief.say(
        "The attacks of this project (event {event}) were attempts to reidentify, made to find out whether "
        "the deidentification holds.",
        event=str(attack.event.seq),
    )
    return [Words(told, "info")]


def _provisions(brief: Brief) -> list[Block]:
    say = brief.say
    translated = (
        say("that it includes deidentified patient information;"),
        say("that whoever buys or licenses it must not reidentify it or try to;"),
        say("that it goes to third parties only who are bound by the same or stricter terms."),
    )
    return [
        Words(say("Section 1798.148(c) asks for these provisions, or substantially similar ones:")),
        Table(
            say("Provisions of a contract"),
            (say("In the words of the section"), say("In short")),
            list(zip(law.PROVISIONS, translated, strict=True)),
        ),
    ]
