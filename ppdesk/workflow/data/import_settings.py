"""How the files are read: what was declared, what is found out, and what holds in the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Table, Words
from ppdesk.data.readers.csv_table import Encoding
from ppdesk.data.readers.formats import TEXT, FileFormat
from ppdesk.workflow.data.import_params import AUTO, HeaderChoice, ImportParams
from ppdesk.workflow.reading import MARKS, Delimiter, Reading
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.data.detection.detected import Doubt, Given

FOUND_OUT = said("Found out over all rows")
DECLARED = said("Declared")
NOT_FOUND_OUT = said("Not found out for this format; what holds if nothing is declared")
_NOT_FOUND = "PP-IMPORT-018"


class SettingFacts(Facts):
    """One setting: what holds, and whether it was declared or found out."""

    setting: str
    value: str
    why: str


class DoubtFacts(Facts):
    """Something that the file does not settle."""

    code: str
    setting: str
    text: str


@dataclass(frozen=True)
class Settled:
    """The reading that holds, which of its settings were found out, why, and what is doubtful."""

    reading: Reading
    found: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[DoubtFacts, ...] = field(default_factory=tuple)


def asked(params: ImportParams) -> list[str]:
    """The settings to be found out, besides the delimiter, which the reader of CSV finds itself."""
    choices = {"encoding": params.encoding, "header": params.header, "decimal": params.decimal}
    found = [name for name, value in choices.items() if value == AUTO]
    return [*found, "null_tokens"] if params.find_null_tokens else found


def settle(params: ImportParams, path: Path, form: FileFormat, *, cancelled: Callable[[], bool]) -> Settled:
    """The reading of the main file. CSV: what is asked for is found out over all rows. Of other formats it
    is found out in the table (`of_table`), and what does not show there is told as a doubt."""
    wanted = asked(params)
    if not wanted:
        return Settled(declared(params))
    if form is not FileFormat.CSV:
        return _by_default(params, form, wanted)
    from ppdesk.data.detection.detect import detect

    told = detect(path, given(params), cancelled=cancelled)
    own = params.null_tokens
    tokens = (*own, *(one for one in told.null_tokens if one not in own)) if params.find_null_tokens else own
    reading = Reading(
        delimiter=params.delimiter,  # the reader finds it, and refuses what is not clear
        encoding=told.encoding,
        header=told.header,
        quoting=params.quoting,
        null_tokens=tokens,
        decimal=told.decimal,
    )
    doubts = tuple(
        DoubtFacts(code=one.code, setting=one.setting, text=one.text)
        for one in told.doubts
        if one.setting in _LABELS and one.setting != "delimiter"
    )
    return Settled(reading, tuple(wanted), told.reasons, doubts)


def given(params: ImportParams) -> "Given":
    """What is settled already, for `detect`."""
    from ppdesk.data.detection.detected import Given

    return Given(
        encoding=None if params.encoding == AUTO else Encoding(params.encoding.value),
        delimiter=MARKS.get(params.delimiter),
        header=None if params.header == AUTO else params.header is HeaderChoice.YES,
        quoting=params.quoting.value == "double",
        decimal=None if params.decimal == AUTO else DecimalMark(params.decimal.value),
        null_tokens=None if params.find_null_tokens else params.null_tokens,
    )


def declared(params: ImportParams) -> Reading:
    """The settings as declared, and what holds by default where they are to be found out."""
    return Reading(
        delimiter=params.delimiter,
        encoding=Encoding.UTF_8 if params.encoding == AUTO else Encoding(params.encoding.value),
        header=params.header is not HeaderChoice.NO,
        quoting=params.quoting,
        null_tokens=params.null_tokens,
        decimal=DecimalMark.POINT if params.decimal == AUTO else DecimalMark(params.decimal.value),
    )


def _by_default(params: ImportParams, form: FileFormat, wanted: list[str]) -> Settled:
    matter = {FileFormat.EXCEL: ("header",), FileFormat.FIXED: ("header", "encoding")}.get(form, ())
    doubts = tuple(
        DoubtFacts(
            code=_NOT_FOUND,
            setting=name,
            text=said("{setting} is not found out for this format.", setting=_LABELS[name]),
        )
        for name in matter
        if name in wanted
    )
    return Settled(declared(params), doubts=doubts)


def of_table(params: ImportParams, settled: Settled, table: "pa.Table") -> Settled:
    """`settled` with the decimal mark and the marks for missing values, if they are asked for, as the values
    of a table that was no CSV file speak for them."""
    import pyarrow as pa

    from ppdesk.data.detection.cells import find_decimal, find_tokens, look

    wanted = [name for name in asked(params) if name in ("decimal", "null_tokens")]
    if not wanted:
        return settled
    columns = [
        look(pa.chunked_array([pa.array([name], pa.string()), *table.column(name).chunks]))
        for name in table.column_names
    ]
    reading, reasons = settled.reading, list(settled.reasons)
    doubts: list[Doubt] = []
    if "decimal" in wanted:
        decimal, why, doubts = find_decimal(columns)
        reading, reasons = reading.model_copy(update={"decimal": decimal}), [*reasons, *why]
    if "null_tokens" in wanted:
        proposed, _, more = find_tokens(columns, reading.decimal)
        tokens = (*params.null_tokens, *(one for one in proposed if one not in params.null_tokens))
        reading, doubts = reading.model_copy(update={"null_tokens": tokens}), [*doubts, *more]
    told = (DoubtFacts(code=one.code, setting=one.setting, text=one.text) for one in doubts)
    return Settled(reading, (*settled.found, *wanted), tuple(reasons), (*settled.doubts, *told))


_LABELS = {
    "delimiter": said("Columns are separated by"),
    "encoding": said("Text encoding"),
    "header": said("First row holds column names"),
    "quoting": said("Quotation marks"),
    "null_tokens": said("Missing values look like"),
    "decimal": said("Decimal mark"),
}


def told(settled: Settled, form: FileFormat, delimiter: str, wanted: Delimiter) -> list[SettingFacts]:
    """Each setting that the format has: what holds and why. `delimiter` is the one that was used."""
    reading = settled.reading
    values = {"header": "yes" if reading.header else "no", "null_tokens": shown(reading.null_tokens)}
    if form in TEXT:
        values["encoding"] = reading.encoding.value
    if form in TEXT or "decimal" in settled.found:
        values["decimal"] = reading.decimal.value
    if form is FileFormat.CSV:
        values |= {"delimiter": delimiter, "quoting": reading.quoting.value}
    found = {*settled.found, *(["delimiter"] if wanted is Delimiter.AUTO else [])}
    unknown = {one.setting for one in settled.doubts if one.code == _NOT_FOUND}
    why = {**dict.fromkeys(found, FOUND_OUT), **dict.fromkeys(unknown, NOT_FOUND_OUT)}
    return [
        SettingFacts(setting=name, value=values[name], why=why.get(name, DECLARED))
        for name in _LABELS
        if name in values
    ]


def shown(tokens: tuple[str, ...]) -> str:
    """Marks for missing values in words."""
    return said_all((said("an empty cell") if not one else f'"{one}"' for one in tokens), by=", ") or said(
        "nothing"
    )


def doubts(found: tuple[DoubtFacts, ...]) -> list[Finding]:
    """What a person should look at."""
    return [
        Finding(
            Level.CAUTION,
            said("Not certain: {setting}.", setting=_LABELS.get(one.setting, one.setting)),
            one.text,
            one.setting,
            one.code,
        )
        for one in found
    ]


def blocks(settings: tuple[SettingFacts, ...], reasons: tuple[str, ...]) -> list[Block]:
    """How the file was read; nothing for records from before it was told."""
    if not settings:
        return []
    rows = [[_LABELS.get(one.setting, one.setting), one.value, one.why] for one in settings]
    made: list[Block] = [
        Table(said("How the file was read"), (said("Setting"), said("Holds"), said("Why")), rows)
    ]
    if reasons:
        made.append(Words(said_all(reasons)))
    return made


def settings_words(found: Mapping[str, str | list[str]]) -> list[str]:
    """One line for each setting that was found."""
    return [
        said(
            "{setting}: {value}",
            setting=_LABELS.get(name, name.capitalize()),
            value=value if isinstance(value, str) else shown(tuple(value)),
        )
        for name, value in found.items()
    ]
