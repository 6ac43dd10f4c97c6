"""What a workbook says about all its sheets: their names, the shared texts, how numbers are shown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import normpath

from ppdesk.data.errors import MacroFileError, NotThatFormatError
from ppdesk.data.readers.xlsx_numbers import NumberKind, builtin_kind, kind_of
from ppdesk.data.readers.xlsx_package import WHAT, Package, Sheet

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ST_Xstring: a character that XML cannot hold


@dataclass(frozen=True)
class Workbook:
    """`kinds` is by the number of a cell's style; `from_1904` says on which day serial dates begin."""

    sheets: tuple[Sheet, ...]
    texts: tuple[str, ...]
    kinds: tuple[NumberKind, ...]
    from_1904: bool


def read_workbook(package: Package, cancelled: Callable[[], bool]) -> Workbook:
    """Raises what `Package.parse` raises, MacroFileError, NotThatFormatError."""
    relations = _relations(package, "_rels/.rels", "", cancelled)
    main = next((part for kind, part in relations.values() if kind == "officeDocument"), None)
    if main is None or not package.has(main):
        raise NotThatFormatError(expected=WHAT)
    _check_content_types(package, cancelled)
    folder, _, name = main.rpartition("/")
    parts = _relations(package, f"{folder}/_rels/{name}.rels".lstrip("/"), folder, cancelled)
    sheets: list[Sheet] = []
    from_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if element == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")
        elif element == "sheet":
            kind, part = parts[
                next(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
            ]
            if kind == "worksheet":
                sheets.append(Sheet(attributes["name"], part))

    package.parse(main, start=start, end=_nothing, text=_nothing, cancelled=cancelled)
    by_kind = dict(parts.values())
    return Workbook(
        tuple(sheets),
        _texts(package, by_kind.get("sharedStrings"), cancelled),
        _kinds(package, by_kind.get("styles"), cancelled),
        from_1904,
    )


def unescaped(text: str) -> str:
    """`_x000D_` and alike as the characters they stand for; halves of a surrogate pair stay written out."""
    if "_x" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        number = int(found.group(1), 16)
        return found.group(0) if 0xD800 <= number <= 0xDFFF else chr(number)

    return _ESCAPE.sub(one, text)


def _nothing(*_: object) -> None:
    """An element that says nothing of interest."""


def _relations(
    package: Package, part: str, folder: str, cancelled: Callable[[], bool]
) -> dict[str, tuple[str, str]]:
    """(the last word of its type, the part it points at) of each relation, by id."""
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            whole = target if target.startswith("/") else f"{folder}/{target}"
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], normpath(whole).lstrip("/"))

    package.parse(part, start=start, end=_nothing, text=_nothing, cancelled=cancelled)
    return found


def _check_content_types(package: Package, cancelled: Callable[[], bool]) -> None:
    def start(_element: str, attributes: dict[str, str]) -> None:
        if "macroEnabled" in attributes.get("ContentType", ""):
            raise MacroFileError()

    package.parse("[Content_Types].xml", start=start, end=_nothing, text=_nothing, cancelled=cancelled)


def _texts(package: Package, part: str | None, cancelled: Callable[[], bool]) -> tuple[str, ...]:
    """The shared texts; how they are pronounced (rPh) is left out."""
    if part is None:
        return ()
    found: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(element: str, _attributes: dict[str, str]) -> None:
        inside.append(element)
        if element == "si":
            pieces.clear()

    def end(element: str) -> None:
        inside.pop()
        if element == "si":
            found.append(unescaped("".join(pieces)))

    def text(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    package.parse(part, start=start, end=end, text=text, cancelled=cancelled)
    return tuple(found)


def _kinds(package: Package, part: str | None, cancelled: Callable[[], bool]) -> tuple[NumberKind, ...]:
    """What the numbers of each cell style mean."""
    if part is None:
        return ()
    own: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        inside.append(element)
        if element == "numFmt" and "numFmts" in inside:
            own[attributes["numFmtId"]] = attributes["formatCode"]
        elif element == "xf" and inside[-2:-1] == ["cellXfs"]:
            styles.append(attributes.get("numFmtId", "0"))

    def end(_element: str) -> None:
        inside.pop()

    package.parse(part, start=start, end=end, text=_nothing, cancelled=cancelled)
    return tuple(kind_of(own[one]) if one in own else builtin_kind(int(one)) for one in styles)
