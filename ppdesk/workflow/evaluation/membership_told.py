"""The membership attack in words: rows of the joined page, and blocks for screen and report."""

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.effort import Effort
from ppdesk.assess.membership.results import Attacked, MembershipAttack
from ppdesk.assess.results import Estimate
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.membership import MembershipResult

GUESSING = Estimate(0.0, 0.0, 0.0)
OUTSIDE = said(
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
    size = (
        said("{members:,} records in, {others:,} out", members=against.members, others=against.others)
        if result.unit == "record"
        else said(
            "{members:,} {units} in, {others:,} out",
            members=against.members,
            units=units(result.unit),
            others=against.others,
        )
    )
    return Attempt(
        key=f"membership-{one.key}",
        title=one.title,
        against="model",
        attacker=one.knows,
        effort=result.effort,
        size=said("{shadows:,} shadow models, {size}", shadows=against.shadows, size=size)
        if shadows
        else size,
        measure=said("Advantage"),
        found=one.widened,
        beside=GUESSING,
        beside_words=said("guessing"),
        allowed=result.allowed_advantage,
        power=against.power,
        power_words=said("Detects advantages over {power}", power=percent(against.power)),
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
    found = []
    if one.found and one.widened.low <= 0:
        found.append(
            said("Its area under the curve, {area}, is above that of guessing.", area=one.auc.words())
        )
    if one.found and one.bound is not None and one.bound.epsilon > 0:
        found.append(said("ε is at least {epsilon:.3g} by its guesses.", epsilon=one.bound.epsilon))
    if result.control is not None and not result.control.found:
        found.append(
            said("The attacks found nothing without privacy either, so finding nothing says little.")
        )
    return said_all(found)


def _not_run(result: MembershipResult) -> Attempt:
    return not_run(
        "membership",
        said("Membership inference"),
        "model",
        effort=result.effort,
        measure=said("Advantage"),
        why=result.why_not,
        attacker=said("Model and shadows"),
        allowed=result.allowed_advantage,
    )


def blocks(result: MembershipResult) -> list[Block]:
    """Words, key figures, the attacks, the curve, the control and guessed columns."""
    against = result.against
    if against is None:
        return [
            Words(said("Membership inference was not tried: {why_not}", why_not=result.why_not), "caution")
        ]
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
    return said(
        "{value} ({low} to {high})",
        value=percent(wide.value),
        low=percent(wide.low),
        high=percent(wide.high),
    )


def units(unit: str) -> str:
    """Those who are told apart."""
    known = {"record": said("records"), "person": said("persons")}
    return known.get(unit, f"{unit}s")


def within_sentence(title: str) -> str:
    """The title of an attack as it stands within a sentence."""
    known: tuple[str, ...] = (
        said("loss threshold"),
        said("calibrated loss"),
        said("shadow models (offline LiRA)"),
        said("shadow models (online LiRA)"),
        said("relative likelihood (RMIA)"),
    )
    small = f"{title[0].lower()}{title[1:]}"
    return next((one for one in known if one == small), small)


def _best(against: Attacked) -> MembershipAttack:
    return next(one for one in against.attacks if one.key == against.best)


def _headline(result: MembershipResult, against: Attacked) -> Words:
    best = _best(against)
    broken = [one for one in against.attacks if verdict(result, one) is Verdict.BROKEN]
    if broken:
        most = max(one.bound.epsilon for one in broken if one.bound is not None)
        return Words(
            said(
                "The claim is false: ε is claimed to be at most {epsilon:g}, and who was in training is "
                "guessed so well that it is at least {most:.3g} (confidence 95 %).",
                epsilon=result.epsilon or 0.0,
                most=most,
            ),
            "risk",
        )
    if not against.found:
        return Words(
            said(
                "None of {attacks} attacks with {shadows:,} shadow models could tell the {members:,} {units} "
                "in training from {others:,} that were not. They would have found an advantage over {power} "
                "in four cases of five.",
                attacks=len(against.attacks),
                shadows=against.shadows,
                members=against.members,
                units=units(result.unit),
                others=against.others,
                power=percent(against.power),
            ),
            "ok",
        )
    if result.allowed_advantage is None:
        return Words(
            said(
                "{attack} tells {units} in training from others with an advantage of {advantage}.",
                attack=best.title,
                units=units(result.unit),
                advantage=_advantage(best),
            ),
            "caution",
        )
    return Words(
        said(
            "{attack} tells {units} in training from others with an advantage of {advantage}; the claim "
            "allows {allowed}.",
            attack=best.title,
            units=units(result.unit),
            advantage=_advantage(best),
            allowed=percent(result.allowed_advantage),
        ),
        "caution",
    )


def _figures(result: MembershipResult, against: Attacked) -> Figures:
    best = _best(against)
    items = [
        KeyFigure(
            said("Area under the curve"),
            best.auc.words(),
            said("{interval}; guessing {guessing:.3f}", interval=best.auc.interval(), guessing=0.5),
        )
    ]
    for one in best.rates:
        spread = said("{low} to {high}", low=percent(one.found.low, 2), high=percent(one.found.high, 2))
        limit = (
            "" if one.allowed is None else said("at most {share} by the claim", share=percent(one.allowed, 2))
        )
        items.append(
            KeyFigure(
                said("Found at {rate} false alarms", rate=percent(one.rate)),
                percent(one.found.value, 2),
                said_all((spread, limit), by="; "),
            )
        )
    if result.epsilon is not None:
        most = max((one.bound.epsilon for one in against.attacks if one.bound is not None), default=0.0)
        reach = max((one.bound.reach for one in against.attacks if one.bound is not None), default=0.0)
        items.append(
            KeyFigure(
                said("ε, measured at least"),
                f"{most:.3g}",
                said(
                    "claimed at most {epsilon:g}; could have shown {reach:.3g} at most",
                    epsilon=result.epsilon,
                    reach=reach,
                ),
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
    rates = tuple(said("Found at {rate}", rate=percent(at.rate)) for at in against.attacks[0].rates)
    caption = [
        said(
            "{members:,} {units} of training, {others:,} others; looked at: {score}.",
            members=against.members,
            units=units(result.unit),
            others=against.others,
            score=result.score,
        ),
        said_count(
            "{count} shadow model ({effort}).",
            "{count:,} shadow models ({effort}).",
            against.shadows,
            effort=Effort(result.effort).words,
        ),
    ]
    if result.unit == "record":
        caption.append(
            said(
                "If a person can have several records, declare the id column in Roles: with some of them on "
                "each side the attack looks weaker than it is."
            )
        )
    return Table(
        said("Who was in training"),
        (
            said("Attack"),
            said("Attacker has"),
            said("Area"),
            said("Advantage, 95 % for the best of all"),
            *rates,
            said("ε at least"),
        ),
        rows,
        right=(2, 3, 4, 5, 6),
        caption=said_all(caption),
    )


def _curve(result: MembershipResult, against: Attacked) -> Plot:
    best_first = sorted(against.attacks, key=lambda one: one.key != against.best)
    curves: list[Json] = [
        {"name": one.title, "fpr": list(one.curve.fpr), "tpr": list(one.curve.tpr)}
        for one in best_first[:_MOST_CURVES]
    ]
    values: dict[str, Json] = {"curves": curves, "least": 1 / against.others}
    caption = [said("Both axes in log scale.")]
    if len(best_first) > len(curves):
        caption.append(
            said("The best attack and {others} others are drawn; the table has all.", others=len(curves) - 1)
        )
    if result.epsilon is not None:
        values |= {"epsilon": result.epsilon, "delta": result.delta or 0.0}
        caption.append(
            said(
                "The shaded region cannot be reached if the claim holds, but by chance where few records "
                "make a point: what is proved is the bound on ε."
            )
        )
    return Plot(said("Found against false alarms"), "attack_roc", values, said_all(caption))


def _control(result: MembershipResult) -> Words:
    checked = result.control
    if checked is None:
        why = result.control_words or said("The attacks were not tried where they must succeed.")
        return Words(said_all((why, said("Whether they have any power is not known."))), "caution")
    best = _best(checked)
    if not checked.found:
        return Words(
            said(
                "On {control}, trained on few records, the same attacks found nothing either: they have "
                "little power against this kind of model, and that they found nothing here says little.",
                control=result.control_words,
            ),
            "caution",
        )
    return Words(
        said(
            "On {control}, trained on few records, the same attacks succeed: {attack} has an advantage of "
            "{advantage}.",
            control=result.control_words,
            attack=best.title,
            advantage=_advantage(best),
        ),
        "info",
    )


def _attributes(result: MembershipResult) -> Table:
    rows = []
    for one in result.attributes:
        value, low, high = (percent(part) for part in one.gain)
        rows.append(
            (one.column, percent(one.members), percent(one.others),
             said("{value} ({low} to {high})", value=value, low=low, high=high),
             percent(one.commonest))
        )  # fmt: skip
    return Table(
        said("Columns guessed from the model and the rest of the record"),
        (
            said("Column"),
            said("Right, in training"),
            said("Right, others"),
            said("Difference, 95 %"),
            said("Always the commonest"),
        ),
        rows,
        right=(1, 2, 3, 4),
        caption=said(
            "What is right of others is what the model says about the world; the difference is what it gives "
            "away of its own records."
        ),
    )
