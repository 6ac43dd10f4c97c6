"""The page on which the claim stands beside what was measured, from Audit's facts alone."""

from dataclasses import replace

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation import attempts_told as told
from ppdesk.workflow.evaluation import membership, membership_told, one_run, one_run_told, testing
from ppdesk.workflow.evaluation.attack_section import gain_of
from ppdesk.workflow.evaluation.audit_facts import AuditFacts, Worth

_WEAK = 2.0  # times the claim: an audit that finds larger losses only says little of the claim
NOTHING_READ = said(
    "Audits run the mechanisms on made-up records: no record of this project is used for them, and nothing"
    " is spent. What Evaluate and Attack found comes from the records themselves, outside the claim."
)


def build(title: str, facts: AuditFacts) -> Section:
    """The verdict, key figures, three figures side by side, all attempts, what was not tested; then each
    audit by itself."""
    every = [*facts.attempts, *facts.attacks]
    blocks: list[Block] = [_still(facts) or verdict(facts)]
    blocks += [one.block() for one in facts.earlier]
    blocks += _second(facts)
    if figures := _figures(facts):
        blocks.append(Figures(figures))
    blocks += _plots(facts)
    of_tables = [one for one in facts.attacks if one.against in told.TABLES]
    others = [one for one in every if one not in of_tables]
    blocks.append(told.table(said("Audits, and attacks on the model"), others, _caption(facts)))
    blocks.append(Table(said("Not tested"), (said("What"),), [(one,) for one in facts.untested]))
    if of_tables:
        blocks.append(told.table(said("Attacks on tables"), of_tables))
    blocks += told.nothing_found(every)
    blocks += told.not_run(facts.not_run, every)
    blocks += told.remarks(every)
    blocks += [Words(one, "info") for one in facts.beside]
    if facts.one_run is not None:
        blocks += one_run.blocks(facts.one_run)
    if facts.mechanisms is not None:
        blocks += testing.blocks(facts.mechanisms)
    blocks.append(Words(NOTHING_READ, "info"))
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section(title, tuple(blocks))


def sure(facts: AuditFacts) -> str:
    """``95 % sure``"""
    return said("{share} sure", share=percent(facts.confidence, None))


def of_model(facts: AuditFacts) -> list[Attempt]:
    """This audit's measurements of what the model loses, and what trained it at the same claim."""
    own = f"mechanism-{facts.estimator}-"
    return [
        one
        for one in told.tried(facts.attempts)
        if told.is_loss(one)
        and (one.against == "model" or (one.key.startswith(own) and one.key.endswith("-own")))
    ]


def measured(facts: AuditFacts) -> float | None:
    """The largest lower bound on the model's epsilon that this audit proved; 0 where it proved none, None
    where nothing was measured."""
    found = [one.found.value for one in of_model(facts) if one.found is not None]
    return max(found, default=None)


def _still(facts: AuditFacts) -> Words | None:
    """Where what an earlier audit found still stands, and this one found nothing."""
    if not any(one.stands for one in facts.earlier) or told.of_verdict(facts.attempts, Verdict.BROKEN):
        return None
    return Words(
        said(
            "A claim does not hold: an earlier audit called it false, and too few that were as hard did not."
        ),
        "risk",
    )


def verdict(facts: AuditFacts) -> Words:
    """The claim, the measurement with its confidence, and what follows."""
    broken = told.of_verdict([*facts.attempts, *facts.attacks], Verdict.BROKEN)
    if broken:
        each = (_broken(one, facts) for one in broken)
        return Words(said_all((said("A claim does not hold."), *each)), "risk")
    found = measured(facts)
    if found is None:
        return _without_model(facts)
    least = (
        said("at least {least} ({sure})", least=one_run_told.least(found, 2), sure=sure(facts))
        if found > 0
        else said("nothing above 0 ({sure})", sure=sure(facts))
    )
    if facts.epsilon is None:
        return Words(said("No privacy is claimed for the model. Measured: {least}.", least=least), "caution")
    claim = said("Claimed: ε at most {epsilon:.2f}. Measured: {least}.", epsilon=facts.epsilon, least=least)
    power = min((one.power for one in of_model(facts) if one.power is not None), default=None)
    if power is None:
        unknown = said("How small a loss would have been found is not known.")
        return Words(said_all((claim, unknown)), "caution")
    if power > _WEAK * facts.epsilon:
        weak = said(
            "No breach was found, but this audit is weak: in theory only a loss of ε {power:.2f} or more "
            "would have been found in four of five audits.",
            power=power,
        )
        return Words(said_all((claim, weak)), "info")
    holds = said(
        "The claim holds as far as these attacks see. In theory a loss of ε {power:.2f} or more would have "
        "been found in four of five audits.",
        power=power,
    )
    return Words(said_all((claim, holds)), "ok")


def _broken(one: Attempt, facts: AuditFacts) -> str:
    how = sure(facts) if one in facts.attempts else said("{share} sure", share="95 %")
    if told.is_loss(one) and one.found is not None and one.allowed is not None:
        return said(
            "{title}: claimed ε at most {claimed:.2f}, measured at least {least} ({sure}).",
            title=one.title,
            claimed=one.allowed,
            least=one_run_told.least(one.found.value, 2),
            sure=how,
        )
    return said_all((one.title, ": ", told.result(one), "; ", told.beside(one), " (", how, ")."), by="")


def _without_model(facts: AuditFacts) -> Words:
    tests = [one for one in told.tried(facts.attempts) if one.against == "mechanism"]
    if not tests:
        return Words(
            said("No privacy loss was measured, so nothing is known of whether the claim holds."), "caution"
        )
    found = said_count(
        "{count} mechanism was tested, and none was found to lose more than is claimed for it ({sure}), as "
        "far as the tests see: their power stands beside each.",
        "{count:,} mechanisms were tested, and none was found to lose more than is claimed for it ({sure}), "
        "as far as the tests see: their power stands beside each.",
        len(tests),
        sure=sure(facts),
    )
    rest = said("The model itself was not audited.") if facts.estimator else ""
    return Words(said_all((found, rest)), "info")


def _second(facts: AuditFacts) -> list[Words]:
    """Where an attack by itself proves more than the audit does."""
    ours = measured(facts) or 0.0
    found = [(title, loss) for title, loss in _of_attacks(facts) if loss > ours]
    if not found:
        return []
    title, loss = max(found, key=lambda one: one[1])
    return [
        Words(
            said(
                "{title} by itself shows a loss of at least {loss:.2f} (95 % sure).", title=title, loss=loss
            ),
            "info",
        )
    ]


def _of_attacks(facts: AuditFacts) -> list[tuple[str, float]]:
    """(attack, lower bound on epsilon) of the membership attack that proves most; empty without one."""
    attacked = None if facts.membership is None else facts.membership.against
    found = [(one.bound.epsilon, one.title) for one in (attacked.attacks if attacked else ()) if one.bound]
    return [(title, loss) for loss, title in found if loss == max(found)[0]][:1]


def _figures(facts: AuditFacts) -> list[KeyFigure]:
    figures = list(facts.worth.figures) if facts.worth is not None else []
    gain = None if facts.membership is None else gain_of(facts.membership)
    if gain is not None:
        figures.append(gain)
    found = measured(facts)
    if found is not None:
        claimed = (
            said("nothing is claimed")
            if facts.epsilon is None
            else said("claimed: at most {epsilon:.2f}", epsilon=facts.epsilon)
        )
        note = said("at least, {sure}; {claimed}", sure=sure(facts), claimed=claimed)
        figures.append(KeyFigure(said("Measured ε"), one_run_told.least(found, 2), note))
    return figures


def _plots(facts: AuditFacts) -> list[Plot]:
    """What the model finds, what the attacker finds, claimed and measured."""
    plots = [] if facts.worth is None else _roc(facts.worth)
    if facts.membership is not None:
        drawn = [one for one in membership.blocks(facts.membership) if isinstance(one, Plot)]
        plots += [_best_attack(one) for one in drawn if one.name == "attack_roc"]
    rows: list[Json] = [
        _bar(one, facts) for one in facts.attempts if told.is_loss(one) and one.found is not None
    ]
    rows += [
        {
            "name": said("Membership: {attack}", attack=membership_told.within_sentence(title)),
            "measured": loss,
            "claimed": facts.epsilon,
            "power": None,
            "words": _words(loss, None),
        }
        for title, loss in _of_attacks(facts)
    ]
    if rows:
        caption = said(
            "Each audit's lower bound on ε beside the upper bound that is claimed; {sure} for all.",
            sure=sure(facts),
        )
        plots.append(Plot(said("Claimed and measured"), "claimed_measured", {"rows": rows}, caption))
    return plots


def _best_attack(drawn: Plot) -> Plot:
    """Of the attacks on the model the best alone: all of them stand in Attack."""
    curves = drawn.values["curves"]
    best = next((one for one in curves if isinstance(one, dict)), {}) if isinstance(curves, list) else {}
    caption = [said("{attack}; Attack has all. Both axes in log scale.", attack=str(best.get("name")))]
    if "epsilon" in drawn.values:
        caption.append(said("What is shaded is reached by chance alone if the claim holds."))
    values: dict[str, Json] = {**drawn.values, "curves": [{**best, "name": said("best attack")}]}
    return replace(drawn, title=said("What the attacker finds"), values=values, caption=said_all(caption))


def _roc(worth: Worth) -> list[Plot]:
    curves: list[Json] = [
        {"name": one.name, "role": one.role, "fpr": list(one.fpr), "tpr": list(one.tpr)}
        for one in worth.lines
    ]
    return [Plot(said("What the model finds"), "roc", {"curves": curves}, worth.caption)] if curves else []


def _bar(one: Attempt, facts: AuditFacts) -> Json:
    loss = 0.0 if one.found is None else one.found.value
    claimed = one.allowed if one.allowed is not None or one.against != "model" else facts.epsilon
    return {
        "name": one.title,
        "measured": loss,
        "claimed": claimed,
        "power": one.power,
        "words": _words(loss, claimed),
    }


def _words(loss: float, claimed: float | None) -> str:
    if loss <= 0:
        return said("nothing found")
    least = one_run_told.least(loss, 2)
    if claimed is not None and loss > claimed:
        return said("at least {least}, over", least=least)
    return said("at least {least}", least=least)


def _caption(facts: AuditFacts) -> str:
    caption = [
        said(
            "Audits at the effort “{effort}”, {sure} for all of them together.",
            effort=told.within_sentence(facts.effort),
            sure=sure(facts),
        )
    ]
    if facts.attacks:
        caption.append(said("Attacks as the step Attack ran them: each with its 95 % interval."))
    return said_all(caption)
