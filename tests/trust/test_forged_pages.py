"""Reports whose pages, fonts, files or settings are not those that the evidence gives, whoever signed them:
by the signer's own key before and while signing, and by anybody after.

Hide, replace, hide and replace: Mainka, Mladenov, Rohlmann: Shadow Attacks, NDSS 2021.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from ppdesk_fakes.forging import (
    MARIA,
    Change,
    array,
    dictionary,
    incremental,
    judged,
    pages,
    plain,
    redrawn,
    report,
    rewritten,
    signed,
    stream,
    touched,
    while_signing,
)
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    NumberObject,
    TextStringObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from ppdesk.report.revisions import tight
from ppdesk.report.verdict import Judgement

WAYS: dict[str, Callable[[Change], bytes]] = {
    "written anew, then signed": lambda change: signed(rewritten(plain(), change)),
    "a revision before signing": lambda change: signed(incremental(plain(), change)),
    "in the revision that is signed": while_signing,
    "a revision after signing": lambda change: incremental(report(), change),
}


def on_page(name: str, value: Callable[[Any], Any], page: int = 0) -> Change:
    def change(writer: Any) -> None:
        found = pages(writer)[page]
        found[pdf_name(f"/{name}")] = value(writer)
        touched(writer, found)

    return change


def in_root(name: str, value: Callable[[Any], Any]) -> Change:
    def change(writer: Any) -> None:
        writer.root[pdf_name(f"/{name}")] = value(writer)
        touched(writer, writer.root)

    return change


def in_form(name: str, value: Callable[[Any], Any]) -> Change:
    def change(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        form[pdf_name(f"/{name}")] = value(writer)
        touched(writer, form)

    return change


def note(subtype: str, **more: Any) -> Change:
    """An annotation over the first page."""

    def change(writer: Any) -> None:
        found = pages(writer)[0]
        one = dictionary(
            Type=pdf_name("/Annot"), Subtype=pdf_name(f"/{subtype}"), Rect=array(50, 50, 500, 700), **more
        )
        found[pdf_name("/Annots")] = ArrayObject([writer.add_object(one)])
        touched(writer, found)

    return change


def appearance(writer: Any) -> Any:
    shown = stream(b"1 1 1 rg 0 0 450 650 re f", Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"))
    shown[pdf_name("/BBox")] = array(0, 0, 450, 650)
    return writer.add_object(shown)


def covered(writer: Any) -> None:
    """A stamp with its own picture: it hides the page."""
    note("Stamp", AP=dictionary(N=appearance(writer)))(writer)


def form_text(writer: Any) -> None:
    """A text field over a number, whose shown text is not its value."""
    one = dictionary(
        Type=pdf_name("/Annot"), Subtype=pdf_name("/Widget"), FT=pdf_name("/Tx"), T=pdf_string("epsilon"),
        V=pdf_string("0.10"), Rect=array(50, 50, 500, 700), AP=dictionary(N=appearance(writer)),
    )  # fmt: skip
    place = writer.add_object(one)
    writer.root["/AcroForm"]["/Fields"].append(place)
    touched(writer, writer.root["/AcroForm"])


def fonts(writer: Any) -> list[Any]:
    """Each font of the pages, once."""
    every = [found["/Resources"]["/Font"] for found in pages(writer)]
    places = {one.raw_get(name).reference: one[name] for one in every for name in one}
    return list(places.values())


def other_letters(writer: Any) -> None:
    """The text that is copied out of the file is another than the one that is seen."""
    for font in fonts(writer):
        if "/ToUnicode" in font:
            told = bytes(font["/ToUnicode"].data)
            font["/ToUnicode"] = writer.add_object(stream(told.replace(b"<0031>", b"<0039>") + b" "))
            touched(writer, font)


def other_shapes(writer: Any) -> None:
    """The letters that are seen are others than those that are copied out."""
    for font in fonts(writer):
        if "/Widths" in font:
            font["/Widths"] = ArrayObject(list(reversed([NumberObject(int(one)) for one in font["/Widths"]])))
            touched(writer, font)


def no_font_file(writer: Any) -> None:
    for font in fonts(writer):
        if "/FontDescriptor" in font:
            told = font["/FontDescriptor"]
            told.pop("/FontFile2")
            touched(writer, told)


def reordered(writer: Any) -> None:
    kids = writer.root["/Pages"]["/Kids"]
    kids[0], kids[1] = kids.raw_get(1), kids.raw_get(0)
    touched(writer, writer.root["/Pages"])


def dropped(writer: Any) -> None:
    tree = writer.root["/Pages"]
    del tree["/Kids"][1]
    tree["/Count"] = NumberObject(len(tree["/Kids"]))
    touched(writer, tree)


def doubled(writer: Any) -> None:
    tree = writer.root["/Pages"]
    tree["/Kids"].append(tree["/Kids"].raw_get(0))
    tree["/Count"] = NumberObject(len(tree["/Kids"]))
    touched(writer, tree)


def layered(writer: Any) -> None:
    """A layer that a later change could switch on: hide and replace."""
    group = writer.add_object(dictionary(Type=pdf_name("/OCG"), Name=pdf_string("Other numbers")))
    writer.root["/OCProperties"] = dictionary(
        OCGs=ArrayObject([group]), D=dictionary(OFF=ArrayObject([group]), Order=ArrayObject([group]))
    )
    touched(writer, writer.root)


def titled(writer: Any) -> None:
    again = isinstance(writer, IncrementalPdfFileWriter)
    info = writer.prev.trailer_view["/Info"] if again else writer._info.get_object()
    info["/Title"] = pdf_string("A better report")
    touched(writer, info)


def in_outline(writer: Any) -> None:
    first = writer.root["/Outlines"]["/First"]
    first["/Title"] = pdf_string("Nobody is at risk")
    touched(writer, first)


def unmarked(writer: Any) -> None:
    writer.root.pop("/Outlines")
    touched(writer, writer.root)


def attached(data: bytes) -> Change:
    """Other bytes in the place of an attachment."""

    def change(writer: Any) -> None:
        spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        spec["/EF"]["/F"] = writer.add_object(stream(data, Type=pdf_name("/EmbeddedFile")))
        touched(writer, spec["/EF"])

    return change


def renamed(writer: Any) -> None:
    spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    spec["/UF"] = TextStringObject("evidence-2.json")
    touched(writer, spec)


def smuggled(writer: Any) -> None:
    """A file that only an annotation names."""
    file = writer.add_object(stream(b"MZ", Type=pdf_name("/EmbeddedFile")))
    spec = dictionary(Type=pdf_name("/Filespec"), F=pdf_string("a.exe"), EF=dictionary(F=file))
    note("FileAttachment", FS=writer.add_object(spec))(writer)


def orphan(writer: Any) -> None:
    """Content for later that nothing shows yet: the first half of hide and replace."""
    writer.add_object(stream(b"BT (0.10) Tj ET"))


def moved_place(writer: Any) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/Rect"] = array(0, 0, 595, 842)
    touched(writer, field)


def renamed_place(writer: Any) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/TU"] = pdf_string("Signed by the supervisory authority")
    touched(writer, field)


SCRIPT = "app.alert('0.10')"
CHANGES: dict[str, Change] = {
    "text replaced": lambda writer: redrawn(writer, lambda data: data.replace(b"Tj", b"TJ") + b" "),
    "a white box over the numbers": lambda writer: redrawn(
        writer, lambda data: data + b" 1 1 1 rg 0 0 600 850 re f"
    ),
    "page emptied": lambda writer: redrawn(writer, lambda _: b""),
    "text made invisible": lambda writer: redrawn(writer, lambda data: b"3 Tr " + data),
    "page moved out of sight": lambda writer: redrawn(writer, lambda data: b"1 0 0 1 2000 0 cm " + data),
    "cover redrawn": lambda writer: redrawn(writer, lambda data: data + b" 0 0 10 10 re f", 0),
    "signature page redrawn": lambda writer: redrawn(writer, lambda data: data + b" 0 0 10 10 re f", -1),
    "pages in another order": reordered,
    "a page left out": dropped,
    "a page shown twice": doubled,
    "page turned": on_page("Rotate", lambda _: NumberObject(180)),
    "page cropped": on_page("CropBox", lambda _: array(0, 400, 595, 842), -2),
    "page larger": on_page("MediaBox", lambda _: array(0, 0, 5950, 8420), -2),
    "page units": on_page("UserUnit", lambda _: NumberObject(50), -2),
    "action when a page opens": on_page(
        "AA", lambda _: dictionary(O=dictionary(S=pdf_name("/JavaScript"), JS=pdf_string(SCRIPT)))
    ),
    "page with a transition": on_page("Trans", lambda _: dictionary(S=pdf_name("/Dissolve"))),
    "free text note": note("FreeText", Contents=pdf_string("ε 0.10"), DA=pdf_string("/Helv 40 Tf")),
    "sticky note": note("Text", Contents=pdf_string("Approved")),
    "highlight": note("Highlight", QuadPoints=array(50, 50, 500, 50, 50, 700, 500, 700)),
    "stamp that hides the page": covered,
    "link to elsewhere": note(
        "Link", A=dictionary(S=pdf_name("/URI"), URI=pdf_string("https://example.org/report"))
    ),
    "link that starts a program": note(
        "Link", A=dictionary(S=pdf_name("/Launch"), F=pdf_string("a.exe"))
    ),
    "redaction mark": note("Redact", OverlayText=pdf_string("0.10")),
    "film": note("Screen"),
    "text field over a number": form_text,
    "copied text is not the seen text": other_letters,
    "letters of other widths": other_shapes,
    "fonts not inside": no_font_file,
    "a hidden layer": layered,
    "another title": titled,
    "another bookmark": in_outline,
    "bookmarks taken away": unmarked,
    "script at opening": in_root(
        "OpenAction", lambda _: dictionary(S=pdf_name("/JavaScript"), JS=pdf_string(SCRIPT))
    ),
    "action before closing": in_root(
        "AA", lambda _: dictionary(WC=dictionary(S=pdf_name("/JavaScript"), JS=pdf_string(SCRIPT)))
    ),
    "another language": in_root("Lang", lambda _: pdf_string("fr")),
    "shown as a portfolio": in_root("Collection", lambda _: dictionary(View=pdf_name("/D"))),
    "page labels": in_root(
        "PageLabels", lambda _: dictionary(Nums=ArrayObject([NumberObject(0), dictionary(P=pdf_string("x"))]))
    ),
    "other viewer settings": in_root(
        "ViewerPreferences", lambda _: dictionary(HideMenubar=BooleanObject(True))
    ),
    "metadata stream": in_root(
        "Metadata",
        lambda writer: writer.add_object(stream(b"<x/>", Type=pdf_name("/Metadata"))),
    ),
    "claims to be tagged": in_root("MarkInfo", lambda _: dictionary(Marked=BooleanObject(True))),
    "usage rights": in_root("Legal", lambda _: dictionary(Attestation=pdf_string("none"))),
    "XFA form": in_form("XFA", lambda writer: writer.add_object(stream(b"<xdp/>"))),
    "order of calculation": in_form("CO", lambda _: ArrayObject()),
    "attachment: other bytes": attached(b"{}"),
    "attachment: empty": attached(b""),
    "attachment: two names": renamed,
    "attachment: hidden in a note": smuggled,
    "content for later": orphan,
    "signature's place moved over the page": moved_place,
    "signature's place says something else": renamed_place,
}  # fmt: skip
FORGERIES = [(way, change) for way in WAYS for change in CHANGES]
# each way of signing with each change is the long form; the short one takes every change in one of them
SHORT = [pair for at, pair in enumerate(FORGERIES) if at % len(CHANGES) % 4 == at // len(CHANGES)]


def check(way: str, change: str) -> None:
    forged = WAYS[way](CHANGES[change])
    verdict = judged(forged)
    assert verdict is None or verdict.verdict is Judgement.WRONG, verdict.sentence
    if verdict is not None:  # not only for the key
        assert any(one.judgement is Judgement.WRONG for one in verdict.checks if one.name != "Signer")


@pytest.mark.parametrize(("way", "change"), SHORT)
def test_other_pages_are_found(way: str, change: str) -> None:
    check(way, change)


@pytest.mark.campaign
@pytest.mark.parametrize(("way", "change"), [pair for pair in FORGERIES if pair not in SHORT])
def test_other_pages_are_found_in_every_way(way: str, change: str) -> None:
    check(way, change)


@pytest.mark.parametrize("way", ["written anew, then signed", "in the revision that is signed"])
def test_without_a_change_it_is_good(way: str) -> None:
    """So what is found above is the change, and not the forger's tools."""
    verdict = judged(WAYS[way](lambda _: None))
    assert verdict is not None
    assert verdict.verdict is Judgement.GOOD, verdict.sentence
    assert verdict.signer == MARIA.name


def test_nothing_stands_between_what_signing_added() -> None:
    """An object that no table names, which a reader finds that makes its own table."""
    reader = PdfFileReader(BytesIO(report()))
    assert tight(report(), reader)
    old, new = b"/ItalicAngle 0\n", b"9 0 obj null \n\n"
    first = report().rindex(old)
    assert not tight(report()[:first] + new + report()[first + len(old) :], reader)


def test_there_are_enough_of_them() -> None:
    assert len(FORGERIES) > 180
