"""Paper, languages, answers and blanks, sources, drafts, endorsements, compact documents, preview."""

from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.section import Answer, Figures, KeyFigure, Section, Table, Words
from ppdesk.report.cited import BUDGET, Cited, Source
from ppdesk.report.document import Chapter, Document, Endorsement, Part, Signing, numbered
from ppdesk.report.evidence import attach
from ppdesk.report.layout.book import typeset
from ppdesk.report.layout.measures import measures, signature_box
from ppdesk.report.layout.styles import bound
from ppdesk.report.preview import pages_of
from ppdesk.report.typeface import printable

Make = Callable[..., Document]
HASHES = ((3, sha256_hex(b"3")), (1234, sha256_hex(b"1234")))
CELLS = st.text(
    st.sampled_from("abcdefghijMW0123456789 .,-_/äßéε\u00a0\u202f年<>&\n"), max_size=90
) | st.sampled_from(["x" * 300, "Datenschutz-Folgenabschätzung", sha256_hex(b"x"), "7be2 91d0 44af", "", " "])


def text_of(*pdfs: bytes) -> str:
    """All words of all pages, with plain spaces."""
    found = ""
    for pdf in pdfs:
        with pypdfium2.PdfDocument(pdf) as document:
            found += "\n".join(page.get_textpage().get_text_bounded() for page in document) + "\n"
    return " ".join(found.replace("\u00a0", " ").split())


def told(document: Document) -> str:
    return text_of(typeset(document, b"{}").pdf)


def boxes(pdf: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """Left, low, right, high of the words of a page, pt; page -1 is the last."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page % len(document)].get_textpage()
        return [text.get_rect(at) for at in range(text.count_rects())]


def endorsement(number: int, decision: str = "endorsed") -> Endorsement:
    return Endorsement(
        number,
        sha256_hex(str(number).encode()),
        f"Person {number}",
        "reviewer",
        decision,
        "A comment that is long enough to need more than one line in its column of the table.",
        "2026-01-01T11:59:00.000Z",
        " ".join(["AB12"] * 16),
    )


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("many", [0, 7, 70])
def test_the_place_of_the_signature_is_free_on_all_paper(paper: str, many: int, document_of: Make) -> None:
    document = document_of(Words("Short."))
    signing = Signing(
        document.signing.statements,
        tuple(f"Blank {number}, which somebody has to fill in before it is signed" for number in range(many)),
        tuple(endorsement(number) for number in range(many // 10)),
    )
    made = typeset(replace(document, paper=paper, signing=signing), b"{}")
    assert made.box == signature_box(paper)
    left, low, right, high = made.box
    for x0, y0, x1, y1 in boxes(made.pdf, -1):
        assert x1 < left or x0 > right or y1 < low or y0 > high
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        assert pdf[0].get_size() == pytest.approx(measures(paper).page, abs=0.01)


def test_a_blank_cannot_be_taken_for_an_answer(document_of: Make) -> None:
    words = told(document_of(Answer("Why is it needed?", "", "", "GDPR Art. 35(7)(b)", "Say why.")))
    assert "Why is it needed? GDPR Art. 35(7)(b) Say why." in words
    assert "Left blank. Only a person can answer this, and nobody has." in words
    given_words = told(document_of(Answer("Why?", "For care.\nFor research.", "Ines Duarte, DPO")))
    assert "For care. For research. Ines Duarte, DPO" in given_words
    assert "Left blank" not in given_words


def test_a_long_answer_goes_on_over_pages(document_of: Make) -> None:
    long = "\n".join(" ".join(f"word{row}-{number}" for number in range(90)) for row in range(30))
    assert "word29-89" in told(document_of(Answer("Why?", long, "Ines Duarte")))


def test_tables_and_key_figures_say_which_events_they_come_from(document_of: Make) -> None:
    places = (Source(3, "/facts/a"), Source(1234, "/facts/b"), Source(BUDGET, "/spent"))
    cited = Cited("5", places)
    document = replace(
        document_of(Table("Limits", ("What", "Found"), (("k", cited),)), Figures([KeyFigure("k", cited)])),
        event_hashes=HASHES,
    )
    line = f"From: event 3 ({_short(3)}), event 1234 ({_short(1234)}), the project’s ledger"
    assert told(document).count(line) == 2
    assert "From: event 3, event 1234, the project’s ledger" in told(replace(document, event_hashes=()))


def _short(number: int) -> str:
    digits = dict(HASHES)[number][:12]
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def test_many_events_are_counted_and_not_all_listed(document_of: Make) -> None:
    cited = Cited("5", [Source(number, "/facts") for number in range(1, 31)])
    words = told(document_of(Table("Events", ("What",), ((cited,),))))
    assert "event 4, 26 more events, see evidence.json" in words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Inhalt", "Tabelle 1: Limits", "Seite 2 von", "interne Ausgabe", "Leer gelassen. Nur eine")),
        ("fr", ("Sommaire", "Tableau 1 : Limits", "page 2 sur", "édition interne", "Laissé vide. Seule une")),
    ],
)
def test_fixed_words_are_in_the_language(language: str, words: tuple[str, ...], document_of: Make) -> None:
    document = document_of(Table("Limits", ("A",), (("b",),)), Answer("Warum?"))
    document = replace(document, language=language, parts=numbered(document.parts, language))
    found = told(document)
    assert not [word for word in words if word not in found]
    assert "Signature" not in found.replace("Signature 4", "") or language == "fr"


def test_edition_and_expiry_stand_on_the_cover_and_the_pages(document_of: Make) -> None:
    words = told(document_of(Words("Short.")))
    assert "left blank: nobody has set a day on which it expires" in words
    words = told(replace(document_of(Words("Short.")), edition="recipient", valid_until="2027-06-30"))
    assert "edition for recipients, page 2 of" in words
    assert "Valid until 30 June 2027" in words
    assert "Details that would help an attacker are left out" in words


def test_a_draft_says_so_on_every_page_and_has_no_place_to_sign(document_of: Make) -> None:
    made = typeset(replace(document_of(Words("Short.")), draft=True), b"{}")
    assert made.box is None
    words = text_of(made.pdf)
    assert words.count("Draft, not signed") == made.pages
    assert "Reserved for the signature" not in words
    whole = attach(made.pdf, b"{}", made=document_of(Words("")).made, box=made.box)
    assert b"/Sig" not in whole


def test_endorsements_stand_on_the_signature_page(document_of: Make) -> None:
    document = document_of(Words("Short."))
    signing = replace(document.signing, endorsements=(endorsement(7), endorsement(8, "objected")))
    words = told(replace(document, signing=signing))
    assert "Person 7, reviewer" in words
    assert "endorsed" in words
    assert "objected" in words
    assert words.count("ab12ab12") == 16


def test_a_compact_document_fits_on_two_pages(document_of: Make) -> None:
    row = ("A question that is asked", "a limit of some kind", "a figure")
    document = document_of(
        *(Words(" ".join(["some words"] * 60)) for _ in range(4)),
        Table("Limits", ("Question", "Limit", "Found"), [row] * 24),
    )
    plain, compact = typeset(document, b"{}"), typeset(replace(document, compact=True), b"{}")
    assert plain.pages > 4
    assert compact.pages == 2
    assert compact.box == signature_box("a4", compact=True)
    assert text_of(compact.pdf).count("some words") == 240
    assert "Contents" not in text_of(compact.pdf)


def test_the_preview_shows_the_same_pages_one_by_one(document: Document) -> None:
    whole = typeset(document, b"{}")
    pieces = list(pages_of(document, b"{}"))
    assert len(pieces) == whole.pages
    with pypdfium2.PdfDocument(whole.pdf) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    for number, (piece, page) in enumerate(zip(pieces, pages, strict=True)):
        if number != 1:  # the contents, which name no pages yet
            assert text_of(piece) == " ".join(page.replace("\u00a0", " ").split()).replace(
                f" of {whole.pages}", ""
            )


def test_spaces_that_would_break_badly_do_not() -> None:
    assert bound("20 % of it : yes !") == "20\u00a0% of it\u00a0: yes\u00a0!"
    assert bound("« Article 29 »") == "«\u00a0Article 29\u00a0»"
    assert bound("ε = 1") == "ε\u00a0=\u00a01"
    assert printable("16\u202f750") == "16\u00a0750"


@settings(max_examples=12, phases=(Phase.explicit, Phase.generate))
@example(columns=8, rows=[["x" * 300] * 8] * 3, paper="letter")
@given(
    columns=st.integers(1, 8),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=12),
    paper=st.sampled_from(["a4", "letter"]),
)
def test_no_cell_leaves_its_page(columns: int, rows: list[list[str]], paper: str, document: Document) -> None:
    of = measures(paper)
    names = rows[0] if rows else ["A"]
    header = [names[place % len(names)] for place in range(columns)]
    odd = Section("Odd", (Table("Odd", header, rows, tuple(range(0, columns, 2))),))
    made = typeset(replace(document, paper=paper, parts=numbered([Part("One", (Chapter(odd),))])), b"{}")
    for page in range(2, made.pages):
        for x0, y0, x1, y1 in boxes(made.pdf, page):
            assert of.left - 1 <= x0 <= x1 <= of.right + 1
            assert 30 <= y0 <= y1 <= of.page[1] - 5
