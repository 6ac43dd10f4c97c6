"""Step import: bring in a table exactly as it is, with its provenance."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.data.content import content_fingerprint
from ppdesk.data.formats import WORDS, FileFormat
from ppdesk.data.profile import profile
from ppdesk.data.read_table import ReadOptions, read_table
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data.import_decimal import other_marks
from ppdesk.workflow.data.import_params import BASIS_WORDS, Format, ImportParams, LegalBasis
from ppdesk.workflow.reading import MARKS, Reading, keep
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep


class ColumnFacts(Facts):
    """One column in counts; no value."""

    name: str
    type: str
    distinct: int
    missing: int
    smallest: int
    largest: int
    rare: int


class ImportFacts(Facts):
    """What was read."""

    file: str
    sha256: str
    content: str = ""  # empty in records from before there was one
    size: int
    rows: int
    format: str = FileFormat.CSV.value  # the only one in records from before there were others
    sheet: str = ""  # of a workbook, or the table of a database
    delimiter: str  # empty where the format has none
    notes: tuple[str, ...] = ()  # what was found out besides
    columns: tuple[ColumnFacts, ...]


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
        "The table is stored encrypted in the project file. What is shown here are counts; no value."
    )
    uses: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    icon: ClassVar[str] = "file-spreadsheet"
    Params: ClassVar[type[Any]] = ImportParams
    Facts: ClassVar[type[Any]] = ImportFacts

    def check(self, params: ImportParams, heads: Heads) -> list[Finding]:
        found = []
        if params.legal_basis is LegalBasis.NOT_STATED:
            found.append(
                Finding(
                    Level.CAUTION, "No legal basis is stated.",
                    "Processing personal data needs one (GDPR Art. 6; HIPAA 45 CFR 164.502).",
                    "legal_basis", "PP-IMPORT-001",
                )
            )  # fmt: skip
        if params.legal_basis is LegalBasis.CONSENT and not params.consent.strip():
            found.append(
                Finding(
                    Level.CAUTION, "The basis is consent, but it is not described.",
                    "Say to what people agreed and how they can withdraw (GDPR Art. 7).",
                    "consent", "PP-IMPORT-002",
                )
            )  # fmt: skip
        if not params.source.strip():
            found.append(
                Finding(Level.CAUTION, "The source of the data is not stated.", "", "source", "PP-IMPORT-003")
            )
        return [*found, *self._purpose(params, heads)]

    def _purpose(self, params: ImportParams, heads: Heads) -> list[Finding]:
        if not params.allowed_purposes:
            return [
                Finding(
                    Level.CAUTION, "No allowed purpose is stated.", "The objective cannot be compared"
                    " with it.",
                    "allowed_purposes", "PP-IMPORT-004",
                )
            ]  # fmt: skip
        purpose = str(heads.get(Kind.OBJECTIVE, {}).get("purpose") or "")
        if not purpose or _plain(purpose) in {_plain(one) for one in params.allowed_purposes}:
            return []
        return [
            Finding(
                Level.CAUTION,
                "The purpose of this project is not among the allowed ones.",
                f"Purpose: {purpose}. Allowed: {'; '.join(params.allowed_purposes)}. Purpose limitation"
                " is GDPR"
                " Art. 5(1)(b).",
                "allowed_purposes",
                "PP-IMPORT-005",
            )
        ]

    def cost(self, params: ImportParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Reading spends nothing: nothing leaves the project. The counts shown are exact, and choices that
        a person bases on them are outside any differential privacy guarantee."""
        return NoEvent()

    def run(self, params: ImportParams, inputs: Inputs, ctx: Context) -> Outcome[ImportFacts]:  # noqa: ARG002
        path = ctx.sources["table"]
        ctx.progress(0.0, "Read the file")
        reading = Reading(**params.model_dump(include=set(Reading.model_fields)))
        options = ReadOptions(
            text=reading.form(),
            form=None if params.format is Format.AUTO else FileFormat(params.format.value),
            sheet=params.sheet,
            widths=params.widths,
            value_labels=params.value_labels,
        )
        read = read_table(path, options, cancelled=ctx.cancelled)
        columns = profile(
            read.table,
            decimal=params.decimal,
            progress=lambda share, what: ctx.progress(0.3 + 0.6 * share, what),
            cancelled=ctx.cancelled,
        )
        ctx.progress(0.9, "Take the fingerprint of the content")
        content = content_fingerprint(read.table, cancelled=ctx.cancelled)
        names = {mark: word.value for word, mark in MARKS.items()}
        facts = ImportFacts(
            file=params.table.name,
            sha256=read.sha256,
            content=content,
            size=read.size,
            rows=read.table.num_rows,
            format=read.form.value,
            sheet=read.sheet,
            delimiter=names.get(read.delimiter, ""),
            notes=read.notes,
            columns=tuple(
                ColumnFacts(
                    name=one.name, type=one.type.value, distinct=one.distinct, missing=one.missing,
                    smallest=one.smallest, largest=one.largest, rare=one.rare,
                )
                for one in columns
            ),
        )  # fmt: skip
        head: dict[str, Json] = {
            "file": facts.file,
            "sha256": facts.sha256,
            "format": facts.format,
            "content": facts.content,
            "dataset": params.dataset,
            "rows": facts.rows,
            "columns": [{"name": one.name, "type": one.type} for one in facts.columns],
            "provenance": {
                "source": params.source,
                "collected": params.collected,
                "legal_basis": params.legal_basis.value,
                "consent": params.consent,
                "allowed_purposes": list(params.allowed_purposes),
                "retention": params.retention,
            },
            **keep(reading),
        }
        artifact = Artifact(Kind.TABLE, head, (Part("rows", read.table, personal=True),))
        return Outcome(facts, [artifact], other_marks(columns, params.decimal))

    def section(self, params: ImportParams, facts: ImportFacts) -> Section:
        missing = sum(one.missing for one in facts.columns)
        rows = [
            [
                one.name,
                one.type,
                *(f"{n:,}" for n in (one.distinct, one.missing, one.smallest, one.largest, one.rare)),
            ]
            for one in facts.columns
        ]
        words = {
            "Dataset name": params.dataset,
            "Source": params.source,
            "Collected": params.collected,
            "Legal basis": BASIS_WORDS[params.legal_basis],
            "Consent": params.consent,
            "Allowed purposes": "; ".join(params.allowed_purposes),
            "Retention": params.retention,
            "File": f"{facts.file}, {facts.size:,} bytes, {_form(params, facts)}",
            "SHA-256 of the file": facts.sha256,
            "Fingerprint of the content": facts.content,
        }
        return Section(
            "Import",
            (
                Figures(
                    (
                        KeyFigure("Rows", f"{facts.rows:,}"),
                        KeyFigure("Columns", f"{len(facts.columns)}"),
                        KeyFigure("Missing values", f"{missing:,}"),
                    )
                ),
                Table(
                    "Provenance",
                    ("What", "Stated"),
                    [[name, text or "Not stated"] for name, text in words.items()],
                ),
                Table(
                    "Columns",
                    ("Column", "Type", "Distinct", "Missing", "Rarest", "Most common", "Alone"),
                    rows,
                    right=(2, 3, 4, 5, 6),
                    caption="Counts of records: with the rarest and the most common value; values that"
                    " only one"
                    " record has. No values are shown.",
                ),
                Words("Every value is kept as the text of the file; the type says what all values parse as."),
            ),
        )


def _form(params: ImportParams, facts: ImportFacts) -> str:
    """How the file is written, as it was found or declared."""
    form = FileFormat(facts.format)
    words = [WORDS[form]]
    if form is FileFormat.CSV:
        words += [f"columns separated by {facts.delimiter}", str(params.encoding)]
    elif form is FileFormat.FIXED:
        words += [f"widths {' '.join(params.widths)}", str(params.encoding)]
    if facts.sheet:
        words.append(f"{'table' if form is FileFormat.SQLITE else 'sheet'} {facts.sheet}")
    return ", ".join([*words, f"decimal {params.decimal}", *(note.rstrip(".") for note in facts.notes)])


def _plain(text: str) -> str:
    """For comparing purposes as people write them."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split()).rstrip(".")


STEP = ImportStep()
