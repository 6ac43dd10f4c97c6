"""The steps `draft` and `report` as the workbench sees them, without a page being set."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.params import Params, param
from ppdesk.core.section import Section, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.report.endorsements import content_digest
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep
from ppdesk_fakes.catalog import FAKES, FakeEntry


class PaperFacts(Facts):
    title: str
    content: str


class DraftParams(Params):
    title: str = param("A report", label="Title", help="What it is called.")
    lies: bool = param(False, label="Lies", help="Whether the event names other content than the pages have.")


class ReportParams(Params):
    draft: int | None = param(None, label="Draft", help="The event of a draft.")


class PaperStep(PlainStep):
    stage = Stage.REPORTING
    purpose = "Stand in for a report."
    help = "Nothing to decide."
    icon = "stamp"
    Facts = PaperFacts

    def cost(self, params: Any, heads: Heads) -> DpEvent:
        return NoEvent()

    def section(self, params: Any, facts: PaperFacts) -> Section:
        return Section(facts.title, (Words(facts.content),))


class DraftStep(PaperStep):
    key = "draft"
    title = "Draft"
    gives = (Kind.DRAFT,)
    Params = DraftParams

    def run(self, params: DraftParams, inputs: Inputs, ctx: Context) -> Outcome[PaperFacts]:
        evidence: dict[str, Any] = {
            "document": {"title": params.title, "signing": {"endorsements": []}},
            "attachments": [],
        }
        content = "0" * 64 if params.lies else content_digest(evidence)
        parts = (Part("report.pdf", b"%PDF-"), Part("evidence.json", canonical(evidence)))
        artifact = Artifact(Kind.DRAFT, {"title": params.title}, parts)
        return Outcome(PaperFacts(title=params.title, content=content), (artifact,))


class ReportStep(PaperStep):
    key = "report"
    title = "Report"
    gives = (Kind.REPORT,)
    takes: ClassVar[Mapping[str, Kind]] = {"draft": Kind.DRAFT}
    Params = ReportParams

    def run(self, params: ReportParams, inputs: Inputs, ctx: Context) -> Outcome[PaperFacts]:
        title = str(inputs[Kind.DRAFT].head["title"]) if Kind.DRAFT in inputs else "Made now"
        artifact = Artifact(Kind.REPORT, {"title": title}, (Part("report.pdf", b"%PDF-"),))
        return Outcome(PaperFacts(title=title, content=""), (artifact,))


DRAFT, REPORT = DraftStep(), ReportStep()
PAPERS = (
    *FAKES,
    FakeEntry("draft", Stage.REPORTING, "paper_draft", "Draft"),
    FakeEntry("report", Stage.REPORTING, "paper_report", "Report"),
)
