"""Verify: whether a signed report is whole, whose it is, and whether it fits a project's history."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, Reads, param
from ppdesk.core.said import said, said_count
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.reporting.verify_facts import VerifyFacts
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class VerifyParams(Params):
    """What Verify asks for."""

    report: Annotated[Path, Reads((".pdf",))] = param(label="Report", help="The signed PDF.")
    trust: Annotated[Path, Reads((".pem",))] | None = param(
        None,
        label="Trusted certificate",
        help="The certificate of the person who should have signed, as PEM. A report signed with any "
        "other key is "
        "refused then. Without it your list of trusted signers and this machine's policy say who is known.",
    )
    html: Annotated[Path, Reads((".html",))] | None = param(
        None,
        label="Accessible edition",
        help="The HTML edition of this report. It is made again from the evidence in the signed PDF, and "
        "compared.",
        empty="none",
    )


class Verify(PlainStep):
    """Needs no project. Inside one, the report is also held against its history."""

    key: ClassVar[str] = "verify"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Verify"
    purpose: ClassVar[str] = "Check a signed report: is it whole, whose is it, and does it fit the history?"
    help: ClassVar[str] = (
        "A report holds when it carries exactly one signature that covers the entire file and allows no "
        "change, and when the evidence inside fits itself. Its pages are set anew from that evidence and "
        "compared, so no page can show what the evidence does not say. Inside its project, every recorded "
        "value is held against its event, every chapter is made anew from the events, and so are the budget, "
        "the list of events and the endorsements. A report that another build made cannot be made anew: its "
        "words and numbers are compared instead, and the verdict says so. An older report, an expired one "
        "and a file that was signed anew are named.\n\n"
        "Good: it holds, and you know the key: it is on your list of trusted signers, or this machine's "
        "policy names it. Look: it holds, and you have to compare the fingerprint "
        "with what the "
        "signer tells you over another channel, such as by telephone, or you have "
        "withdrawn your trust. Wrong: it does not hold; the run ends "
        "with an error "
        "that says why.\n\n"
        "The time in a signature is the signer's own statement. A certificate says who holds a key, not "
        "that what "
        "the report says is true."
    )
    uses: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY, Kind.REPORT, Kind.TRUST)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.VERDICT,)
    icon: ClassVar[str] = "shield-check"
    Params: ClassVar[type[Any]] = VerifyParams
    Facts: ClassVar[type[Any]] = VerifyFacts

    def check(self, params: VerifyParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        if params.report.suffix.lower() != ".pdf":
            return [
                Finding(
                    Level.INFO,
                    said("The file's name does not end in {ending}.", ending=".pdf"),
                    "",
                    "report",
                    "PP-REPORTING-005",
                )
            ]
        return []

    def cost(self, params: VerifyParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: VerifyParams, inputs: Inputs, ctx: Context) -> Outcome[VerifyFacts]:  # noqa: ARG002
        from ppdesk.workflow.reporting.verify_work import examine

        facts, remarks = examine(inputs, ctx)
        head = {
            "verdict": facts.verdict,
            "signer": facts.signer,
            "fingerprint": facts.fingerprint,
            "sha256": facts.sha256,
        }
        findings = [
            Finding(Level.INFO, check.name, check.words, code="PP-REPORTING-006")
            for check in facts.checks
            if check.judgement == "look"
        ]
        return Outcome(facts, (Artifact(Kind.VERDICT, head),), [*remarks, *findings])

    def section(self, params: VerifyParams, facts: VerifyFacts) -> Section:
        against = said("against this project's history") if facts.compared else said("against itself alone")
        signed = f"{facts.signed_at[:10]} {facts.signed_at[11:19]}"
        shown = {"good": said("Good"), "look": said("Look"), "wrong": said("Wrong")}
        blocks: list[Any] = [
            Words(facts.sentence, "ok" if facts.verdict == "good" else "caution"),
            Figures(
                (
                    KeyFigure(said("Verdict"), shown[facts.verdict], params.report.name),
                    KeyFigure(
                        said("Signed by"),
                        facts.signer,
                        said("{moment} UTC, by the signer's own clock", moment=signed),
                    ),
                    KeyFigure(
                        said("Tells"),
                        said("event {number}", number=str(facts.head_seq)),
                        said("of its project's history"),
                    ),
                    KeyFigure(said("Checks"), str(len(facts.checks)), against),
                )
            ),
            Table(
                said("What was checked"),
                (said("Check"), said("Verdict"), said("Found")),
                [(check.name, shown[check.judgement], check.words) for check in facts.checks],
            ),
            Table(
                said("What identifies it"),
                (said("What"), said("Value")),
                (
                    (said("Title"), facts.title),
                    (said("Project"), facts.project_id),
                    (said("Fingerprint of the certificate"), facts.fingerprint),
                    (said("SHA-256 of the file"), facts.sha256),
                    *_list(facts),
                ),
            ),
        ]
        if facts.stamp:
            blocks.append(Words(said("The report says of itself: {words}", words=facts.stamp), "caution"))
        return Section(self.title, tuple(blocks))


def _list(facts: VerifyFacts) -> list[tuple[str, str]]:
    """The list of trusted signers that the verdict was given with."""
    if not facts.standing:
        return []
    told = said("empty")
    if facts.trust_entries:
        told = said_count(
            "{count:,} entry, {hash}", "{count:,} entries, {hash}", facts.trust_entries, hash=facts.trust_head
        )
    return [(said("List of trusted signers"), told)]


STEP = Verify()
