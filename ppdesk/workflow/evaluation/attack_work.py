"""The work of Attack: each part gets its settings and its share of the time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Progress
from ppdesk.assess.reidentification.limits import DEFAULT, OWN, THRESHOLDS
from ppdesk.assess.reidentification.results import Risk
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import sha256_hex
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import attack_plan, links, membership, risks, singling
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.attack_params import AUXILIARY, CONTROL, POPULATION, AttackParams
from ppdesk.workflow.evaluation.links import LinkSettings
from ppdesk.workflow.evaluation.membership import MembershipSettings
from ppdesk.workflow.evaluation.risks import RiskSettings
from ppdesk.workflow.evaluation.singling import SinglingSettings
from ppdesk.workflow.evaluation.trying import Parts
from ppdesk.workflow.step import Context, Inputs

T = TypeVar("T")


def run(params: AttackParams, inputs: Inputs, ctx: Context) -> AttackFacts:
    """Runs what was asked for and can be run. The first part's error where none could."""
    wanted = attack_plan.asked(params)
    limit = accepted(params, inputs)
    heads = {kind: one.head for kind, one in inputs.items()}
    seconds = attack_plan.seconds(params, heads)
    parts = Parts(ctx, params.minutes, [seconds[title] for title in wanted])

    def tried(title: str, work: Callable[[Progress], T]) -> T | None:
        if title not in wanted:
            return None
        if why := attack_plan.missing(title, heads):
            parts.skip(title, why)
            return None
        return parts.run(title, work)

    risk = tried(attack_plan.RISK, lambda told: risks.run_it(inputs, risk_settings(params, limit), ctx, told))
    linked = tried(
        attack_plan.LINKAGE, lambda told: links.run_it(inputs, link_settings(params, limit), ctx, told)
    )
    singled = tried(
        attack_plan.SINGLING,
        lambda told: singling.run_it(inputs, singling_settings(params, limit), ctx, told),
    )
    members = tried(
        attack_plan.MEMBERSHIP,
        lambda told: membership.run_it(inputs, membership_settings(params), ctx, told),
    )
    risk = None if risk is None else named(risk, limit)
    attempts: list[Attempt] = [
        *([] if risk is None else risks.attempts_of(risk)),
        *([] if linked is None else links.attempts_of(linked)),
        *([] if singled is None else singling.attempts_of(singled)),
        *([] if members is None else membership.attempts_of(members)),
    ]
    if not attempts and parts.errors:
        raise parts.errors[0]
    model = inputs.get(Kind.MODEL)
    return AttackFacts(
        effort=params.effort.value,
        minutes=params.minutes,
        parts=tuple(wanted),
        attempts=tuple(attempts),
        risk=risk,
        links=linked,
        singling=singled,
        membership=members,
        not_run=tuple(parts.not_run),
        epsilon=None if model is None else declared.number(model.head.get("epsilon")),
        delta=None if model is None else declared.number(model.head.get("delta")),
        model_sha256="" if model is None else sha256_hex(model.data("model")),
        stamp=ctx.stamp,
    )


@dataclass(frozen=True)
class Accepted:
    """The limit that holds: a key of THRESHOLDS, or "own" with the share, 0..1."""

    threshold: str
    share: float | None
    standard: str = ""  # the title of the standard that it comes from

    @property
    def limit(self) -> float | None:
        """The share that is accepted."""
        known = THRESHOLDS.get(self.threshold)
        return self.share if known is None else known.limit


def accepted(params: AttackParams, inputs: Inputs) -> Accepted:
    """What a person chose; else the standard's limit on the risk of a record; else EMA's."""
    if params.limit is not None:
        return Accepted(params.limit.value, params.own_limit)
    standard = inputs[Kind.STANDARD].head if Kind.STANDARD in inputs else {}
    most = declared.number(standard.get("risk_max"))
    return (
        Accepted(DEFAULT, None)
        if most is None
        else Accepted(OWN, most, declared.text(standard, "title") or "The standard")
    )


def named(risk: Risk, limit: Accepted) -> Risk:
    """`risk` with the standard named where the limit is its own."""
    if not limit.standard:
        return risk
    source = "The standard that was chosen: its sources stand in the chapter Standard."
    return replace(risk, limit_title=limit.standard, limit_source=source)


def risk_settings(params: AttackParams, limit: Accepted) -> RiskSettings:
    """What the part Re-identification is asked."""
    return RiskSettings(
        columns=params.columns,
        wildcards=params.wildcards,
        weights=params.weights or "",
        people=params.people,
        population_table="" if params.population_table is None else POPULATION,
        special=params.special,
        largest=params.largest,
        threshold=limit.threshold,
        limit=limit.share,
        limit_of="" if params.limit_of is None else params.limit_of.value,
        controls="" if params.controls is None else params.controls.value,
        motives=params.motives.value,
        breach=params.breach,
        prevalence=params.prevalence,
        effort=params.effort,
    )


def link_settings(params: AttackParams, limit: Accepted) -> LinkSettings:
    """What the part Linkage is asked."""
    return LinkSettings(
        effort=params.effort,
        known=params.columns,
        auxiliary="" if params.auxiliary is None else AUXILIARY,
        person=params.person or "",
        control="" if params.control is None else CONTROL,
        errors=params.errors,
        confidence=params.confidence,
        limit=limit.limit,
    )


def singling_settings(params: AttackParams, limit: Accepted) -> SinglingSettings:
    """What the part Singling out is asked. Without records that were never used its risks are upper bounds,
    which no limit is held against."""
    return SinglingSettings(
        effort=params.effort,
        known=params.columns,
        secrets=params.secrets,
        predicate=params.predicate,
        neighbours=params.neighbours,
        control="" if params.control is None else CONTROL,
        limit=None if params.control is None else limit.limit,
    )


def membership_settings(params: AttackParams) -> MembershipSettings:
    """What the part Membership is asked."""
    return MembershipSettings(
        effort=params.effort.value,
        control=params.twin,
        attributes=params.attributes,
    )
