"""Report: the evidence in one signed PDF that a stranger can check."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_count
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.report_facts import ReportFacts
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep

_HTML = "report.html"


# none of these is read: a report is out of date when one of them changes. No microdata among them.
TELLS: tuple[Kind, ...] = (
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


class Report(PlainStep):
    """Builds the document from the history alone. The workbench signs it before it is stored."""

    key: ClassVar[str] = "report"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Report"
    purpose: ClassVar[str] = "Put the evidence into one signed PDF that a stranger can check."
    help: ClassVar[str] = (
        "A report is one of several documents, all made from the history alone: under each table and figure "
        "stands the event that its values come from, with that event's hash. The full audit trail shows the "
        "last finished run of each step, every comment, and the list of all events.\n\n"
        "Nothing is concluded that a person must decide. What only a person can say is asked by Statements; "
        "what is still blank is listed above the signature. Each document says what was not tested. No row "
        "of the data enters it.\n\n"
        "Your signature certifies the file as it is and allows no change. evidence.json, for machines, "
        "lies inside it under the same signature."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    uses: ClassVar[tuple[Kind, ...]] = TELLS
    gives: ClassVar[tuple[Kind, ...]] = (Kind.REPORT,)
    takes: ClassVar[Mapping[str, Kind]] = {"draft": Kind.DRAFT}
    seals: ClassVar[Literal["", "manifest", "pdf"]] = "pdf"
    icon: ClassVar[str] = "stamp"
    Params: ClassVar[type[Any]] = ReportParams
    Facts: ClassVar[type[Any]] = ReportFacts

    def check(self, params: ReportParams, heads: Heads) -> list[Finding]:
        if params.draft is not None:
            return _settled(params, heads.get(Kind.DRAFT, {}))
        return unnamed(params)

    def cost(self, params: ReportParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ReportParams, inputs: Inputs, ctx: Context) -> Outcome[ReportFacts]:
        from ppdesk.workflow.reporting.allowed import open_terms
        from ppdesk.workflow.reporting.report_work import compose
        from ppdesk.workflow.reporting.told import read

        findings = open_terms(read(inputs[Kind.HISTORY]), ctx.clock.now().date())
        if params.draft is None:
            made = compose(params, inputs[Kind.HISTORY], ctx, html=params.html is not None)
        else:
            from ppdesk.workflow.reporting.draft_work import certified

            made, since = certified(params, inputs[Kind.DRAFT], inputs[Kind.HISTORY], ctx)
            findings += since
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
        return Outcome(facts, (artifact,), [*findings, *still_blank(facts.blanks)])

    def pages(self, params: ReportParams, inputs: Inputs, ctx: Context) -> Iterator[bytes]:
        from ppdesk.workflow.reporting.report_work import previewed

        if params.draft is not None:  # what others have read
            yield inputs[Kind.DRAFT].data("report.pdf")
            return
        yield from previewed(params, inputs[Kind.HISTORY], ctx)

    def signed(self, facts: ReportFacts, artifacts: Sequence[Artifact], signer: str) -> ReportFacts:
        """With the SHA-256 of the file as it goes out: a PDF's signature does not cover the place of its own
        value, and this does."""
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.REPORT)
        return facts.model_copy(update={"sha256": sha256_hex(made.data("report.pdf")), "signer": signer})

    def section(self, params: ReportParams, facts: ReportFacts) -> Section:
        blocks: list[Any] = [
            Words(
                said(
                    "{file} tells the history up to event {event}.",
                    file=params.to.name,
                    event=str(facts.head_seq),
                )
            ),
            *_endorsed(facts),
            Figures(
                (
                    KeyFigure(
                        said("Pages"),
                        str(facts.pages),
                        said("{chapters} chapters", chapters=str(facts.chapters)),
                    ),
                    KeyFigure(said("Tables"), str(facts.tables), said("numbered")),
                    KeyFigure(said("Figures"), str(facts.figures), said("drawn as vectors")),
                    KeyFigure(
                        said("Still blank"), str(len(facts.blanks)), said("listed above the signature")
                    ),
                )
            ),
            Table(
                said("What identifies it"),
                (said("What"), "SHA-256"),
                (
                    (said("History's head"), facts.head_hash),
                    ("evidence.json", facts.evidence_sha256),
                    *([(said("Accessible edition"), facts.html_sha256)] if facts.html_sha256 else []),
                    *([(said("The signed file"), facts.sha256)] if facts.sha256 else []),
                ),
            ),
        ]
        if facts.blanks:
            blocks.append(Table(said("Still blank"), (said("Where"),), [(one,) for one in facts.blanks]))
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: ReportParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.REPORT)
        pages = (Delivery("html", made.data(_HTML)),) if params.html is not None else ()
        return (Delivery("to", made.data("report.pdf")), *pages)


def unnamed(params: DocumentParams) -> list[Finding]:
    """What a document leaves unsaid of who answers for it."""
    return [
        Finding(
            Level.INFO,
            title,
            said("It will be listed as blank above the signature."),
            field,
            "PP-REPORTING-001",
        )
        for field, title, value in (
            ("organisation", said("The report names no organisation."), params.organisation),
            ("contact", said("The report names no contact."), params.contact),
        )
        if not value.strip()
    ]


def still_blank(blanks: Sequence[str]) -> list[Finding]:
    """How many places are blank."""
    if not blanks:
        return []
    title = said_count("Still blank: {count:,} place.", "Still blank: {count:,} places.", len(blanks))
    words = said("They are listed above the signature.")
    return [Finding(Level.CAUTION, title, words, code="PP-REPORTING-002")]


def _settled(params: ReportParams, draft: Mapping[str, Json]) -> list[Finding]:
    """A draft has settled what the report is: nothing else may be asked for beside it."""
    told = draft.get("settled")
    settled = told if isinstance(told, Mapping) else {}
    plain, unset = params.model_dump(mode="json"), DocumentParams().model_dump(mode="json")
    odd = [name for name in unset if plain[name] not in (unset[name], settled.get(name))]
    return [
        Finding(
            Level.BLOCKING,
            said(
                "The draft has another {setting}, and the report has to be what others have endorsed.",
                setting=name.replace("_", " "),
            ),
            said("Leave it out, or make a new draft."),
            name,
            "PP-REPORTING-023",
        )
        for name in odd
    ]


def _endorsed(facts: ReportFacts) -> list[Words]:
    if facts.draft is None:
        return []
    words = said_count(
        "It certifies the draft of event {event}, with {count:,} signed statement of others about it.",
        "It certifies the draft of event {event}, with {count:,} signed statements of others about it.",
        facts.endorsements,
        event=str(facts.draft),
    )
    return [Words(words)]


STEP = Report()
