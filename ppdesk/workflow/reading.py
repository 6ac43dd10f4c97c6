"""How a table was read, as the steps after import know it. Light: heads only.

A TABLE head keeps it, the heads of MODEL, BUNDLE and RELEASE hand it on, and a batch of new records is read
the same way unless a person says otherwise.
"""

from enum import StrEnum

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.csv_table import CsvFormat, Encoding
from ppdesk.workflow.step import Facts


class Delimiter(StrEnum):
    """What stands between two values."""

    AUTO = "auto"
    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"
    BAR = "bar"


class Quoting(StrEnum):
    """What quotation marks mean."""

    DOUBLE = "double"
    NONE = "none"


MARKS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t", Delimiter.BAR: "|"}
_KEY = "reading"  # in the heads


class Reading(Facts):
    """The declared settings. The defaults are what holds where a head does not say."""

    delimiter: Delimiter = Delimiter.AUTO
    encoding: Encoding = Encoding.UTF_8
    header: bool = True
    quoting: Quoting = Quoting.DOUBLE
    null_tokens: tuple[str, ...] = ("",)
    decimal: DecimalMark = DecimalMark.POINT

    @classmethod
    def of(cls, head: Head) -> "Reading":
        """What a head says; settings that this version does not know are passed over."""
        said = head.get(_KEY)
        known = said if isinstance(said, dict) else {}
        return cls.model_validate({name: known[name] for name in cls.model_fields if name in known})

    def form(self) -> CsvFormat:
        """For reading a CSV file."""
        return CsvFormat(
            delimiter=MARKS.get(self.delimiter),
            encoding=self.encoding,
            header=self.header,
            quoting=self.quoting is Quoting.DOUBLE,
            null_tokens=self.null_tokens,
        )

    def words(self) -> str:
        """For a person."""
        missing = (
            ", ".join("an empty cell" if not one else f'"{one}"' for one in self.null_tokens) or "nothing"
        )
        names = "names in the first row" if self.header else "no row of names"
        return (
            f"Read as {self.encoding}, columns separated by {self.delimiter}, {names}, quotation marks "
            f"{self.quoting}, decimal {self.decimal}; missing: {missing}."
        )


def kept(head: Head) -> dict[str, Json]:
    """What a head made from `head` says of the reading: the same; nothing where `head` says nothing."""
    return {_KEY: head[_KEY]} if _KEY in head else {}


def keep(reading: Reading) -> dict[str, Json]:
    """What a TABLE head says of how it was read."""
    return {_KEY: reading.model_dump(mode="json")}
