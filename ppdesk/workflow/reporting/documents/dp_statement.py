"""Differential privacy statement: the claim, how it was added up, and the hazards of NIST SP 800-226 one by
one; with the draft of a record for the OpenDP deployments registry."""

from ppdesk.core.section import Answer, Block, Section, Words
from ppdesk.report.document import Attachment, Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents import attacks_told, claim_told, registry_record
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.hazards import algorithms, deployment, guarantee
from ppdesk.workflow.reporting.documents.shown import part, table


def compose(brief: Brief) -> tuple[Part, ...]:
    """The statement's parts."""
    say = brief.say
    if not claim_told.runs(brief):
        return (
            part(say("The claim"), Section(say("What is claimed"), claim_told.claim(brief))),
            part(say("What was not tested"), untested.section(brief.told, brief.say)),
        )
    return (
        part(
            say("The claim"),
            Section(say("What is claimed"), claim_told.claim(brief)),
            Section(say("Result by result"), claim_told.per_run(brief)),
            Section(say("How it adds up"), claim_told.reservations(brief)),
            Section(
                say("Accountant, conversions and limits"),
                (*claim_told.conversions(brief), *claim_told.limits(brief)),
            ),
        ),
        part(
            say("Hazards, one by one"),
            Section(say("The guarantee"), (_pyramid(brief), *guarantee.guarantee(brief))),
            Section(say("The algorithms"), algorithms.algorithms(brief)),
            Section(say("The deployment"), deployment.deployment(brief)),
            Section(say("Audits of the claim"), attacks_told.audits(brief)),
        ),
        part(
            say("What persons answer"),
            Section(say("Choices"), _answers(brief, "epsilon", "delta", "unit", "exploration", "mixing")),
            Section(
                say("Trust and surroundings"), _answers(brief, "trust", "security", "collection", "later")
            ),
        ),
        part(say("What was not tested"), untested.section(brief.told, brief.say)),
        part(
            say("Registry record"),
            Section(say("Draft for the OpenDP deployments registry"), _registry(brief)),
        ),
    )


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """The registry records as files; none without a claim."""
    return registry_record.attachments(brief)


def _pyramid(brief: Brief) -> Words:
    return Words(
        brief.say(
            "A guarantee is worth what lies under it: ε and the unit rest on the algorithms, these on how "
            "they are deployed, and all of it on how the data was collected. Each layer is answered from "
            "the record, and by persons where the record cannot know."
        ),
        "info",
    )


def _answers(brief: Brief, *names: str) -> tuple[Answer, ...]:
    return tuple(brief.answer(f"dp-statement.{name}") for name in names)


def _registry(brief: Brief) -> tuple[Block, ...]:
    say = brief.say
    made = registry_record.records(brief)
    blocks: list[Block] = [
        Words(
            say(
                "Attached as files in the form that the registry takes, in English, its language. They fit "
                "its schema (opendp/deployments-registry-data, version {version}) and have the status "
                "Draft: a person completes what is not stated and hands them in, or does not.",
                version=registry_record.SCHEMA_VERSION[:12],
            )
        )
    ]
    blocks += _answers(brief, "name", "use", "region", "sector", "published", "sources", "authors")
    for name, record in made.items():
        blocks += table(
            say("File {name}", name=name),
            (say("Field"), say("Value")),
            [
                (path.removeprefix("deployment.").replace(".", ": "), value)
                for path, value in registry_record.leaves(record)
            ],
        )
    return tuple(blocks)
