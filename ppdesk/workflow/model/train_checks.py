"""What Train can say before it runs, from parameters and declarations alone."""

from collections.abc import Iterator

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import kept, said, said_all
from ppdesk.core.wording import chance
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UndeclaredTargetError
from ppdesk.train.group_privacy import mechanism_epsilon
from ppdesk.train.offers import Task, for_task, offer
from ppdesk.train.regularization import least_regularization
from ppdesk.train.schema import Numeric, Schema
from ppdesk.train.tuning.candidates import settings
from ppdesk.workflow import declared, guarantee
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.model import train_plan, train_policy
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.step import Heads
from ppdesk.workflow.unit import stability

_FEW = 20  # records times epsilon per term: below, noise outweighs most of the signal
_TERMS = 8  # of a numeric column
_TOO_LIKELY = 0.1  # delta times records
OPTIONS = (
    "regularization",
    "policy",
    "device",
    "n_clusters",
    "n_components",
    *train_policy.SETTINGS,
)  # settings that not every estimator has


def findings(params: TrainParams, heads: Heads) -> list[Finding]:
    """All remarks; see the functions below."""
    roles, table = heads.get(Kind.ROLES, {}), heads.get(Kind.TABLE, {})
    found = list(_against_standard(heads.get(Kind.STANDARD, {}), params))
    found += guarantee.findings(roles, table)
    found += _guarantee(params, table)
    found += _options(params, mechanism_epsilon(params.epsilon, factor(roles, table) or 1))
    if params.held_out == 0 and Task.POLICY not in offer(params.estimator.value).tasks:
        found.append(
            Finding(
                Level.CAUTION,
                said("No record is held out."),
                said("Nobody will be able to measure what the model is worth."),
                "held_out",
                "PP-TRAIN-023",
            )
        )
    if Kind.ROLES not in heads:
        return found
    try:
        plan = train_plan.plan(roles, params)
    except CodedError as error:
        field = "target" if isinstance(error, UndeclaredTargetError) else "features"
        return [*found, Finding(Level.BLOCKING, error.message, error.advice, field, "PP-TRAIN-024")]
    if plan.task not in plan.offer.tasks:
        return [*found, _other(plan)]
    if plan.task is Task.POLICY and plan.target is not None:
        found += train_policy.findings(params, plan.target, roles)
    inner = mechanism_epsilon(params.epsilon, factor(roles, table) or 1)
    return [*found, *_size(table, plan.schema, inner, params.held_out)]


def _against_standard(standard: Head, params: TrainParams) -> Iterator[Finding]:
    title = declared.text(standard, "title")
    for name, above in (
        ("epsilon_model_max", said("ε is above the standard's limit for one model.")),
        ("epsilon_max", said("ε is above the standard's limit for the whole project.")),
    ):
        most = declared.number(standard.get(name))
        if most is not None and params.epsilon > most:
            yield Finding(
                Level.BLOCKING,
                above,
                said(
                    "ε {epsilon:g}, at most {most:g} ({title}).",
                    epsilon=params.epsilon,
                    most=most,
                    title=title,
                ),
                "epsilon",
                "PP-TRAIN-021",
            )
            break
    most, delta = declared.number(standard.get("delta_max")), train_plan.delta(params)
    if most is not None and delta > most:
        yield Finding(
            Level.BLOCKING,
            said("δ is above the standard's limit for the whole project."),
            said("δ {delta}, at most {most} ({title}).", delta=chance(delta), most=chance(most), title=title),
            "delta",
            "PP-TRAIN-030",
        )


def _guarantee(params: TrainParams, table: Head) -> Iterator[Finding]:
    """Whether the estimator can be asked for this delta and relation, and delta beside the records."""
    chosen, delta = offer(params.estimator.value), train_plan.delta(params)
    if not chosen.installed:
        yield Finding(
            Level.BLOCKING,
            said(
                "{title} needs the library {extra}, which is not installed.",
                title=chosen.title,
                extra=chosen.extra,
            ),
            said("Install it, or choose another model: the additive model needs nothing more."),
            "estimator",
            "PP-TRAIN-031",
        )
    if chosen.delta_zero and delta > 0:
        yield Finding(
            Level.BLOCKING,
            said("{title} has a δ of 0 and no other.", title=chosen.title),
            said("Leave δ empty."),
            "delta",
            "PP-TRAIN-034",
        )
    if not chosen.delta_zero and delta == 0:
        yield Finding(
            Level.BLOCKING,
            said("{title} needs a δ above 0.", title=chosen.title),
            said("Its noise is Gaussian. For a δ of 0 choose objective-perturbation."),
            "delta",
            "PP-TRAIN-035",
        )
    relation = train_plan.relation(params, table)
    if relation not in chosen.relations:
        yield Finding(
            Level.BLOCKING,
            said(
                "{title} makes no claim under {relation}.",
                title=chosen.title,
                relation=kept(relation.value),
            ),
            said(
                "It can be asked for {relations}.",
                relations=said_all((kept(one.value) for one in chosen.relations), said(" or ")),
            ),
            "neighbours",
            "PP-TRAIN-033",
        )
    steady = stability(table)
    if relation is Neighbours.ADD_REMOVE and steady is not None and steady > 1:
        yield Finding(
            Level.BLOCKING,
            said("After this cleaning the guarantee can be stated for replaced records only."),
            said(
                "What Clean proves is how many records change when one of the imported file is "
                "replaced. Leave the neighbouring tables empty, or choose replace-one."
            ),
            "neighbours",
            "PP-TRAIN-036",
        )
    rows = declared.number(table.get("rows"))
    if rows is not None and delta * rows > _TOO_LIKELY:
        yield Finding(
            Level.CAUTION,
            said("δ is large for so many records."),
            said(
                "δ {delta}, {rows:,.0f} records. It should be far below one in the number of "
                "records, or a few records may be given away in full.",
                delta=chance(delta),
                rows=rows,
            ),
            "delta",
            "PP-TRAIN-037",
        )


def _options(params: TrainParams, inner: float) -> Iterator[Finding]:
    chosen = offer(params.estimator.value)
    try:
        settings(chosen.key, params.settings)
    except CodedError as error:
        yield Finding(Level.BLOCKING, error.message, error.advice, "settings", "PP-TRAIN-041")
    default = type(params).model_fields
    for name in OPTIONS:
        if name not in chosen.options and getattr(params, name) != default[name].default:
            yield Finding(
                Level.BLOCKING,
                said("{title} has no such setting.", title=chosen.title),
                said(
                    "{setting} belongs to another model. Leave it as it is by default.",
                    setting=default[name].title or name,
                ),
                name,
                "PP-TRAIN-038",
            )
    given, least = params.regularization, least_regularization(inner)
    if "regularization" in chosen.options and given is not None and given < least:
        yield Finding(
            Level.BLOCKING,
            said("The regularization is too weak for this ε."),
            said(
                "{given:.4g}, at least {least:.4g}. Leave it empty to use the rule.", given=given, least=least
            ),
            "regularization",
            "PP-TRAIN-022",
        )


def _other(plan: train_plan.Plan) -> Finding:
    """The estimator is not made for such a target."""
    others = kept(", ".join(one.key for one in for_task(plan.task))) or said("none")
    name = said("the target") if plan.target is None else kept(plan.target.name)
    what = plan.task.words if plan.task is not Task.NONE else said("no target")
    return Finding(
        Level.BLOCKING,
        said("{title} cannot learn {name}: {what}.", title=plan.offer.title, name=name, what=what),
        said(
            "It learns {tasks}. For {what} there are: {others}.",
            tasks=said_all((one.words for one in plan.offer.tasks), ", "),
            what=what,
            others=others,
        ),
        "estimator",
        "PP-TRAIN-032",
    )


def terms(schema: Schema) -> int:
    """How many numbers a model of these columns has to find, roughly: one for each category, a few for each
    number."""
    return 1 + sum(_TERMS if isinstance(one, Numeric) else len(one.categories) + 1 for one in schema.columns)


def _size(table: Head, schema: Schema, epsilon: float, held_out: float) -> Iterator[Finding]:
    rows, width = declared.number(table.get("rows")), terms(schema)
    if rows is not None and rows * (1 - held_out) * epsilon < _FEW * width:
        yield Finding(
            Level.CAUTION,
            said("There are few records for so many columns at this ε."),
            said(
                "{rows:,.0f} records, about {width} terms to learn. The noise may outweigh "
                "what is learnt: use fewer features or categories.",
                rows=rows,
                width=width,
            ),
            "features",
            "PP-TRAIN-025",
        )
