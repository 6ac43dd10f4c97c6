"""File for an expert determination, 45 CFR 164.514(b)(1). The expert determines; the file holds the evidence.

Its order follows the reports on the risk of re-identification that El Emam describes (Guide to the
De-Identification of Personal Health Information, 2013): statement, release and recipients, assumptions,
plausible attacks, risk of the data and of the context, limits, methods, results, residual risk, limits of
the work, and how long it holds.
"""

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.cited import Quoted
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
    quality,
    table,
)
from ppdesk.workflow.reporting.documents.released.outline import answers, section, stated
from ppdesk.workflow.reporting.documents.shown import part

_KEY = DocumentKind.EXPERT.value


def compose(brief: Brief) -> tuple[Part, ...]:
    """All parts, in order."""
    say = brief.say
    return (
        part(say("Statement of the expert"), *_statement(brief)),
        part(
            say("The release and who gets it"),
            section(
                say("The table that is released"),
                stated(brief, "objective", "purpose", say("Purpose")),
                stated(brief, "objective", "population", say("Population")),
                stated(brief, "import", "source", say("Source of the data")),
                table.description(brief),
            ),
            section(
                say("Recipients and context"),
                answers(brief, _KEY, "recipients", "release-kind", "controls"),
            ),
            section(
                say("Sources and assumptions"),
                Words(
                    say(
                        "The figures of this file come from the project's history, which is named on the "
                        "cover and chained by hashes. Everything else that the expert relied on is named "
                        "here."
                    )
                ),
                answers(brief, _KEY, "sources", "assumptions"),
            ),
        ),
        part(
            say("Plausible attacks"),
            section(
                say("Who might try, and with what"),
                _attack_kinds(brief),
                answers(brief, _KEY, "attackers", "available"),
            ),
        ),
        part(
            say("Risk of re-identification"),
            section(
                say("Columns and quasi-identifiers"),
                Words(
                    say(
                        "The guidance of HHS of 26 November 2012 weighs each feature by three questions: "
                        "does it stay with the person (replicability), who else has it (availability of data "
                        "sources), how far does it tell people apart (distinguishability)? Persons answered "
                        "them by declaring roles; the expert judges them."
                    )
                ),
                table.columns(brief),
                answers(brief, _KEY, "quasi-identifiers"),
            ),
            section(
                say("Risk of the data"),
                measured.adversaries(brief),
                measured.classes(brief),
                measured.population(brief),
            ),
            section(say("Risk of the context"), measured.context(brief), answers(brief, _KEY, "context")),
            section(
                say("Limits and where they come from"), limits.table(brief), answers(brief, _KEY, "threshold")
            ),
        ),
        part(
            say("Methods"),
            section(
                say("What was done to the table"), measured.promise(brief), answers(brief, _KEY, "methods")
            ),
            section(say("Applied hierarchies"), hierarchies.table(brief)),
        ),
        part(
            say("Results"),
            section(say("What attackers got"), attackers.results(brief)),
            section(say("Residual risk"), _residual(brief), answers(brief, _KEY, "residual")),
            section(say("What is left of usefulness"), quality.kept(brief), answers(brief, _KEY, "utility")),
        ),
        gaps.part(brief),
        part(
            say("How long it holds"),
            section(
                say("Time limit and when to look again"),
                _until(brief),
                answers(brief, _KEY, "expires", "again"),
            ),
        ),
    )


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """Applied hierarchies."""
    return hierarchies.attachments(brief)


def _statement(brief: Brief) -> tuple[Section, ...]:
    say = brief.say
    return (
        section(
            "45 CFR 164.514(b)(1)",
            law_words.quote(
                say,
                law.EXPERT_PERSON,
                say(
                    "A person who knows and has used generally accepted statistical and scientific "
                    "principles and methods that make information not individually identifiable:"
                ),
            ),
            law_words.quote(
                say,
                law.EXPERT_RISK,
                say(
                    "(i) determines by them that the risk is very small that an anticipated recipient could "
                    "use the information, alone or with other reasonably available information, to identify "
                    "a person it is about; and"
                ),
            ),
            law_words.quote(
                say,
                law.EXPERT_DOCUMENTS,
                say("(ii) documents the methods and results of the analysis that justify this determination"),
            ),
            Words(
                say(
                    "The program measures and shows; it is not the expert and determines nothing. Without "
                    "the expert's own words below, this file is evidence and no determination."
                ),
                "info",
            ),
        ),
        section(
            say("Expert and determination"),
            answers(
                brief,
                _KEY,
                *("expert", "knowledge", "independence", "determination", "reasons", "conditions"),
                "determined-on",
            ),
        ),
    )


def _attack_kinds(brief: Brief) -> list[Block]:
    say = brief.say
    return [
        Table(
            say("Kinds of attack (El Emam 2013)"),
            (say("Attack"), say("What happens"), say("What speaks for the chance of it")),
            [
                (
                    say("Deliberate attempt by a recipient"),
                    say("somebody who has the data sets out to find people"),
                    say("motives and capacity, contracts, controls"),
                ),
                (
                    say("Chance recognition of somebody known"),
                    say("an analyst recognizes a neighbour, a relative, a colleague"),
                    say("how many people one knows, how common the condition is"),
                ),
                (
                    say("Breach at the recipient"),
                    say("the data gets lost, and a stranger tries"),
                    say("rates of breaches, controls"),
                ),
                (
                    say("Public release: anybody may try"),
                    say("somebody shows that it can be done; one person found is enough"),
                    say("counted as certain"),
                ),
            ],
        )
    ]


def _residual(brief: Brief) -> list[Block]:
    say, made, attack = brief.say, brief.record("anonymize"), brief.record("attack")
    if made is None or made("/facts/private").value is not None:
        return []
    overall = Quoted(None) if attack is None else attack("/facts/risk/overall")
    allowed = limits.risk(brief)
    rows = [
        (
            say("Highest risk of a record of the release"),
            say.share(made("/facts/after/prosecutor")),
            say("limit not chosen") if allowed is None else say.share(allowed),
        )
    ]
    if attack is not None and overall.number is not None:
        rows.append(
            (say("Overall risk in the context"), say.share(overall), say.share(attack("/facts/risk/limit")))
        )
    return [
        Table(
            say("Measured risk beside the limit"),
            (say("Risk"), say("Measured"), say("Limit")),
            rows,
            right=(1, 2),
            caption=say("Whether that is very small is for the expert to determine: no rule names a number."),
        )
    ]


def _until(brief: Brief) -> list[Block]:
    say = brief.say
    told = say(
        "A determination is made for a time: data that others hold and methods of attack grow. HHS: experts "
        "have recognized that technology, social conditions and the availability of information change over "
        "time, and certify for a limited period (guidance of 26 November 2012, on expert determination)."
    )
    if brief.valid_until:
        return [Words(told), Words(say("This document expires on {day}.", day=say.day(brief.valid_until)))]
    return [Words(told), Words(say("No expiry date was set for this document."), "caution")]
