"""What Import asks for."""

from enum import StrEnum

from pydantic import field_validator

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import param
from ppdesk.data.readers.csv_table import BadRows, Encoding
from ppdesk.workflow.data.import_provenance import ProvenanceParams
from ppdesk.workflow.reading import Delimiter, Quoting

AUTO = "auto"


class Format(StrEnum):
    """What the file is."""

    AUTO = AUTO
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
    DATABASE = "database"


class EncodingChoice(StrEnum):
    """An encoding, or to find it out."""

    AUTO = AUTO
    UTF_8 = Encoding.UTF_8.value
    UTF_16 = Encoding.UTF_16.value
    WINDOWS_1252 = Encoding.WINDOWS_1252.value
    LATIN_1 = Encoding.LATIN_1.value
    LATIN_9 = Encoding.LATIN_9.value


class HeaderChoice(StrEnum):
    """Whether the first row holds names, or to find it out."""

    AUTO = AUTO
    YES = "yes"
    NO = "no"


class DecimalChoice(StrEnum):
    """A decimal mark, or to find it out."""

    AUTO = AUTO
    POINT = DecimalMark.POINT.value
    COMMA = DecimalMark.COMMA.value


class ImportParams(ProvenanceParams):
    """How to read the files, and where their data comes from."""

    format: Format = param(
        Format.AUTO,
        label="Format",
        group="Reading",
        help="auto looks at the content first, then at the name of the file. A format that you choose is held"
        " to: another content is refused.",
        more=True,
    )
    sheet: str = param(
        "",
        label="Sheet",
        group="Reading",
        help="Which sheet of a workbook, or which table of a database. Empty: the only one.",
        more=True,
    )
    dialect: str = param(
        "",
        label="Database dialect",
        group="Reading",
        help="Of a database that is a local file: the name of SQLAlchemy's dialect, for example duckdb or"
        " sqlite. Empty: the content tells. Only files are read: it has no host, user or options.",
        more=True,
    )
    widths: tuple[str, ...] = param(
        (),
        label="Widths",
        group="Reading",
        help="For text of fixed width, each column as NAME:CHARACTERS in the order of the line, for example"
        " id:8. Without names the first row holds them.",
        more=True,
    )
    value_labels: bool = param(
        False,
        label="Value labels instead of codes",
        group="Reading",
        help="SPSS, Stata: a code that has a label is replaced by it, such as 1 by male.",
        more=True,
    )
    delimiter: Delimiter = param(
        Delimiter.AUTO,
        label="Columns are separated by",
        group="Reading",
        help="auto finds the mark that splits every row of the file alike, and refuses where that is not"
        " clear.",
        more=True,
    )
    encoding: EncodingChoice = param(
        EncodingChoice.UTF_8,
        label="Text encoding",
        group="Reading",
        help="How the file was saved. Files from Windows programs are often windows-1252. auto finds it out"
        " over the whole file.",
        more=True,
    )
    header: HeaderChoice = param(
        HeaderChoice.YES,
        label="First row holds column names",
        group="Reading",
        help="no: columns are named column 1, column 2, ... auto finds it out by comparing the first row with"
        " the others.",
        more=True,
    )
    quoting: Quoting = param(
        Quoting.DOUBLE,
        label="Quotation marks",
        group="Reading",
        help="double: values may stand in quotation marks. none: a quotation mark is an ordinary character.",
        more=True,
    )
    null_tokens: tuple[str, ...] = param(
        ("",),
        label="Missing values look like",
        group="Reading",
        help="Texts that stand for a missing value, compared with the whole value. An empty text is one"
        " of them"
        " unless you take it out.",
        more=True,
    )
    find_null_tokens: bool = param(
        False,
        label="Find marks for missing values",
        group="Reading",
        help="On: texts of a public list such as N/A and ? that stand in the file where values are missing"
        " count as missing too, besides those above.",
        more=True,
    )
    decimal: DecimalChoice = param(
        DecimalChoice.POINT,
        label="Decimal mark",
        group="Reading",
        help="What stands before the decimals of a number: 3.5 or 3,5. Thousands separators are not read:"
        " such a value is no number. auto finds it out over all rows; else Import says where a column looks"
        " otherwise.",
        more=True,
    )
    bad_rows: BadRows = param(
        BadRows.REFUSE,
        label="Rows that do not fit",
        group="Reading",
        help="refuse: the file is refused with the number of the row. quarantine: such rows are put aside"
        " with their reason, counted and told, and the others are read.",
        more=True,
    )

    @field_validator("null_tokens", "widths", mode="before")
    @classmethod
    def _one_of_them_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("dialect")
    @classmethod
    def _only_a_name(cls, value: str) -> str:
        if value and not value.replace("_", "").isalnum():
            raise ValueError("it is a name such as duckdb, no URL: the file is the table's")
        return value

    @field_validator("header", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> object:
        """Recipes and records from before there was `auto` say true or false."""
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
