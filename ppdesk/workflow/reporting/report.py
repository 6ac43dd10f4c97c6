"""Report: the evidence in one signed PDF that a stranger can check."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import counted
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.reporting.report_facts import ReportFacts
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep

_HTML = "report.html"


class Report(PlainStep):
    """Builds the document from the history alone. The workbench signs it before it is stored."""

    key: ClassVar[str] = "report"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Report"
    purpose: ClassVar[str] = "Put the evidence into one signed PDF that a stranger can check."
    help: ClassVar[str] = (
        "The report is made from the history alone: each chapter names the event it comes from and that "
        "event's "
        "hash. The last finished run of each step is shown, every comment, and the list of all events.\n\n"
        "What persons have left blank is listed above the signature, and so is what was not tested. No "
        "row of the "
        "data enters the report.\n\n"
        "Your signature certifies the file as it is and allows no change. evidence.json, for machines, "
        "lies inside "
        "it under the same signature."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    # none of these is read: the report is out of date when one of them changes. No microdata among them.
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.OBJECTIVE,
        Kind.STANDARD,
        Kind.ROLES,
        Kind.EVALUATION,
        Kind.ATTACK,
        Kind.AUDIT,
        Kind.BUNDLE,
        Kind.MONITORING,
        Kind.FEEDBACK,
        Kind.STATEMENTS,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.REPORT,)
    seals: ClassVar[Literal["", "manifest", "pdf"]] = "pdf"
    icon: ClassVar[str] = "stamp"
    Params: ClassVar[type[Any]] = ReportParams
    Facts: ClassVar[type[Any]] = ReportFacts

    def check(self, params: ReportParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        found = []
        for field, value in (("organisation", params.organisation), ("contact", params.contact)):
            if not value.strip():
                found.append(
                    Finding(
                        Level.INFO,
                        f"The report names no {field}.",
                        "It will be listed as blank above the signature.",
                        field,
                        "PP-REPORTING-001",
                    )
                )
        return found

    def cost(self, params: ReportParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ReportParams, inputs: Inputs, ctx: Context) -> Outcome[ReportFacts]:
        from ppdesk.workflow.reporting.allowed import open_terms
        from ppdesk.workflow.reporting.report_work import compose
        from ppdesk.workflow.reporting.told import read

        made = compose(params, inputs[Kind.HISTORY], ctx)
        facts = made.facts
        artifact = Artifact(
            Kind.REPORT,
            {"title": facts.title, "pages": facts.pages, "stamp": facts.stamp},
            (
                Part("report.pdf", made.pdf),
                Part("evidence.json", made.evidence),
                *([] if made.html is None else [Part(_HTML, made.html)]),
            ),
        )
        findings = open_terms(read(inputs[Kind.HISTORY]), ctx.clock.now().date())
        if facts.blanks:
            findings.append(
                Finding(
                    Level.CAUTION,
                    f"Still blank: {counted(len(facts.blanks), 'place')}.",
                    "They are listed above the signature.",
                    code="PP-REPORTING-002",
                )
            )
        return Outcome(facts, (artifact,), findings)

    def section(self, params: ReportParams, facts: ReportFacts) -> Section:
        blocks: list[Any] = [
            Words(f"{params.to.name} tells the history up to event {facts.head_seq}."),
            Figures(
                (
                    KeyFigure("Pages", str(facts.pages), f"{facts.chapters} chapters"),
                    KeyFigure("Tables", str(facts.tables), "numbered"),
                    KeyFigure("Figures", str(facts.figures), "drawn as vectors"),
                    KeyFigure("Still blank", str(len(facts.blanks)), "listed above the signature"),
                )
            ),
            Table(
                "What identifies it",
                ("What", "SHA-256"),
                (
                    ("History's head", facts.head_hash),
                    ("evidence.json", facts.evidence_sha256),
                    *([("Accessible edition", facts.html_sha256)] if facts.html_sha256 else []),
                ),
            ),
        ]
        if facts.blanks:
            blocks.append(Table("Still blank", ("Where",), [(one,) for one in facts.blanks]))
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: ReportParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.REPORT)
        pages = (Delivery("html", made.data(_HTML)),) if params.html is not None else ()
        return (Delivery("to", made.data("report.pdf")), *pages)


STEP = Report()
