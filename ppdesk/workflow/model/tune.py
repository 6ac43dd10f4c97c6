"""Tune: settings found free of charge, or by private trials of which the best is the model."""

from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind, Part, column_names
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import kept, said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, EpsilonDelta, NoEvent
from ppdesk.train.offers import Task, offer
from ppdesk.train.tuning.candidates import USUAL, Candidate, candidate
from ppdesk.workflow.cleaning import handed_on
from ppdesk.workflow.model import train_checks, tune_section
from ppdesk.workflow.model.train_plan import Plan, plan, relation
from ppdesk.workflow.model.tune_params import CandidateFact, TuneFacts, TuneOn, TuneParams
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

if TYPE_CHECKING:
    from ppdesk.core.artifacts import Head

_ONE_GAUSSIAN = ("additive", "ebm", "linear")  # whose trials are all one mechanism: see train.tuning.trials
_MOST = 40
_MEASURES = {
    Task.BINARY: "AUROC",
    Task.CLASSES: said("AUROC, mean of the classes"),
    Task.QUANTITY: "R²",
}


class Tune(PlainStep):
    """Free of charge it gives settings; private, the model."""

    key: ClassVar[str] = "tune"
    stage: ClassVar[Stage] = Stage.MODEL
    title: ClassVar[str] = "Tune"
    purpose: ClassVar[str] = "Find settings for training without an unpaid look at the data."
    help: ClassVar[str] = (
        "The written rules of the models are made to need no tuning. Where you still want to choose among "
        "settings, choosing by results on your records tells about them, so it has to be paid for, or be "
        "done elsewhere.\n\n"
        "Free of charge: on made-up tables with your declared columns, or on synthetic records that were "
        "already paid for. You get settings for Train.\n\n"
        "Private: a random, secret number of trials on your records, each with noise, and only the one with "
        "the best noisy score is given out: it is the model, and Train need not run (Papernot and Steinke "
        "2022). About 40 % of ε pays for the choice, so tune privately only where settings matter much. "
        "Evaluate and the steps after it go on with this model; run Tune free of charge to go back to "
        "Train's."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD, Kind.SYNTHETIC)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.CHOICE, Kind.MODEL)
    icon: ClassVar[str] = "crosshair"
    Params: ClassVar[type[Any]] = TuneParams
    Facts: ClassVar[type[Any]] = TuneFacts

    def check(self, params: TuneParams, heads: Heads) -> list[Finding]:
        roles = heads.get(Kind.ROLES)
        if roles is None:
            return []
        try:
            _, listed = _listed(params, roles)
            settings = [params.as_train(one.key, one.written) for one in listed]
        except CodedError as error:
            return [Finding(Level.BLOCKING, error.message, error.advice, "candidates", "PP-TUNE-001")]
        except ValueError:
            return [
                _finding(
                    said("A candidate is none that Train knows."),
                    said("See Model."),
                    "candidates",
                    "PP-TUNE-001",
                )
            ]
        if len(listed) > _MOST:
            return [
                _finding(
                    said("There are too many candidates."),
                    said("At most {most}.", most=_MOST),
                    "candidates",
                    "PP-TUNE-002",
                )
            ]
        if params.on is not TuneOn.PRIVATE:
            return _free(params, heads, listed)
        wrong = [one.words for one in listed if one.key not in _ONE_GAUSSIAN]
        found = list(dict.fromkeys(one for each in settings for one in train_checks.findings(each, heads)))
        if wrong:
            title = said("Private trials are proved for additive, ebm and linear only.")
            found.append(
                _finding(title, said("Not for {wrong}.", wrong=kept(wrong[0])), "candidates", "PP-TUNE-004")
            )
        return found

    def cost(self, params: TuneParams, heads: Heads) -> DpEvent:
        """All trials together, and the model; nothing where no private record is read."""
        if params.on is not TuneOn.PRIVATE:
            return NoEvent()
        under = relation(params.as_train("additive"), heads.get(Kind.TABLE, {}))
        return EpsilonDelta(params.epsilon, params.delta, under)

    def run(self, params: TuneParams, inputs: Inputs, ctx: Context) -> Outcome[TuneFacts]:
        from ppdesk.workflow.model import tune_work

        found, listed = _listed(params, inputs[Kind.ROLES].head)
        if params.on is TuneOn.PRIVATE:
            return _private(params, found, listed, inputs, ctx)
        told = tune_work.tried(params, found, listed, inputs, ctx)
        chosen: Candidate = told.pop("chosen")
        facts = _facts(params, found, chosen, ctx, **told)
        settings: dict[str, Json] = {
            name: list(value) if isinstance(value, list) else value for name, value in facts.settings.items()
        }
        head: dict[str, Json] = {"settings": settings, "name": facts.title, "target": facts.target}
        return Outcome(facts, (Artifact(Kind.CHOICE, head),))

    def section(self, params: TuneParams, facts: TuneFacts) -> Section:  # noqa: ARG002
        return tune_section.section(self.title, facts)


def _private(
    params: TuneParams, found: Plan, listed: tuple[Candidate, ...], inputs: Inputs, ctx: Context
) -> Outcome[TuneFacts]:
    from ppdesk.workflow.model import train_record, tune_work

    done, planned, best = tune_work.private(params, listed, inputs, ctx)
    ctx.progress(0.95, said("Keeping the model"))
    claim = train_record.claim(done, inputs, ctx)
    as_train = params.as_train(best.candidate.key, best.candidate.written)
    trial = {"epsilon": planned.training.epsilon, "delta": planned.training.delta}
    head = train_record.head(done, claim, inputs[Kind.TABLE].head)
    head |= train_record.training(as_train.model_copy(update=trial), done, params.validation)
    made = (
        Part("model", train_record.model(done, claim)),
        Part("split", train_record.split(done), personal=True),
    )
    artifact = Artifact(Kind.MODEL, head, (*made, *handed_on(inputs[Kind.TABLE])))
    facts = _facts(
        params,
        found,
        best.candidate,
        ctx,
        candidates=[CandidateFact(words=one.words) for one in listed],
        source=said("private records"),
        trials=params.trials,
        trial_epsilon=planned.training.epsilon,
        score=best.score,
        train=train_record.facts(done, as_train, inputs, ctx),
    )
    return Outcome(facts, (artifact,))


def _facts(params: TuneParams, found: Plan, chosen: Candidate, ctx: Context, **told: Any) -> TuneFacts:
    settings: dict[str, str | float | list[str]] = {"estimator": chosen.key, "epsilon": params.epsilon}
    if not offer(chosen.key).delta_zero:
        settings["delta"] = params.delta
    settings["settings"] = list(chosen.written)
    return TuneFacts(
        on=params.on.value,
        target="" if found.target is None else found.target.name,
        task=found.task.value,
        measure=_MEASURES[found.task],
        chosen=chosen.words,
        title=" ".join((offer(chosen.key).title, *chosen.written)),
        settings=settings,
        epsilon=params.epsilon,
        delta=params.delta,
        private=ctx.entropy.private,
        stamp=ctx.stamp if params.on is TuneOn.PRIVATE else "",
        **told,
    )


def _listed(params: TuneParams, roles: "Head") -> tuple[Plan, tuple[Candidate, ...]]:
    """What is learnt about which, and the candidates. UndeclaredTargetError, UndeclaredFeatureError,
    UnknownOfferError, BadSettingError."""
    found = plan(roles, params.as_train("additive"))
    listed = tuple(dict.fromkeys(candidate(one) for one in params.candidates or USUAL[found.task]))
    return found, listed


def _free(params: TuneParams, heads: Heads, listed: tuple[Candidate, ...]) -> list[Finding]:
    found = plan(heads[Kind.ROLES], params.as_train("additive"))
    for one in listed:
        if found.task not in offer(one.key).tasks:
            title = said("{title} cannot learn {task}.", title=offer(one.key).title, task=found.task.words)
            return [_finding(title, said("Take it out of the candidates."), "candidates", "PP-TUNE-003")]
    if params.on is not TuneOn.SYNTHETIC:
        return []
    made = heads.get(Kind.SYNTHETIC)
    if made is None:
        return [
            _finding(
                said("There are no synthetic records."),
                said("Run Synthetic records first."),
                "on",
                "PP-TUNE-005",
            )
        ]
    names = column_names(made) or tuple(str(one) for one in made.get("columns") or ())  # type: ignore[union-attr]  # a list
    wanted = (*found.schema.names, "" if found.target is None else found.target.name)
    missing = next((one for one in wanted if one not in names), None)
    if missing is None:
        return []
    title = said("The synthetic records have no column {missing}.", missing=kept(missing))
    return [_finding(title, said("Draw them with it, or name fewer features."), "features", "PP-TUNE-006")]


def _finding(title: str, detail: str, field: str, code: str) -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, code)


STEP = Tune()
