"""What the readable parts of an ARX project say: columns, configuration, hierarchies.

Source: ARX 3.9.2, WorkerSave and WorkerLoad (vocabulary 2.0). A project is a zip archive with metadata.xml,
project.xml, data/input.csv, and under input/: config.xml, definition.xml and hierarchies/COLUMN.csv. The .dat
parts are serialized Java objects. Reading such a thing can run anything, so they are passed over.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from ppdesk.data.arx.archive import Archive, Element
from ppdesk.data.arx.errors import (
    DamagedArxPartError,
    MissingArxPartError,
    NewerArxProjectError,
    NotArxProjectError,
)

DATA = "data/input.csv"
_FOLDER = "input/"
_DEFINITION, _CONFIG = f"{_FOLDER}definition.xml", f"{_FOLDER}config.xml"
_KNOWN = ("1.0", "2.0")
_MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class ArxColumn:
    """One attribute as definition.xml has it; texts as they stand there."""

    name: str
    role: str  # IDENTIFYING_ATTRIBUTE, QUASI_IDENTIFYING_ATTRIBUTE, SENSITIVE_..., INSENSITIVE_...
    datatype: str = "String"
    format: str | None = None
    locale: str | None = None
    hierarchy: str | None = None  # the part that holds it
    lowest: int | None = None  # None: ARX's "All"
    highest: int | None = None
    response: bool = False
    aggregate: str | None = None  # microaggregation function


@dataclass(frozen=True)
class ArxProject:
    """`weights` by column; `criteria` and `metric` are ARX's own words; `suppressed` the types of columns
    whose cells become * in suppressed records; `delimiter` of all its CSV parts."""

    version: str
    title: str
    delimiter: str
    columns: tuple[ArxColumn, ...]
    limit: float
    metric: str
    weights: Mapping[str, float]
    criteria: tuple[str, ...]
    suppressed: tuple[str, ...]
    practical_monotonicity: bool
    has_data: bool


def read(archive: Archive, file: str) -> ArxProject:
    """The project in `archive`, which is called `file`. Raises an ArxError."""
    if not archive.has("metadata.xml"):
        raise NotArxProjectError(file=file, reason="it has no metadata.xml")
    about = archive.xml("metadata.xml", "metadata")
    vocabulary = (about.get("vocabulary") or "1.0").strip()
    if vocabulary not in _KNOWN:
        raise NewerArxProjectError(version=vocabulary[:20])
    for part in (_DEFINITION, _CONFIG):
        if not archive.has(part):
            raise MissingArxPartError(part=part)
    project = archive.xml("project.xml", "project") if archive.has("project.xml") else Element("project")
    config = archive.xml(_CONFIG, "config")
    columns = tuple(_column(one) for one in archive.xml(_DEFINITION, "definition").all("assigment"))
    names = [one.name for one in columns]
    if not names or len(set(names)) < len(names) or len(names) > _MOST_COLUMNS:
        raise DamagedArxPartError(part=_DEFINITION, reason="it has no columns, too many, or one twice")
    weights = {
        (one.get("attribute") or ""): _number(one.get("weight"), _CONFIG)
        for one in config.all("attributeWeights", "attributeWeight")
    }
    return ArxProject(
        version=(about.get("version") or "").strip(),
        title=(project.get("name") or "").strip(),
        delimiter=_delimiter(project.get("separator")),
        columns=columns,
        limit=_number(config.get("relativeMaxOutliers") or "0", _CONFIG),
        metric=(config.get("metric") or "").strip(),
        weights=weights,
        criteria=tuple(one.text.strip() for one in config.all("criteria", "criterion")),
        suppressed=tuple(one.text.strip() for one in config.all("suppressedAttributeTypes", "type")),
        practical_monotonicity=config.get("practicalMonotonicity") == "true",
        has_data=archive.has(DATA),
    )


def rows_of(archive: Archive, part: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """(the rows of a hierarchy, whether it was not UTF-8). Raises an ArxError."""
    text, other = archive.text(part)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row
        ]
    except csv.Error:
        raise DamagedArxPartError(part=part, reason="it is no CSV text") from None
    return rows, other


def _column(of: Element) -> ArxColumn:
    name, role = (of.get("name") or "").strip(), (of.get("type") or "").strip()
    if not name:
        raise DamagedArxPartError(part=_DEFINITION, reason="a column has no name")
    ref = of.get("ref")
    return ArxColumn(
        name=name,
        role=role,
        datatype=(of.get("datatype") or "String").strip(),
        format=of.get("format"),
        locale=of.get("locale"),
        hierarchy=None if ref is None else f"{_FOLDER}{ref.strip()}",
        lowest=_level(of.get("min")),
        highest=_level(of.get("max")),
        response=of.get("response") == "true",
        aggregate=of.get("microaggregationFunction"),
    )


def _level(said: str | None) -> int | None:
    """A level; None for all."""
    if said is None or said.strip() == "All":
        return None
    return int(_number(said, _DEFINITION))


def _number(said: str | None, part: str) -> float:
    try:
        found = float(said or "")
    except ValueError:
        found = float("nan")
    if not 0 <= found <= 1e9:
        raise DamagedArxPartError(part=part, reason="a number is missing or out of range")
    return found


def _delimiter(said: str | None) -> str:
    """ARX's own default where none can be read: a tab alone in an element is space to some writers."""
    return said if said is not None and len(said) == 1 and said not in '"\r\n' else ";"


def header_of(start: bytes, delimiter: str, encoding: str) -> list[str]:
    """The names in the first row of a table that begins with `start`. DamagedArxPartError."""
    text = start.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        names = []
    if not names:
        raise DamagedArxPartError(part=DATA, reason="it does not begin with the names of columns")
    return names
