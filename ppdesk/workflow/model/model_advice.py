"""Which estimator, from what is declared alone: target, use, size, and the standard's limits."""

from dataclasses import dataclass

from ppdesk.core.artifacts import Head
from ppdesk.core.said import said
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train.advice import rule
from ppdesk.train.advice.price import price
from ppdesk.train.offers import OFFERS, Offer, Task, made_for, offer
from ppdesk.train.schema import Schema
from ppdesk.workflow import declared
from ppdesk.workflow.model.model_facts import CardFact, ModelFacts
from ppdesk.workflow.model.train_params import Policy
from ppdesk.workflow.model.train_plan import DELTA

_EPSILON = 1.0
_MOST = 100.0

_WATCH = {
    "fraud-detection": said("Fraud is rare: look at precision and recall in Evaluate, not at accuracy."),
    "resource-allocation": said(
        "Decisions about people: compare groups in Evaluate and Monitor. A model says who "
        "is likely to need a resource, not what giving it would change. Where decisions were logged, the "
        "estimator policy learns who should get what."
    ),
    "public-health": said(
        "Read the shape of each column before the model is used: an effect of a small group may be noise."
    ),
}
_POLICY = {
    "fraud-detection": (Policy.F1, said("Positives are rare: the threshold is chosen to find them.")),
    "public-health": (Policy.BALANCED, said("A missed case weighs as much as a false alarm.")),
    "resource-allocation": (Policy.BALANCED, said("Those who need it weigh as much as those who do not.")),
}


@dataclass(frozen=True)
class Question:
    """What is asked, with the names of those who ask."""

    target: str
    task: Task
    use_case: str = ""
    rows: int | None = None
    glass_box: bool = True
    schema: Schema | None = None


def advise(question: Question, standard: Head) -> ModelFacts:
    """Cards, the recommended one, and the settings for Train."""
    delta_max = declared.number(standard.get("delta_max"))
    pure = delta_max is not None and delta_max <= 0
    cards = tuple(_card(one, question, pure=pure) for one in OFFERS)
    case = rule.Case(
        task=question.task,
        use_case=question.use_case,
        schema=question.schema,
        rows=question.rows,
        epsilon=_limit(standard, _EPSILON),
        pure=pure,
        glass_box=question.glass_box,
    )
    order = rule.order(case)
    fitting = [one for one in cards if not one.why_not and one.key in order]
    found = min(fitting, key=lambda one: order.index(one.key), default=None)
    epsilon, delta = _guarantee(standard, pure=pure or (found is not None and found.pure))
    settings: dict[str, str | float] = {}
    if found is not None:
        settings = {"estimator": found.key, "epsilon": epsilon, **({} if found.pure else {"delta": delta})}
        policy = _POLICY.get(question.use_case)
        if policy is not None and "policy" in offer(found.key).options and question.task is Task.BINARY:
            settings["policy"] = policy[0].value
    priced = None
    if found is not None and question.schema is not None:
        asked = EpsilonDelta(epsilon, delta, Neighbours.ADD_REMOVE)
        priced = price(found.key, asked, question.schema, question.rows)
    return ModelFacts(
        target=question.target,
        task=question.task.value,
        use_case=question.use_case,
        rows=question.rows,
        cards=cards,
        recommended="" if found is None else found.key,
        title="" if found is None else found.title,
        epsilon=epsilon,
        delta=delta,
        settings=settings,
        reasons=_reasons(case, found, settings, standard),
        watch=_WATCH.get(question.use_case, ""),
        most_epsilon=_limit(standard, _MOST),
        noise=None if priced is None else priced.noise,
        seconds=None if priced is None else priced.seconds,
    )


def _card(one: Offer, question: Question, *, pure: bool) -> CardFact:
    why_not = ""
    if question.task not in one.tasks:
        why_not = made_for(one)
    elif not one.installed:
        why_not = said("The library {extra} is not installed.", extra=one.extra)
    elif pure and not one.delta_zero:
        why_not = said("The standard allows no δ.")
    elif question.glass_box and not one.glass_box:
        why_not = said("Not every part of it can be looked at.")
    return CardFact(
        key=one.key,
        title=one.title,
        good_at=one.good_at,
        glass_box=one.glass_box,
        pure=one.delta_zero,
        why_not=why_not,
        possible=question.task in one.tasks and one.installed and (one.delta_zero or not pure),
    )


def _limit(standard: Head, most: float) -> float:
    """`most`, or less where the standard's limits say so."""
    limits = [declared.number(standard.get(name)) for name in ("epsilon_model_max", "epsilon_max")]
    return min([most, *(one for one in limits if one is not None and one > 0)])


def _guarantee(standard: Head, *, pure: bool) -> tuple[float, float]:
    """ε and δ within the standard's limits."""
    epsilon = _limit(standard, _EPSILON)
    if pure:
        return epsilon, 0.0
    most = declared.number(standard.get("delta_max"))
    return epsilon, DELTA if most is None else min(DELTA, most)


def _reasons(
    case: rule.Case, found: CardFact | None, settings: dict[str, str | float], standard: Head
) -> tuple[tuple[str, str], ...]:
    if found is None:
        return ((said("No model"), said("None of those that are offered fits all that is asked.")),)
    title = declared.text(standard, "title")
    limited = (
        said("Within the limits of {title}.", title=title)
        if title
        else said("A usual choice; no standard sets a limit.")
    )
    told = [(found.title, found.good_at), (said("ε {epsilon:g}", epsilon=settings["epsilon"]), limited)]
    if "policy" in settings:
        told.append((said("Threshold for {policy}", policy=settings["policy"]), _POLICY[case.use_case][1]))
    return (*told, *((one.what, one.words) for one in rule.reasons(case, found.key)))
