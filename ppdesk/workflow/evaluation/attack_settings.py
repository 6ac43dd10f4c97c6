"""What each part of Attack is asked, from what the whole step is asked. Light: heads only."""

from dataclasses import dataclass, replace

from ppdesk.assess.reidentification.limits import DEFAULT, OWN, THRESHOLDS
from ppdesk.assess.reidentification.results import Risk
from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.attack_params import AUXILIARY, CONTROL, POPULATION, AttackParams
from ppdesk.workflow.evaluation.links import LinkSettings
from ppdesk.workflow.evaluation.membership import MembershipSettings
from ppdesk.workflow.evaluation.risks import RiskSettings
from ppdesk.workflow.evaluation.singling import SinglingSettings
from ppdesk.workflow.step import Heads


@dataclass(frozen=True)
class Accepted:
    """The limit that holds: a key of THRESHOLDS, or "own" with the share, 0..1."""

    threshold: str
    share: float | None
    standard: str = ""  # the title of the standard that it comes from

    @property
    def limit(self) -> float | None:
        """The share that is accepted."""
        known = THRESHOLDS.get(self.threshold)
        return self.share if known is None else known.limit


def accepted(params: AttackParams, heads: Heads) -> Accepted:
    """What a person chose; else the standard's limit on the risk of a record; else EMA's."""
    if params.limit is not None:
        return Accepted(params.limit.value, params.own_limit)
    standard = heads.get(Kind.STANDARD, {})
    most = declared.number(standard.get("risk_max"))
    return (
        Accepted(DEFAULT, None)
        if most is None
        else Accepted(OWN, most, declared.text(standard, "title") or said("The standard"))
    )


def named(risk: Risk, limit: Accepted) -> Risk:
    """`risk` with the standard named where the limit is its own."""
    if not limit.standard:
        return risk
    source = said("The standard that was chosen: its sources stand in the chapter Standard.")
    return replace(risk, limit_title=limit.standard, limit_source=source)


def risk_settings(params: AttackParams, limit: Accepted) -> RiskSettings:
    """What the part Re-identification is asked."""
    return RiskSettings(
        columns=params.columns,
        wildcards=params.wildcards,
        weights=params.weights or "",
        people=params.people,
        fraction=params.fraction,
        population_table="" if params.population_table is None else POPULATION,
        special=params.special,
        largest=params.largest,
        threshold=limit.threshold,
        limit=limit.share,
        limit_of="" if params.limit_of is None else params.limit_of.value,
        controls="" if params.controls is None else params.controls.value,
        motives=params.motives.value,
        breach=params.breach,
        prevalence=params.prevalence,
        known=params.known,
        effort=params.effort,
    )


def link_settings(params: AttackParams, limit: Accepted) -> LinkSettings:
    """What the part Linkage is asked."""
    return LinkSettings(
        effort=params.effort,
        known=params.columns,
        auxiliary="" if params.auxiliary is None else AUXILIARY,
        person=params.person or "",
        control="" if params.control is None else CONTROL,
        errors=params.errors,
        confidence=params.confidence,
        limit=limit.limit,
    )


def singling_settings(params: AttackParams, limit: Accepted) -> SinglingSettings:
    """What the part Singling out is asked. Without records that were never used its risks are upper bounds,
    which no limit is held against."""
    return SinglingSettings(
        effort=params.effort,
        known=params.columns,
        secrets=params.secrets,
        predicate=params.predicate,
        neighbours=params.neighbours,
        control="" if params.control is None else CONTROL,
        limit=None if params.control is None else limit.limit,
    )


def membership_settings(params: AttackParams, minutes: float) -> MembershipSettings:
    """What the part Membership is asked. `minutes`: those that the other parts leave."""
    return MembershipSettings(
        effort=params.effort.value,
        control=params.twin,
        attributes=params.attributes,
        minutes=minutes,
    )
