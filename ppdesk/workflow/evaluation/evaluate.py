"""Evaluate: what the model and the release are worth, beside what they would be without privacy."""

from typing import Any, ClassVar

from ppdesk.assess.results import Classification
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import by_group, declared, same_table
from ppdesk.workflow.evaluation import evaluate_section
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM, EvaluateFacts
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class EvaluateParams(Params):
    """What Evaluate asks for."""

    threshold: float = param(
        0.5, label="Threshold", help="From this probability on a record counts as positive.", ge=0, le=1
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
        "same classifier without privacy and beside one that learnt nothing, with 95 % intervals.\n\n"
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
        tested = work.model_measures(data, threshold=params.threshold, baseline=params.baseline, ctx=ctx)
        ctx.progress(0.5, "Comparing groups")
        fairness, unmeasured = work.group_measures(data, tested, params.groups, params.floor)
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
            ours=tested.ours,
            trivial=tested.trivial,
            baseline=tested.baseline,
            gap=tested.gap,
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


def _head(facts: EvaluateFacts) -> dict[str, Json]:
    ours = facts.ours
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
        "trivial_accuracy": facts.trivial.accuracy.value,
        "stamp": facts.stamp,
    }


def _findings(facts: EvaluateFacts) -> list[Finding]:
    found = []
    if facts.ours.auroc.low <= 0.5:
        found.append(
            Finding(
                Level.CAUTION,
                "The model may have learnt nothing.",
                f"AUROC {facts.ours.auroc.words()}, interval {facts.ours.auroc.interval()} reaches 0.5.",
                code="PP-EVALUATE-004",
            )
        )
    if _worse(facts.ours, facts.trivial):
        found.append(
            Finding(
                Level.CAUTION,
                "Always giving the more common answer is right more often.",
                f"Accuracy {facts.ours.accuracy.words()}, without learning {facts.trivial.accuracy.words()}.",
                code="PP-EVALUATE-005",
            )
        )
    found += by_group.unequal(facts.fairness, "PP-EVALUATE-006")
    return found


def _worse(ours: Classification, trivial: Classification) -> bool:
    return ours.accuracy.value < trivial.accuracy.value


STEP = Evaluate()
