"""Evaluate: what the model and the release are worth, beside what they would be without privacy."""

from typing import Any, ClassVar

from ppdesk.assess.effort import within
from ppdesk.assess.results import Fairness
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.train.offers import Task
from ppdesk.workflow import declared, same_table
from ppdesk.workflow.evaluation import (
    cross_cost,
    evaluate_checks,
    evaluate_findings,
    evaluate_section,
    without_model,
)
from ppdesk.workflow.evaluation.evaluate_params import Cross, EvaluateParams
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM, EvaluateFacts
from ppdesk.workflow.evaluation.tables_facts import TablesSettings
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class Evaluate(PlainStep):
    """Measures the model on held-out records and the release against the original table."""

    key: ClassVar[str] = "evaluate"
    stage: ClassVar[Stage] = Stage.EVALUATION
    title: ClassVar[str] = "Evaluate"
    purpose: ClassVar[str] = "Measure what model and release kept, beside the same without privacy."
    help: ClassVar[str] = (
        "The model is tested on the records that were held out of training. Every measure stands beside the "
        "same model without privacy and beside one that learnt nothing, with 95 % intervals: of two classes "
        "AUROC, precision and recall, calibration, and what each threshold gives and costs; of several "
        "classes accuracy, F1 and a curve for each; of a number the errors and how wide an interval must be; "
        "without a target what groups, components or a density keep of new records. By group it says how "
        "good the model is and whether each outcome is shared alike.\n\n"
        "Release and synthetic records are compared with the original table by columns, pairs, associations "
        "and several columns at once, by how well a classifier tells them apart, and by a model trained on "
        "them and tested on original records. No model is needed for that.\n\n"
        f"{OUTSIDE_CLAIM} Treat them as you treat the data. Evaluating often and choosing by the result "
        "wears the held-out records out: each look makes the figures a little too good."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.HIERARCHIES, Kind.RELEASE, Kind.SYNTHETIC, Kind.MODEL)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.EVALUATION,)
    icon: ClassVar[str] = "clipboard-check"
    Params: ClassVar[type[Any]] = EvaluateParams
    Facts: ClassVar[type[Any]] = EvaluateFacts

    def check(self, params: EvaluateParams, heads: Heads) -> list[Finding]:
        found = same_table.findings(heads)
        if Kind.ROLES in heads:
            found += declared.unknown_groups(params.groups, heads[Kind.ROLES], "PP-EVALUATE-001")
        found += without_model.check(heads, params.tables_target)
        found += evaluate_checks.of_task(params, heads)
        if not params.baseline:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("The cost of privacy will not be known."),
                    said("Without the baseline nobody can see what the noise took away."),
                    "baseline",
                    "PP-EVALUATE-002",
                )
            )
        found.append(
            Finding(
                Level.INFO,
                said("These figures are outside the privacy claim."),
                OUTSIDE_CLAIM,
                code="PP-EVALUATE-003",
            )
        )
        return found

    def cost(self, params: EvaluateParams, heads: Heads) -> DpEvent:
        """Nothing, but for paid cross-validation: see `cross_cost`."""
        if params.cross_validation is not Cross.PAID:
            return NoEvent()
        spent = cross_cost.charged(heads.get(Kind.MODEL, {}), params.folds, params.score_epsilon)
        return NoEvent() if spent is None else spent  # without a claim the check refuses the run

    def run(self, params: EvaluateParams, inputs: Inputs, ctx: Context) -> Outcome[EvaluateFacts]:
        from ppdesk.workflow.evaluation import cross, deeper, tables, unsupervised_work
        from ppdesk.workflow.evaluation import evaluate_work as work

        def tick() -> None:
            if ctx.cancelled():
                raise CancelledRunError

        asked = TablesSettings(params.tables_target or None)
        if Kind.MODEL not in inputs:
            found = tables.measures(inputs, asked, ctx, ctx.progress)
            return _outcome(without_model.facts(found, params.floor, ctx.stamp))
        model = inputs[Kind.MODEL]
        ctx.progress(0.05, said("Applying the model to the held-out records"))
        data = work.prepare(inputs)
        tested, many = None, None
        fairness: list[Fairness] = []
        unmeasured: list[str] = []
        more: dict[str, Any] = {}
        if data.model.task is Task.BINARY:
            tested = work.model_measures(data, threshold=params.threshold, baseline=params.baseline, ctx=ctx)
            ctx.progress(0.5, said("Comparing groups"))
            fairness, unmeasured = work.group_measures(data, tested, params.groups, params.floor)
            paired, alone = deeper.pairs(data, tested, params)
            fairness, unmeasured = [*fairness, *paired], [*unmeasured, *alone]
            ctx.progress(0.52, said("Measuring probabilities and thresholds"))
            more = deeper.of_two(data, tested, params, ctx, tick)
        elif data.model.task in (Task.CLASSES, Task.QUANTITY):
            many = work.many_measures(data, baseline=params.baseline, ctx=ctx)
            ctx.progress(0.52, said("Measuring predictions and groups"))
            many, more, unmeasured = deeper.of_many(data, many, params, ctx, tick)
        elif data.model.task is Task.NONE:
            many = unsupervised_work.measure(data, inputs, baseline=params.baseline, ctx=ctx, tick=tick)
        if params.cross_validation is Cross.HELD_OUT:
            more["cross"], more["cross_note"] = cross.held_out(data, inputs, params.folds, ctx, tick)
        elif params.cross_validation is Cross.PAID:
            more["cross"] = cross.paid(
                data, inputs, params.folds, ctx, tick, score_epsilon=params.score_epsilon
            )
        kept = tables.measures(inputs, asked, ctx, within(ctx.progress, 0.6, 0.98))
        facts = EvaluateFacts(
            target=data.model.target,
            positive=data.model.positive,
            epsilon=declared.number(model.head.get("epsilon")),
            delta=declared.number(model.head.get("delta")),
            private=bool(model.head.get("private")),
            model_sha256=sha256_hex(model.data("model")),
            trained=int(data.train.sum()),
            ours=None if tested is None else tested.ours,
            trivial=None if tested is None else tested.trivial,
            baseline=None if tested is None else tested.baseline,
            gap=None if tested is None else tested.gap,
            task=data.model.task.value,
            many=None if many is None else many.ours,
            many_trivial=None if many is None else many.trivial,
            many_baseline=None if many is None else many.baseline,
            no_twin=next((one.why_not for one in (tested, many) if one is not None), ""),
            not_told="" if many is not None else evaluate_checks.NOT_TOLD.get(data.model.task, ""),
            fairness=fairness,
            not_measured=unmeasured,
            floor=params.floor,
            release=None,
            levels={},
            k=None,
            downstream=None,
            downstream_note="",
            tables=kept,
            stamp=ctx.stamp,
            **more,
        )
        return _outcome(facts)

    def section(self, params: EvaluateParams, facts: EvaluateFacts) -> Section:  # noqa: ARG002
        return evaluate_section.build(facts)


def _outcome(facts: EvaluateFacts) -> Outcome[EvaluateFacts]:
    said = canonical(facts.model_dump(mode="json"))
    artifact = Artifact(Kind.EVALUATION, _head(facts), (Part("evaluation", said),))
    return Outcome(facts, (artifact,), tuple(evaluate_findings.of(facts)))


def _head(facts: EvaluateFacts) -> dict[str, Json]:
    if facts.ours is None:
        many = facts.many
        told: dict[str, Json] = {
            one.name: one.estimate.value
            for one in (() if many is None else many.measures)
            if one.estimate is not None
        }
        return {
            "model_sha256": facts.model_sha256,
            "task": facts.task,
            "held_out": None if many is None else many.n,
            **told,
            "stamp": facts.stamp,
        }
    ours = facts.two
    baseline = None if facts.baseline is None else facts.baseline.auroc.value
    return {
        "model_sha256": facts.model_sha256,
        "threshold": ours.threshold,
        "held_out": ours.n,
        "auroc": ours.auroc.value,
        "auroc_low": ours.auroc.low,
        "auroc_high": ours.auroc.high,
        "auroc_se": ours.auroc_se,
        "accuracy": ours.accuracy.value,
        "precision": None if ours.precision is None else ours.precision.value,
        "recall": ours.recall.value,
        "brier": ours.brier.value,
        "baseline_auroc": baseline,
        "trivial_accuracy": facts.untaught.accuracy.value,
        "stamp": facts.stamp,
    }


STEP = Evaluate()
