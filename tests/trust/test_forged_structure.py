"""Reports whose objects are right and whose bytes are not: something stands between the parts, where a reader
that makes its own table finds it (Mladenov and others 2019, "1 Trillion Dollar Refund"; Mainka and others
2021, "Shadow Attacks"). The signer does it, before they sign, so that the signature holds."""

import re
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from ppdesk_fakes.forging import IncrementalPdfFileWriter, judged, plain, raw_signed, signed

from ppdesk.report.built import well_built
from ppdesk.report.verdict import Judgement

SHADOW = b"5 0 obj\n<<\n/Type /Page\n>>\nendobj\n"
LENGTH = re.compile(rb"/Length (\d+)\n")
TABLE = re.compile(rb"xref\n0 \d+\n((?:\d{10} \d{5} [nf] \n)+)")


def placed(pdf: bytes) -> bytes:
    """`pdf` with a table that fits it."""
    table = TABLE.search(pdf)
    assert table is not None
    rows = table[1].splitlines(keepends=True)
    for number, row in enumerate(rows[1:], 1):
        found = re.search(rb"\n(%d 0 obj\n)" % number, pdf)
        assert found is not None
        rows[number] = b"%010d" % found.start(1) + row[10:]
    pdf = pdf[: table.start(1)] + b"".join(rows) + pdf[table.end(1) :]
    return re.sub(rb"startxref\n\d+", b"startxref\n%d" % table.start(), pdf)


def inside(extra: bytes, after: bytes = b"endobj\n") -> Callable[[], bytes]:
    """`extra` in the first revision; its own table leads past it."""

    def forge() -> bytes:
        at = plain().rindex(after) + len(after)
        return signed(placed(plain()[:at] + extra + plain()[at:]))

    return forge


def between(extra: bytes) -> Callable[[], bytes]:
    """`extra` after the pages, before what signing appends."""
    return lambda: raw_signed(IncrementalPdfFileWriter(BytesIO(plain() + extra)))


def changed(old: bytes, new: bytes) -> Callable[[], bytes]:
    """Bytes of the table and the trailer."""

    def forge() -> bytes:
        at = plain().rindex(b"\nxref\n")
        tail = plain()[at:].replace(old, new)
        assert tail != plain()[at:]
        return signed(plain()[:at] + tail)

    return forge


def wrong_length() -> bytes:
    """A reader that finds the length wrong makes its own table."""
    found = LENGTH.search(plain())
    assert found is not None
    longer = b"%d" % (int(found[1]) + 1)
    return signed(plain()[: found.start(1)] + longer + plain()[found.end(1) :])


def ended_twice() -> bytes:
    return between(SHADOW + plain()[plain().rindex(b"startxref") :])()


FORGED: dict[str, Callable[[], bytes]] = {
    "an object between objects": inside(SHADOW),
    "a remark between objects": inside(b"% hidden\n"),
    "a key twice": inside(b"/Rotate 180\n", b"/Rotate 0\n"),
    "an object between revisions": between(SHADOW),
    "a remark between revisions": between(b"% hidden\n"),
    "an end of file more": ended_twice,
    "another end of lines in the table": changed(b" n \n", b" n\r\n"),
    "a remark in the trailer": changed(b"trailer\n", b"trailer % hidden\n"),
    "a name more in the trailer": changed(b"/Root", b"/Hidden 1\n/Root"),
    "a larger table than there is": changed(b"/Size ", b"/Size 1"),
    "a stream whose length is wrong": wrong_length,
}


@pytest.mark.parametrize("name", FORGED)
def test_nothing_stands_between_the_parts(name: str) -> None:
    verdict = judged(FORGED[name]())
    assert verdict is None or verdict.verdict is Judgement.WRONG, verdict.sentence


def repacked(pdf: bytes) -> bytes:
    """Its streams packed by another compressor."""
    out, at = b"", 0
    while (begins := pdf.find(b"\nstream\n", at)) >= 0:
        head, start = pdf[at:begins], begins + len(b"\nstream\n")
        size = int(LENGTH.findall(head)[-1])
        packed = pdf[start : start + size]
        if b"/Filter [ /FlateDecode ]" in head[head.rindex(b" obj\n") :]:
            packed = zlib.compress(zlib.decompress(packed), 1)
            kept = head.rindex(b"/Length ")
            head = head[:kept] + LENGTH.sub(b"/Length %d\n" % len(packed), head[kept:])
        out, at = out + head + b"\nstream\n" + packed, start + size
    return placed(out + pdf[at:])


def test_another_compressor_is_no_forger() -> None:
    other = repacked(plain())
    assert len(other) > len(plain())
    verdict = judged(signed(other))
    assert verdict is not None
    assert verdict.verdict is Judgement.GOOD, verdict.sentence
    assert well_built(other)
