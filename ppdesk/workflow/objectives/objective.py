"""Objective: what the data is for, about whom, and who answers for it."""

from enum import StrEnum
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.said import kept, said
from ppdesk.core.section import Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep

_SHORT = 20  # letters: a purpose below that seldom says one


class UseCase(StrEnum):
    """What kind of use it is."""

    PUBLIC_HEALTH = "public-health"
    FRAUD_DETECTION = "fraud-detection"
    RESOURCE_ALLOCATION = "resource-allocation"
    RESEARCH = "research"
    OFFICIAL_STATISTICS = "official-statistics"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The use as a person reads it."""
        return _USES[self]


_USES = {
    UseCase.PUBLIC_HEALTH: said("Public health"),
    UseCase.FRAUD_DETECTION: said("Fraud detection"),
    UseCase.RESOURCE_ALLOCATION: said("Resource allocation"),
    UseCase.RESEARCH: said("Research"),
    UseCase.OFFICIAL_STATISTICS: said("Official statistics"),
    UseCase.OTHER: said("Other"),
}

# what tends to go wrong in each use, and the steps where it shows
_WATCH = {
    UseCase.PUBLIC_HEALTH: said("Small areas and rare diagnoses single people out: see Anonymize."),
    UseCase.FRAUD_DETECTION: said(
        "Fraud is rare: look at precision and recall in Evaluate, not at accuracy."
    ),
    UseCase.RESOURCE_ALLOCATION: said("Decisions about people: compare groups in Evaluate and Monitor."),
    UseCase.RESEARCH: said("Further use must be compatible with what people were told: compare with Import."),
    UseCase.OFFICIAL_STATISTICS: said(
        "Figures are published for good: plan the privacy budget for all of them."
    ),
    UseCase.OTHER: said("Say in the purpose what decision the result serves."),
}


class ObjectiveParams(Params):
    """What Objective asks for."""

    project: str = param(label="Project", help="A short name.", min_length=1, free_text=True)
    use_case: UseCase = param(
        UseCase.OTHER, label="Use", help="What kind of use it is. It decides what to watch for later."
    )
    population: str = param(
        "", label="Population", help="Whose data it is: who, where and when.", free_text=True
    )
    purpose: str = param(
        label="Purpose",
        help="What the result is for, in the words of the purpose that the data was collected for or may be "
        "used for. Import compares the two.",
        min_length=1,
        free_text=True,
    )
    people: str = param(
        "",
        label="People responsible",
        help="Who answers for this project, for example the controller and the data protection officer.",
        free_text=True,
    )


class ObjectiveFacts(Facts):
    """Nothing is found out: what was said is in the parameters."""


class Objective(PlainStep):
    """Keeps what was said; later steps compare with it."""

    key: ClassVar[str] = "objective"
    stage: ClassVar[Stage] = Stage.OBJECTIVES
    title: ClassVar[str] = "Objective"
    purpose: ClassVar[str] = "Say what the data is for, about whom it is, and who answers for it."
    help: ClassVar[str] = (
        "Personal data may be used for a stated purpose and no other (GDPR Art. 5(1)(b)). What you say here "
        "stands at the head of each report, and Import compares it with what the data may be used for.\n\n"
        "Name the population as closely as a reader needs to judge who could recognize whom. Do not name "
        "persons from the data."
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE,)
    icon: ClassVar[str] = "flag"
    Params: ClassVar[type[Any]] = ObjectiveParams
    Facts: ClassVar[type[Any]] = ObjectiveFacts

    def check(self, params: ObjectiveParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        found = []
        for field, value, title in (
            ("project", params.project, said("The project is empty.")),
            ("purpose", params.purpose, said("The purpose is empty.")),
        ):
            if not value.strip():
                found.append(
                    Finding(
                        Level.BLOCKING,
                        title,
                        "",
                        field,
                        "PP-OBJECTIVE-001",
                    )
                )
        if 0 < len(params.purpose.strip()) < _SHORT:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("The purpose is very short."),
                    said("An auditor will ask what decision or publication the result serves."),
                    "purpose",
                    "PP-OBJECTIVE-002",
                )
            )
        for field, value, title in (
            ("population", params.population, said("It is not said whose data it is.")),
            ("people", params.people, said("It is not said who answers for the project.")),
        ):
            if not value.strip():
                found.append(
                    Finding(
                        Level.CAUTION,
                        title,
                        "",
                        field,
                        "PP-OBJECTIVE-003",
                    )
                )
        return found

    def cost(self, params: ObjectiveParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(
        self,
        params: ObjectiveParams,
        inputs: Inputs,  # noqa: ARG002
        ctx: Context,  # noqa: ARG002
    ) -> Outcome[ObjectiveFacts]:
        head = {
            "project": params.project.strip(),
            "use_case": params.use_case.value,
            "population": params.population.strip(),
            "purpose": params.purpose.strip(),
            "people": params.people.strip(),
        }
        return Outcome(ObjectiveFacts(), (Artifact(Kind.OBJECTIVE, head),))

    def section(self, params: ObjectiveParams, facts: ObjectiveFacts) -> Section:  # noqa: ARG002
        rows = (
            (said("Project"), kept(params.project)),
            (said("Use"), params.use_case.words),
            (said("Population"), kept(params.population) or said("not stated")),
            (said("Purpose"), kept(params.purpose)),
            (said("People responsible"), kept(params.people) or said("not stated")),
        )
        return Section(
            self.title,
            (
                Table(said("What the data is for"), ("", ""), rows),
                Words(_WATCH[params.use_case], "info"),
            ),
        )


STEP = Objective()
