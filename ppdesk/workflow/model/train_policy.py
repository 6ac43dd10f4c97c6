"""What Train says of a policy: what is declared of it, what can be checked, and what it is worth."""

from collections.abc import Iterator, Mapping
from typing import Any

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import kept, said, said_all
from ppdesk.core.section import Table, Words
from ppdesk.train.errors import UndeclaredTargetError
from ppdesk.train.offers import offer
from ppdesk.train.schema import Classes, Quantity, Target
from ppdesk.workflow.model.train_facts import PolicyFact, TrainFacts
from ppdesk.workflow.model.train_params import TrainParams

SETTINGS = ("reward", "propensity", "chances", "least_propensity", "limits", "temperature")
UNMEASURED = said(
    "Whatever made people get an action and is not among the features cannot be allowed for. If those who "
    "decided knew more than the table, these values are wrong, and no interval says by how much."
)
_OVERLAP = {
    "enough": said("enough"),
    "little": said("little: read with care"),
    "none": said("too little: nothing can be told"),
}
_ROUND = 1e-6


def reward_of(target: Target) -> Target:
    """The reward: a number, or two classes of which one is positive. UndeclaredTargetError."""
    if isinstance(target, Quantity) or (target.binary and target.positive is not None):
        return target
    raise UndeclaredTargetError(
        column=target.name, reason=said("a reward is a number with bounds, or has two categories")
    )


def actions_of(roles: Head, named: str | None) -> Classes:
    """The declared actions. UndeclaredTargetError."""
    name = named or str(roles.get("target") or "")
    entry = next((one for one in columns_of(roles) if one.get("name") == name), None)
    found = None if entry is None or entry.get("type") == "numeric" else entry.get("categories")
    if not isinstance(found, list | tuple):
        raise UndeclaredTargetError(
            column=name or "(target)", reason=said("actions need declared categories")
        )
    return Classes(name, tuple(str(one) for one in found))


def settings(params: TrainParams, reward: Target | None) -> dict[str, Any]:
    """What the estimator is given beside what all are."""
    return {
        "reward": reward,
        "propensity": params.propensity or None,
        "chances": dict(params.chances) or None,
        "least_propensity": params.least_propensity,
        "limits": dict(params.limits),
        "temperature": params.temperature,
    }


def findings(params: TrainParams, actions: Target, roles: Head) -> Iterator[Finding]:
    """What can be said of the declared logging and limits before a run."""
    names = set(actions.values) if isinstance(actions, Classes) else set()
    given = params.chances
    if params.propensity and given:
        yield _blocking(
            said("Propensities are declared twice."), said("Give a column or chances."), "chances"
        )
    if params.propensity and params.propensity not in {one.get("name") for one in columns_of(roles)}:
        yield _blocking(
            said("There is no such column of propensities."), kept(params.propensity), "propensity"
        )
    low = min(given.values(), default=1.0)
    if given and (set(given) != names or abs(sum(given.values()) - 1) > _ROUND or low <= 0):
        yield _blocking(
            said("The declared propensities are not those of the actions."),
            said(
                "Give one above 0 for each of {names}; they add up to 1.",
                names=kept(", ".join(sorted(names))),
            ),
            "chances",
        )
    if not given and params.least_propensity * max(len(names), 1) > 1:
        yield _blocking(
            said("The least propensity is more than all actions can have."),
            said("At most {share:.4g}, one divided by the number of actions.", share=1 / max(len(names), 1)),
            "least_propensity",
        )
    limits = params.limits
    if set(limits) - names or not all(0 <= one <= 1 for one in limits.values()):
        yield _blocking(
            said("A limit is no share of an action."),
            said("Give shares from 0 to 1 by the actions' names."),
            "limits",
        )
    elif names and sum(limits.get(one, 1.0) for one in names) < 1 - _ROUND:
        yield _blocking(
            said("The limits leave people without any action."),
            said("They must add up to 1 or more."),
            "limits",
        )
    if limits and params.temperature > 0:
        yield _blocking(
            said("Limits and a temperature do not go together."),
            said("Leave the temperature at 0."),
            "temperature",
        )
    if not params.propensity and not given:
        yield Finding(
            Level.CAUTION,
            said("Why people got an action is estimated, not known."),
            said_all(
                (
                    said("Give the column of propensities, or the chances of a randomised logging."),
                    UNMEASURED,
                )
            ),
            "propensity",
            "PP-TRAIN-040",
        )


def policies(fitted: Any) -> tuple[PolicyFact, ...]:
    """The values that a policy tells; none of other models. They are covered by the claim."""
    return tuple(
        PolicyFact(
            policy=one.policy,
            action=one.action,
            dr=(one.dr.value, one.dr.low, one.dr.high),
            ips=(one.ips.value, one.ips.low, one.ips.high),
            snips=(one.snips.value, one.snips.low, one.snips.high),
            size=one.size,
            weight=one.weight,
            overlap=one.overlap,
        )
        for one in getattr(fitted, "values", ())
        if offer("policy").key == fitted.estimator
    )


def shares(fitted: Any) -> dict[str, float]:
    """Of people that the policy gives each action, noisy."""
    if fitted.estimator != offer("policy").key:
        return {}
    return dict(zip(fitted.actions.values, fitted.shares, strict=False))


def limits(fitted: Any) -> dict[str, float]:
    """The largest share of people for each limited action."""
    if fitted.estimator != offer("policy").key:
        return {}
    pairs = zip(fitted.actions.values, fitted.limits, strict=True)
    return {name: share for name, share in pairs if share < 1}


def blocks(facts: TrainFacts) -> list[Any]:
    """What policies are worth, whom the learnt one gives what, and what to beware of."""
    if not facts.policies:
        return []
    table = Table(
        said("Mean {reward} by policy", reward=kept(facts.reward)),
        (
            said("Policy"),
            said("Doubly robust"),
            said("95 % interval"),
            said("IPS"),
            said("Self-normalised"),
            said("Records"),
            said("Overlap"),
        ),
        [_row(one) for one in facts.policies],
        right=(1, 2, 3, 4, 5),
        caption=said(
            "From records that the policy was not learnt from, with noise that is paid "
            "for; intervals hold both. Records: how many that were decided as the policy "
            "would have decided this is worth (Kish's effective size)."
        ),
    )
    given = Table(
        said("Whom the learnt policy gives what"),
        (said("Action"), said("Share of people"), said("Limit")),
        [
            (
                kept(name),
                f"{share:.1%}",
                f"{facts.limits[name]:.1%}" if name in facts.limits else said("none"),
            )
            for name, share in facts.action_shares.items()
        ],
        right=(1, 2),
    )
    return [Words(_verdict(facts), "info"), table, given, Words(_beware(facts), "caution")]


def _row(one: PolicyFact) -> tuple[str, ...]:
    names = {"learnt": said("The learnt policy"), "logged": said("As it was decided")}
    name = names.get(one.policy, said("Always {action}", action=kept(one.action)))
    value, low, high = one.dr
    if one.overlap == "none":
        return (
            name,
            "",
            said("{low:.4g} to {high:.4g}", low=low, high=high),
            "",
            "",
            f"{max(one.size, 0):,.0f}",
            _OVERLAP["none"],
        )
    others = ("", "") if one.policy == "logged" else (f"{one.ips[0]:.4g}", f"{one.snips[0]:.4g}")
    return (
        name,
        f"{value:.4g}",
        said("{low:.4g} to {high:.4g}", low=low, high=high),
        *others,
        f"{max(one.size, 0):,.0f}",
        _OVERLAP.get(one.overlap, one.overlap),
    )


def _verdict(facts: TrainFacts) -> str:
    found: Mapping[str, PolicyFact] = {one.policy: one for one in facts.policies if not one.action}
    learnt, logged = found.get("learnt"), found.get("logged")
    if learnt is None or logged is None or learnt.overlap == "none":
        return said(
            "What the learnt policy is worth cannot be told: too few records were decided as it would decide."
        )
    if learnt.dr[1] > logged.dr[2]:
        return said(
            "The learnt policy earns more {reward} than the decisions that were logged.",
            reward=kept(facts.reward),
        )
    if learnt.dr[2] < logged.dr[1]:
        return said(
            "The learnt policy earns less {reward} than the decisions that were logged.",
            reward=kept(facts.reward),
        )
    return said(
        "The intervals of the learnt policy and of the logged decisions overlap: neither is shown better."
    )


def _beware(facts: TrainFacts) -> str:
    told = [UNMEASURED]
    if any(one.overlap == "none" for one in facts.policies):
        told.append(
            said(
                "Where overlap is too little, hardly anybody got that action, or noise outweighs those who "
                "did."
            )
        )
    over = [name for name, limit in facts.limits.items() if facts.action_shares.get(name, 0.0) > limit + 0.02]
    if over:
        told.append(
            said(
                "On the evaluation records the policy gives more than its limit: {over}.",
                over=kept(", ".join(over)),
            )
        )
    told.append(said("Limits hold on average over people like those logged, not for each handful of them."))
    return said_all(told)


def _blocking(title: str, detail: str, field: str) -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, "PP-TRAIN-039")
