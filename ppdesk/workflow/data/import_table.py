"""Step import: bring in a table exactly as it is, with its provenance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.data.clean.suggest import suggest
from ppdesk.data.consent import Consented, consented
from ppdesk.data.content import content_fingerprint
from ppdesk.data.profile import profile, survey
from ppdesk.data.readers.formats import WORDS, FileFormat
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data import clean_suggestions
from ppdesk.workflow.data import import_files as files
from ppdesk.workflow.data import import_provenance as provenance
from ppdesk.workflow.data import import_settings as settings
from ppdesk.workflow.data.clean_suggestions import SuggestionFacts
from ppdesk.workflow.data.import_decimal import other_marks
from ppdesk.workflow.data.import_files import FileFacts, JoinFacts
from ppdesk.workflow.data.import_names import names_like_values
from ppdesk.workflow.data.import_params import AUTO, ImportParams
from ppdesk.workflow.data.import_reading import Pieces, read_pieces
from ppdesk.workflow.data.import_settings import SettingFacts
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from ppdesk.data.column_counts import Counted
    from ppdesk.data.profile import ColumnProfile

_ROWS_COMPARED = 200_000  # up to so many, equal rows are looked for; Clean looks in any table


class ColumnFacts(Facts):
    """One column in counts; no value."""

    name: str
    type: str
    distinct: int
    missing: int
    smallest: int
    largest: int
    rare: int


class PutAside(Facts):
    """Rows that did not fit, for one reason."""

    reason: str
    rows: int


class ImportFacts(Facts):
    """What was read. What has a default is not in records from before it was kept."""

    file: str
    sha256: str
    content: str = ""
    size: int
    rows: int
    format: str = FileFormat.CSV.value
    sheet: str = ""  # of a workbook, or the table of a database
    delimiter: str  # empty where the format has none
    notes: tuple[str, ...] = ()  # what was found out besides
    columns: tuple[ColumnFacts, ...]
    files: tuple[FileFacts, ...] = ()
    joins: tuple[JoinFacts, ...] = ()
    stability: int | None = 1  # rows that one replaced record changes at most; None: any number
    excluded: int = 0  # by the filter by consent
    quarantined: int = 0
    put_aside: tuple[PutAside, ...] = ()
    settings: tuple[SettingFacts, ...] = ()
    reasons: tuple[str, ...] = ()
    suggestions: tuple[SuggestionFacts, ...] = ()


class ImportStep(PlainStep):
    key: ClassVar[str] = "import"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Import"
    purpose: ClassVar[str] = "Read the file once, exactly as it is, and say where it comes from."
    help: ClassVar[str] = (
        "Choose the table and say where its data comes from: who collected it, on what legal basis, for which"
        " purposes it may be used, how long it may be kept. The report prints these words, and a purpose that"
        " is not allowed is remarked.\n\n"
        "The table may be CSV, text of fixed width, a sheet of an Excel workbook (.xlsx), Parquet, Arrow,"
        " SPSS, Stata, SAS or a table of an SQLite database; the content tells which. Every value is kept as"
        " text: leading zeros, long numbers and odd dates survive, and the numbers and dates of files that"
        " are no text are written in one fixed way. A row that does not fit, a wrong encoding, a formula"
        " without a result, merged cells or a cut-off file is refused with its place, never guessed or"
        " dropped.\n\n"
        "Several files may be put together: appended, where each brings rows, or joined by key columns, where"
        " each brings columns. What a join leaves out is counted and told. Where a column says who consented,"
        " only the rows of those people are taken in, and the others are counted.\n\n"
        "Settings may be auto: they are found out over all rows, and shown with what speaks for them. The"
        " table is stored encrypted in the project file. What is shown here are counts; no value."
    )
    uses: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    icon: ClassVar[str] = "file-spreadsheet"
    Params: ClassVar[type[Any]] = ImportParams
    Facts: ClassVar[type[Any]] = ImportFacts

    def check(self, params: ImportParams, heads: Heads) -> list[Finding]:
        return [*files.check(params), *provenance.check(params, heads)]

    def cost(self, params: ImportParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Reading spends nothing: nothing leaves the project. The counts shown are exact, and choices that
        a person bases on them are outside any differential privacy guarantee."""
        return NoEvent()

    def run(self, params: ImportParams, inputs: Inputs, ctx: Context) -> Outcome[ImportFacts]:  # noqa: ARG002
        findings = provenance.standing(params, ctx.clock.now().date())
        pieces = read_pieces(params, ctx)
        main = pieces.files[0]
        made = files.combined(params, main.table, pieces.others, ctx.cancelled)
        ctx.progress(0.5, said("Look at each column"))
        surveyed = _survey(params, pieces, made.table, ctx)
        table, columns = surveyed.asked.table, surveyed.columns
        excluded = surveyed.asked.excluded
        joins = tuple(JoinFacts(**vars(one)) for one in made.joins)
        proposed = suggest(
            table,
            pieces.settled.reading.decimal,
            ctx.cancelled,
            duplicates=table.num_rows <= _ROWS_COMPARED,
            counted=surveyed.counted,
        )
        facts = ImportFacts(
            file=main.facts.file,
            sha256=main.facts.sha256,
            content=surveyed.contents[0],
            size=main.facts.size,
            rows=table.num_rows,
            format=main.facts.format,
            sheet=main.facts.sheet,
            delimiter=pieces.delimiter,
            notes=pieces.notes,
            columns=_columns(columns),
            files=_files(pieces, surveyed.contents),
            joins=joins,
            stability=made.stability,
            excluded=excluded,
            quarantined=0 if pieces.quarantine is None else pieces.quarantine.num_rows,
            put_aside=_put_aside(pieces.quarantine),
            settings=tuple(pieces.settings),
            reasons=pieces.settled.reasons,
            suggestions=clean_suggestions.facts(proposed),
        )
        findings += [
            *provenance.filtered(params, excluded, surveyed.asked.missing, surveyed.asked.unused),
            *files.remarks(params, joins, made.stability),
            *_quarantine_remark(facts),
            *settings.doubts(pieces.settled.doubts),
            *other_marks(columns, pieces.settled.reading.decimal),
            *names_like_values(table, columns, FileFormat(facts.format), pieces.settled),
        ]
        parts = [Part("rows", table, personal=True)]
        if proposed.items:
            parts.append(Part("suggestions", proposed.table(), personal=True))
        if pieces.quarantine is not None:
            aside = _of_nobody(pieces.quarantine) if params.consent_column else pieces.quarantine
            parts.append(Part("quarantine", aside, personal=True))
        head = {**_head(params, facts, pieces, surveyed.contents), "suggestions": proposed.safe()}
        artifact = Artifact(Kind.TABLE, head, tuple(parts))
        return Outcome(facts, [artifact], findings)

    def section(self, params: ImportParams, facts: ImportFacts) -> Section:
        missing = sum(one.missing for one in facts.columns)
        figures = [
            KeyFigure(said("Rows"), f"{facts.rows:,}"),
            KeyFigure(said("Columns"), f"{len(facts.columns)}"),
            KeyFigure(said("Missing values"), f"{missing:,}"),
        ]
        if params.consent_column:
            figures.append(KeyFigure(said("Without consent"), f"{facts.excluded:,}", said("rows left out")))
        if facts.quarantined:
            figures.append(
                KeyFigure(said("Put aside"), f"{facts.quarantined:,}", said("rows that do not fit"))
            )
        rows = [
            [
                one.name,
                one.type,
                *(f"{n:,}" for n in (one.distinct, one.missing, one.smallest, one.largest, one.rare)),
            ]
            for one in facts.columns
        ]
        words = [
            *provenance.rows(params, facts.excluded),
            (
                said("File"),
                said(
                    "{file}, {size:,} bytes, {form}",
                    file=facts.file,
                    size=facts.size,
                    form=_form(params, facts),
                ),
            ),
            (said("SHA-256 of the file"), facts.sha256),
            (said("Fingerprint of the content"), facts.content),
        ]
        return Section(
            said("Import"),
            (
                Figures(figures),
                Table(
                    said("Provenance"),
                    (said("What"), said("Stated")),
                    [[name, text or said("Not stated")] for name, text in words],
                ),
                *files.blocks(params, facts.files, facts.joins, facts.stability),
                *settings.blocks(facts.settings, facts.reasons),
                *_quarantine(facts, texts=not params.consent_column),
                Table(
                    said("Columns"),
                    (
                        said("Column"),
                        said("Type"),
                        said("Distinct"),
                        said("Missing"),
                        said("Rarest"),
                        said("Most common"),
                        said("Alone"),
                    ),
                    rows,
                    right=(2, 3, 4, 5, 6),
                    caption=said(
                        "Counts of records: with the rarest and the most common value; values that only one"
                        " record has. No values are shown."
                    ),
                ),
                *clean_suggestions.blocks(facts.suggestions, said("The step Clean takes them over.")),
                Words(
                    said(
                        "Every value is kept as the text of the file; the type says what all values parse as."
                    )
                ),
            ),
        )


@dataclass(frozen=True)
class _Surveyed:
    """The rows that stay, their columns, and the fingerprints: of each file, then of all together."""

    asked: Consented
    columns: "list[ColumnProfile]"
    contents: list[str]
    counted: "dict[str, Counted] | None" = None


def _survey(params: ImportParams, pieces: Pieces, table: "pa.Table", ctx: Context) -> _Surveyed:
    """The fingerprints are taken before the filter: the budget belongs to the data, also to what several
    files become together."""
    decimal = pieces.settled.reading.decimal

    def tell(share: float, what: str) -> None:
        ctx.progress(0.5 + 0.5 * share, what)

    several = len(pieces.files) > 1
    each = [content_fingerprint(one.table, cancelled=ctx.cancelled) for one in pieces.files if several]
    if not params.consent_column:
        found = survey(table, decimal=decimal, progress=tell, cancelled=ctx.cancelled)
        return _Surveyed(Consented(table, 0, 0, 0), found.columns, [*each, found.content], found.counted)
    whole = content_fingerprint(table, cancelled=ctx.cancelled)
    asked = consented(table, params.consent_column, params.consent_values)
    columns = profile(asked.table, decimal=decimal, progress=tell, cancelled=ctx.cancelled)
    return _Surveyed(asked, columns, [*each, whole])


def _files(pieces: Pieces, contents: list[str]) -> tuple[FileFacts, ...]:
    return tuple(
        one.facts.model_copy(update={"content": content})
        for one, content in zip(pieces.files, contents, strict=False)
    )


def _columns(columns: "Sequence[ColumnProfile]") -> tuple[ColumnFacts, ...]:
    return tuple(
        ColumnFacts(
            name=one.name, type=one.type.value, distinct=one.distinct, missing=one.missing,
            smallest=one.smallest, largest=one.largest, rare=one.rare,
        )
        for one in columns
    )  # fmt: skip


def _head(params: ImportParams, facts: ImportFacts, pieces: Pieces, contents: list[str]) -> dict[str, Json]:
    """What later steps, checks and the budget register read."""
    return {
        "file": facts.file,
        "sha256": facts.sha256,
        "format": facts.format,
        "content": facts.content,
        "contents": list(contents),
        "files": [{"file": one.file, "sha256": one.sha256, "rows": one.rows} for one in facts.files],
        "stability": facts.stability,
        "excluded": facts.excluded,
        "quarantined": facts.quarantined,
        "dataset": params.dataset,
        "rows": facts.rows,
        "columns": [{"name": one.name, "type": one.type} for one in facts.columns],
        "provenance": provenance.stated(params),
        **pieces.kept(params),
    }


def _put_aside(quarantine: "pa.Table | None") -> tuple[PutAside, ...]:
    """How many rows there are for each reason, most first."""
    if quarantine is None:
        return ()
    tally = quarantine.column("reason").value_counts().to_pylist()
    tally.sort(key=lambda one: (-one["counts"], one["values"]))
    return tuple(PutAside(reason=one["values"], rows=one["counts"]) for one in tally)


def _quarantine_remark(facts: ImportFacts) -> list[Finding]:
    if not facts.quarantined:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("Rows that do not fit were put aside: {quarantined:,}.", quarantined=facts.quarantined),
            said_all(
                (said("{rows:,}: {reason}", rows=one.rows, reason=one.reason) for one in facts.put_aside[:5]),
                by="; ",
            ),
            "bad_rows",
            "PP-IMPORT-015",
        )
    ]


def _of_nobody(quarantine: "pa.Table") -> "pa.Table":
    """Without the texts: of a row that cannot be read nobody can tell whether its person consented."""
    import pyarrow as pa

    place = quarantine.column_names.index("text")
    return quarantine.set_column(place, "text", pa.array([""] * quarantine.num_rows, pa.string()))


def _quarantine(facts: ImportFacts, *, texts: bool) -> list[Block]:
    if not facts.quarantined:
        return []
    return [
        Table(
            said("Rows put aside"),
            (said("Reason"), said("Rows")),
            [[one.reason, f"{one.rows:,}"] for one in facts.put_aside],
            right=(1,),
            caption=said(
                "They are no part of the table. Their text is kept encrypted in the project."
                if texts
                else "They are no part of the table. Their text is not kept: whether these people consented"
                " cannot be read."
            ),
        )
    ]


def _form(params: ImportParams, facts: ImportFacts) -> str:
    """How the file is written, as it was found or declared."""
    form = FileFormat(facts.format)
    held = {one.setting: one.value for one in facts.settings}
    encoding = held.get("encoding", str(params.encoding))
    words: list[str] = [WORDS[form]]
    if form is FileFormat.CSV:
        words += [said("columns separated by {mark}", mark=facts.delimiter), encoding]
    elif form is FileFormat.FIXED:
        words += [said("widths {widths}", widths=" ".join(params.widths)), encoding]
    if facts.sheet:
        words.append(
            said("sheet {name}", name=facts.sheet)
            if form is FileFormat.EXCEL
            else said("table {name}", name=facts.sheet)
        )
    decimal = held.get("decimal", "point" if params.decimal == AUTO else str(params.decimal))
    words.append(said("decimal {mark}", mark=decimal))
    return said_all([*words, *(note.rstrip(".") for note in facts.notes)], by=", ")


STEP = ImportStep()
