"""Monitor: whether new records still look like the data the model learnt from."""

from pathlib import Path
from typing import Any, ClassVar

from ppdesk.assess.results import Fairness
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import kept, said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.train.offers import Task
from ppdesk.workflow import batch_checks, by_group, declared, same_table
from ppdesk.workflow.batches import read_batch
from ppdesk.workflow.deployment import monitor_section
from ppdesk.workflow.deployment.monitor_bins import BINS, Bins
from ppdesk.workflow.deployment.monitor_facts import MonitorFacts
from ppdesk.workflow.deployment.monitor_params import MonitorParams
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

_ONLY_TWO = said(
    "The model does not tell two classes apart: its output and its performance on the batch are not "
    "followed, only the columns that it reads. To measure it, import records with outcomes and run Evaluate."
)
_BEFORE = ("auroc", "accuracy", "precision", "recall", "brier")


class Monitor(PlainStep):
    """Drift of each column and of the scores, performance and fairness on a new batch."""

    key: ClassVar[str] = "monitor"
    stage: ClassVar[Stage] = Stage.DEPLOYMENT
    title: ClassVar[str] = "Monitor"
    purpose: ClassVar[str] = "Watch whether new batches still look like the data the model learned from."
    help: ClassVar[str] = (
        "Each column of the batch is compared with the training records, over the declared categories or ten "
        "bins of the declared bounds. The population stability index is steady below 0.10 and has drifted "
        "over 0.25 (Siddiqi 2006). These limits are a convention; in a small batch chance alone passes them, "
        "so an index under its own noise is never called drift.\n\n"
        "Where the batch holds the outcome, the model's performance is measured too and compared with the "
        "evaluation; a fall that chance does not explain is a finding. Fairness is compared by the groups "
        "you name.\n\n"
        "Where Quality has saved checks, the batch is held against them.\n\n"
        "The batch is read as the table was imported, unless you say otherwise under More.\n\n"
        "A finding asks for a decision: accept it with a reason under Feedback, or train again."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES, Kind.MODEL)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.QUALITY, Kind.EVALUATION, Kind.BUNDLE)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.MONITORING,)
    icon: ClassVar[str] = "bell"
    Params: ClassVar[type[Any]] = MonitorParams
    Facts: ClassVar[type[Any]] = MonitorFacts

    def check(self, params: MonitorParams, heads: Heads) -> list[Finding]:
        found = []
        if params.watch >= params.limit:
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("Watch must begin below drifted."),
                    said(
                        "Watch from {watch:g}, drifted from {limit:g}.",
                        watch=params.watch,
                        limit=params.limit,
                    ),
                    "watch",
                    "PP-MONITOR-001",
                )
            )
        task = str(heads.get(Kind.MODEL, {}).get("task") or Task.BINARY.value)
        if task != Task.BINARY.value and params.groups:
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("Groups can be compared for models of two classes only."),
                    said("Leave the groups empty for this model."),
                    "groups",
                    "PP-MONITOR-009",
                )
            )
        if Kind.ROLES in heads:
            found += declared.unknown_groups(params.groups, heads[Kind.ROLES], "PP-MONITOR-002")
        return [*found, *same_table.findings(heads)]

    def cost(self, params: MonitorParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: MonitorParams, inputs: Inputs, ctx: Context) -> Outcome[MonitorFacts]:
        import pyarrow as pa

        from ppdesk.workflow.deployment import monitor_work as work
        from ppdesk.workflow.groups import fairness as fairness_by
        from ppdesk.workflow.models import held_out, load_model

        ctx.progress(0.05, said("Reading the records"))
        table = inputs[Kind.TABLE]
        read = read_batch(params, table.head, ctx, table)
        batch, decimals = read.table, (Reading.of(table.head).decimal, read.reading.decimal)
        model = load_model(inputs[Kind.MODEL])
        columns = declared.columns(inputs[Kind.ROLES].head)
        reference = table.table("rows").filter(pa.array(~held_out(inputs[Kind.MODEL], table)))
        ctx.progress(0.2, said("Comparing columns"))
        bins = Bins(params.floor)
        drift, skipped = work.drift_by_column(
            columns,
            reference,
            batch,
            decimals=decimals,
            watch=params.watch,
            limit=params.limit,
            cancelled=ctx.cancelled,
            keep=bins.add,
        )
        ctx.progress(0.5, said("Applying the model"))
        deployed = work.deployed(inputs, model)
        scores, performance = None, None
        note: str = _ONLY_TWO
        fairness: list[Fairness] = []
        unmeasured: list[str] = []
        if model.task is Task.BINARY:
            old, new = deployed.predict(reference, decimals[0]), deployed.predict(batch, decimals[1])
            scores = work.score_drift(old, new, watch=params.watch, limit=params.limit, keep=bins.add)
            performance, note, known = work.performance(model, batch, new, deployed.threshold)
            ctx.progress(0.8, said("Comparing groups"))
            fairness, unmeasured = fairness_by(
                params.groups,
                params.floor,
                columns,
                batch,
                decimal=read.reading.decimal,
                predicted=new >= deployed.threshold,
                outcomes=known,
            )
        evaluation = inputs[Kind.EVALUATION].head if Kind.EVALUATION in inputs else {}
        facts = MonitorFacts(
            file=Path(params.batch).name,
            rows=batch.num_rows,
            reference_rows=reference.num_rows,
            watch=params.watch,
            limit=params.limit,
            drift=drift,
            not_compared=skipped,
            scores=scores,
            performance=performance,
            performance_note=note,
            before={name: declared.number(evaluation.get(name)) for name in _BEFORE},
            auroc_before=work.interval_before(evaluation),
            auroc_change=work.auroc_change(evaluation, performance),
            fairness=fairness,
            not_measured=unmeasured,
            floor=params.floor,
            from_bundle=deployed.from_bundle,
            current=deployed.current,
            stamp=ctx.stamp,
            reading=read.reading,
            form=read.form.value,
            cleaned=read.cleaned,
        )
        written = canonical(facts.model_dump(mode="json"))
        artifact = Artifact(
            Kind.MONITORING, _head(facts), (Part("monitoring", written), Part(BINS, bins.part()))
        )
        return Outcome(facts, (artifact,), tuple(_findings(facts)))

    def section(self, params: MonitorParams, facts: MonitorFacts) -> Section:  # noqa: ARG002
        return monitor_section.build(facts)


def _head(facts: MonitorFacts) -> dict[str, Json]:
    return {
        "file": facts.file,
        "rows": facts.rows,
        "drifted": [one.column for one in facts.drift if one.verdict == "drifted"],
        "largest_psi": max((one.psi for one in facts.drift), default=0.0),
        "auroc": None if facts.performance is None else facts.performance.auroc.value,
        "auroc_change": None if facts.auroc_change is None else facts.auroc_change.value,
    }


def _findings(facts: MonitorFacts) -> list[Finding]:
    found = []
    for one in sorted(facts.drift, key=lambda one: -one.psi):
        if one.verdict == "drifted":
            found.append(
                Finding(
                    Level.CAUTION,
                    said("Column {column} has drifted.", column=kept(one.column)),
                    said("Index {psi:.2f}, limit {limit:.2f}.", psi=one.psi, limit=facts.limit),
                    code="PP-MONITOR-003",
                )
            )
        if one.unseen:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("Column {column} has values that were not declared.", column=kept(one.column)),
                    said("{unseen:,} of {rows:,} records.", unseen=one.unseen, rows=facts.rows),
                    code="PP-MONITOR-004",
                )
            )
    if facts.auroc_change is not None and facts.auroc_change.high < 0:
        found.append(
            Finding(
                Level.CAUTION,
                said("The model finds less than at evaluation."),
                said(
                    "AUROC fell by {fall:.3f}, 95 % interval of the change {interval}.",
                    fall=-facts.auroc_change.value,
                    interval=facts.auroc_change.interval(),
                ),
                code="PP-MONITOR-005",
            )
        )
    found += by_group.unequal(facts.fairness, "PP-MONITOR-006")
    found += batch_checks.findings(facts.checks, "PP-MONITOR-008")
    if not facts.current:
        found.append(
            Finding(
                Level.CAUTION,
                said("The deployed bundle was not made from the current model."),
                said("The batch was scored with the bundle. Deploy again to bring both together."),
                code="PP-MONITOR-007",
            )
        )
    return found


STEP = Monitor()
