"""R = R_data x R_context: the chance that somebody tries, for each of three kinds of attack.

P(identification) = P(identification | threat) x P(threat) (ISO/IEC 27559:2022; El Emam 2013). The threats
and their chances are those of El Emam 2013, as the Information and Privacy Commissioner of Ontario gives
them in De-identification Guidelines for Structured Data, step 5, 2016. Nobody measured the chances of a
deliberate attack; they are a convention.
"""

from collections.abc import Mapping

from ppdesk.assess.reidentification.results import InContext
from ppdesk.core.said import said

LEVELS = ("low", "medium", "high")
PUBLIC = "public"  # anybody may have the data
SOURCE = (
    "El Emam, Guide to the De-Identification of Personal Health Information, 2013;"
    " Information and Privacy Commissioner of Ontario, De-identification Guidelines for Structured Data,"
    " step 5, 2016"
)
# mitigating controls of who gets the data -> their motives and capacity -> chance of an attempt
ATTEMPT: Mapping[str, Mapping[str, float]] = {
    "high": {"low": 0.05, "medium": 0.1, "high": 0.2},
    "medium": {"low": 0.2, "medium": 0.3, "high": 0.4},
    "low": {"low": 0.4, "medium": 0.5, "high": 0.6},
}


def acquaintance(prevalence: float, known: float) -> float:
    """The chance that somebody who knows `known` people knows one with what the table is about, which the
    share `prevalence` of all people has: 1 - (1 - p)^m."""
    return float(1.0 - (1.0 - prevalence) ** known)


def in_context(
    data: float, controls: str, motives: str, *, prevalence: float | None, known: float, breach: float | None
) -> tuple[InContext, ...]:
    """The attacks, each with the risk of the `data`, 0..1. `controls` and `motives` of LEVELS, or PUBLIC:
    then somebody tries, and nothing else counts. What is None is not known, and left out."""
    if controls == PUBLIC:
        return (_attack(said("Public release"), 1.0, said("anybody may try, and somebody will"), data),)
    found = [
        _attack(
            said("Deliberate attempt"), ATTEMPT[controls][motives],
            said(
                "{controls} mitigating controls, {motives} motives and capacity",
                controls=controls,
                motives=motives,
            ),
            data,
        )
    ]  # fmt: skip
    if prevalence is not None:
        why = said(
            "{known:g} people known, {share:.4g} % of people have what the table is about",
            known=known,
            share=100 * prevalence,
        )
        found.append(_attack(said("Chance recognition"), acquaintance(prevalence, known), why, data))
    if breach is not None:
        found.append(_attack(said("Breach"), breach, said("the chance of a breach that was given"), data))
    return tuple(found)


def _attack(attack: str, chance: float, why: str, data: float) -> InContext:
    return InContext(attack, round(chance, 6), why, data, round(chance * data, 6))
