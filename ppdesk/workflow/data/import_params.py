"""What Import asks for."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import field_validator

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import Params, Reads, param
from ppdesk.data.csv_table import Encoding
from ppdesk.data.formats import SUFFIXES
from ppdesk.workflow.reading import Delimiter, Quoting


class LegalBasis(StrEnum):
    """On what ground the data is processed."""

    NOT_STATED = "not-stated"
    CONSENT = "consent"  # GDPR Art. 6(1)(a)
    CONTRACT = "contract"  # (b)
    LEGAL_OBLIGATION = "legal-obligation"  # (c)
    VITAL_INTERESTS = "vital-interests"  # (d)
    PUBLIC_TASK = "public-task"  # (e)
    LEGITIMATE_INTERESTS = "legitimate-interests"  # (f)
    HIPAA_AUTHORIZATION = "hipaa-authorization"  # 45 CFR 164.508
    HIPAA_OPERATIONS = "hipaa-operations"  # 164.506
    HIPAA_WAIVER = "hipaa-waiver"  # 164.512(i)
    HIPAA_LIMITED_DATA_SET = "hipaa-limited-data-set"  # 164.514(e)
    PUBLIC_DATA = "public-data"


BASIS_WORDS = {
    LegalBasis.NOT_STATED: "Not stated",
    LegalBasis.CONSENT: "Consent (GDPR Art. 6(1)(a))",
    LegalBasis.CONTRACT: "Contract (GDPR Art. 6(1)(b))",
    LegalBasis.LEGAL_OBLIGATION: "Legal obligation (GDPR Art. 6(1)(c))",
    LegalBasis.VITAL_INTERESTS: "Vital interests (GDPR Art. 6(1)(d))",
    LegalBasis.PUBLIC_TASK: "Public task (GDPR Art. 6(1)(e))",
    LegalBasis.LEGITIMATE_INTERESTS: "Legitimate interests (GDPR Art. 6(1)(f))",
    LegalBasis.HIPAA_AUTHORIZATION: "Authorization (HIPAA, 45 CFR 164.508)",
    LegalBasis.HIPAA_OPERATIONS: "Treatment, payment or operations (HIPAA, 45 CFR 164.506)",
    LegalBasis.HIPAA_WAIVER: "Waiver by a review or privacy board (HIPAA, 45 CFR 164.512(i))",
    LegalBasis.HIPAA_LIMITED_DATA_SET: "Limited data set with a use agreement (HIPAA, 45 CFR 164.514(e))",
    LegalBasis.PUBLIC_DATA: "Published data under an open licence",
}


class Format(StrEnum):
    """What the file is."""

    AUTO = "auto"
    CSV = "csv"
    FIXED = "fixed"
    PARQUET = "parquet"
    ARROW = "arrow"
    EXCEL = "excel"
    SPSS = "spss"
    STATA = "stata"
    SAS = "sas"
    XPORT = "xport"
    SQLITE = "sqlite"


class ImportParams(Params):
    """How to read the file, and where its data comes from."""

    table: Annotated[Path, Reads(tuple(SUFFIXES))] = param(
        label="Table",
        help="A file with one row per record: CSV, text of fixed width, Excel (.xlsx), Parquet, Arrow, SPSS,"
        " Stata, SAS or SQLite. It is read, never changed.",
    )
    source: str = param(
        "", label="Source", help="Who collected the data, and under what name it is known.", free_text=True
    )
    dataset: str = param(
        "",
        label="Dataset name",
        help="What your organisation calls this data. Projects that name the same dataset, or import the same"
        " data, share one privacy budget.",
        free_text=True,
    )
    collected: str = param(
        "", label="Collected", help="When and how it was collected, for example: survey, spring 2024.",
        free_text=True,
    )  # fmt: skip
    legal_basis: LegalBasis = param(
        LegalBasis.NOT_STATED,
        label="Legal basis",
        help="On what ground the data is processed: one of GDPR Article 6(1), a HIPAA permission, or"
        " published"
        " data. The report prints it.",
    )
    consent: str = param(
        "", label="Consent", help="Where the ground is consent: to what people agreed, since when, until"
        " when,"
        " and how they can withdraw.", free_text=True,
    )  # fmt: skip
    allowed_purposes: tuple[str, ...] = param(
        (),
        label="Allowed purposes",
        help="What the data may be used for. The purpose given under Objective is compared with this list.",
    )
    retention: str = param(
        "",
        label="Retention",
        help="How long the data may be kept, for example: until 2030-12-31.",
        free_text=True,
    )
    format: Format = param(
        Format.AUTO,
        label="Format",
        help="auto looks at the content first, then at the name of the file. A format that you choose is held"
        " to: another content is refused.",
        more=True,
    )
    sheet: str = param(
        "",
        label="Sheet",
        help="Which sheet of a workbook, or which table of a database. Empty: the only one.",
        more=True,
    )
    widths: tuple[str, ...] = param(
        (),
        label="Widths",
        help="For text of fixed width, each column as NAME:CHARACTERS in the order of the line, for example"
        " id:8. Without names the first row holds them.",
        more=True,
    )
    value_labels: bool = param(
        False,
        label="Value labels instead of codes",
        help="SPSS, Stata: a code that has a label is replaced by it, such as 1 by male.",
        more=True,
    )
    delimiter: Delimiter = param(
        Delimiter.AUTO,
        label="Columns are separated by",
        help="auto finds the mark that splits every row of the file alike, and refuses where that is not"
        " clear.",
        more=True,
    )
    encoding: Encoding = param(
        Encoding.UTF_8,
        label="Text encoding",
        help="How the file was saved. Files from Windows programs are often windows-1252.",
        more=True,
    )
    header: bool = param(
        True,
        label="First row holds column names",
        help="Off: columns are named column 1, column 2, ...",
        more=True,
    )
    quoting: Quoting = param(
        Quoting.DOUBLE,
        label="Quotation marks",
        help="double: values may stand in quotation marks. none: a quotation mark is an ordinary character.",
        more=True,
    )
    null_tokens: tuple[str, ...] = param(
        ("",),
        label="Missing values look like",
        help="Texts that stand for a missing value, compared with the whole value. An empty text is one"
        " of them"
        " unless you take it out.",
        more=True,
    )
    decimal: DecimalMark = param(
        DecimalMark.POINT,
        label="Decimal mark",
        help="What stands before the decimals of a number: 3.5 or 3,5. Thousands separators are not read:"
        " such a value is no number. It is never guessed; Import says where a column looks otherwise.",
        more=True,
    )

    @field_validator("allowed_purposes", "null_tokens", "widths", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
