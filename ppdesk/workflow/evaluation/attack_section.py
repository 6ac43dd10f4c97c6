"""The words, tables and figures of Attack, from its facts alone."""

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Words
from ppdesk.core.wording import percent
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
    blocks += told.bars(said("What the attacks got"), tried, said("Share"))
    blocks.append(
        told.table(
            said("Attacks"),
            facts.attempts,
            said(
                "Shares with 95 % intervals. Beside: the same attack without what is attacked. Power: what "
                "this effort finds with a chance of four in five."
            ),
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
        return Words(said("No attack was run, so nothing is known of what an attacker gets."), "caution")
    count = told.attacks_at(len(tried), facts.effort)
    if broken := told.of_verdict(tried, Verdict.BROKEN):
        return Words(
            said(
                "An attack got more than the claim allows, at 95 % confidence: {attacks}. {count}.",
                attacks=_names(broken),
                count=count,
            ),
            "risk",
        )
    if any(one.stands for one in facts.earlier):
        return Words(
            said(
                "A claim does not hold: an earlier attack called it false, and too few as hard did not. "
                "{count}.",
                count=count,
            ),
            "risk",
        )
    if over := told.of_verdict(tried, Verdict.OVER):
        return Words(
            said("Over the limit: {attacks}. {count}.", attacks=_names(over), count=count), "caution"
        )
    return _in_line(told.of_verdict(tried, Verdict.IN_LINE), count)


def _in_line(found: list[Attempt], count: str) -> Words:
    if not found:
        return Words(
            said(
                "{count} found nothing. That means as much as their power, which stands beside each.",
                count=count,
            ),
            "info",
        )
    free = sum(one.allowed is None for one in found)
    if free:
        return Words(
            said(
                "{count}: {found} found something ({free} of them with no claim or limit to be held "
                "against), none more than is claimed or accepted. What an attacker with other means gets is "
                "not known.",
                count=count,
                found=len(found),
                free=free,
            ),
            "info",
        )
    return Words(
        said(
            "{count}: {found} found something, none more than is claimed or accepted. What an attacker with "
            "other means gets is not known.",
            count=count,
            found=len(found),
        ),
        "info",
    )


def _names(attempts: list[Attempt]) -> str:
    return said_all((in_brackets(told.named(one), told.result(one)) for one in attempts), by="; ")


def in_brackets(words: str, more: str) -> str:
    """``words (more)``"""
    return said_all((words, " (", more, ")"), by="")


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
            limit = (
                said("no limit")
                if worst.allowed is None
                else said("limit {share}", share=percent(worst.allowed))
            )
            figures.append(
                KeyFigure(
                    said("Most got from tables"),
                    percent(worst.found.value),
                    said_all((worst.title, limit), by="; "),
                )
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
        said("no claim limits it")
        if found.allowed_advantage is None
        else said("allowed by \u03b5: {share}", share=percent(found.allowed_advantage))
    )
    spread = said("{low} to {high}", low=percent(best.widened.low), high=percent(best.widened.high))
    return KeyFigure(
        said("Attacker\u2019s gain"), percent(best.advantage.value), said_all((spread, allowed), by="; ")
    )
