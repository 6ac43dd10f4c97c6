"""What neither the attacks nor the audits of a project have looked at, told by what really ran. Light."""

from collections.abc import Callable
from typing import TypeAlias

from ppdesk.workflow.evaluation.attack_facts import AttackFacts

Row: TypeAlias = tuple[str, str]
Say: TypeAlias = Callable[[str], str]  # a message in the language of a document; `str` leaves it in English


def rows(attack: AttackFacts | None, audited: bool, say: Say = str) -> list[Row]:
    """(what, what that means) of each that stays open. `audited`: whether a privacy loss was measured."""
    return [*_model(attack, say), *_tables(attack, say), _audits(audited, say), *_always(say)]


def _model(attack: AttackFacts | None, say: Say) -> list[Row]:
    found = None if attack is None else attack.membership
    if found is None or found.against is None:
        return [
            (
                say("Membership and attribute inference"),
                say("No attack was run against the model. The bound on such attacks is the claimed ε alone."),
            )
        ]
    other_data = (
        say("Attackers with other data"),
        say(
            "Shadow models were trained on records of this table. An attacker may have more records, or "
            "others."
        ),
    )
    no_feature = (
        say("Attribute inference from the model"),
        say("No feature was named that an attacker might want to infer."),
    )
    return [other_data] if found.attributes else [other_data, no_feature]


def _tables(attack: AttackFacts | None, say: Say) -> list[Row]:
    no_link = (
        say("Linkage with outside tables"),
        say("Risks are computed from class sizes alone. No outside table was linked."),
    )
    no_population = (
        say("Risk against a population"),
        say("No table of the population was counted."),
    )
    no_inference = (
        say("Attribute disclosure"),
        say(
            "k-anonymity does not limit what is learnt where a class shares a sensitive value; models on it "
            "do."
        ),
    )
    if attack is None:
        return [no_link, no_population, no_inference]
    found = []
    links = attack.links
    if links is None or (links.exact is None and links.fuzzy is None):
        found.append(no_link)
    elif links.source != "file":
        found.append(
            (
                say("Linkage with outside tables"),
                say(
                    "Only records of the table itself were looked for in the release. No outside table was "
                    "linked."
                ),
            )
        )
    sides = () if attack.risk is None else (attack.risk.before, attack.risk.after)
    if all(one is None or one.journalist is None for one in sides):
        found.append(no_population)
    if attack.singling is None:
        found.append(no_inference)
    elif not attack.singling.control:
        found.append(
            (
                say("What is general, and what leaked"),
                say(
                    "Inference was tried without records that were never used: what it found may be true of "
                    "anybody."
                ),
            )
        )
    return found


def _audits(audited: bool, say: Say) -> Row:
    if audited:
        return (
            say("Losses below the power of the audits"),
            say("A claim that is wrong by less than the power beside each audit would not have been found."),
        )
    return (
        say("Whether the claim holds"),
        say("No audit was run: ε is what the mathematics says of the mechanism."),
    )


def _always(say: Say) -> list[Row]:
    return [
        (
            say("Noise of floating-point arithmetic"),
            say("No step looks for leaks through the low bits of noise, or of what is computed with it."),
        ),
        (
            say("Timing and memory"),
            say("How long a run takes may depend on the data. Nobody outside should watch it."),
        ),
    ]
