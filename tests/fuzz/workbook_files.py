"""Excel workbooks: a small writer of the parts, so that each can say what it should not."""

import io
import random
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from bytes_damage import NAMES, damaged
from cases import CANARY, Judge, Made, Sheet, any_end, read_as, read_as_or_refused, refused
from tables import table

Damage = Callable[[random.Random], Made]
EXCEL: dict[str, Damage] = {}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
TYPES, ROOT, LINKS = "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"


def column(number: int) -> str:
    """1 is A."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def parts(sheet: Sheet) -> dict[str, str]:
    """The parts of a workbook with this table in shared strings."""
    rows = (sheet.names, *sheet.rows)
    texts = [cell for row in rows for cell in row if cell is not None]
    places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{column(c)}{r}" t="s"><v>{places[cell]}</v></c>'
            for c, cell in enumerate(row, start=1)
            if cell is not None
        )
        + "</row>"
        for r, row in enumerate(rows, start=1)
    )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in places)
    kinds = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{_REL}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds, start=1)
    )
    return {
        TYPES: f'<Types xmlns="{_PACK}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        ROOT: f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="r1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        BOOK: f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>',
        LINKS: f'<Relationships xmlns="{_PACK}/relationships">{links}</Relationships>',
        STRINGS: f'<sst xmlns="{_MAIN}">{items}</sst>',
        SHEET: f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }


def packed(of: dict[str, str | bytes], *, deflated: bool = True) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in of.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED if deflated else None)
    return made.getvalue()


def _sheet(chance: random.Random) -> Sheet:
    return table(chance, columns=chance.randint(2, 4), plain=True)


def _changed(
    name: str, part: str, edit: Callable[[str, random.Random], str], ends: tuple[Judge, str]
) -> None:
    """A workbook of which one part is changed before it is packed."""

    def damage(chance: random.Random) -> Made:
        made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
        made[part] = edit(str(made[part]), chance)
        return Made(packed(made), ".xlsx", *ends)

    EXCEL[name] = damage


def _cell(*wrong: str) -> Callable[[str, random.Random], str]:
    """The second cell of the second row becomes one of these; {} is its place."""

    def edit(text: str, chance: random.Random) -> str:
        start = text.index('<c r="B2"')
        end = text.index("</c>", start) + 4
        return text[:start] + chance.choice(wrong).replace("{}", 'r="B2"') + text[end:]

    return edit


_B2 = {"row": 2, "column": 2}
_changed(
    "shared text out of range", SHEET,
    _cell(*(f'<c {{}} t="s"><v>{one}</v></c>' for one in ("99999", "-1", "x", "1e3", "9" * 5000, "1.5"))),
    refused("PP-DATA-045", **_B2),
)  # fmt: skip
_changed(
    "formula without result",
    SHEET,
    _cell("<c {}><f>1+1</f></c>", "<c {}><f>1+1</f><v></v></c>"),
    refused("PP-DATA-042", **_B2),
)
_changed(
    "errors of the spreadsheet",
    SHEET,
    _cell(*(f'<c {{}} t="e"><v>{one}</v></c>' for one in ("#DIV/0!", "#N/A", "#REF!"))),
    refused("PP-DATA-043", **_B2),
)
_changed(
    "cells that are not what they say", SHEET,
    _cell('<c {}><v>abc</v></c>', '<c {}><v>nan</v></c>', '<c {}><v>1_000</v></c>',
          '<c {} t="b"><v>2</v></c>', '<c {} t="zz"><v>1</v></c>',
          '<c {}><v>1e999</v></c>', '<c {}><v>0x10</v></c>'),
    refused("PP-DATA-045", **_B2),
)  # fmt: skip
_changed(
    "places",
    SHEET,
    _cell(
        '<c r="A2"><v>1</v></c>',
        '<c r="B7"><v>1</v></c>',
        '<c r="ZZZZ1"><v>1</v></c>',
        '<c r=""><v>1</v></c>',
    ),
    refused("PP-DATA-045", "PP-DATA-032"),
)
_changed(
    "merged cells",
    SHEET,
    lambda text, _: text.replace(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells>'
    ),
    refused("PP-DATA-044", row=2, column=1),
)
_changed(
    "blank row",
    SHEET,
    lambda text, _: (
        text.replace('<row r="2">', '<row r="2"/><row r="3">')
        .replace('r="A2"', 'r="A3"')
        .replace('r="B2"', 'r="B3"')
        .replace('r="C2"', 'r="C3"')
        .replace('r="D2"', 'r="D3"')
    ),
    refused(),
)
_changed(
    "row far away",
    SHEET,
    lambda text, _: text.replace(
        "</sheetData>", '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    ),
    refused("PP-DATA-046"),
)
_changed(
    "rows and cells without end",
    SHEET,
    lambda text, chance: text.replace(
        "</sheetData>", "<row><c/></row>" * chance.choice((10, 200_000)) + "</sheetData>"
    ),
    any_end(),
)
_changed(
    "elements in one another",
    SHEET,
    lambda text, chance: text.replace("</sheetData>", "<x>" * chance.choice((70, 100_000)) + "</sheetData>"),
    refused("PP-DATA-032"),
)
_changed(
    "XML cut off",
    SHEET,
    lambda text, chance: text[: chance.randrange(60, len(text) - 1)],
    refused("PP-DATA-032"),
)
_changed(
    "shared texts are missing",
    STRINGS,
    lambda text, _: text[: text.index(">") + 1] + "</sst>",
    refused("PP-DATA-045"),
)
_changed(
    "link to a part that is not there",
    LINKS,
    lambda text, chance: text.replace(
        chance.choice(("worksheets/sheet1.xml", "sharedStrings.xml")),
        chance.choice(("gone.xml", "../../x.xml", "/etc/passwd")),
    ),
    refused(),
)
_changed(
    "link to another place",
    LINKS,
    lambda text, _: text.replace(
        'Target="worksheets/sheet1.xml"', 'TargetMode="External" Target="http://localhost/x"'
    ),
    refused(),
)
_changed(
    "names",
    SHEET,
    lambda text, chance: (
        text.replace('<c r="B1"', '<c r="X1"')
        if chance.random() < 0.0
        else text.replace("<v>1</v>", "<v>0</v>", 1)
    ),
    refused("PP-DATA-010"),
)
_BOMB = (
    '<!DOCTYPE x [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def _doctype(text: str, chance: random.Random) -> str:
    declared = chance.choice((_BOMB, _OUTSIDE))
    return declared + text.replace("<v>", "<v>&i;", 1).replace('<t xml:space="preserve">', "<t>&i;", 1)


_changed("entities in the sheet", SHEET, _doctype, refused("PP-DATA-032"))
_changed("entities in the texts", STRINGS, _doctype, refused("PP-DATA-032"))
_changed("entities in the book", BOOK, _doctype, refused("PP-DATA-032"))
_changed(
    "other encodings",
    STRINGS,
    lambda text, chance: (
        f'<?xml version="1.0" encoding="{chance.choice(("utf-7", "x", "utf-16", "cp037"))}"?>{text}'
    ),
    refused(),
)


def _keep(name: str) -> Callable[[Damage], Damage]:
    def keep(damage: Damage) -> Damage:
        EXCEL[name] = damage
        return damage

    return keep


@_keep("undamaged")
def whole(chance: random.Random) -> Made:
    sheet = table(chance)
    return Made(packed(dict(parts(sheet)), deflated=chance.random() < 0.5), ".xlsx", *read_as(sheet))


@_keep("zip bomb: ratio")
def bomb(chance: random.Random) -> Made:
    made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
    size = chance.choice((80, 200)) << 20
    made[chance.choice((SHEET, STRINGS, "xl/media/x.bin"))] = b" " * size
    return Made(packed(made), ".xlsx", *refused("PP-DATA-034", "PP-DATA-033"))


@_keep("zip bomb: many parts")
def many(chance: random.Random) -> Made:
    made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
    made |= {f"x/{at}": b"" for at in range(10_001)}
    return Made(packed(made), ".xlsx", *refused("PP-DATA-033"))


@_keep("zip bomb: within")
def within(chance: random.Random) -> Made:
    inner = packed({"a": b"0" * (1 << 20)})
    made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
    made[chance.choice((SHEET, STRINGS, BOOK))] = inner
    return Made(packed(made), ".xlsx", *refused("PP-DATA-032"))


@_keep("one long text")
def long_text(chance: random.Random) -> Made:
    sheet = Sheet(("a", "b"), ((CANARY, "x" * chance.choice((32_768, 2_000_000))),))
    return Made(packed(dict(parts(sheet)), deflated=False), ".xlsx", *read_as_or_refused(sheet))


@_keep("sizes that lie")
def sizes(chance: random.Random) -> Made:
    data = bytearray(packed(dict(parts(_sheet(chance)))))
    at = data.rindex(b"PK\1\2") + chance.choice((16, 20, 24, 42))  # CRC-32, packed, unpacked, place
    data[at : at + 4] = chance.choice((0, 1, 2**31 - 1, 2**32 - 1, 2**32 - 2, 64 << 20)).to_bytes(4, "little")
    return Made(bytes(data), ".xlsx", *any_end())


@_keep("parts of one name")
def twice(chance: random.Random) -> Made:
    del chance
    import warnings

    sheet = Sheet(("a", "b"), ((CANARY, "1"),))
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in parts(sheet).items():
            archive.writestr(name, content)
        archive.writestr(SHEET, "<worksheet/>")
    return Made(made.getvalue(), ".xlsx", *refused("PP-DATA-032"))


@_keep("something else in the archive")
def other(chance: random.Random) -> Made:
    name = chance.choice(("xl/vbaProject.bin", "content.xml", "xl/workbook.bin"))
    made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
    made[name] = b"x"
    return Made(packed(made), ".xlsx", *refused("PP-DATA-036", "PP-DATA-030"))


@_keep("a part left out")
def left_out(chance: random.Random) -> Made:
    made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
    del made[chance.choice((SHEET, STRINGS, BOOK, TYPES, ROOT, LINKS))]
    return Made(packed(made), ".xlsx", *refused())


def _inside(how: str) -> Damage:
    """Damage within a part, before it is packed: the archive's own sums hold."""

    def damage(chance: random.Random) -> Made:
        made: dict[str, str | bytes] = dict(parts(_sheet(chance)))
        part = chance.choice(sorted(made))
        made[part] = damaged(str(made[part]).encode(), how, chance)
        return Made(packed(made), ".xlsx", *any_end())

    return damage


def _bytes(how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        sheet = _sheet(chance)
        data = packed(dict(parts(sheet)))
        return Made(damaged(data, how, chance), ".xlsx", *read_as_or_refused(sheet))

    return damage


EXCEL |= {f"bytes: {how}": _bytes(how) for how in NAMES}
EXCEL |= {f"in a part: {how}": _inside(how) for how in NAMES}
