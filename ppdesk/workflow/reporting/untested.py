"""What was not tested: steps that did not run, what attacks and audits left out, and what no step tests."""

from ppdesk.assess.attempts import Verdict
from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.tongue import Tongue
from ppdesk.workflow import catalog
from ppdesk.workflow.evaluation import not_tested
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.attempts_told import of_verdict, tried
from ppdesk.workflow.evaluation.audit_facts import AuditFacts
from ppdesk.workflow.reporting import outdated
from ppdesk.workflow.reporting.told import Told
from ppdesk.workflow.stages import Stage


def section(told: Told, say: Tongue | None = None) -> Section:
    """Two tables, in the language of `say`; English without one."""
    say = say or Tongue()
    missing = [
        (step.title, say(step.purpose))
        for step in catalog.steps()
        if step.stage is not Stage.REPORTING and told.last_good(step.key) is None
    ]
    blocks: list[Block] = [*_false(told, say), *outdated.words(told, say)]
    if missing:
        header = (say("Step"), say("What it would have shown"))
        blocks.append(Table(say("Steps without a finished run"), header, missing))
    else:
        blocks.append(Words(say("Every step of the workflow has a finished run."), "ok"))
    rows = [*not_tested.rows(_attack(told), _audited(told), say), *_cut_short(told), *_stated(say)]
    blocks.append(Table(say("Not tested"), (say("What"), say("What that means")), rows))
    return Section(say("Limits of this report"), tuple(blocks))


def _stated(say: Tongue) -> tuple[tuple[str, str], ...]:
    return (
        (
            say("Truth of what persons stated"),
            say(
                "Purpose, source, legal basis, roles and answers are printed as they were given, and not "
                "checked."
            ),
        ),
        (
            say("Truth of the data"),
            say(
                "Quality tells what breaks a check. Whether a value that passes is the right one was not "
                "looked up."
            ),
        ),
    )


def _false(told: Told, say: Tongue) -> list[Block]:
    """In red what the last audit, or one before it, called false and did not take back."""
    found: AuditFacts | None = told.last_facts("audit")
    if found is None:
        return []
    titles = [one.title for one in of_verdict(found.attempts, Verdict.BROKEN)]
    titles += [one.title for one in found.earlier if one.stands]
    if not titles:
        return []
    said = say(
        "Audit called a claim of this project false: {titles}. What rests on it does not hold.",
        titles=", ".join(titles),
    )
    return [Words(said, "risk")]


def _attack(told: Told) -> AttackFacts | None:
    found: AttackFacts | None = told.last_facts("attack")
    return found


def _audited(told: Told) -> bool:
    found: AuditFacts | None = told.last_facts("audit")
    return found is not None and bool(tried(found.attempts))


def _cut_short(told: Told) -> list[tuple[str, str]]:
    """What attacks and audits were asked for and did not run, in the words of the record."""
    found: list[AttackFacts | AuditFacts | None] = [told.last_facts(key) for key in ("attack", "audit")]
    return [(one.title, one.why) for facts in found if facts is not None for one in facts.not_run]
