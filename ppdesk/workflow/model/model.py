"""Model: which estimator to train, from objective, standard and roles alone."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.train.errors import UndeclaredFeatureError
from ppdesk.train.offers import Task, UnknownOfferError, offer
from ppdesk.train.schema import Schema
from ppdesk.workflow import declared
from ppdesk.workflow.model import model_section
from ppdesk.workflow.model.model_advice import Question, advise
from ppdesk.workflow.model.model_facts import ModelFacts
from ppdesk.workflow.model.model_params import ModelParams
from ppdesk.workflow.model.train_plan import features_of, target_of, task_of
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

_CURVED = (Task.BINARY, Task.CLASSES, Task.QUANTITY)


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
        "How useful models are at which ε is tried on tables that are made up from the declared columns, "
        "or on a public one. Nothing is looked up in your data, so this costs no privacy budget. Trying "
        "several models on the data and keeping the best would: that is what Tune is for.\n\n"
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
            for one in params.estimators:
                offer(one)
        except CodedError as error:
            fields = {UnknownOfferError: "estimators", UndeclaredFeatureError: "features"}
            field = fields.get(type(error), "target")
            return [Finding(Level.BLOCKING, error.message, error.advice, field, "PP-MODEL-001")]
        if facts.recommended:
            return []
        title = said("No model that is offered fits all that is asked.")
        detail = said("Allow models whose parts cannot all be looked at, or a δ above 0 in the standard.")
        return [Finding(Level.CAUTION, title, detail, "glass_box", "PP-MODEL-002")]

    def cost(self, params: ModelParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ModelParams, inputs: Inputs, ctx: Context) -> Outcome[ModelFacts]:
        heads = {kind: one.head for kind, one in inputs.items()}
        facts, target = self._advised(params, heads), target_of(heads[Kind.ROLES], params.target, None)
        if params.curve and Task(facts.task) in _CURVED and facts.recommended:
            from ppdesk.workflow.model import model_curve

            ctx.progress(0.0, said("Making up tables (the first time, kernels are compiled: some seconds)"))
            schema = _schema(heads[Kind.ROLES], params, target.name)
            found = model_curve.drawn(params, facts, schema, target, ctx)
            facts = model_curve.told(params, facts, found, schema)
        settings: dict[str, Json] = dict(facts.settings)
        if params.features and settings:
            settings["features"] = list(params.features)
        head: dict[str, Json] = {"settings": settings, "name": facts.title, "target": facts.target}
        return Outcome(facts, (Artifact(Kind.CHOICE, head),))

    def section(self, params: ModelParams, facts: ModelFacts) -> Section:  # noqa: ARG002
        return model_section.section(self.title, facts)

    def _advised(self, params: ModelParams, heads: Heads) -> ModelFacts:
        """UndeclaredTargetError where the target is not declared well."""
        target = target_of(heads[Kind.ROLES], params.target, None)
        use_case = declared.text(heads.get(Kind.OBJECTIVE, {}), "use_case")
        schema = _schema(heads[Kind.ROLES], params, target.name)
        question = Question(target.name, task_of(target), use_case, params.rows, params.glass_box, schema)
        return advise(question, heads.get(Kind.STANDARD, {}))


def _schema(roles: Head, params: ModelParams, target: str) -> Schema:
    """UndeclaredFeatureError."""
    return Schema.from_roles(roles, features_of(roles, params.features, target), target)


STEP = Model()
