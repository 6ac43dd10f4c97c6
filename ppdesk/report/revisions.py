"""What signing added to a report. A report has two revisions: the pages with the evidence, and the one that
signing appended. The signature covers both, so a signer with a program of their own could have put anything
into the second: pages that hide those of the first (Mainka and others 2021, "Shadow Attacks"), files,
actions. It must hold the signature and its visible block, and nothing else."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ppdesk.report.built import alone
from ppdesk.report.evidence import FIELD
from ppdesk.report.same_objects import alike, difference, reached
from ppdesk.report.signature import REASON
from ppdesk.report.verdict import Check, good, wrong

_CHECK = "Signing"
_IN_VALUE = frozenset(
    ("/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Name", "/Reason", "/Reference")
)
_PLACED = re.compile(  # as pyHanko writes it: scale, left, low
    rb"q q /BackgroundGS gs (?P<scale>[01](?:\.\d+)?) 0 0 (?P=scale) (\d+) (\d+) cm /Drawn Do Q Q"
)
_LEAST = 0.5  # of its size: a block that has become too small to read hides who signed
_IN_REFERENCE = frozenset(("/Type", "/TransformMethod", "/TransformParams"))


def signing(pdf: bytes, reader: Any, signature: Any, *, name: str, block: bytes | None) -> Check:
    """The revision that signing appended, against the one before. `name` stands in the signer's certificate.
    `block` is the page that ppdesk draws into the signature's place, None where it cannot be drawn anew."""
    try:
        odd = next((words for words in _odd(reader, signature, name, block) if words), "")
        if not odd and not tight(pdf, reader):
            odd = "Between the parts that signing added is something that other programs could show."
    except (KeyError, IndexError, AttributeError, TypeError, ValueError):  # not built as ppdesk builds it
        odd = "What signing added is not built as ppdesk builds it."
    if odd:
        return wrong(_CHECK, odd)
    return good(_CHECK, "Signing added the signature and its visible block, and nothing else.")


def _odd(reader: Any, signature: Any, name: str, block: bytes | None) -> Iterator[str]:
    """What is not as ppdesk leaves it, in words; empty where nothing is. Later ones rely on earlier ones."""
    if reader.total_revisions != 2 or reader.encrypted:
        yield f"It has {reader.total_revisions} revisions, and a signed report has two."
        return
    before = reader.get_historical_resolver(0)
    added, there = reader.xrefs.explicit_refs_in_revision(1), reader.xrefs.explicit_refs_in_revision(0)
    field = signature.sig_field
    form, places = reader.root.raw_get("/AcroForm"), reader.root["/AcroForm"]["/Fields"]
    if len(places) != 1 or str(field.get("/T")) != FIELD:
        yield "Its form has other fields than the signature's."
        return
    own = [reader.root_ref, form.reference, places.raw_get(0).reference]
    if {ref for ref in added if ref in there} - set(own) or reader.xrefs.refs_freed_in_revision(1):
        yield "Signing changed pages, files or other parts of the report."
        return
    yield _changed(reader, before, *own)
    yield _value(signature, name)
    new = {(ref.idnum, ref.generation) for ref in added if ref not in there}
    told = [field.raw_get("/AP"), field.raw_get("/V")]
    if not new <= reached(told):
        yield "Something that is not shown was added when it was signed."
    yield _block(field, block)


def _changed(reader: Any, before: Any, root: Any, form: Any, field: Any) -> str:
    allowed = {root: {"/Perms", "/Extensions"}, form: {"/SigFlags"}, field: {"/V", "/AP"}}
    for ref, names in allowed.items():
        now, then = reader.get_object(ref), before.get_object(ref)
        kept = set(then) - names
        if set(now) - names != kept or not all(alike(now.raw_get(one), then.raw_get(one)) for one in kept):
            return "Signing changed the report's form, or what it opens with."
    now, perms = reader.get_object(field), reader.root["/Perms"]
    same_trailer = all(
        alike(reader.trailer_view.raw_get(one), before.trailer_view.raw_get(one))
        for one in ("/Root", "/Info")
    )
    if set(perms) != {"/DocMDP"} or set(now["/AP"]) != {"/N"} or not same_trailer:
        return "Signing changed the report's form, or what it opens with."
    return ""


def _value(signature: Any, name: str) -> str:
    """The signature's dictionary: the words that viewers show beside it."""
    value = signature.sig_object
    references = value.get("/Reference", ())
    if set(value) - _IN_VALUE or any(set(one) - _IN_REFERENCE for one in references) or len(references) != 1:
        return "The signature says more than a report's does."
    if (name and str(value.get("/Name")) != name) or str(value.get("/Reason")) != REASON:
        return "The signature names another person or reason than the certificate and ppdesk do."
    return ""


def _block(field: Any, block: bytes | None) -> str:
    """The visible block: who signed, when, which key, as ppdesk draws it and where it draws it."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    if block is None:
        return ""
    page = PdfFileReader(BytesIO(block)).root["/Pages"]["/Kids"][0]
    shown = field["/AP"]["/N"]
    drawn = shown["/Resources"]["/XObject"]["/Drawn"]
    left, low, right, high = (int(edge) for edge in field["/Rect"])
    placed = (
        [abs(int(edge)) for edge in shown["/BBox"]] == [0, high - low, right - left, 0]
        and set(shown["/Resources"]["/XObject"]) == {"/Drawn"}
        and _inside(shown.data, drawn["/BBox"], right - left, high - low)
        and "/Matrix" not in shown
        and "/Matrix" not in drawn
    )
    fits = (
        placed
        and drawn.data == page["/Contents"].data
        and not difference(drawn["/Resources"], page["/Resources"])
        and [int(edge) for edge in drawn["/BBox"]] == [int(edge) for edge in page["/MediaBox"]]
    )
    return "" if fits else "The visible block of the signature is not the one that ppdesk draws."


def _inside(content: bytes, drawn: Any, width: int, height: int) -> bool:
    """Whether the block is drawn whole inside the place of the signature, large enough to be read."""
    found = _PLACED.fullmatch(content)
    if found is None:
        return False
    scale, left, low = (float(number) for number in found.groups())
    across, up = (scale * int(drawn[at]) for at in (2, 3))
    return _LEAST <= scale <= 1 and left + across <= width and low + up <= height


def tight(pdf: bytes, reader: Any) -> bool:
    """Whether the second revision is its objects, one after the other, and its table: nothing in between that
    another reader, which makes its own table from what it finds, would take for an object."""
    places = {reader.xrefs[ref]: ref for ref in reader.xrefs.explicit_refs_in_revision(1)}
    table = pdf.rfind(b"xref\n", 0, pdf.rfind(b"startxref"))
    starts = sorted(places)
    if not starts or b"obj" in pdf[table:]:
        return False
    for start, end in zip(starts, [*starts[1:], table], strict=True):
        ref = places[start]
        if not alone(pdf[start:end], ref.idnum, ref.generation):
            return False
    return True
