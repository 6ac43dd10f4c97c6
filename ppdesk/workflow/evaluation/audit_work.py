"""The work of Audit: its two parts, and what Evaluate and Attack have found beside them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ppdesk.assess.attempts import Attempt
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.said import said
from ppdesk.core.section import Figures, KeyFigure, Plot
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import (
    audit_plan,
    earlier,
    evaluate_section,
    not_tested,
    one_run,
    subject,
    testing,
)
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.audit_facts import AuditFacts, Line, Worth
from ppdesk.workflow.evaluation.audit_params import AuditParams
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.one_run import OneRunResult, OneRunSettings
from ppdesk.workflow.evaluation.testing import MechanismTests, Settings
from ppdesk.workflow.evaluation.trying import Parts
from ppdesk.workflow.step import Context, Inputs

if TYPE_CHECKING:
    from ppdesk.workflow.evaluation.auditables import Planned

_NO_MECHANISM = said(
    "Nothing in the project, or nothing that was named, was made by a mechanism with differential privacy "
    "that can be tested."
)
_MEASURES = ("AUROC", "Accuracy", "Recall")


def run(params: AuditParams, inputs: Inputs, ctx: Context) -> AuditFacts:
    """Runs what was asked for and can be run. The first part's error where none could."""
    wanted = audit_plan.asked(params)
    often = Settings(params.effort, params.everything, params.only)
    planned = testing.planned_of(inputs, often) if audit_plan.MECHANISMS in wanted else ()
    parts = Parts(ctx, params.minutes, _shares(params, inputs, len(planned)))
    canaries: OneRunResult | None = None
    if audit_plan.ONE_RUN in wanted:
        if why := audit_plan.missing(audit_plan.ONE_RUN, inputs):
            parts.skip(audit_plan.ONE_RUN, why)
        else:
            once = OneRunSettings(
                effort=params.effort.value,
                confidence=each(params.confidence, len(wanted)),
                white_box=params.white_box,
                black_box=params.black_box,
            )
            canaries = parts.run(audit_plan.ONE_RUN, lambda told: one_run.run_it(inputs, once, ctx, told))
    tests: MechanismTests | None = None
    if planned:
        tests = _mechanisms(parts, inputs, often, each(params.confidence, len(wanted)), ctx, planned)
    elif audit_plan.MECHANISMS in wanted:
        parts.skip(audit_plan.MECHANISMS, _NO_MECHANISM)
    attempts: list[Attempt] = [
        *([] if canaries is None else one_run.attempts_of(canaries)),
        *([] if tests is None else testing.attempts_of(tests)),
    ]
    if not attempts and parts.errors:
        raise parts.errors[0]
    beside: list[str] = []
    worth, attack = _worth(inputs, beside), _attack(inputs, beside)
    head = inputs[Kind.MODEL].head if Kind.MODEL in inputs else {}
    facts = AuditFacts(
        effort=params.effort.value,
        confidence=params.confidence,
        minutes=params.minutes,
        estimator=declared.text(head, "estimator"),
        epsilon=declared.number(head.get("epsilon")),
        delta=declared.number(head.get("delta")),
        neighbours=declared.text(head, "neighbours"),
        one_run=canaries,
        mechanisms=tests,
        attempts=tuple(attempts),
        not_run=tuple(parts.not_run),
        worth=worth,
        attacks=() if attack is None else attack.attempts,
        membership=None if attack is None else attack.membership,
        beside=tuple(beside),
        untested=tuple(what for what, _ in not_tested.rows(attack, bool(attempts))),
        stamp=ctx.stamp,
        subjects=subject.digests(inputs),
    )
    return facts.model_copy(update={"earlier": earlier.earlier(inputs, facts.model_dump(mode="json"))})


def _shares(params: AuditParams, inputs: Inputs, mechanisms: int) -> list[float]:
    """How long each part takes: the run with canaries, then each mechanism."""
    seconds = audit_plan.seconds(params, {kind: one.head for kind, one in inputs.items()})
    once = [seconds[audit_plan.ONE_RUN]] if audit_plan.ONE_RUN in seconds else []
    return once + [audit_plan.each(params)] * max(1, mechanisms)


def _mechanisms(  # noqa: PLR0917 - what one call of each mechanism needs
    parts: Parts,
    inputs: Inputs,
    settings: Settings,
    confidence: float,
    ctx: Context,
    planned: "Sequence[Planned]",
) -> MechanismTests:
    """One mechanism after the other, each a part of its own, so that those that are done stay. The chance to
    be wrong is shared out to all of them, also to those that are not run."""
    alone = each(confidence, len(planned))
    found: list[MechanismTests] = []
    for one in planned:
        asks = replace(settings, only=(one.key,), confidence=alone)
        made = parts.run(one.title, lambda told, asks=asks: testing.run_it(inputs, asks, ctx, told))  # type: ignore[misc]
        if made is not None:
            found.append(made)
    return MechanismTests(
        settings.effort.value,
        confidence,
        tuple(test for one in found for test in one.tests),
        tuple(why for one in found for why in one.left_out),
    )


def each(confidence: float, parts: int) -> float:
    """The confidence that each of `parts` parts is to have so that all together have `confidence`
    (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, parts)


def _worth(inputs: Inputs, beside: list[str]) -> Worth | None:
    """Key figures and curves of the evaluation, where it is of this very model."""
    if Kind.EVALUATION not in inputs or Kind.MODEL not in inputs:
        beside.append(said("The model was not evaluated: run Evaluate to see its worth beside its risk."))
        return None
    found = inputs[Kind.EVALUATION]
    if found.head.get("model_sha256") != sha256_hex(inputs[Kind.MODEL].data("model")):
        beside.append(said("The evaluation is of another model: run Evaluate again."))
        return None
    try:
        facts = EvaluateFacts.model_validate_json(found.data("evaluation"))
    except ValidationError:  # another version wrote it
        beside.append(said("The evaluation was written by another version: run Evaluate again."))
        return None
    section = evaluate_section.build(facts)
    figures = [one for block in section.blocks if isinstance(block, Figures) for one in block.items]
    chosen = [one for one in figures if one.label in _MEASURES] or figures[: len(_MEASURES)]
    plot = next((one for one in section.blocks if isinstance(one, Plot) and one.name == "roc"), None)
    return Worth(
        tuple(KeyFigure(one.label, one.value, one.note) for one in chosen),
        () if plot is None else tuple(_line(one) for one in _items(plot.values.get("curves"))),
        "" if plot is None else plot.caption,
    )


def _line(curve: Json) -> Line:
    drawn = curve if isinstance(curve, dict) else {}
    return Line(
        str(drawn.get("name", "")),
        str(drawn.get("role", "")),
        tuple(_numbers(drawn.get("fpr"))),
        tuple(_numbers(drawn.get("tpr"))),
    )


def _items(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []


def _numbers(value: Json) -> list[float]:
    return [float(one) for one in _items(value) if isinstance(one, int | float)]


def _attack(inputs: Inputs, beside: list[str]) -> AttackFacts | None:
    """What Attack found, where it is of what holds now."""
    if Kind.ATTACK not in inputs:
        beside.append(said("No attack was run: run Attack to see what an attacker gets."))
        return None
    found = inputs[Kind.ATTACK]
    heads = {kind: one.head for kind, one in inputs.items()}
    other = [
        kind
        for kind in subject.told(found.head)
        if kind in heads and not subject.is_of(found.head, kind, heads)
    ]
    if other:
        beside.append(said("The attacks were on another {kind}: run Attack again.", kind=other[0].value))
        return None
    try:
        return AttackFacts.model_validate_json(found.data("attack"))
    except ValidationError:  # another version wrote it
        beside.append(said("The attacks were written by another version: run Attack again."))
        return None
