"""The work of Audit: its two parts, and what Evaluate and Attack have found beside them."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Progress
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.section import Figures, KeyFigure, Plot
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import audit_plan, evaluate_section, not_tested, one_run, subject, testing
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.audit_facts import AuditFacts, Line, Worth
from ppdesk.workflow.evaluation.audit_params import AuditParams
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.one_run import OneRunSettings
from ppdesk.workflow.evaluation.testing import Settings
from ppdesk.workflow.evaluation.trying import Parts
from ppdesk.workflow.step import Context, Inputs

T = TypeVar("T")
_MEASURES = ("AUROC", "Accuracy", "Recall")


def run(params: AuditParams, inputs: Inputs, ctx: Context) -> AuditFacts:
    """Runs what was asked for and can be run. The first part's error where none could."""
    wanted = audit_plan.asked(params)
    seconds = audit_plan.seconds(params)
    parts = Parts(ctx, params.minutes, [seconds[title] for title in wanted])
    there = [title for title in wanted if not audit_plan.missing(title, inputs)]
    confidence = each(params.confidence, len(there))

    def tried(title: str, work: Callable[[Progress], T]) -> T | None:
        if title not in wanted:
            return None
        if why := audit_plan.missing(title, inputs):
            parts.skip(title, why)
            return None
        return parts.run(title, work)

    once = OneRunSettings(
        effort=params.effort.value,
        confidence=confidence,
        white_box=params.white_box,
        black_box=params.black_box,
    )
    often = Settings(params.effort, params.everything, params.only, confidence)
    canaries = tried(audit_plan.ONE_RUN, lambda told: one_run.run_it(inputs, once, ctx, told))
    tests = tried(audit_plan.MECHANISMS, lambda told: testing.run_it(inputs, often, ctx, told))
    attempts: list[Attempt] = [
        *([] if canaries is None else one_run.attempts_of(canaries)),
        *([] if tests is None else testing.attempts_of(tests)),
    ]
    if not attempts and parts.errors:
        raise parts.errors[0]
    beside: list[str] = []
    worth, attack = _worth(inputs, beside), _attack(inputs, beside)
    head = inputs[Kind.MODEL].head if Kind.MODEL in inputs else {}
    return AuditFacts(
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
    )


def each(confidence: float, parts: int) -> float:
    """The confidence that each of `parts` parts is to have so that all together have `confidence`
    (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, parts)


def _worth(inputs: Inputs, beside: list[str]) -> Worth | None:
    """Key figures and curves of the evaluation, where it is of this very model."""
    if Kind.EVALUATION not in inputs or Kind.MODEL not in inputs:
        beside.append("The model was not evaluated: run Evaluate to see its worth beside its risk.")
        return None
    found = inputs[Kind.EVALUATION]
    if found.head.get("model_sha256") != sha256_hex(inputs[Kind.MODEL].data("model")):
        beside.append("The evaluation is of another model: run Evaluate again.")
        return None
    try:
        facts = EvaluateFacts.model_validate_json(found.data("evaluation"))
    except ValidationError:  # another version wrote it
        beside.append("The evaluation was written by another version: run Evaluate again.")
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
    said = curve if isinstance(curve, dict) else {}
    return Line(
        str(said.get("name", "")),
        str(said.get("role", "")),
        tuple(_numbers(said.get("fpr"))),
        tuple(_numbers(said.get("tpr"))),
    )


def _items(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []


def _numbers(value: Json) -> list[float]:
    return [float(one) for one in _items(value) if isinstance(one, int | float)]


def _attack(inputs: Inputs, beside: list[str]) -> AttackFacts | None:
    """What Attack found, where it is of what holds now."""
    if Kind.ATTACK not in inputs:
        beside.append("No attack was run: run Attack to see what an attacker gets.")
        return None
    found = inputs[Kind.ATTACK]
    heads = {kind: one.head for kind, one in inputs.items()}
    other = [
        kind
        for kind in subject.told(found.head)
        if kind in heads and not subject.is_of(found.head, kind, heads)
    ]
    if other:
        beside.append(f"The attacks were on another {other[0].value}: run Attack again.")
        return None
    try:
        return AttackFacts.model_validate_json(found.data("attack"))
    except ValidationError:  # another version wrote it
        beside.append("The attacks were written by another version: run Attack again.")
        return None
