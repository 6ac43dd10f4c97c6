"""Model: which estimator to train, from objective, standard and roles alone."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import declared
from ppdesk.workflow.model.model_advice import Question, advise
from ppdesk.workflow.model.model_facts import CardFact, ModelFacts
from ppdesk.workflow.model.model_params import ModelParams
from ppdesk.workflow.model.train_plan import target_of, task_of
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class Model(PlainStep):
    """Looks at declarations, never at a record."""

    key: ClassVar[str] = "model"
    stage: ClassVar[Stage] = Stage.MODEL
    title: ClassVar[str] = "Model"
    purpose: ClassVar[str] = "Get a model recommended for this target and use."
    help: ClassVar[str] = (
        "From the target, the use that Objective states, the approximate number of records if it is public, "
        "and the standard's limits follows which model to train, at which ε, and what the threshold is "
        "for.\n\n"
        "Nothing is looked up in the data, so this costs no privacy budget. Trying several models on the "
        "data and keeping the best would: each try spends its ε.\n\n"
        "You may train another one: every card says what it is good at, or why it does not fit."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.ROLES,)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE, Kind.STANDARD)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.CHOICE,)
    icon: ClassVar[str] = "git-branch"
    Params: ClassVar[type[Any]] = ModelParams
    Facts: ClassVar[type[Any]] = ModelFacts

    def check(self, params: ModelParams, heads: Heads) -> list[Finding]:
        if Kind.ROLES not in heads:
            return []
        try:
            facts = self._advised(params, heads)
        except CodedError as error:
            return [Finding(Level.BLOCKING, error.message, error.advice, "target", "PP-MODEL-001")]
        if facts.recommended:
            return []
        title = "No model that is offered fits all that is asked."
        detail = "Allow models whose parts cannot all be looked at, or a δ above 0 in the standard."
        return [Finding(Level.CAUTION, title, detail, "glass_box", "PP-MODEL-002")]

    def cost(self, params: ModelParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ModelParams, inputs: Inputs, ctx: Context) -> Outcome[ModelFacts]:  # noqa: ARG002
        facts = self._advised(params, {kind: one.head for kind, one in inputs.items()})
        settings: dict[str, Json] = dict(facts.settings)
        head: dict[str, Json] = {"settings": settings, "name": facts.title, "target": facts.target}
        return Outcome(facts, (Artifact(Kind.CHOICE, head),))

    def section(self, params: ModelParams, facts: ModelFacts) -> Section:  # noqa: ARG002
        blocks: list[Block] = [
            Words(
                f"For {facts.target}: {facts.title}."
                if facts.recommended
                else "None of the models that are offered fits all that is asked."
            ),
            Figures(
                (
                    KeyFigure("Privacy loss ε", f"{facts.epsilon:g}", "what Train would spend"),
                    KeyFigure("Failure chance δ", f"{facts.delta:g}"),
                    KeyFigure("Records, about", _about(facts.rows), "declared"),
                )
            ),
            Table("Why", ("What is proposed", "Reason"), facts.reasons),
            Table(
                "The models",
                ("Model", "Key", "Good at", "All to be looked at", "δ", "Here"),
                [_row(one, facts.recommended) for one in facts.cards],
                caption="Train takes the key. What each cost others in accuracy stands in the manual's "
                "benchmarks.",
            ),
        ]
        if facts.watch:
            blocks.append(Words(facts.watch, "info"))
        if facts.settings:
            told = "  ".join(
                f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value:g}"
                for name, value in sorted(facts.settings.items())
            )
            blocks.append(Words(f"In a recipe:  [train]  {told}"))
        blocks.append(Words("No record was looked at, so this costs no privacy budget.", "info"))
        return Section(self.title, blocks)

    def _advised(self, params: ModelParams, heads: Heads) -> ModelFacts:
        """UndeclaredTargetError where the target is not declared well."""
        target = target_of(heads[Kind.ROLES], params.target, None)
        use_case = declared.text(heads.get(Kind.OBJECTIVE, {}), "use_case")
        question = Question(target.name, task_of(target), use_case, params.rows, params.glass_box)
        return advise(question, heads.get(Kind.STANDARD, {}))


def _about(rows: int | None) -> str:
    return "not stated" if rows is None else f"{rows:,}"


def _row(one: CardFact, recommended: str) -> tuple[str, ...]:
    here = "recommended" if one.key == recommended else one.why_not or "possible"
    seen, delta = "yes" if one.glass_box else "no", "0" if one.pure else "above 0"
    return (one.title, one.key, one.good_at, seen, delta, here)


STEP = Model()
