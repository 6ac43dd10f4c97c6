"""Handover: the project's evidence in a file of its own for an auditor, without a single row."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import sentences
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.reporting.handover_facts import HandoverFacts
from ppdesk.workflow.reporting.handover_params import HandoverParams
from ppdesk.workflow.reporting.report import TELLS
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

_SUFFIX = ".ppdesk"


class Handover(PlainStep):
    """Composes the manifest that the workbench seals. The workbench writes the copy once the event stands."""

    key: ClassVar[str] = "handover"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Handover"
    purpose: ClassVar[str] = "Give an auditor a copy with all the evidence and no row of the data."
    help: ClassVar[str] = (
        "The copy is a file of its own under a passphrase of its own. It holds every event, the facts, the "
        "figures, the signed reports and the certificates. It holds no microdata: where a table was, its "
        "name, size and hash stand. It opens for reading only, on any machine, with nothing beside it.\n\n"
        "Fields that you leave closed keep their place in the chain, which still verifies, but nobody can "
        "read or guess them. What repeats their words is closed as well. Signed reports print the record, so "
        "they stay out as soon as one field is closed. Numbers are not looked for elsewhere.\n\n"
        "Tell the recipient the passphrase and the fingerprint of your certificate over another channel than "
        "the file. Write no name of a person where none is needed: what stands in the clear cannot be closed."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    # none of these is read: the copy is out of date when one of them changes
    uses: ClassVar[tuple[Kind, ...]] = (*TELLS, Kind.REPORT)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.HANDOVER,)
    seals: ClassVar[Literal["", "manifest", "pdf"]] = "manifest"
    exports: ClassVar[Literal["", "copy"]] = "copy"
    icon: ClassVar[str] = "file-lock"
    Params: ClassVar[type[Any]] = HandoverParams
    Facts: ClassVar[type[Any]] = HandoverFacts

    def check(self, params: HandoverParams, heads: Heads) -> list[Finding]:
        found = [*_about_params(params)]
        told: Any = heads.get(Kind.HISTORY, {}).get("copy")
        if told is not None:
            found += _about_redaction(told)
        return found

    def cost(self, params: HandoverParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: HandoverParams, inputs: Inputs, ctx: Context) -> Outcome[HandoverFacts]:
        from ppdesk.workflow.reporting.handover_work import compose

        ctx.progress(0.5, said("Writing the manifest"))
        facts, artifact = compose(params, inputs[Kind.HISTORY].head, ctx)
        return Outcome(facts, (artifact,))

    def section(self, params: HandoverParams, facts: HandoverFacts) -> Section:
        included = sum(one.included for one in facts.kinds)
        microdata = sum(one.microdata for one in facts.kinds)
        closed = sum(one.redacted for one in facts.kinds)
        also = len(facts.redacted) - len(facts.asked)
        blocks: list[Any] = [
            Words(
                said(
                    "{file} is a copy of the history up to event {event} and of this handover, for reading "
                    "only. No row of the data is in it.",
                    file=params.to.name,
                    event=str(facts.head_seq),
                )
            ),
            Figures(
                (
                    KeyFigure(
                        said("Events"), str(facts.head_seq + 1), said("all of them, with their hashes")
                    ),
                    KeyFigure(
                        said("Parts included"), str(included), said("settings, models, figures, reports")
                    ),
                    KeyFigure(said("Microdata withheld"), str(microdata), said("name, size and hash stay")),
                    KeyFigure(said("Fields closed"), str(len(facts.redacted)), _also(also)),
                )
            ),
            Table(
                said("What goes in and what stays out"),
                (
                    *(said("Artifact"), said("Included"), said("Microdata"), said("Redacted")),
                    said("Missing"),
                ),
                [
                    (one.kind, str(one.included), str(one.microdata), str(one.redacted), str(one.missing))
                    for one in facts.kinds
                ],
                right=(1, 2, 3, 4),
                caption=said("In parts; an artifact without any, or redacted as a whole, counts as one."),
            ),
        ]
        if facts.redacted:
            asked = set(facts.asked)
            rows = [
                (one, said("asked for") if one in asked else said("repeats it")) for one in facts.redacted
            ]
            blocks.append(
                Table(said("Fields that stay closed"), (said("Event and field"), said("Why")), rows)
            )
        if closed:
            words = said("{closed} artifacts stay out because they print what is closed.", closed=str(closed))
            blocks.append(Words(words, "info"))
        blocks += [
            Words(
                said(
                    "To open it, on any machine, with the copy's passphrase: ppdesk check --project FILE. It "
                    "names the project, the event and the fingerprint of who sealed it. Compare the "
                    "fingerprint with what the sender says over another channel, such as by telephone. Then "
                    "look with ppdesk log and ppdesk budget, or open it in the window."
                )
            ),
            Table(
                said("What identifies it"),
                (said("What"), "SHA-256"),
                (
                    (said("History's head before it"), facts.head_hash),
                    (said("Manifest"), facts.manifest_sha256),
                ),
            ),
        ]
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))


def _also(count: int) -> str:
    if not count:
        return said("as asked for")
    return said("{number} of them because they repeat what is closed", number=str(count))


def _about_params(params: HandoverParams) -> Sequence[Finding]:
    found = []
    if params.to.suffix.lower() != _SUFFIX:
        found.append(
            Finding(
                Level.INFO,
                said("The file's name does not end in {ending}.", ending=_SUFFIX),
                said("Other programs will not know what it is."),
                "to",
                "PP-HANDOVER-001",
            )
        )
    for name, title, value in (
        ("recipient", said("The handover names no recipient."), params.recipient),
        ("purpose", said("The handover names no purpose."), params.purpose),
    ):
        if not value.strip():
            found.append(
                Finding(
                    Level.INFO,
                    title,
                    said("The record will say that it was left blank."),
                    name,
                    "PP-HANDOVER-002",
                )
            )
    return found


def _about_redaction(told: Any) -> Sequence[Finding]:
    """What the survey of the record says about the fields to be closed."""
    found = [
        Finding(
            Level.BLOCKING,
            said("There is no field {name} that can be closed.", name=name),
            said(
                "What a person typed, facts, findings and sources can; other parameters stand in the clear. "
                "Write EVENT:params.NAME, STEP.params.NAME or *.findings."
            ),
            "redact",
            "PP-HANDOVER-003",
        )
        for name in told["unknown"]
    ]
    if told["clear"]:
        found.append(
            Finding(
                Level.BLOCKING,
                said("What is to be closed stands in the clear elsewhere."),
                sentences(
                    said("Found in {places}", places=", ".join(told["clear"])),
                    said("The chain needs that, so no copy can leave it out"),
                ),
                "redact",
                "PP-HANDOVER-004",
            )
        )
    if told["wordless"]:
        found.append(
            Finding(
                Level.CAUTION,
                said(
                    "{fields}: numbers, yes and no are not looked for elsewhere.",
                    fields=", ".join(told["wordless"]),
                ),
                said("The same may stand in other facts, in figures and in artifacts."),
                "redact",
                "PP-HANDOVER-005",
            )
        )
    values = told.get("values")
    if values:
        found.append(
            Finding(
                Level.CAUTION,
                said("The copy opens what may name values of people: {fields}.", fields=", ".join(values)),
                said(
                    "Operations of Clean name values that somebody typed or took over from the data, and "
                    "Quality keeps those that it was told to show. Leave these fields closed if the "
                    "recipient need not read them; signed reports then stay out."
                ),
                "redact",
                "PP-HANDOVER-007",
            )
        )
    lost = sum(1 for part in told["parts"] if part["why"] == "missing")
    if lost:
        found.append(
            Finding(
                Level.CAUTION,
                said("{number} parts are missing from the project itself.", number=str(lost)),
                said("The copy says so. Run ppdesk check to see which."),
                "",
                "PP-HANDOVER-006",
            )
        )
    return found


STEP = Handover()
