"""Fundamental principles: proportionality and necessity, and the rights of data subjects."""

from ppdesk.core.section import Block, Section
from ppdesk.report.cited import Quoted
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents import data_told, groups_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import legal_basis
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.documents.released import table as released
from ppdesk.workflow.reporting.documents.shown import missing, named, pairs, part


def part_of(brief: Brief) -> Part:
    """The part."""
    say = brief.say
    return part(
        say("Fundamental principles"),
        _purposes(brief),
        _basis(brief),
        _minimised(brief),
        _accurate(brief),
        _stored(brief),
        _rights(brief),
        _decisions(brief),
    )


def _purposes(brief: Brief) -> Section:
    say, objective, imported = brief.say, brief.record("objective"), brief.record("import")
    blocks: list[Block] = [
        brief.stated(
            None if objective is None else objective("/params/purpose"),
            say("For which purpose are the data processed here?"),
            clause=say("GDPR Art. 5(1)(b)"),
        )
    ]
    if imported is not None:
        blocks += pairs(
            brief,
            say("Purposes that the source allows"),
            [(say("Allowed purposes"), named(say, imported, "/params/allowed_purposes"))],
            say("As it was stated when the data were imported."),
        )
    return Section(say("Purposes"), (*blocks, *asked.answers(brief, ("purposes", "necessity"))))


def _basis(brief: Brief) -> Section:
    say, imported = brief.say, brief.record("import")
    clause = say("GDPR Art. 6")
    basis = None
    if imported is not None:
        recorded = imported("/params/legal_basis")
        basis = Quoted(str(legal_basis(say, recorded)), recorded.sources)
    blocks: list[Block] = [
        brief.stated(basis, say("On which legal basis are the data processed?"), clause=clause)
    ]
    return Section(say("Legal basis"), (*blocks, *asked.answers(brief, ("lawfulness",))))


def _minimised(brief: Brief) -> Section:
    """What was reduced: columns that are left out, values that are generalized, records suppressed."""
    say, imported, exported = brief.say, brief.record("import"), brief.record("export")
    rows = []
    for record, words in (
        (imported, say("Columns of the imported table")),
        (exported, say("Columns of the written table")),
    ):
        if record is not None:
            columns = record("/facts/columns")
            rows.append((words, say.number(Quoted(record.count("/facts/columns"), columns.sources))))
    blocks = [*pairs(brief, say("From the source to the release"), rows), *released.columns(brief)]
    return Section(say("Data minimisation"), (*blocks, *asked.answers(brief, ("minimisation",))))


def _accurate(brief: Brief) -> Section:
    say = brief.say
    # counted: another message than the accuracy of a model, which has another word in German
    return Section(
        say.count("Accuracy", "Accuracy", 1),
        (*data_told.quality(brief), *asked.answers(brief, ("accuracy",))),
    )


def _stored(brief: Brief) -> Section:
    say, imported = brief.say, brief.record("import")
    if imported is None:
        blocks: list[Block] = [missing(brief, "import")]
    else:
        until, consent = imported("/params/retain_until"), imported("/params/consent_until")
        blocks = [
            brief.stated(
                imported("/params/retention"),
                say("How long may the data be kept?"),
                clause=say("GDPR Art. 5(1)(e)"),
            ),
            *pairs(
                brief,
                say("Days that were set"),
                [
                    (say("Kept until"), say.day(until) if until.text else say("no day was set")),
                    (say("Consent holds until"), say.day(consent) if consent.text else say("no day was set")),
                ],
            ),
        ]
    return Section(say("Storage limitation"), (*blocks, *asked.answers(brief, ("storage",))))


def _rights(brief: Brief) -> Section:
    say, imported = brief.say, brief.record("import")
    blocks: list[Block] = []
    if imported is not None:
        blocks += pairs(
            brief,
            say("Consent on record"),
            [
                (say("What people consented to"), say.text(imported("/params/consent"))),
                (say("Records left out for want of consent"), say.number(imported("/facts/excluded"))),
            ],
        )
    return Section(
        say("Rights of data subjects"),
        (*blocks, *asked.answers(brief, [one for one in asked.RIGHTS if one != "automated"])),
    )


def _decisions(brief: Brief) -> Section:
    """Whether people are decided about, beside how a model treats groups of them."""
    say = brief.say
    return Section(
        say("Automated decisions"), (*groups_told.groups(brief), *asked.answers(brief, ("automated",)))
    )
