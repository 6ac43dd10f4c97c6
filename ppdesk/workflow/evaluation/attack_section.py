"""The words, tables and figures of Attack, from its facts alone."""

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.effort import Effort
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Words
from ppdesk.core.wording import counted, percent
from ppdesk.workflow.evaluation import attempts_told as told
from ppdesk.workflow.evaluation import links, membership, risks, singling
from ppdesk.workflow.evaluation.attack_facts import OUTSIDE_CLAIM, AttackFacts
from ppdesk.workflow.evaluation.membership import MembershipResult

_OF_TABLES = ("release", "synthetic")


def build(title: str, facts: AttackFacts) -> Section:
    """What was found in a sentence, all attempts, then each part by itself."""
    blocks: list[Block] = [_verdict(facts), *(one.block() for one in facts.earlier)]
    blocks.append(Words(OUTSIDE_CLAIM, "info"))
    if figures := _figures(facts):
        blocks.append(Figures(figures))
    tried = told.tried(facts.attempts)
    blocks += told.bars("What the attacks got", tried, "Share")
    blocks.append(
        told.table(
            "Attacks",
            facts.attempts,
            "Shares with 95 % intervals. Beside: the same attack without what is attacked. Power: what this "
            "effort finds with a chance of four in five.",
        )
    )
    blocks += told.nothing_found(facts.attempts)
    blocks += told.remarks(facts.attempts)
    blocks += told.not_run(facts.not_run, facts.attempts)
    if facts.risk is not None:
        blocks += risks.blocks(facts.risk)
    if facts.links is not None:
        blocks += links.blocks(facts.links)
    if facts.singling is not None:
        blocks += singling.blocks(facts.singling)
    if facts.membership is not None:
        blocks += membership.blocks(facts.membership)
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section(title, tuple(blocks))


def _verdict(facts: AttackFacts) -> Words:
    """The worst that was found, with how sure that is."""
    tried = told.tried(facts.attempts)
    if not tried:
        return Words("No attack was run, so nothing is known of what an attacker gets.", "caution")
    effort = Effort(facts.effort).words.lower()
    count = f"{counted(len(tried), 'attack')} at the effort \u201c{effort}\u201d"
    if broken := told.of_verdict(tried, Verdict.BROKEN):
        return Words(
            f"An attack got more than the claim allows, at 95 % confidence: {_names(broken)}. {count}.",
            "risk",
        )
    if any(one.stands for one in facts.earlier):
        return Words(
            "A claim does not hold: an earlier attack called it false, and too few as hard did not. "
            f"{count}.",
            "risk",
        )
    if over := told.of_verdict(tried, Verdict.OVER):
        return Words(f"Over the limit: {_names(over)}. {count}.", "caution")
    found = told.of_verdict(tried, Verdict.IN_LINE)
    if found:
        free = sum(one.allowed is None for one in found)
        held = f" ({free} of them with no claim or limit to be held against)" if free else ""
        return Words(
            f"{count}: {len(found)} found something{held}, none more than is claimed or accepted. What an "
            "attacker with other means gets is not known.",
            "info",
        )
    return Words(
        f"{count} found nothing. That means as much as their power, which stands beside each.", "info"
    )


def _names(attempts: list[Attempt]) -> str:
    return "; ".join(f"{told.named(one)} ({told.result(one)})" for one in attempts)


def _figures(facts: AttackFacts) -> list[KeyFigure]:
    """The worst share got from what was published, and the attacker's gain on the model."""
    figures = []
    tables = [
        one for one in told.tried(facts.attempts) if one.against in _OF_TABLES and one.found is not None
    ]
    shares = [one for one in tables if not told.is_loss(one)]
    # what has no limit is an upper bound, or no share of people: it leads only where there is nothing else
    shares = [one for one in shares if one.allowed is not None] or shares
    if shares:
        worst = max(shares, key=lambda one: 0.0 if one.found is None else one.found.value)
        if worst.found is not None:
            limit = "no limit" if worst.allowed is None else f"limit {percent(worst.allowed)}"
            figures.append(
                KeyFigure("Most got from tables", percent(worst.found.value), f"{worst.title}; {limit}")
            )
    gain = gain_of(facts.membership)
    if gain is not None:
        figures.append(gain)
    return figures


def gain_of(found: MembershipResult | None) -> KeyFigure | None:
    """What the best attack on the model adds to guessing, beside what the claim allows."""
    if found is None or found.against is None or not found.against.attacks:
        return None
    attacks = found.against.attacks
    best = next((one for one in attacks if one.key == found.against.best), attacks[0])
    allowed = (
        "no claim limits it"
        if found.allowed_advantage is None
        else f"allowed by \u03b5: {percent(found.allowed_advantage)}"
    )
    low, high = percent(best.widened.low), percent(best.widened.high)
    return KeyFigure("Attacker\u2019s gain", percent(best.advantage.value), f"{low} to {high}; {allowed}")
