"""Score: apply the sealed bundle to new records."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import TargetFile, param
from ppdesk.core.said import kept, said
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import batch_checks
from ppdesk.workflow.batches import BatchParams, read_batch, read_words
from ppdesk.workflow.cleaning import CleaningFacts
from ppdesk.workflow.data.quality_facts import CheckResult
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Facts, Heads, Inputs, Outcome, PlainStep


class ScoreParams(BatchParams):
    """What Score asks for."""

    to: TargetFile | None = param(
        None, label="File", help="Where the scores are written, as CSV; without it they stay in the project."
    )
    threshold: float | None = param(
        None,
        label="Threshold",
        help="From this probability on a record counts as positive; without it the bundle's own.",
        ge=0,
        le=1,
        more=True,
    )


class ScoreFacts(Facts):
    """What Score did."""

    file: str  # the batch's name
    rows: int
    threshold: float | None  # of two classes, as the three below
    positive: str
    selected: int
    mean: float  # mean probability, or mean value of a model of a number
    unseen: dict[str, int]
    outside: dict[str, int]
    missing: dict[str, int]
    model_sha256: str
    fingerprint: str  # of the certificate the bundle is sealed with
    epsilon: float | None
    private: bool
    stamp: str
    reading: Reading | None = None  # how the batch was read; None in records from before it was kept
    checks: tuple[CheckResult, ...] = ()  # those that Quality saved
    form: str = "csv"  # the format of the batch
    cleaned: CleaningFacts | None = None
    output: str = "probability"
    target: str = ""
    counts: dict[str, int] = Field(default_factory=dict)  # of several classes, how many records each


class Score(PlainStep):
    """Checks the bundle's seal and hashes, then scores a batch with onnxruntime."""

    key: ClassVar[str] = "score"
    stage: ClassVar[Stage] = Stage.DEPLOYMENT
    title: ClassVar[str] = "Score"
    purpose: ClassVar[str] = "Apply the deployed model to new records."
    help: ClassVar[str] = (
        "The bundle is checked before it is used: its seal, the hash of the model, and that the model holds "
        "nothing but what ppdesk writes. Then each new record gets a probability, the most probable class, "
        "or a value, as the model was made for.\n\n"
        "Scoring spends no budget: the new records were not trained on, and the model's guarantee holds "
        "whatever is done with it. The scores themselves are personal data of the people in the batch.\n\n"
        "A category that was not declared and a missing value have a weight of their own; a number outside "
        "its declared bounds counts as the nearer bound. All are counted and shown.\n\n"
        "Where Quality has saved checks, the records are held against them; those that fail are counted and"
        " scored all the same.\n\n"
        "The file is read as the table was imported that the model learnt from: the same marks for missing "
        "values, the same decimal mark. Under More you can say otherwise for this file."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.BUNDLE,)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.QUALITY,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.SCORES,)
    icon: ClassVar[str] = "list-checks"
    Params: ClassVar[type[Any]] = ScoreParams
    Facts: ClassVar[type[Any]] = ScoreFacts

    def check(self, params: ScoreParams, heads: Heads) -> list[Finding]:
        if params.threshold is None or heads.get(Kind.BUNDLE, {}).get("threshold", 0.5) is not None:
            return []
        return [
            Finding(
                Level.BLOCKING,
                said("A threshold is for models of two classes."),
                said("Leave it empty for this bundle."),
                "threshold",
                "PP-SCORE-004",
            )
        ]

    def cost(self, params: ScoreParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ScoreParams, inputs: Inputs, ctx: Context) -> Outcome[ScoreFacts]:
        from ppdesk.release.bundle import MEMBERS
        from ppdesk.release.scorer import load
        from ppdesk.workflow.deployment import score_work

        ctx.progress(0.05, said("Checking the bundle"))
        bundle = inputs[Kind.BUNDLE]
        scorer = load({name: bundle.data(name) for name in MEMBERS})
        ctx.progress(0.2, said("Reading the records"))
        read = read_batch(params, bundle.head, ctx, bundle)
        records = read.table
        ctx.progress(0.5, said("Scoring"))
        scored = scorer.score(records, read.reading.decimal)
        told = score_work.told(scored, scorer.manifest, params.threshold)
        table = told.table
        facts = ScoreFacts(
            file=Path(params.batch).name,
            rows=records.num_rows,
            threshold=told.threshold,
            positive=scorer.manifest.positive,
            selected=told.selected,
            mean=told.mean,
            output=scorer.manifest.output,
            target=scorer.manifest.target,
            counts=told.counts,
            unseen=scored.unseen,
            outside=scored.outside,
            missing=scored.missing,
            model_sha256=scorer.manifest.onnx_sha256,
            fingerprint=scorer.fingerprint,
            epsilon=scorer.manifest.epsilon,
            private=scorer.manifest.private,
            stamp=ctx.stamp or scorer.manifest.stamp,
            reading=read.reading,
            form=read.form.value,
            cleaned=read.cleaned,
        )
        head: dict[str, Json] = {
            "rows": facts.rows,
            "file": facts.file,
            "file_sha256": read.sha256,
            "model_sha256": facts.model_sha256,
            "threshold": told.threshold,
        }
        artifact = Artifact(Kind.SCORES, head, (Part("scores", table, personal=True),))
        return Outcome(facts, (artifact,), tuple(_findings(facts)))

    def section(self, params: ScoreParams, facts: ScoreFacts) -> Section:  # noqa: ARG002
        blocks: list[Block] = [
            Words(
                said(
                    "{rows:,} records of {file} were scored with the sealed model. The bundle's "
                    "seal and hashes hold.",
                    rows=facts.rows,
                    file=kept(facts.file),
                )
            ),
            Figures((KeyFigure(said("Records"), f"{facts.rows:,}"), *_figures(facts))),
        ]
        if facts.counts:
            rows = [(kept(name), f"{count:,}") for name, count in facts.counts.items()]
            blocks.append(
                Table(
                    said("Predicted {target}", target=kept(facts.target)),
                    (said("Class"), said("Records")),
                    rows,
                    right=(1,),
                )
            )
        strange = sorted({*facts.unseen, *facts.outside, *facts.missing})
        if strange:
            blocks.append(
                Table(
                    said("Values that were not declared, or missing"),
                    (said("Column"), said("Categories"), said("Numbers outside bounds"), said("Missing")),
                    tuple(
                        (
                            kept(name),
                            f"{facts.unseen.get(name, 0):,}",
                            f"{facts.outside.get(name, 0):,}",
                            f"{facts.missing.get(name, 0):,}",
                        )
                        for name in strange
                    ),
                    right=(1, 2, 3),
                    caption=said(
                        "Records. Such categories and missing values have a weight of their own; such "
                        "a number counts as its bound."
                    ),
                )
            )
        blocks += batch_checks.blocks(facts.checks)
        blocks.append(
            Table(
                said("The model"),
                ("", ""),
                (("SHA-256", kept(facts.model_sha256)), (said("Sealed with"), kept(facts.fingerprint))),
            )
        )
        if facts.reading is not None:
            blocks.append(Words(read_words(facts.reading, facts.form, facts.cleaned), "info"))
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: ScoreParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        if params.to is None:
            return ()
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.SCORES)
        return (Delivery("to", _written(made.table("scores"))),)


def _written(scores: Any) -> bytes:
    """As CSV: a number for each record, and the class where there are some."""
    from ppdesk.release.table import csv_field

    names = scores.column_names
    lines = [";".join(names)]
    for row in scores.to_pylist():
        cells = [f"{row['row']}"]
        cells += [f"{row[name]:.6f}" for name in names if name in ("probability", "value")]
        if "predicted" in names:
            told = row["predicted"]
            cells.append(("yes" if told else "no") if isinstance(told, bool) else csv_field(str(told)))
        lines.append(";".join(cells))
    return ("\n".join(lines) + "\n").encode()


def _figures(facts: ScoreFacts) -> list[KeyFigure]:
    if facts.output == "value":
        return [KeyFigure(said("Mean {target}", target=kept(facts.target)), f"{facts.mean:.4g}")]
    if facts.output == "probabilities" or facts.threshold is None:
        return [KeyFigure(said("Classes"), f"{len(facts.counts)}")]
    share = facts.selected / facts.rows if facts.rows else 0.0
    return [
        KeyFigure(
            said("Predicted {positive}", positive=kept(facts.positive)),
            f"{facts.selected:,}",
            said("{share}, threshold {threshold:.2f}", share=percent(share), threshold=facts.threshold),
        ),
        KeyFigure(said("Mean probability"), f"{facts.mean:.3f}"),
    ]


def _findings(facts: ScoreFacts) -> list[Finding]:
    found = [
        Finding(
            Level.CAUTION,
            said("Column {name} has categories that were not declared.", name=kept(name)),
            said("{count:,} of {rows:,} records.", count=count, rows=facts.rows),
            code="PP-SCORE-001",
        )
        for name, count in sorted(facts.unseen.items())
    ]
    found += [
        Finding(
            Level.CAUTION,
            said("Column {name} has numbers outside its declared bounds.", name=kept(name)),
            said("{count:,} of {rows:,} records.", count=count, rows=facts.rows),
            code="PP-SCORE-002",
        )
        for name, count in sorted(facts.outside.items())
    ]
    found += batch_checks.findings(facts.checks, "PP-SCORE-003")
    return found


STEP = Score()
