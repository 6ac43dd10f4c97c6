"""The work of Attack: each part gets its settings and its share of the time."""

from collections.abc import Callable
from typing import TypeVar

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Progress
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import sha256_hex
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import attack_plan, earlier, links, membership, risks, singling, subject
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.attack_params import AttackParams
from ppdesk.workflow.evaluation.attack_settings import (
    accepted,
    link_settings,
    membership_settings,
    named,
    risk_settings,
    singling_settings,
)
from ppdesk.workflow.evaluation.trying import Parts
from ppdesk.workflow.step import Context, Inputs

T = TypeVar("T")


def run(params: AttackParams, inputs: Inputs, ctx: Context) -> AttackFacts:
    """Runs what was asked for and can be run. The first part's error where none could."""
    wanted = attack_plan.asked(params)
    heads = {kind: one.head for kind, one in inputs.items()}
    limit = accepted(params, heads)
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
        lambda told: membership.run_it(
            inputs, membership_settings(params, attack_plan.left(params, seconds)), ctx, told
        ),
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
    facts = AttackFacts(
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
        subjects=subject.digests(inputs),
    )
    found = earlier.earlier(inputs, facts.model_dump(mode="json"), by="attack")
    return facts.model_copy(update={"earlier": found})
