"""Whether the bytes of a PDF are its objects, one after the other, and their table, as pyHanko writes them.
Something in between, or a place or length that is wrong, would be found by a reader that makes its own table:
it would show another report than the one that was looked at."""

import re
from itertools import pairwise

_HEADER = re.compile(rb"%PDF-\d\.\d\n%[\x80-\xff]+\n")
_ROW = rb"\d{10} \d{5} n \n"
_TRAILER = rb"/Root \d+ 0 R\n/Info \d+ 0 R\n/ID \[ <[0-9a-f]+> <[0-9a-f]+> \]\n/Size (\d+)\n"
_TABLE = re.compile(
    rb"xref\n0 (\d+)\n0000000000 65535 f \n((?:" + _ROW + rb")+)"
    rb"trailer\n<<\n" + _TRAILER + rb">>\nstartxref\n(\d+)\n%%EOF\n"
)
_ROW_LENGTH, _PLACE = 20, 10  # bytes of a row, and of the place in it
_STREAM, _END = b"\nstream\n", b"\nendstream\nendobj\n"
_LENGTH = re.compile(rb"/Length (\d{1,10})\n")
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b|\bendobj\b")


def well_built(pdf: bytes) -> bool:
    """Of a PDF of one revision."""
    begins = pdf.rfind(b"\nxref\n") + 1
    table = _TABLE.fullmatch(pdf, begins)
    if table is None or int(table[4]) != begins or table[1] != table[3]:
        return False
    rows = [table[2][at : at + _ROW_LENGTH] for at in range(0, len(table[2]), _ROW_LENGTH)]
    places = {int(row[:_PLACE]): (number, int(row[11:16])) for number, row in enumerate(rows, 1)}
    starts = sorted(places)
    if len(places) != len(rows) or len(rows) + 1 != int(table[1]):
        return False
    return _HEADER.fullmatch(pdf, 0, starts[0]) is not None and all(
        alone(pdf[start:end], *places[start]) for start, end in pairwise([*starts, begins])
    )


def alone(told: bytes, number: int, generation: int) -> bool:
    """Whether `told` is the object of that number, and nothing besides."""
    head, stream, rest = told.partition(_STREAM)
    if stream:
        lengths = _LENGTH.findall(head)
        if len(lengths) != 1 or len(rest) != int(lengths[0]) + len(_END) or not rest.endswith(_END):
            return False
        told = head + b"\nendobj\n"
    begins = told.startswith(b"%d %d obj\n" % (number, generation))
    return begins and told.endswith(b"endobj\n") and len(_OBJECT.findall(told)) == 2
