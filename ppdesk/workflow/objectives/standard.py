"""Standard: the limits that every later step keeps, each with its source."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.said import kept, said, said_all
from ppdesk.core.section import Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.policy.choice import ENOUGH, Chosen, choose, own_standard
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.standard import Standard, preset
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import declared
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep


class Preset(StrEnum):
    """The standards to choose from."""

    GDPR = "gdpr"
    HIPAA = "hipaa"
    OWN = "own"


_KEEP = "Empty: the preset's."


class StandardParams(Params):
    """What Standard asks for. An empty limit is the preset's."""

    preset: Preset = param(
        Preset.GDPR,
        label="Standard",
        help="The rules to keep. Own: set every limit and say where it comes from.",
    )
    k_min: int | None = param(
        None,
        label="Smallest class, k",
        help=f"The least k of an anonymized release. {_KEEP}",
        unit="records",
        ge=2,
    )
    suppression_max: float | None = param(
        None, label="Records suppressed", help=f"The largest share of records left out. {_KEEP}", ge=0, le=1
    )
    risk_max: float | None = param(
        None, label="Highest risk of one record", help=f"Prosecutor risk, at most. {_KEEP}", ge=0, le=1
    )
    epsilon_model_max: float | None = param(
        None, label="ε for one model", help=f"The most that one training may spend. {_KEEP}", ge=0, le=100
    )
    epsilon_max: float | None = param(
        None, label="ε for the whole project", help=f"The most that all runs may spend. {_KEEP}", ge=0, le=100
    )
    delta_max: float | None = param(
        None, label="Failure chance δ", help=f"The most that all runs may spend. {_KEEP}", ge=0, le=0.01
    )
    reason: str = param(
        "",
        label="Why this choice?",
        help=f"Needed, with at least {ENOUGH} letters, where a limit is weaker than the preset's, or than "
        "the one that holds in this project.",
        free_text=True,
    )
    sources: dict[str, str] = param(
        {},
        label="Sources",
        help="Where a limit of yours comes from, by the limit's name, such as k_min. Own rules need all.",
        more=True,
        free_text=True,
    )

    def given(self) -> dict[Limit, float]:
        """The limits that are not left to the preset."""
        values = {limit: getattr(self, limit.value) for limit in Limit}
        return {limit: value for limit, value in values.items() if value is not None}


class LimitFact(Facts):
    """A limit as it was set."""

    name: str
    title: str
    value: float
    shown: str
    preset: str  # empty under own rules
    basis: str
    weaker: bool
    sources: list[str]


class ClauseFact(Facts):
    """What the rules ask for, in short."""

    title: str
    says: str
    served_by: list[str]


class StandardFacts(Facts):
    """The standard as it was read, so that the record stands when the preset changes."""

    title: str
    place: str
    summary: str
    caution: str
    limits: list[LimitFact]
    clauses: list[ClauseFact]


class StandardStep(PlainStep):
    """Sets limits; k, suppression, epsilon and delta are held to them from here on."""

    key: ClassVar[str] = "standard"
    stage: ClassVar[Stage] = Stage.OBJECTIVES
    title: ClassVar[str] = "Standard"
    purpose: ClassVar[str] = (
        "Choose the rules that release and model must meet. They set the limits for every later step."
    )
    help: ClassVar[str] = (
        "A standard is a set of limits: how many people a record must look like, how many records may be "
        "left out, how much privacy a model and the whole project may spend.\n\n"
        "No law gives k or ε. Each number says whether it comes from a law, from guidance or from practice, "
        "and where to read it. You may change any of them; one that is weaker than the preset's, or than "
        "what held in this project until now, needs your reason, which stands in the report.\n\n"
        "Where IT has set a policy for this computer, no limit may be weaker than the policy's, whatever the "
        "reason. Where a preset is weaker, set the limit yourself."
    )
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.OBJECTIVE,
        Kind.STANDARD,  # the one that holds until now
        Kind.POLICY,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    icon: ClassVar[str] = "scale"
    Params: ClassVar[type[Any]] = StandardParams
    Facts: ClassVar[type[Any]] = StandardFacts

    def check(self, params: StandardParams, heads: Heads) -> list[Finding]:
        unknown = [name for name in params.sources if name not in {limit.value for limit in Limit}]
        if unknown:
            return [
                _blocked(
                    said("There is no limit named {unknown}.", unknown=kept(unknown[0])), "", "sources", 1
                )
            ]
        try:
            standard = _standard(params)
        except CodedError as error:
            return [_blocked(error.message, error.advice, "preset", 2)]
        found = []
        limits = choose(standard, params.given(), params.reason, params.sources)
        for one in limits:
            rule = RULES[one.limit]
            if not rule.allows(one.value):
                found.append(
                    _blocked(
                        said("{limit} cannot be {show}.", limit=rule.title, show=rule.show(one.value)),
                        "",
                        one.limit.value,
                        3,
                    )
                )
            if one.weaker and one.preset is not None:
                found.append(
                    Finding(
                        Level.CAUTION,
                        said(
                            "{limit}: {show} is weaker than the preset's.",
                            limit=rule.title,
                            show=rule.show(one.value),
                        ),
                        said(
                            "{standard} is set to {show} here.",
                            standard=standard.title,
                            show=rule.show(one.preset),
                        ),
                        one.limit.value,
                        "PP-STANDARD-004",
                    )
                )
        found += _against_policy(limits, heads.get(Kind.POLICY, {}))
        relaxed = _relaxed(limits, heads.get(Kind.STANDARD, {}))
        found += relaxed
        if (relaxed or any(one.weaker for one in limits)) and len(params.reason.strip()) < ENOUGH:
            found.append(
                _blocked(
                    said("A weaker limit needs your reason."),
                    said(
                        "{letters} letters, at least {least}.",
                        letters=len(params.reason.strip()),
                        least=ENOUGH,
                    ),
                    "reason",
                    5,
                )
            )
        return [*found, *_agree({one.limit: one.value for one in limits})]

    def cost(self, params: StandardParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(
        self,
        params: StandardParams,
        inputs: Inputs,  # noqa: ARG002
        ctx: Context,  # noqa: ARG002
    ) -> Outcome[StandardFacts]:
        standard = _standard(params)
        limits = choose(standard, params.given(), params.reason, params.sources)
        facts = StandardFacts(
            title=standard.title,
            place=standard.place,
            summary=standard.summary,
            caution=standard.caution,
            limits=[_fact(one) for one in limits],
            clauses=[
                ClauseFact(title=clause.title, says=clause.says, served_by=clause.served_by)
                for clause in standard.clauses
            ],
        )
        return Outcome(facts, (Artifact(Kind.STANDARD, _head(params, standard, limits)),))

    def section(self, params: StandardParams, facts: StandardFacts) -> Section:
        rows = [(one.title, one.shown, _origin(one), kept(" ".join(one.sources))) for one in facts.limits]
        blocks: list[Any] = [
            Words(
                said(
                    "{title} ({place}). {summary}",
                    title=facts.title,
                    place=facts.place,
                    summary=facts.summary,
                )
            ),
            Words(facts.caution, "caution"),
            Table(
                said("Limits"),
                (said("Limit"), said("Value"), said("Number from"), said("Sources")),
                rows,
                right=(1,),
            ),
        ]
        if params.reason.strip():
            blocks.append(Words(said("Reason given: {reason}", reason=kept(params.reason.strip()))))
        if facts.clauses:
            clauses = [(one.title, one.says, kept(", ".join(one.served_by))) for one in facts.clauses]
            blocks.append(
                Table(
                    said("Clauses in short"),
                    (said("Clause"), said("What it asks"), said("Served by")),
                    clauses,
                )
            )
        return Section(self.title, blocks)


def _standard(params: StandardParams) -> Standard:
    if params.preset is Preset.OWN:
        return own_standard(params.given(), params.sources)
    return preset(params.preset.value)


def _head(params: StandardParams, standard: Standard, limits: list[Chosen]) -> Head:
    values = {
        one.limit.value: int(one.value) if RULES[one.limit].whole else float(one.value) for one in limits
    }
    return {
        "preset": params.preset.value,
        "title": standard.title,
        **values,
        "sources": {one.limit.value: list(one.sources) for one in limits},
        "reason": params.reason.strip(),
        **({"reasons": list(standard.reasons)} if standard.reasons else {}),
    }


def _fact(one: Chosen) -> LimitFact:
    rule = RULES[one.limit]
    unit = f" {rule.unit}" if rule.unit else ""
    return LimitFact(
        name=one.limit.value,
        title=rule.title,
        value=one.value,
        shown=rule.show(one.value) + unit,
        preset="" if one.preset is None else rule.show(one.preset) + unit,
        basis=one.basis,
        weaker=one.weaker,
        sources=list(one.sources),
    )


_BASES = {
    "law": said("law"),
    "guidance": said("guidance"),
    "practice": said("practice"),
    "own": said("own"),
}


def _origin(one: LimitFact) -> str:
    if one.preset and one.preset != one.shown:
        if one.weaker:
            return said("own; weaker than the preset's {preset}", preset=one.preset)
        return said("own; stricter than the preset's {preset}", preset=one.preset)
    return _BASES.get(one.basis, one.basis)


def _relaxed(limits: list[Chosen], held: Head) -> list[Finding]:
    """The limits that protect less than those that hold: whoever set them may have seen results since."""
    found = []
    for one in limits:
        rule, before = RULES[one.limit], declared.number(held.get(one.limit.value))
        if before is not None and rule.weaker(one.value, before):
            found.append(
                Finding(
                    Level.CAUTION,
                    said(
                        "{limit}: {show} is weaker than what holds now.",
                        limit=rule.title,
                        show=rule.show(one.value),
                    ),
                    said("{show} holds in this project.", show=rule.show(before)),
                    one.limit.value,
                    "PP-STANDARD-008",
                )
            )
    return found


def _against_policy(limits: list[Chosen], policy: Head) -> list[Finding]:
    """The limits that protect less than IT's for this machine: no reason helps."""
    held = policy.get("limits")
    found = []
    for one in limits:
        rule = RULES[one.limit]
        most = declared.number(held.get(one.limit.value)) if isinstance(held, Mapping) else None
        if most is None or not rule.weaker(one.value, most):
            continue
        told = {"policy": declared.text(policy, "title"), "limit": rule.show(most)}
        asks = (
            said("The policy {policy} asks for at least {limit}.", **told)
            if rule.least
            else said("The policy {policy} asks for at most {limit}.", **told)
        )
        theirs = (
            said("That is the preset's value: set the limit yourself.") if one.value == one.preset else ""
        )
        questions = said("Questions: {contact}.", contact=kept(declared.text(policy, "contact")))
        found.append(
            _blocked(
                said(
                    "{limit}: {show} is weaker than the policy of this computer allows.",
                    limit=rule.title,
                    show=rule.show(one.value),
                ),
                said_all((asks, theirs, questions)),
                one.limit.value,
                9,
            )
        )
    return found


def _agree(values: dict[Limit, float]) -> list[Finding]:
    """Whether the limits agree with each other."""
    found = []
    if values[Limit.EPSILON_MODEL_MAX] > values[Limit.EPSILON_MAX]:
        found.append(
            Finding(
                Level.CAUTION,
                said("One model may spend more than the whole project."),
                said(
                    "One model: {model:g}, project: {project:g}. The smaller one holds.",
                    model=values[Limit.EPSILON_MODEL_MAX],
                    project=values[Limit.EPSILON_MAX],
                ),
                Limit.EPSILON_MODEL_MAX.value,
                "PP-STANDARD-006",
            )
        )
    risk, k = values[Limit.RISK_MAX], values[Limit.K_MIN]
    if k >= 1 and risk < 1 / k:
        found.append(
            Finding(
                Level.CAUTION,
                said("The risk limit asks for larger classes than k does."),
                said(
                    "A class of {k:g} has a risk of {risk}, the limit is {most}.",
                    k=k,
                    risk=percent(1 / k),
                    most=percent(risk, None),
                ),
                Limit.RISK_MAX.value,
                "PP-STANDARD-007",
            )
        )
    return found


def _blocked(title: str, detail: str, field: str, number: int) -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, f"PP-STANDARD-{number:03d}")


STEP = StandardStep()
