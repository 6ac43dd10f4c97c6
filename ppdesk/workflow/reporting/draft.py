"""Draft: a report for others to read and endorse, before one of them certifies it."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.findings import Finding
from ppdesk.core.said import said
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.reporting.draft_params import DraftParams
from ppdesk.workflow.reporting.report import TELLS, still_blank, unnamed
from ppdesk.workflow.reporting.report_facts import DraftFacts
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep

# what a head may say of the settings: words that a person typed stay in the record
SETTLED = ("document", "edition", "language", "paper", "valid_until", "title")


class Draft(PlainStep):
    """Builds the same document as Report, marked as a draft, with no place for a signature."""

    key: ClassVar[str] = "draft"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Draft"
    purpose: ClassVar[str] = "Write a report that others read and endorse before one of them signs it."
    help: ClassVar[str] = (
        "A draft has the content of the report and says on each page that it is one. Nobody signs it. Give "
        "it to those who are to agree: each says with a key of their own whether they endorse it or object, "
        "and that goes on record and into the report.\n\n"
        "The last to agree certifies exactly this content (Report, with the draft's event). What happens in "
        "the project after the draft is not in it: make a new draft if it should be.\n\n"
        "This machine's policy can ask for a number of persons who endorse."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    uses: ClassVar[tuple[Kind, ...]] = TELLS
    gives: ClassVar[tuple[Kind, ...]] = (Kind.DRAFT,)
    icon: ClassVar[str] = "users"
    Params: ClassVar[type[Any]] = DraftParams
    Facts: ClassVar[type[Any]] = DraftFacts

    def check(self, params: DraftParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        return unnamed(params)

    def cost(self, params: DraftParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: DraftParams, inputs: Inputs, ctx: Context) -> Outcome[DraftFacts]:
        from ppdesk.workflow.reporting.draft_work import drafted

        made = drafted(params, inputs[Kind.HISTORY], ctx)
        facts = made.facts
        plain = params.model_dump(mode="json")
        artifact = Artifact(
            Kind.DRAFT,
            {
                "title": facts.title,
                "pages": facts.pages,
                "content": facts.content,
                "settled": {name: plain[name] for name in SETTLED},
                "stamp": facts.stamp,
            },
            (Part("report.pdf", made.pdf), Part("evidence.json", made.evidence)),
        )
        return Outcome(facts, (artifact,), still_blank(facts.blanks))

    def pages(self, params: DraftParams, inputs: Inputs, ctx: Context) -> Iterator[bytes]:
        from ppdesk.workflow.reporting.report_work import previewed

        yield from previewed(params, inputs[Kind.HISTORY], ctx)

    def section(self, params: DraftParams, facts: DraftFacts) -> Section:
        blocks: list[Any] = [
            Words(
                said(
                    "{file} is a draft: nobody has signed it. It tells the history up to event {event}. "
                    "Others endorse it or object, and then one certifies it.",
                    file=params.to.name,
                    event=str(facts.head_seq),
                )
            ),
            Figures(
                (
                    KeyFigure(said("Document"), facts.title, facts.document.value),
                    KeyFigure(
                        said("Pages"),
                        str(facts.pages),
                        said("{chapters} chapters", chapters=str(facts.chapters)),
                    ),
                    KeyFigure(said("Still blank"), str(len(facts.blanks)), said("listed on the last page")),
                )
            ),
            Table(
                said("What identifies it"),
                (said("What"), "SHA-256"),
                ((said("Content"), facts.content), (said("History's head"), facts.head_hash)),
                caption=said(
                    "Whoever endorses signs the SHA-256 of the content. The report must have the same."
                ),
            ),
        ]
        if facts.blanks:
            blocks.append(Table(said("Still blank"), (said("Where"),), [(one,) for one in facts.blanks]))
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: DraftParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:  # noqa: ARG002
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.DRAFT)
        return (Delivery("to", made.data("report.pdf")),)


STEP = Draft()
