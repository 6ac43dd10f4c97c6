"""What neither the attacks nor the audits of a project have looked at, told by what really ran. Light."""

from ppdesk.workflow.evaluation.attack_facts import AttackFacts

Row = tuple[str, str]

_NO_ATTACK: Row = (
    "Membership and attribute inference",
    "No attack was run against the model. The bound on such attacks is the claimed ε alone.",
)
_OTHER_DATA: Row = (
    "Attackers with other data",
    "Shadow models were trained on records of this table. An attacker may have more records, or others.",
)
_NO_FEATURE: Row = (
    "Attribute inference from the model",
    "No feature was named that an attacker might want to infer.",
)
_NO_LINK: Row = (
    "Linkage with outside tables",
    "Risks are computed from class sizes alone. No outside table was linked.",
)
_OWN_LINK: Row = (
    "Linkage with outside tables",
    "Only records of the table itself were looked for in the release. No outside table was linked.",
)
_NO_POPULATION: Row = ("Risk against a population", "No table of the population was counted.")
_NO_INFERENCE: Row = (
    "Attribute disclosure",
    "k-anonymity does not limit what is learnt where a class shares a sensitive value; models on it do.",
)
_NO_CONTROL: Row = (
    "What is general, and what leaked",
    "Inference was tried without records that were never used: what it found may be true of anybody.",
)
_NO_AUDIT: Row = (
    "Whether the claim holds",
    "No audit was run: ε is what the mathematics says of the mechanism.",
)
_POWER: Row = (
    "Losses below the power of the audits",
    "A claim that is wrong by less than the power beside each audit would not have been found.",
)
_BITS: Row = (
    "Noise of floating-point arithmetic",
    "The mechanism's noise is drawn in floating point. No step looks for leaks through its low bits.",
)
_TIME: Row = (
    "Timing and memory",
    "How long a run takes may depend on the data. Nobody outside should watch it.",
)


def rows(attack: AttackFacts | None, audited: bool) -> list[Row]:
    """(what, what that means) of each that stays open. `audited`: whether a privacy loss was measured."""
    return [*_model(attack), *_tables(attack), _POWER if audited else _NO_AUDIT, _BITS, _TIME]


def _model(attack: AttackFacts | None) -> list[Row]:
    found = None if attack is None else attack.membership
    if found is None or found.against is None:
        return [_NO_ATTACK]
    return [_OTHER_DATA] if found.attributes else [_OTHER_DATA, _NO_FEATURE]


def _tables(attack: AttackFacts | None) -> list[Row]:
    if attack is None:
        return [_NO_LINK, _NO_POPULATION, _NO_INFERENCE]
    found = []
    links = attack.links
    if links is None or (links.exact is None and links.fuzzy is None):
        found.append(_NO_LINK)
    elif links.source != "file":
        found.append(_OWN_LINK)
    sides = () if attack.risk is None else (attack.risk.before, attack.risk.after)
    if all(one is None or one.journalist is None for one in sides):
        found.append(_NO_POPULATION)
    if attack.singling is None:
        found.append(_NO_INFERENCE)
    elif not attack.singling.control:
        found.append(_NO_CONTROL)
    return found
