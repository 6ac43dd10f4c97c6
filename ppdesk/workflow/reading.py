"""How a table was read, as the steps after import know it. Light: heads only.

A TABLE head keeps it, the heads of MODEL, BUNDLE and RELEASE hand it on, and a batch of new records is read
the same way unless a person says otherwise.
"""

from collections.abc import Sequence
from enum import StrEnum

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.readers.csv_table import CsvFormat, Encoding
from ppdesk.workflow import terms
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
_KEY, _FORM = "reading", "form"  # in the heads
_FOUND = "found"  # in the reading


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
    """What a head made from `head` says of the reading and of the terms of use: the same; nothing where
    `head` says nothing."""
    form: dict[str, Json] = {_FORM: head[_FORM]} if _FORM in head else {}
    return ({_KEY: head[_KEY]} if _KEY in head else {}) | form | terms.kept(head)


def found_out(said: dict[str, Json], names: Sequence[str]) -> dict[str, Json]:
    """`said`, as `keep` makes it, with the names of the settings that nobody declared."""
    reading = said[_KEY]
    return {_KEY: {**reading, _FOUND: list(names)}} if isinstance(reading, dict) else said


def was_found_out(head: Head, name: str) -> bool:
    """Whether nobody declared the setting `name`."""
    said = head.get(_KEY)
    names = said.get(_FOUND) if isinstance(said, dict) else None
    return isinstance(names, list) and name in names


# settings that one record can decide for all where they are found out over all rows; what separates columns
# is not among them, for a file in which that is not clear is refused
_DECIDED = {
    "encoding": "the encoding",
    "header": "whether the first row holds names",
    "decimal": "the decimal mark",
    "null_tokens": "what missing values look like",
}


def found_settings(head: Head) -> tuple[str, ...]:
    """In words, the settings of the reading that nobody declared and that all cells are read with."""
    return tuple(words for name, words in _DECIDED.items() if was_found_out(head, name))


def keep(reading: Reading) -> dict[str, Json]:
    """What a TABLE head says of how it was read."""
    return {_KEY: reading.model_dump(mode="json")}


def keep_form(said: dict[str, Json]) -> dict[str, Json]:
    """What a TABLE head says of the format: format, sheet, widths, value_labels."""
    return {_FORM: dict(said)}


def form_of(head: Head) -> dict[str, Json]:
    """The same; empty where a head does not say."""
    said = head.get(_FORM)
    return dict(said) if isinstance(said, dict) else {}
