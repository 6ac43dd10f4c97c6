"""Export: the anonymized table as a CSV file with a signed note."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, TargetFile, param
from ppdesk.core.said import kept, said
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.release.table import Delimiter
from ppdesk.workflow import declared, terms
from ppdesk.workflow.deployment import audited, export_residual
from ppdesk.workflow.deployment.export_residual import LeftFact
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Facts, Heads, Inputs, Outcome, PlainStep
from ppdesk.workflow.treated import coded_columns

# part of the artifact -> what is added to the file's name
_BESIDE = {
    "manifest.json": ".manifest.json",
    "manifest.sig": ".manifest.sig",
    "certificate.pem": ".certificate.pem",
}


class ExportParams(Params):
    """What Export asks for."""

    to: TargetFile = param(label="File", help="Where the anonymized table is written, as CSV.")
    delimiter: Delimiter = param(
        Delimiter.SEMICOLON, label="Delimiter", help="What stands between two fields.", more=True
    )
    despite: str = param(
        "",
        label="Reason to write it all the same",
        help="The table is searched for direct identifiers before it is written, and refused where one is "
        "proved. Say why it is meant to leave, if it is.",
        more=True,
        free_text=True,
    )


class ExportFacts(Facts):
    """What Export did."""

    file: str
    rows: int
    columns: list[str]
    sha256: str
    size: int  # bytes
    guarded: int
    k: int
    suppressed: int
    left_out: int  # suppressed records, where they are fewer than k
    levels: dict[str, int]
    mixed: tuple[str, ...] = ()  # columns whose level differs by class
    stamp: str
    searched: bool = False  # whether the table was searched for what is left of persons
    left: tuple[LeftFact, ...] = ()


class Export(PlainStep):
    """Writes the release, sorted and safe for spreadsheets, with a manifest that is signed."""

    key: ClassVar[str] = "export"
    stage: ClassVar[Stage] = Stage.DEPLOYMENT
    title: ClassVar[str] = "Export"
    purpose: ClassVar[str] = (
        "Write the anonymized table to a file, with a signed note of what was done to it."
    )
    help: ClassVar[str] = (
        "The file is a CSV table in UTF-8. Records are sorted, because the order of the source can tell who "
        "is who. Cells that a spreadsheet would run as a formula get an apostrophe in front. Suppressed "
        "records are left out where there are fewer than k of them: so few do not hide each other.\n\n"
        "Before it is written the table is searched once more for cards, accounts, national numbers,"
        " addresses "
        "and the like. Where check digits prove one, nothing is written unless you say why.\n\n"
        "Three small files are written beside it: the manifest with the privacy model, the levels and the "
        "file's SHA-256, its signature, and the certificate that checks the signature. Hand over all four."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.RELEASE,)
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.OBJECTIVE,
        Kind.STANDARD,
        Kind.ATTACK,
        Kind.AUDIT,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.EXPORT,)
    seals: ClassVar[Literal["", "manifest", "pdf"]] = "manifest"
    icon: ClassVar[str] = "file-spreadsheet"
    Params: ClassVar[type[Any]] = ExportParams
    Facts: ClassVar[type[Any]] = ExportFacts

    def check(self, params: ExportParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        release = heads.get(Kind.RELEASE)
        if release is None:
            return []
        open_terms = terms.purpose(terms.terms_of(release), heads)
        found = [*_against_standard(release, heads.get(Kind.STANDARD, {})), *audited.of_release(heads)]
        return [*found, *open_terms]

    def cost(self, params: ExportParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: ExportParams, inputs: Inputs, ctx: Context) -> Outcome[ExportFacts]:
        from ppdesk.release.manifest import table_manifest
        from ppdesk.release.table import write_csv

        release = inputs[Kind.RELEASE]
        ctx.progress(0.1, said("Writing the table"))
        from ppdesk.release.few import without_few

        k = int(_number(release.head["k"]))
        rows, left_out = without_few(release.table("rows"), _quasi(release.head), k)
        ctx.progress(0.2, said("Searching it for what is left of persons"))
        left = export_residual.searched(rows, params.despite, ctx.cancelled, coded_columns(release.head))
        decimal = Reading.of(release.head).decimal
        written = write_csv(rows, params.delimiter, decimal)
        ctx.progress(0.8, said("Writing the manifest"))
        manifest = table_manifest(
            written, file=params.to.name, delimiter=params.delimiter, release=release.head, left_out=left_out,
            stamp=ctx.stamp, decimal=decimal,
        )  # fmt: skip
        facts = ExportFacts(
            file=params.to.name,
            rows=written.rows,
            columns=list(written.columns),
            sha256=written.sha256,
            size=len(written.data),
            guarded=written.guarded,
            k=k,
            suppressed=int(_number(release.head["suppressed"])),
            left_out=left_out,
            levels=_levels(release.head),
            mixed=_mixed(release.head),
            stamp=ctx.stamp,
            searched=True,
            left=left,
        )
        artifact = Artifact(
            Kind.EXPORT,
            {"file": facts.file, "rows": facts.rows, "sha256": facts.sha256},
            (Part("release.csv", written.data, personal=True), Part("manifest.json", manifest)),
        )
        days = terms.days(terms.terms_of(release.head), ctx.clock.now().date())
        return Outcome(facts, (artifact,), (*days, *export_residual.findings(left)))

    def section(self, params: ExportParams, facts: ExportFacts) -> Section:  # noqa: ARG002
        whole = facts.rows + facts.left_out
        share = facts.suppressed / whole if whole else 0.0
        blocks: list[Any] = [
            Words(
                said(
                    "{rows:,} records were written to {file}, sorted so that their order says "
                    "nothing. A signed manifest with the file's SHA-256 stands beside it.",
                    rows=facts.rows,
                    file=kept(facts.file),
                )
            ),
            Figures(
                (
                    KeyFigure(
                        said("Records"),
                        f"{facts.rows:,}",
                        said("{columns} columns", columns=len(facts.columns)),
                    ),
                    KeyFigure("k", str(facts.k), said("smallest equivalence class asked for")),
                    KeyFigure(
                        said("Suppressed"),
                        f"{facts.suppressed:,}",
                        said("{share} of the records", share=percent(share)),
                    ),
                )
            ),
            Table(
                said("Generalization levels in the file"),
                (said("Column"), said("Level")),
                tuple((kept(name), _level(facts, name)) for name in facts.columns),
                right=(1,),
                caption=f"SHA-256 {facts.sha256}",
            ),
        ]
        if facts.left_out:
            blocks.append(
                Words(
                    said(
                        "The {left_out:,} suppressed records were left out of the file: fewer than k, "
                        "they would not hide each other, and whoever finds no class for a person would "
                        "know which records to look at.",
                        left_out=facts.left_out,
                    ),
                    "info",
                )
            )
        if facts.guarded:
            blocks.append(
                Words(
                    said(
                        "{guarded:,} cells got an apostrophe in front, because a spreadsheet would "
                        "have run them as formulas.",
                        guarded=facts.guarded,
                    ),
                    "info",
                )
            )
        if facts.searched:
            blocks += export_residual.blocks(facts.left)
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: ExportParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:  # noqa: ARG002
        made = next(artifact for artifact in artifacts if artifact.kind is Kind.EXPORT)
        beside = [Delivery("to", made.data(name), suffix) for name, suffix in _BESIDE.items()]
        return (Delivery("to", made.data("release.csv")), *beside)


def _level(facts: ExportFacts, name: str) -> str:
    if name in facts.mixed:
        return said("by class")
    level = facts.levels.get(name)
    return said("as it was") if level is None else str(level)


def _levels(release: Head) -> dict[str, int]:
    """Generalization level by quasi-identifier that has one."""
    levels = release["levels"]
    listed = levels.items() if isinstance(levels, dict) else ()
    return {name: int(_number(level)) for name, level in listed if level is not None}


def _mixed(release: Head) -> tuple[str, ...]:
    """The quasi-identifiers of a local transformation: their level differs by class."""
    levels = release["levels"]
    listed = levels.items() if isinstance(levels, dict) else ()
    return tuple(name for name, level in listed if level is None)


def _quasi(release: Head) -> list[str]:
    return [*_levels(release), *_mixed(release)]


def _against_standard(release: Head, standard: Head) -> list[Finding]:
    """The release may be older than the limits that hold now, or than the policy of this machine."""
    found = []
    whose = f" ({title})" if (title := declared.text(standard, "title")) else ""
    k, least = _number(release["k"]), declared.number(standard.get("k_min"))
    if least is not None and k < least:
        found.append(
            Finding(
                Level.BLOCKING,
                said("The release is weaker than the standard asks for."),
                said(
                    "k is {k:g}, the standard asks for at least {least:g}{whose}.",
                    k=k,
                    least=least,
                    whose=whose,
                ),
                code="PP-EXPORT-001",
            )
        )
    rows, most = _number(release["rows"]), declared.number(standard.get("suppression_max"))
    share = _number(release["suppressed"]) / rows if rows else 0.0
    if most is not None and share > most:
        found.append(
            Finding(
                Level.BLOCKING,
                said("More records were suppressed than the standard allows."),
                said(
                    "Suppressed {share}, allowed {most}{whose}.",
                    share=percent(share, None),
                    most=percent(most, None),
                    whose=whose,
                ),
                code="PP-EXPORT-002",
            )
        )
    risk = declared.number(standard.get("risk_max"))
    if risk is not None and k and 1 / k > risk * (1 + 1e-9):
        found.append(
            Finding(
                Level.BLOCKING,
                said("The highest risk of one record is above what the standard allows."),
                said(
                    "Up to {risk} at k = {k:g}, allowed {most}{whose}.",
                    risk=percent(1 / k),
                    k=k,
                    most=percent(risk, None),
                    whose=whose,
                ),
                code="PP-EXPORT-003",
            )
        )
    return found


def _number(value: object) -> float:
    """A number from a head, which the step that made it has checked."""
    return float(value) if isinstance(value, int | float) else 0.0


STEP = Export()
