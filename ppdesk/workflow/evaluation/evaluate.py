"""Evaluate: what the model and the release are worth, beside what they would be without privacy."""

from typing import Any, ClassVar

from ppdesk.assess.results import Classification, Fairness
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.train.offers import Task
from ppdesk.workflow import by_group, declared, same_table
from ppdesk.workflow.evaluation import evaluate_section
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM, EvaluateFacts
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class EvaluateParams(Params):
    """What Evaluate asks for."""

    threshold: float | None = param(
        None,
        label="Threshold",
        help="From this probability on a record counts as positive. Empty: the model's own.",
        ge=0,
        le=1,
        empty="The model's own",
    )
    baseline: bool = param(
        True,
        label="Compare with no privacy",
        help="Train the same classifier without privacy on the same records, for comparison only. "
        "The baseline is measured and thrown away; it is outside the privacy claim.",
    )
    groups: tuple[str, ...] = by_group.groups_field()
    floor: int = by_group.floor_field("held-out records")


class Evaluate(PlainStep):
    """Measures the model on held-out records and the release against the original table."""

    key: ClassVar[str] = "evaluate"
    stage: ClassVar[Stage] = Stage.EVALUATION
    title: ClassVar[str] = "Evaluate"
    purpose: ClassVar[str] = "Measure what model and release kept, beside the same without privacy."
    help: ClassVar[str] = (
        "The model is tested on the records that were held out of training. Every measure stands beside the "
        "same model without privacy and beside one that learnt nothing, with 95 % intervals: of two classes "
        "AUROC and what follows from a threshold, of several classes accuracy, macro recall and log loss, of "
        "a number the mean errors and R².\n\n"
        "The release is compared with the original table column by column and pair by pair, and by a "
        "classifier trained on it and tested on held-out original records.\n\n"
        f"{OUTSIDE_CLAIM} Treat them as you treat the data. Evaluating often and choosing by the result "
        "wears the held-out records out: each look makes the figures a little too good."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES, Kind.MODEL)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.RELEASE, Kind.HIERARCHIES)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.EVALUATION,)
    icon: ClassVar[str] = "clipboard-check"
    Params: ClassVar[type[Any]] = EvaluateParams
    Facts: ClassVar[type[Any]] = EvaluateFacts

    def check(self, params: EvaluateParams, heads: Heads) -> list[Finding]:
        found = same_table.findings(heads)
        if Kind.ROLES in heads:
            found += declared.unknown_groups(params.groups, heads[Kind.ROLES], "PP-EVALUATE-001")
        found += _of_task(params, heads)
        if not params.baseline:
            found.append(
                Finding(
                    Level.CAUTION,
                    "The cost of privacy will not be known.",
                    "Without the baseline nobody can see what the noise took away.",
                    "baseline",
                    "PP-EVALUATE-002",
                )
            )
        found.append(
            Finding(
                Level.INFO,
                "These figures are outside the privacy claim.",
                OUTSIDE_CLAIM,
                code="PP-EVALUATE-003",
            )
        )
        return found

    def cost(self, params: EvaluateParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: EvaluateParams, inputs: Inputs, ctx: Context) -> Outcome[EvaluateFacts]:
        from ppdesk.workflow.evaluation import evaluate_work as work

        model = inputs[Kind.MODEL]
        ctx.progress(0.05, "Applying the model to the held-out records")
        data = work.prepare(inputs)
        tested, many = None, None
        fairness: list[Fairness] = []
        unmeasured: list[str] = []
        if data.model.task is Task.BINARY:
            tested = work.model_measures(data, threshold=params.threshold, baseline=params.baseline, ctx=ctx)
            ctx.progress(0.5, "Comparing groups")
            fairness, unmeasured = work.group_measures(data, tested, params.groups, params.floor)
        elif data.model.task in (Task.CLASSES, Task.QUANTITY):
            many = work.many_measures(data, baseline=params.baseline, ctx=ctx)
        ctx.progress(0.6, "Comparing the release with the table")
        table = work.release_measures(data, inputs, tested, ctx=ctx)
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
            not_told=_NOT_TOLD.get(data.model.task, ""),
            fairness=fairness,
            not_measured=unmeasured,
            floor=params.floor,
            release=table.utility,
            levels=table.levels,
            k=table.k,
            downstream=table.downstream,
            downstream_note=table.note,
            stamp=ctx.stamp,
        )
        said = canonical(facts.model_dump(mode="json"))
        artifact = Artifact(Kind.EVALUATION, _head(facts), (Part("evaluation", said),))
        return Outcome(facts, (artifact,), tuple(_findings(facts)))

    def section(self, params: EvaluateParams, facts: EvaluateFacts) -> Section:  # noqa: ARG002
        return evaluate_section.build(facts)


_NOT_TOLD = {
    Task.CLASSES: "Groups, calibration and a curve are told of models of two classes only.",
    Task.QUANTITY: "Groups are compared for models of two classes only.",
    Task.NONE: "This model predicts nothing that a record could be held against, so Evaluate has no measure "
    "of it: look at what Train shows, and at the records that it scores.",
    Task.POLICY: "What a policy is worth cannot be read off the records held out, which say what was done "
    "and not what would have been: Train tells its value by off-policy evaluation.",
}


def _of_task(params: EvaluateParams, heads: Heads) -> list[Finding]:
    """What Evaluate leaves out for such a model."""
    task = str(heads.get(Kind.MODEL, {}).get("task") or Task.BINARY.value)
    if task == Task.BINARY.value:
        return []
    found = [
        Finding(
            Level.INFO,
            "The model does not tell two classes apart.",
            _NOT_TOLD[Task(task)],
            code="PP-EVALUATE-007",
        )
    ]
    for field, given in (("groups", params.groups), ("threshold", params.threshold is not None)):
        if given:
            found.append(
                Finding(
                    Level.BLOCKING,
                    f"{EvaluateParams.model_fields[field].title} is for models of two classes.",
                    "Leave it empty for this model.",
                    field,
                    "PP-EVALUATE-008",
                )
            )
    return found


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


def _findings(facts: EvaluateFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.ours is None:
        return _many_findings(facts)
    if facts.two.auroc.low <= 0.5:
        found.append(
            Finding(
                Level.CAUTION,
                "The model may have learnt nothing.",
                f"AUROC {facts.two.auroc.words()}, interval {facts.two.auroc.interval()} reaches 0.5.",
                code="PP-EVALUATE-004",
            )
        )
    if _worse(facts.two, facts.untaught):
        found.append(
            Finding(
                Level.CAUTION,
                "Always giving the more common answer is right more often.",
                f"Accuracy {facts.two.accuracy.words()}, without learning {facts.untaught.accuracy.words()}.",
                code="PP-EVALUATE-005",
            )
        )
    found += by_group.unequal(facts.fairness, "PP-EVALUATE-006")
    return found


def _many_findings(facts: EvaluateFacts) -> list[Finding]:
    """Where a model that learnt nothing does as well."""
    if facts.many is None or facts.many_trivial is None:
        return []
    beside = {one.name: one.estimate for one in facts.many_trivial.measures}
    worse = []
    for one in facts.many.measures:
        other = beside.get(one.name)
        if one.estimate is None or other is None:
            continue
        if (one.estimate.value > other.value) if one.lower else (one.estimate.value < other.value):
            worse.append(f"{one.label} {one.estimate.words()}, without learning {other.words()}")
    if not worse:
        return []
    return [
        Finding(
            Level.CAUTION,
            "A model that learnt nothing does better.",
            f"{'; '.join(worse)}.",
            code="PP-EVALUATE-009",
        )
    ]


def _worse(ours: Classification, trivial: Classification) -> bool:
    return ours.accuracy.value < trivial.accuracy.value


STEP = Evaluate()
