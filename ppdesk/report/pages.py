"""The pages of a signed report, held against the pages that its own evidence gives when they are set anew.

Everything that a reader sees follows from evidence.json. So a page that says something else (text, a font
that shows other letters, a layer on top) is found without the project, whoever signed it.
"""

from io import BytesIO
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.report.attachment import Enclosed
from ppdesk.report.bounds import beyond
from ppdesk.report.built import well_built
from ppdesk.report.evidence import FORMER
from ppdesk.report.made_with import made_with, same
from ppdesk.report.page_text import Texts, compared
from ppdesk.report.plain_values import NotThisTypeError
from ppdesk.report.rebuild import document_of, set_anew
from ppdesk.report.same_objects import difference
from ppdesk.report.verdict import Check, Judgement, good, wrong

_CHECK = "Pages"


def pages(pdf: bytes, reader: Any, inside: Enclosed) -> Check:
    """What setting the pages anew found. `reader` reads `pdf`, which has exactly two revisions."""
    if inside.evidence.get("format") == FORMER:
        return Check(
            _CHECK,
            Judgement.LOOK,
            "An earlier version of ppdesk made it, whose evidence does not hold the pages. Whether they say "
            "what the evidence says was not checked.",
        )
    large = beyond(inside.evidence.get("document"))
    if large:
        words = f"It is longer than reports that are set anew, {large}: whether its pages say what the "
        return Check(_CHECK, Judgement.LOOK, f"{words}evidence says was not checked.")
    first = _first(pdf, reader)
    try:
        made = set_anew(inside.data, inside.files).pdf
        document = document_of(inside.evidence)
    # hostile evidence can break the setting of pages anywhere; each break is an answer
    except (CodedError, NotThisTypeError, ArithmeticError, LookupError, ValueError, TypeError):
        return wrong(_CHECK, "From its evidence no pages can be set.")
    if first == made:
        return good(_CHECK, "Every page, set anew from the evidence inside, is the same byte for byte.")
    if well_built(first) and _same_drawing(reader, made):
        return good(_CHECK, "Every page, set anew from the evidence inside, is drawn the same.")
    told = inside.evidence.get("made_with")
    return _otherwise(compared(pdf, made, document), told if isinstance(told, dict) else {})


def _same_drawing(reader: Any, made: bytes) -> bool:
    """The same objects, packed otherwise (another compressor), and not one that is not shown."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    other = PdfFileReader(BytesIO(made))
    counts = [len(one.xrefs.explicit_refs_in_revision(0)) for one in (reader, other)]
    then = reader.get_historical_resolver(0)
    return counts[0] == counts[1] and not (
        difference(then.root, other.root)
        or difference(then.trailer_view["/Info"], other.trailer_view["/Info"])
    )


def _first(pdf: bytes, reader: Any) -> bytes:
    """The revision before the one that signing appended, up to the first byte of that."""
    return pdf[: min(reader.xrefs[ref] for ref in reader.xrefs.explicit_refs_in_revision(1))]


def _otherwise(texts: Texts, told: dict[str, object]) -> Check:
    """Pages that are not drawn the same: by which program, and what they say."""
    if same(told):
        where = texts.words.rstrip(".") or "A page is not drawn as its evidence says"
        return wrong(_CHECK, f"{where}: this very program, from the same evidence, sets the pages otherwise.")
    if texts.numbers:
        return wrong(_CHECK, texts.words)
    by = f"ppdesk {told.get('ppdesk')}" if told.get("ppdesk") != made_with()["ppdesk"] else "another build"
    found = texts.words or "All words on them are those of the evidence"
    words = f"The pages were set by {by}, so they cannot be compared dot by dot. {found}."
    return Check(_CHECK, Judgement.LOOK, words)
