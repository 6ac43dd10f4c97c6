"""Audit: the privacy loss that is claimed, beside the one that is measured."""

from typing import Any, ClassVar

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level, blocking
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import attempts_told as told
from ppdesk.workflow.evaluation import audit_plan, audit_section, subject
from ppdesk.workflow.evaluation.audit_facts import AuditFacts
from ppdesk.workflow.evaluation.audit_params import AuditParams
from ppdesk.workflow.evaluation.trying import absent_told, time_told
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class Audit(PlainStep):
    """Measures how much privacy is lost at least, and sets it beside the claim and what attacks got."""

    key: ClassVar[str] = "audit"
    stage: ClassVar[Stage] = Stage.EVALUATION
    title: ClassVar[str] = "Audit"
    purpose: ClassVar[str] = "Set what is claimed beside what an attacker really measured."
    help: ClassVar[str] = (
        "ε is what the mathematics says a mechanism loses at most. An audit measures what it loses at "
        "least: it runs the mechanism on made-up neighbouring tables, or trains once with canaries in it, "
        "and guesses. "
        "Where the guesses are better than the claim allows, the claim is false, with the confidence that "
        "you choose, and the model or the table is not handed out.\n\n"
        "An audit that finds nothing proves nothing: it says from which loss on it would have found one. "
        "More effort finds smaller ones. No record of the project is used and nothing is spent.\n\n"
        "A claim that was called false stays so until the model is trained again, or until two audits at "
        "least as hard find nothing.\n\n"
        "Evaluate's figures and Attack's results stand on the same page, so run those first."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.ROLES,)
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.MODEL,
        Kind.RELEASE,
        Kind.STATISTICS,
        Kind.SYNTHETIC,
        Kind.EVALUATION,
        Kind.ATTACK,
        Kind.HISTORY,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.AUDIT,)
    keeps_results: ClassVar[bool] = True
    icon: ClassVar[str] = "scan-eye"
    Params: ClassVar[type[Any]] = AuditParams
    Facts: ClassVar[type[Any]] = AuditFacts

    def check(self, params: AuditParams, heads: Heads) -> list[Finding]:
        found: list[Finding] = []
        absent = absent_told(
            audit_plan.asked(params),
            lambda title: audit_plan.missing(title, heads),
            "audit",
            ("PP-AUDIT-001", "PP-AUDIT-002"),
        )
        found += absent
        if blocking(absent):
            return found
        if Kind.MODEL in heads and declared.number(heads[Kind.MODEL].get("epsilon")) is None:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("No privacy is claimed for the model."),
                    said("There is no claim that a measurement could break."),
                    code="PP-AUDIT-003",
                )
            )
        seconds = sum(audit_plan.seconds(params, heads).values())
        found.append(time_told(seconds, params.minutes, "audit", ("PP-AUDIT-004", "PP-AUDIT-005")))
        return found

    def cost(self, params: AuditParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: AuditParams, inputs: Inputs, ctx: Context) -> Outcome[AuditFacts]:
        from ppdesk.workflow.evaluation import audit_work

        facts = audit_work.run(params, inputs, ctx)
        kept = canonical(facts.model_dump(mode="json"))
        artifact = Artifact(Kind.AUDIT, {**_head(facts), **subject.of_inputs(inputs)}, (Part("audit", kept),))
        return Outcome(facts, (artifact,), tuple(_findings(facts)))

    def section(self, params: AuditParams, facts: AuditFacts) -> Section:  # noqa: ARG002
        return audit_section.build(self.title, facts)


def _head(facts: AuditFacts) -> dict[str, Json]:
    """What later steps may read without opening the results."""
    tried = told.tried(facts.attempts)
    return {
        "epsilon": facts.epsilon,
        "measured": audit_section.measured(facts),
        "confidence": facts.confidence,
        "effort": facts.effort,
        "tried": len(tried),
        "broken": [
            *(_broken(one, facts) for one in told.of_verdict(tried, Verdict.BROKEN)),
            *(one.to_json() for one in facts.earlier if one.stands),
        ],
        "taken_back": [one.to_json() for one in facts.earlier if not one.stands],
        "not_run": [one.title for one in facts.not_run],
        "stamp": facts.stamp,
    }


def _broken(one: Attempt, facts: AuditFacts) -> dict[str, Json]:
    return {
        "key": one.key,
        "title": one.title,
        "against": one.against,
        "words": _measured(one),
        "confidence": facts.confidence,
    }


def _measured(one: Attempt) -> str:
    return said_all((told.result(one), told.beside(one)), by="; ")


def _findings(facts: AuditFacts) -> list[Finding]:
    tried = told.tried(facts.attempts)
    found = [
        Finding(
            Level.CAUTION,
            said("{title}: more privacy is lost than is claimed.", title=one.title),
            said_all((_measured(one), " (", audit_section.sure(facts), ")."), by=""),
            code="PP-AUDIT-006",
        )
        for one in told.of_verdict(tried, Verdict.BROKEN)
    ]
    return found + told.remarks_left(facts.earlier, facts.not_run, ("PP-AUDIT-008", "PP-AUDIT-007"))


STEP = Audit()
