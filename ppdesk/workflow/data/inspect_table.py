"""Step inspect: find what in the table is personal, and propose roles and the privacy unit."""

from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_count
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data.inspect_facts import InspectFacts, InspectParams
from ppdesk.workflow.data.inspect_section import section
from ppdesk.workflow.data.inspection import ColumnProposal, Inspection, QuasiSet, UnitProposal
from ppdesk.workflow.data.roles_params import Role, Scale
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

if TYPE_CHECKING:
    from ppdesk.data.pii.survey import Survey

_SURE = 0.8  # confidence from which a finding names columns
_WORDS = ("use_case", "population", "purpose")  # of the OBJECTIVE head: they may name the target


class InspectStep(PlainStep):
    """Proposes, and changes nothing."""

    key: ClassVar[str] = "inspect"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Inspect"
    purpose: ClassVar[str] = (
        "Find what in the table is about a person, and get a role proposed for each column."
    )
    help: ClassVar[str] = (
        "Each column is looked at by its name and by its values: check digits of cards, bank accounts and"
        " national numbers, forms of addresses and dates, common names, personal data inside text. For each"
        " comes a role with reasons and how sure it is. In doubt the proposal is quasi-identifier.\n\n"
        "Then sets of columns are measured: how many of the pairs of records they tell apart. And where a"
        " person's number repeats, the privacy unit may have to be the person and not the record.\n\n"
        "It is a proposal: Roles is where you decide. Nothing found is no proof. What you learn here comes"
        " from the data, and the report says that you looked."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.INSPECTION,)
    icon: ClassVar[str] = "search"
    Params: ClassVar[type[Any]] = InspectParams
    Facts: ClassVar[type[Any]] = InspectFacts

    def cost(self, params: InspectParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Nothing leaves the project. The counts are exact, so choices based on them are outside any
        guarantee."""
        return NoEvent()

    def run(self, params: InspectParams, inputs: Inputs, ctx: Context) -> Outcome[InspectFacts]:
        from ppdesk.data.pii.scan import SAMPLE
        from ppdesk.data.pii.survey import survey

        objective = inputs[Kind.OBJECTIVE].head if Kind.OBJECTIVE in inputs else {}
        found = survey(
            inputs[Kind.TABLE].table("rows"),
            objective=" ".join(str(objective.get(name) or "") for name in _WORDS),
            combine=params.combine,
            seed=int.from_bytes(ctx.entropy.take(8), "big"),
            cancelled=ctx.cancelled,
            progress=ctx.progress,
        )
        inspection = _inspection(found)
        facts = InspectFacts(
            inspection=inspection,
            distinction=found.discovery.whole.distinction,
            separation=found.discovery.whole.separation,
            complete=found.discovery.complete,
            sampled=sum(one.distinct > one.sampled for one in found.scans),
            sample=SAMPLE,
        )
        return Outcome(facts, (Artifact(Kind.INSPECTION, inspection.head()),), _findings(inspection))

    def section(self, params: InspectParams, facts: InspectFacts) -> Section:
        return section(params, facts)


def _inspection(found: "Survey") -> Inspection:
    unit, sets = found.unit, found.discovery.sets
    return Inspection(
        rows=found.rows,
        columns=tuple(
            ColumnProposal(
                name=made.name,
                role=Role(made.role),
                target=made.target,
                confidence=made.confidence,
                reasons=made.reasons,
                kind=made.kind,
                share=min(1.0, made.share),
                hipaa=made.hipaa,
                scale=Scale.NUMERIC if made.numeric else Scale.CATEGORICAL,
                person_id=made.person_id,
                distinct=seen.distinct,
                missing=seen.missing,
            )
            for made, seen in zip(found.proposals, found.scans, strict=True)
        ),
        unit=UnitProposal(
            kind="column" if unit.column else "record",
            column=unit.column,
            most_rows=unit.most_rows,
            reason=unit.reason,
        ),
        quasi=tuple(
            QuasiSet(columns=one.columns, distinction=one.distinction, separation=one.separation)
            for one in sets
        ),
        quasi_rows=found.discovery.rows,
    )


def _findings(found: Inspection) -> list[Finding]:
    remarks = []
    direct = [
        one.name for one in found.columns if one.role is Role.DIRECT_IDENTIFIER and one.confidence >= _SURE
    ]
    if direct:
        remarks.append(
            Finding(
                Level.CAUTION,
                said_count(
                    "{count:,} column looks like direct identifiers.",
                    "{count:,} columns look like direct identifiers.",
                    len(direct),
                ),
                said(
                    "{columns}. Declare them as such in Roles, and no release has them.",
                    columns=", ".join(direct),
                ),
                code="PP-INSPECT-001",
            )
        )
    text = [one.name for one in found.columns if one.kind == "text"]
    if text:
        remarks.append(
            Finding(
                Level.CAUTION,
                said_count(
                    "{count:,} column holds running text.", "{count:,} columns hold running text.", len(text)
                ),
                said(
                    "{columns}. No search can promise that such text has no names in it.",
                    columns=", ".join(text),
                ),
                code="PP-INSPECT-002",
            )
        )
    if found.unit.kind == "column":
        remarks.append(
            Finding(
                Level.CAUTION,
                said("A person may have several records."),
                found.unit.reason,
                code="PP-INSPECT-003",
            )
        )
    return remarks


STEP = InspectStep()
