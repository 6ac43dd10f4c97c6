"""CSV and text of fixed width: written well, then damaged in ways that have an answer."""

import random
from collections.abc import Callable
from dataclasses import replace

from bytes_damage import NAMES, damaged
from cases import (
    CANARY,
    Made,
    Row,
    Sheet,
    any_end,
    aside,
    beginning_of,
    counted,
    near,
    read_as,
    read_as_or_refused,
    refused,
)
from tables import table

from ppdesk.data.readers.csv_table import BadRows, CsvFormat, Encoding
from ppdesk.data.readers.read_table import ReadOptions

Damage = Callable[[random.Random], Made]
CODECS = {
    Encoding.UTF_8: "utf-8",
    Encoding.UTF_16: "utf-16",
    Encoding.WINDOWS_1252: "cp1252",
    Encoding.LATIN_1: "latin-1",
    Encoding.LATIN_9: "iso8859-15",
}
FORMS: dict[str, Damage] = {}


def _named(name: str) -> Callable[[Damage], Damage]:
    def keep(damage: Damage) -> Damage:
        FORMS[name] = damage
        return damage

    return keep


def record(row: Row, mark: str, *, always: bool = False) -> str:
    """One row as RFC 4180 has it, without its end."""

    def cell(text: str | None) -> str:
        if text is None:
            return ""
        if always or any(sign in text for sign in f'{mark}"\r\n'):
            return '"' + text.replace('"', '""') + '"'
        return text

    return mark.join(cell(text) for text in row)


def written(sheet: Sheet, mark: str = ",", end: str = "\n", *, always: bool = False) -> list[str]:
    """The lines with their ends."""
    return [record(row, mark, always=always) + end for row in (sheet.names, *sheet.rows)]


def _csv(text: str | bytes, ends: tuple[object, str], **form: object) -> Made:
    data = text.encode() if isinstance(text, str) else text
    judge, promise = ends
    options = ReadOptions(text=CsvFormat(**form))  # type: ignore[arg-type]  # fields of CsvFormat by name
    return Made(data, ".csv", judge, promise, options)  # type: ignore[arg-type]  # a Judge


def _middle(lines: list[str], chance: random.Random) -> int:
    """The index of a line that is no header; its row number is one more."""
    return chance.randrange(1, len(lines))


@_named("ragged")
def ragged(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    lines = written(sheet)
    at = _middle(lines, chance)
    values = lines[at].rstrip("\n").split(",")
    values = values[:-1] if chance.random() < 0.5 else [*values, "more"]
    lines[at] = ",".join(values) + "\n"
    return _csv("".join(lines), refused("PP-DATA-005", row=at + 1), delimiter=",")


@_named("ragged, put aside")
def ragged_aside(chance: random.Random) -> Made:
    sheet = table(chance, rows=chance.choice((12, 40)))
    lines = written(sheet, ";", chance.choice(("\n", "\r\n", "\r")))
    bad = sorted(chance.sample(range(1, len(lines)), chance.randint(1, 5)))
    for at in bad:
        body = lines[at].rstrip("\r\n")
        lines[at] = lines[at].replace(body, f"{body};more", 1)
    numbers = [at + 1 for at in bad]
    return _csv(
        "".join(lines), aside(sheet.without(numbers), numbers), delimiter=";", bad_rows=BadRows.QUARANTINE
    )


@_named("several faults, put aside")
def faults_aside(chance: random.Random) -> Made:
    sheet = table(chance, rows=40, plain=True)
    lines = [line.encode() for line in written(sheet)]
    bad = sorted(chance.sample(range(1, len(lines) - 1), 6))  # blank at the end is no row
    faults = (b"", b"\xff", b"\0", b'x"y', b",,,,,,,,", b'"a"b"')
    for at, fault in zip(bad, chance.sample(faults, len(faults)), strict=True):
        lines[at] = b"\n" if fault == b"" else lines[at].rstrip(b"\n") + fault + b"\n"
    return _csv(b"".join(lines), counted(len(sheet.rows)), delimiter=",", bad_rows=BadRows.QUARANTINE)


@_named("NUL")
def nul(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    lines = written(sheet)
    at, column = _middle(lines, chance), chance.randrange(len(sheet.names))
    values = lines[at].rstrip("\n").split(",")
    values[column] += "\0"
    lines[at] = ",".join(values) + "\n"
    return _csv("".join(lines), refused("PP-DATA-007", row=at + 1, column=column + 1))


@_named("wrong encoding")
def encoding(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    lines = [line.encode() for line in written(sheet)]
    at, column = _middle(written(sheet), chance), chance.randrange(len(sheet.names))
    values = lines[at].rstrip(b"\n").split(b",")
    values[column] += chance.choice(
        (b"\xfc", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\xaf", b"\xff")
    )
    lines[at] = b",".join(values) + b"\n"
    return _csv(b"".join(lines), refused("PP-DATA-008", row=at + 1, column=column + 1))


@_named("other encodings")
def encodings(chance: random.Random) -> Made:
    declared = chance.choice(tuple(CODECS))
    sheet = table(chance, plain=True)
    rows = tuple((*row[:-1], "ü ß é") for row in sheet.rows)
    sheet = Sheet(sheet.names, rows)
    text = "".join(written(sheet, chance.choice(",;\t|"), chance.choice(("\n", "\r\n", "\r")), always=True))
    return _csv(text.encode(CODECS[declared]), read_as(sheet), encoding=declared)


@_named("encoding declared otherwise")
def mistaken(chance: random.Random) -> Made:
    declared, real = chance.sample(tuple(CODECS), 2)
    text = "".join(written(table(chance)))
    return _csv(text.encode(CODECS[real], "replace"), any_end(), encoding=declared)


@_named("byte order mark")
def bom(chance: random.Random) -> Made:
    sheet = table(chance)
    text = "".join(written(sheet, ";", always=chance.random() < 0.5))
    mark = chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\xef\xbb"))
    good = mark == b"\xef\xbb\xbf"
    return _csv(mark + text.encode(), read_as(sheet) if good else refused(), delimiter=";")


@_named("open mark")
def open_mark(chance: random.Random) -> Made:
    lines = written(table(chance, plain=True))
    at = _middle(lines, chance)
    lines[at] = '"' + lines[at]
    return _csv("".join(lines), refused("PP-DATA-011", "PP-DATA-012", row=at + 1), delimiter=",")


@_named("stray mark")
def stray_mark(chance: random.Random) -> Made:
    lines = written(table(chance, plain=True))
    at = _middle(lines, chance)
    lines[at] = lines[at][:1] + chance.choice(('"', '"x"', '""')) + lines[at][1:]
    return _csv("".join(lines), refused("PP-DATA-011", "PP-DATA-012", row=at + 1), delimiter=",")


@_named("marks are ordinary")
def ordinary(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    rows = tuple((f'"{row[0]}', *row[1:]) for row in sheet.rows)
    sheet = Sheet(sheet.names, rows)
    lines = [",".join(str(one) for one in row) + "\n" for row in (sheet.names, *rows)]
    return _csv("".join(lines), read_as(sheet), quoting=False)


@_named("line ends")
def ends(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    lines = [line.rstrip("\n") + chance.choice(("\n", "\r\n")) for line in written(sheet)]
    if chance.random() < 0.4:
        lines[-1] = lines[-1].rstrip("\r\n")
    return _csv("".join(lines) + chance.choice(("", "\n", "\r\n\r\n")), read_as(sheet), delimiter=",")


@_named("lone carriage return")
def lone(chance: random.Random) -> Made:
    sheet = table(chance, plain=True)
    lines = written(sheet)
    at = _middle(lines, chance)
    lines[at] = chance.choice((lines[at].replace("\n", "\r"), lines[at].replace(",", ",\r", 1)))
    return _csv("".join(lines), read_as_or_refused(sheet), delimiter=",")


@_named("blank line")
def blank(chance: random.Random) -> Made:
    lines = written(table(chance))
    at = _middle(lines, chance)
    lines.insert(at, chance.choice(("\n", "\r\n")))
    return _csv("".join(lines), refused("PP-DATA-006", row=at + 1), delimiter=",")


@_named("names")
def names(chance: random.Random) -> Made:
    sheet = table(chance)
    heads = list(sheet.names)
    at = chance.randrange(1, len(heads))
    how = chance.choice(("", " ", heads[0], "\t", "\u00a0", '""'))
    heads[at] = how
    lines = [",".join(heads) + "\n", *written(sheet)[1:]]
    return _csv("".join(lines), refused("PP-DATA-009", "PP-DATA-010"), delimiter=",")


@_named("nothing in it")
def nothing(chance: random.Random) -> Made:
    data = chance.choice(
        (
            b"",
            b"\n",
            b"\r\n\r\n",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"a,b",
            b"a,b\n",
            b"a,b\r\n\r\n",
            b'"a","b"\n',
            b"\0",
        )
    )
    return _csv(data, refused(), encoding=chance.choice((Encoding.UTF_8, Encoding.UTF_8, Encoding.UTF_16)))


@_named("lines without end")
def endless(chance: random.Random) -> Made:
    unit = chance.choice((b"a", b",", b'"', b"a,", b"\0", b"\xff", b"\n", b" "))
    return _csv(unit * (chance.choice((1, 1, 1, 7, 7, 70)) << 16), any_end())


@_named("a hole at the end")
def hole(chance: random.Random) -> Made:
    """Of 3 GiB now and then: a line without end, which takes no room on the drive."""
    grown = (3 << 30) if chance.random() < 0.06 else chance.choice((1 << 16, 9 << 20))
    data = "".join(written(table(chance, plain=True))).encode()
    made = _csv(data, refused("PP-DATA-007", "PP-DATA-015"), bad_rows=BadRows.REFUSE)
    return replace(made, grown=grown)


@_named("wide")
def wide(chance: random.Random) -> Made:
    columns = chance.choice((500, 2_000, 2_000, 2_000, 20_000, 60_000))
    heads = ",".join(f"c{at}" for at in range(columns))
    cells = ",".join("1" for _ in range(columns - chance.choice((0, 1))))
    return _csv(f"{heads}\n{cells}\n", any_end())


@_named("delimiters")
def delimiters(chance: random.Random) -> Made:
    mark = chance.choice(",;\t|")
    sheet = table(chance)
    rows = tuple((*row[:-1], chance.choice((",", ";", "\t", "|", 'a"b', "two\nlines"))) for row in sheet.rows)
    sheet = Sheet(sheet.names, rows)
    return _csv("".join(written(sheet, mark)), read_as(sheet), delimiter=chance.choice((mark, None)))


@_named("random bytes")
def noise(chance: random.Random) -> Made:
    few = bytes(chance.choices(b'a1,;"\n\r\t| \xc3\xa4', k=chance.randrange(1, 200)))
    data = chance.choice((few, few, few, chance.randbytes(chance.randrange(1, 400))))
    aside_ = chance.choice(tuple(BadRows))
    return _csv(data, any_end(), bad_rows=aside_, header=chance.random() < 0.7, quoting=chance.random() < 0.8)


@_named("cut off")
def cut(chance: random.Random) -> Made:
    sheet = table(chance)
    data = "".join(written(sheet, ";", chance.choice(("\n", "\r\n")), always=chance.random() < 0.3)).encode()
    head = data.index(b"\n") + 1
    return _csv(data[: chance.randrange(head, len(data))], beginning_of(sheet), delimiter=";")


@_named("one byte changed")
def flipped(chance: random.Random) -> Made:
    sheet = table(chance, plain=True, columns=3)
    data = bytearray("".join(written(sheet)).encode())
    at = chance.randrange(data.index(b"\n") + 1, len(data) - 1)
    data[at] = chance.choice((0, 9, 10, 13, 34, 44, 59, 255, chance.randrange(256)))
    mode = chance.choice(tuple(BadRows))
    return _csv(
        bytes(data), near(sheet) if mode is BadRows.REFUSE else any_end(), delimiter=",", bad_rows=mode
    )


def _edge(chance: random.Random, size: int) -> Made:
    """Rows of which one ends, or a quoted line break stands, right before, at or after `size` bytes."""
    mark, end = ",", chance.choice(("\n", "\r\n", "\r"))
    head = f"name1{mark}name2{end}"
    offset = chance.randint(-3, 3)
    breaks = chance.random() < 0.6
    first = "x" * (size - len(head) - len(mark) - len(CANARY) - len(end) + offset - (4 if breaks else 0))
    inner = "a" + chance.choice(("\n", "\r\n", "\r", '"')) + "b" if breaks else "ab"
    sheet = Sheet(("name1", "name2"), ((CANARY, first), (CANARY, inner), ("üü", None), ("last", "1")))
    return _csv("".join(written(sheet, mark, end)), read_as(sheet), delimiter=chance.choice((mark, None)))


@_named("edge of 64 KiB")
def edge_small(chance: random.Random) -> Made:
    return _edge(chance, 64 << 10)


@_named("edge of 1 MiB")
def edge_middle(chance: random.Random) -> Made:
    return _edge(chance, 1 << 20)


@_named("edge of 4 and 8 MiB")
def edge_large(chance: random.Random) -> Made:
    if chance.random() < 0.8:  # the large ones are few: they cost seconds
        return _edge(chance, 64 << 10)
    return _edge(chance, chance.choice((4 << 20, 8 << 20)))


@_named("put aside where a block ends")
def aside_edge(chance: random.Random) -> Made:
    """Many rows, and one that does not fit wherever 64 KiB, or 4 MiB, end; some hold line breaks in marks."""
    size = (4 << 20) if chance.random() < 0.15 else (64 << 10)
    rows: list[Row] = [(f"{CANARY}{at}", "1") for at in range((size + size // 2) // 18)]
    for at in chance.sample(range(len(rows)), 40):
        rows[at] = (chance.choice(("a\nb", "a\r\nb", 'a"b', "a;b")), "2")
    sheet = Sheet(("name1", "name2"), tuple(rows))
    lines = [line.encode() for line in written(sheet, ";", chance.choice(("\n", "\r\n")))]
    place, bad = 0, []
    for at, line in enumerate(lines[:-1]):
        if at and place // size != (place + len(line)) // size:
            bad.append(at + 1 + chance.randint(-1, 0))
        place += len(line)
    for row in bad:
        end = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
        lines[row - 1] = chance.choice((b"x;1;2", b"x", b'x"y;1', b"\xff;1", b"\0;1")) + end
    ends = aside(sheet.without(bad), bad)
    return _csv(b"".join(lines), ends, delimiter=";", bad_rows=BadRows.QUARANTINE)


WIDTHS = (10, 16, 10)


def _fixed(data: bytes, ends: tuple[object, str], text: CsvFormat | None = None) -> Made:
    judge, promise = ends
    widths = tuple(f"name{at}:{size}" for at, size in enumerate(WIDTHS, start=1))
    options = ReadOptions(text=text or CsvFormat(), widths=widths)
    return Made(data, ".fwf", judge, promise, options)  # type: ignore[arg-type]  # a Judge


def _lines(sheet: Sheet) -> list[str]:
    return [
        "".join(f"{cell or '':{size}}" for cell, size in zip(row, WIDTHS, strict=True)) for row in sheet.rows
    ]


FIXED: dict[str, Damage] = {}


def _fixed_damage(name: str) -> Callable[[Damage], Damage]:
    def keep(damage: Damage) -> Damage:
        FIXED[name] = damage
        return damage

    return keep


@_fixed_damage("lengths")
def lengths(chance: random.Random) -> Made:
    lines = _lines(table(chance, columns=3, plain=True))
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((lines[at][: chance.randrange(1, 20)], lines[at] + "x"))
    if not lines[at].strip():
        lines[at] = "x"
    return _fixed("\n".join(lines).encode(), refused("PP-DATA-051", row=at + 1))


@_fixed_damage("NUL or wrong encoding")
def fixed_bytes(chance: random.Random) -> Made:
    lines = [line.encode() for line in _lines(table(chance, columns=3, plain=True))]
    at, place = chance.randrange(len(lines)), chance.randrange(36)
    wrong = chance.choice((b"\0", b"\xff"))
    lines[at] = lines[at][:place] + wrong + lines[at][place + 1 :]
    column = 1 + (place >= 10) + (place >= 26)
    end = chance.choice((b"\n", b"\r\n", b"\r"))
    code = "PP-DATA-007" if wrong == b"\0" else "PP-DATA-008"
    return _fixed(end.join(lines) + end, refused(code, row=at + 1, column=column))


@_fixed_damage("blank line")
def fixed_blank(chance: random.Random) -> Made:
    lines = _lines(table(chance, columns=3, plain=True))
    at = chance.randrange(len(lines))
    lines.insert(at, chance.choice(("", "   ")))  # before the last, as blank at the end is no row
    return _fixed("\n".join(lines).encode(), refused("PP-DATA-006", row=at + 1))


@_fixed_damage("put aside")
def fixed_aside(chance: random.Random) -> Made:
    sheet = table(chance, rows=30, columns=3, plain=True)
    lines = [line.encode() for line in _lines(sheet)]
    bad = sorted(chance.sample(range(len(lines) - 1), 4))
    for at, fault in zip(bad, (b"", b"short", b"\xff" * 34, lines[bad[3]] + b"y"), strict=True):
        lines[at] = fault
    kept = Sheet(sheet.names, tuple(row for at, row in enumerate(sheet.rows) if at not in bad))
    ends_ = aside(kept, [at + 1 for at in bad])
    return _fixed(b"\n".join(lines) + b"\n", ends_, CsvFormat(bad_rows=BadRows.QUARANTINE))


@_fixed_damage("line ends and encodings")
def fixed_ends(chance: random.Random) -> Made:
    sheet = table(chance, columns=3, plain=True)
    sheet = Sheet(sheet.names, tuple((*row[:2], "ü" + str(row[2])[:5]) for row in sheet.rows))
    declared = chance.choice(tuple(CODECS))
    text = chance.choice(("\n", "\r\n", "\r")).join(_lines(sheet))
    return _fixed(text.encode(CODECS[declared]), read_as(sheet), CsvFormat(encoding=declared))


def _random_damage(how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        sheet = table(chance, columns=3, plain=True)
        data = damaged("\n".join(_lines(sheet)).encode() + b"\n", how, chance)
        return _fixed(data, any_end(), CsvFormat(encoding=chance.choice(tuple(CODECS))))

    return damage


def _random_csv(how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        lines = written(table(chance), chance.choice(",;\t|"), chance.choice(("\n", "\r\n")))
        mode = chance.choice(tuple(BadRows))
        made = _csv(damaged("".join(lines).encode(), how, chance), any_end(), bad_rows=mode)
        return replace(made, ending=chance.choice((".csv", ".txt", ".tsv")))

    return damage


FORMS |= {f"bytes: {how}": _random_csv(how) for how in NAMES}
FIXED |= {f"bytes: {how}": _random_damage(how) for how in NAMES}
