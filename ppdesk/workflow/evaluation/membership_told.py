"""The membership attack in words: rows of the joined page, and blocks for screen and report."""

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.effort import Effort
from ppdesk.assess.membership.results import Attacked, MembershipAttack
from ppdesk.assess.results import Estimate
from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import counted, percent
from ppdesk.workflow.evaluation.membership import MembershipResult

GUESSING = Estimate(0.0, 0.0, 0.0)
OUTSIDE = (
    "These figures come from the records themselves, and the shadow models were trained on them: all of it "
    "is outside the privacy claim and stays in the project. Shadow models are thrown away."
)

_MOST_CURVES = 4  # that can be told apart beside the edge of what a claim allows


def attempts(result: MembershipResult) -> list[Attempt]:
    """One for each attack on the model."""
    against = result.against
    if against is None:
        return [_not_run(result)]
    return [_attempt(result, against, one) for one in against.attacks]


def _attempt(result: MembershipResult, against: Attacked, one: MembershipAttack) -> Attempt:
    shadows = one.key != "loss"
    size = f"{against.members:,} {result.unit}s in, {against.others:,} out"
    return Attempt(
        key=f"membership-{one.key}",
        title=one.title,
        against="model",
        attacker=one.knows,
        effort=result.effort,
        size=f"{against.shadows:,} shadow models, {size}" if shadows else size,
        measure="Advantage",
        found=one.widened,
        beside=GUESSING,
        beside_words="guessing",
        allowed=result.allowed_advantage,
        power=against.power,
        power_words=f"Detects advantages over {percent(against.power)}",
        verdict=verdict(result, one),
        note=_note(result, one),
    )


def verdict(result: MembershipResult, one: MembershipAttack) -> Verdict:
    """BROKEN only by the bound on epsilon, which is proved from one model; an advantage over the claim's in
    one model alone is no proof."""
    if one.bound is not None and result.epsilon is not None and one.bound.epsilon > result.epsilon:
        return Verdict.BROKEN
    return Verdict.IN_LINE if one.found else Verdict.NOTHING


def _note(result: MembershipResult, one: MembershipAttack) -> str:
    said = []
    if one.found and one.widened.low <= 0:
        said.append(f"Its area under the curve, {one.auc.words()}, is above that of guessing.")
    if one.found and one.bound is not None and one.bound.epsilon > 0:
        said.append(f"ε is at least {one.bound.epsilon:.3g} by its guesses.")
    if result.control is not None and not result.control.found:
        said.append("The attacks found nothing without privacy either, so finding nothing says little.")
    return " ".join(said)


def _not_run(result: MembershipResult) -> Attempt:
    return not_run(
        "membership",
        "Membership inference",
        "model",
        effort=result.effort,
        measure="Advantage",
        why=result.why_not,
        attacker="Model and shadows",
        allowed=result.allowed_advantage,
    )


def blocks(result: MembershipResult) -> list[Block]:
    """Words, key figures, the attacks, the curve, the control and guessed columns."""
    against = result.against
    if against is None:
        return [Words(f"Membership inference was not tried: {result.why_not}", "caution")]
    found: list[Block] = [_headline(result, against), _figures(result, against), _table(result, against)]
    found.append(_curve(result, against))
    found.append(_control(result))
    if result.attributes:
        found.append(_attributes(result))
    found += [Words(note, "caution") for note in result.notes]
    found.append(Words(OUTSIDE, "info"))
    return found


def _advantage(one: MembershipAttack) -> str:
    """``3.1 % (1.2 % to 5.0 %)``, for the best of all attacks."""
    wide = one.widened
    return f"{percent(wide.value)} ({percent(wide.low)} to {percent(wide.high)})"


def _best(against: Attacked) -> MembershipAttack:
    return next(one for one in against.attacks if one.key == against.best)


def _headline(result: MembershipResult, against: Attacked) -> Words:
    best = _best(against)
    broken = [one for one in against.attacks if verdict(result, one) is Verdict.BROKEN]
    if broken:
        most = max(one.bound.epsilon for one in broken if one.bound is not None)
        return Words(
            f"The claim is false: ε is claimed to be at most {result.epsilon:g}, and who was in training is "
            f"guessed so well that it is at least {most:.3g} (confidence 95 %).",
            "risk",
        )
    tried = f"{len(against.attacks)} attacks with {against.shadows:,} shadow models"
    if not against.found:
        return Words(
            f"None of {tried} could tell the {against.members:,} {result.unit}s in training from "
            f"{against.others:,} that were not. They would have found an advantage over "
            f"{percent(against.power)} in four cases of five.",
            "ok",
        )
    limit = (
        "" if result.allowed_advantage is None else f"; the claim allows {percent(result.allowed_advantage)}"
    )
    return Words(
        f"{best.title} tells {result.unit}s in training from others with an advantage of "
        f"{_advantage(best)}{limit}.",
        "caution",
    )


def _figures(result: MembershipResult, against: Attacked) -> Figures:
    best = _best(against)
    items = [KeyFigure("Area under the curve", best.auc.words(), f"{best.auc.interval()}; guessing 0.500")]
    for one in best.rates:
        limit = "" if one.allowed is None else f"; at most {percent(one.allowed, 2)} by the claim"
        items.append(
            KeyFigure(
                f"Found at {percent(one.rate)} false alarms",
                percent(one.found.value, 2),
                f"{percent(one.found.low, 2)} to {percent(one.found.high, 2)}{limit}",
            )
        )
    if result.epsilon is not None:
        most = max((one.bound.epsilon for one in against.attacks if one.bound is not None), default=0.0)
        reach = max((one.bound.reach for one in against.attacks if one.bound is not None), default=0.0)
        items.append(
            KeyFigure(
                "ε, measured at least",
                f"{most:.3g}",
                f"claimed at most {result.epsilon:g}; could have shown {reach:.3g} at most",
            )
        )
    return Figures(tuple(items))


def _table(result: MembershipResult, against: Attacked) -> Table:
    rows = [
        (
            one.title,
            one.knows,
            one.auc.words(),
            _advantage(one),
            *(percent(at.found.value, 2) for at in one.rates),
            "" if one.bound is None else f"{one.bound.epsilon:.3g}",
        )
        for one in against.attacks
    ]
    rates = tuple(f"Found at {percent(at.rate)}" for at in against.attacks[0].rates)
    several = (
        " If a person can have several records, declare the id column in Roles: with some of them on each "
        "side the attack looks weaker than it is."
    )
    return Table(
        "Who was in training",
        ("Attack", "Attacker has", "Area", "Advantage, 95 % for the best of all", *rates, "ε at least"),
        rows,
        right=(2, 3, 4, 5, 6),
        caption=f"{against.members:,} {result.unit}s of training, {against.others:,} others; looked at: "
        f"{result.score}. {counted(against.shadows, 'shadow model')} ({Effort(result.effort).words})."
        f"{several if result.unit == 'record' else ''}",
    )


def _curve(result: MembershipResult, against: Attacked) -> Plot:
    best_first = sorted(against.attacks, key=lambda one: one.key != against.best)
    curves: list[Json] = [
        {"name": one.title, "fpr": list(one.curve.fpr), "tpr": list(one.curve.tpr)}
        for one in best_first[:_MOST_CURVES]
    ]
    values: dict[str, Json] = {"curves": curves, "least": 1 / against.others}
    said = "Both axes in log scale."
    if len(best_first) > len(curves):
        said += f" The best attack and {len(curves) - 1} others are drawn; the table has all."
    if result.epsilon is not None:
        values |= {"epsilon": result.epsilon, "delta": result.delta or 0.0}
        said += (
            " The shaded region cannot be reached if the claim holds, but by chance where few records make a "
            "point: what is proved is the bound on ε."
        )
    return Plot("Found against false alarms", "attack_roc", values, said)


def _control(result: MembershipResult) -> Words:
    checked = result.control
    if checked is None:
        why = result.control_words or "The attacks were not tried where they must succeed."
        return Words(f"{why} Whether they have any power is not known.", "caution")
    best = _best(checked)
    on = f"On {result.control_words}, trained on few records,"
    if not checked.found:
        return Words(
            f"{on} the same attacks found nothing either: they have little power against this kind of model, "
            "and that they found nothing here says little.",
            "caution",
        )
    return Words(
        f"{on} the same attacks succeed: {best.title} has an advantage of {_advantage(best)}.",
        "info",
    )


def _attributes(result: MembershipResult) -> Table:
    rows = []
    for one in result.attributes:
        value, low, high = (percent(part) for part in one.gain)
        rows.append(
            (one.column, percent(one.members), percent(one.others), f"{value} ({low} to {high})",
             percent(one.commonest))
        )  # fmt: skip
    return Table(
        "Columns guessed from the model and the rest of the record",
        ("Column", "Right, in training", "Right, others", "Difference, 95 %", "Always the commonest"),
        rows,
        right=(1, 2, 3, 4),
        caption="What is right of others is what the model says about the world; the difference is what it "
        "gives away of its own records.",
    )
