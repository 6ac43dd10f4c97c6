"""Attack: what somebody gets out of what was published, tried and not only counted."""

from typing import Any, ClassVar

from ppdesk.assess.attempts import Verdict
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level, blocking
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.evaluation import attack_plan, attack_section, subject
from ppdesk.workflow.evaluation import attempts_told as told
from ppdesk.workflow.evaluation.attack_facts import OUTSIDE_CLAIM, AttackFacts
from ppdesk.workflow.evaluation.attack_params import AttackParams, Limit
from ppdesk.workflow.evaluation.trying import absent_told, time_told
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class Attack(PlainStep):
    """Tries the attacks that are known on the release, the synthetic records and the model."""

    key: ClassVar[str] = "attack"
    stage: ClassVar[Stage] = Stage.EVALUATION
    title: ClassVar[str] = "Attack"
    purpose: ClassVar[str] = (
        "Try what an attacker would, on the release, the synthetic records and the model."
    )
    help: ClassVar[str] = (
        "Four kinds of attack: counting who stands alone, linking with what somebody knows, singling out and "
        "inferring as Anonymeter does, and telling from the model who was in training. Each is held beside "
        "guessing, beside the limit you choose and, for the model, beside what ε allows.\n\n"
        "An attack that finds nothing says how small a leak it would have found: more effort finds smaller "
        "ones. No list of attacks is complete; what was not tried is listed in the report.\n\n"
        "The shadow models of the membership attacks are trained on your records, and some without noise. "
        "They are thrown away, and nothing of them is released. "
        f"{OUTSIDE_CLAIM}"
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.STANDARD,
        Kind.HIERARCHIES,
        Kind.RELEASE,
        Kind.SYNTHETIC,
        Kind.MODEL,
        Kind.HISTORY,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.ATTACK,)
    keeps_results: ClassVar[bool] = True
    icon: ClassVar[str] = "swords"
    Params: ClassVar[type[Any]] = AttackParams
    Facts: ClassVar[type[Any]] = AttackFacts

    def check(self, params: AttackParams, heads: Heads) -> list[Finding]:
        found = [*_unfit(params, heads)]
        absent = absent_told(
            attack_plan.asked(params),
            lambda title: attack_plan.missing(title, heads),
            "attack",
            ("PP-ATTACK-010", "PP-ATTACK-011"),
        )
        found += absent
        if blocking(absent):
            return found
        seconds = sum(attack_plan.seconds(params, heads).values())
        found.append(time_told(seconds, params.minutes, "attack", ("PP-ATTACK-015", "PP-ATTACK-016")))
        found.append(
            Finding(
                Level.INFO,
                said("These figures are outside the privacy claim."),
                OUTSIDE_CLAIM,
                code="PP-ATTACK-012",
            )
        )
        return found

    def cost(self, params: AttackParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: AttackParams, inputs: Inputs, ctx: Context) -> Outcome[AttackFacts]:
        from ppdesk.workflow.evaluation import attack_work

        facts = attack_work.run(params, inputs, ctx)
        kept = canonical(facts.model_dump(mode="json"))
        artifact = Artifact(
            Kind.ATTACK, {**_head(facts), **subject.of_inputs(inputs)}, (Part("attack", kept),)
        )
        return Outcome(facts, (artifact,), tuple(_findings(facts)))

    def section(self, params: AttackParams, facts: AttackFacts) -> Section:  # noqa: ARG002
        return attack_section.build(self.title, facts)


def _unfit(params: AttackParams, heads: Heads) -> list[Finding]:
    """Settings that do not fit the table or each other."""
    found = [
        Finding(
            Level.BLOCKING, said("The table has no column {name}.", name=name), "", field, "PP-ATTACK-013"
        )
        for field, name in attack_plan.unknown_columns(params, heads)
    ]
    if params.people is not None and params.fraction is not None:
        found.append(
            Finding(
                Level.BLOCKING,
                said("The population is stated twice."),
                said("Set the number of people or the share of them, not both."),
                "fraction",
                "PP-ATTACK-020",
            )
        )
    if (params.limit is Limit.OWN) != (params.own_limit is not None):
        found.append(
            Finding(
                Level.BLOCKING,
                said("A limit of your own needs its value.")
                if params.limit is Limit.OWN
                else said("The value of the own limit is not used."),
                said("Set both, limit own and the value, or neither."),
                "own_limit",
                "PP-ATTACK-014",
            )
        )
    return found


def _head(facts: AttackFacts) -> dict[str, Json]:
    """What later steps may read without opening the results."""
    tried = told.tried(facts.attempts)
    return {
        "model_sha256": facts.model_sha256,
        "effort": facts.effort,
        "tried": len(tried),
        "over": [_worst(one) for one in told.of_verdict(tried, Verdict.OVER)],
        "broken": [
            *(_worst(one) for one in told.of_verdict(tried, Verdict.BROKEN)),
            *(one.to_json() for one in facts.earlier if one.stands),
        ],
        "taken_back": [one.to_json() for one in facts.earlier if not one.stands],
        "not_run": [one.title for one in facts.not_run],
        "stamp": facts.stamp,
    }


def _worst(one: Any) -> dict[str, Json]:
    return {"title": one.title, "against": one.against, "words": told.result(one)}


def _findings(facts: AttackFacts) -> list[Finding]:
    tried = told.tried(facts.attempts)
    found = [
        Finding(
            Level.CAUTION,
            said("{title} got more than the claim allows.", title=one.title)
            if one.verdict is Verdict.BROKEN
            else said("{title} got more than the limit.", title=one.title),
            said_all((said_all((told.result(one), told.beside(one)), by="; "), "."), by=""),
            code="PP-ATTACK-017" if one.verdict is Verdict.BROKEN else "PP-ATTACK-018",
        )
        for one in tried
        if one.verdict in {Verdict.BROKEN, Verdict.OVER}
    ]
    return found + told.remarks_left(facts.earlier, facts.not_run, ("PP-ATTACK-021", "PP-ATTACK-019"))


STEP = Attack()
