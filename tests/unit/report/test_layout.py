"""Pages: the same bytes for the same document, nothing clipped, nothing on top of anything."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.core.section import Table, Words
from ppdesk.report.document import Document
from ppdesk.report.layout.book import Typeset, typeset
from ppdesk.report.layout.columns import widths
from ppdesk.report.layout.measures import SIGNATURE_BOX, measures
from ppdesk.report.layout.styles import register_fonts

Poppler = Callable[..., str]
A4 = measures()
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def words_by_page(poppler: Poppler, pdf: bytes) -> list[list[tuple[float, float, float, float, str]]]:
    told = poppler("pdftotext", pdf, "-bbox")
    return [
        [(float(a), float(b), float(c), float(d), text) for a, b, c, d, text in _WORD.findall(page)]
        for page in told.split("<page ")[1:]
    ]


def follow(entry: Any, name: str) -> Any:
    try:
        return entry[name]  # unlike `get`, this follows references
    except KeyError:
        return None


def bookmarks(outline: Any) -> list[str]:
    found = []
    entry = follow(outline, "/First")
    while entry is not None:
        found += [str(entry["/Title"]), *bookmarks(entry)]
        entry = follow(entry, "/Next")
    return found


def test_the_same_document_gives_the_same_bytes(document: Document, made: Typeset) -> None:
    assert typeset(document, b"{}") == made


def test_another_moment_gives_other_bytes(document_of: Callable[..., Document]) -> None:
    document = document_of(Words("Short."))
    later = replace(document, made=document.made + timedelta(seconds=1))
    assert typeset(document, b"{}").pdf != typeset(later, b"{}").pdf


def test_every_word_is_inside_the_margins(made: Typeset, poppler: Poppler) -> None:
    for page in words_by_page(poppler, made.pdf):
        for x0, y0, x1, y1, text in page:
            assert x0 >= A4.left - 1, text
            assert x1 <= A4.right + 1, text
            assert 5 <= y0 < y1 <= A4.page[1] - 20, text


def test_no_word_lies_on_another(made: Typeset, poppler: Poppler) -> None:
    for page in words_by_page(poppler, made.pdf):
        for number, (ax0, ay0, ax1, ay1, one) in enumerate(page):
            for bx0, by0, bx1, by1, other in page[number + 1 :]:
                wide, high = min(ax1, bx1) - max(ax0, bx0), min(ay1, by1) - max(ay0, by0)
                smaller = min((ax1 - ax0) * (ay1 - ay0), (bx1 - bx0) * (by1 - by0))
                assert wide <= 0 or high <= 0 or wide * high < 0.3 * smaller, (one, other)


def test_each_page_carries_number_stamp_and_head(made: Typeset, poppler: Poppler) -> None:
    pages = poppler("pdftotext", made.pdf, "-layout").split("\f")[:-1]
    assert len(pages) == made.pages
    for number, page in enumerate(pages, start=1):
        assert NOT_PRIVATE in page
        assert "History, event 3, head" in page
        assert number == 1 or f"page {number} of {made.pages}" in page


def test_contents_name_the_page_of_each_heading(made: Typeset, poppler: Poppler) -> None:
    pages = poppler("pdftotext", made.pdf, "-layout").split("\f")
    listed = re.findall(r"^\s*(.+?)\s{3,}(\d+)$", pages[1], re.MULTILINE)
    assert [title for title, _ in listed] == ["Summary", "What was done", "2 Data", "Anonymize", "Signature"]
    for title, page in listed:
        assert title in pages[int(page) - 1]


def test_tables_and_figures_are_numbered(made: Typeset, poppler: Poppler) -> None:
    text = poppler("pdftotext", made.pdf)
    assert "Table 1: Limits" in text
    assert all(f"Figure {number}:" in text for number in range(1, 11))


def test_charts_are_text_and_vectors(made: Typeset, poppler: Poppler) -> None:
    pdf = made.pdf
    assert "Population stability index" in poppler("pdftotext", pdf)
    assert poppler("pdfimages", pdf, "-list").count("\n") == 2  # two lines of headings, no image


def test_only_the_shipped_fonts_are_used_and_all_are_embedded(made: Typeset, poppler: Poppler) -> None:
    lines = poppler("pdffonts", made.pdf).splitlines()[2:]
    used = [line for line in lines if "IBMPlex" in line]
    assert len(used) >= 3
    assert all(" yes yes yes " in line for line in used)  # embedded, subset, with unicode
    # ReportLab names the standard fonts in every file; no page sets text in one
    assert {line.split()[0] for line in lines} - {line.split()[0] for line in used} <= {"Helvetica"}


def test_names_language_dates_and_bookmarks(made: Typeset, poppler: Poppler) -> None:
    pdf = made.pdf
    info = poppler("pdfinfo", pdf, "-isodates")
    assert "Privacy report" in info
    assert "Example Institute" in info
    assert "2026-01-01T12:00:00Z" in info
    root = PdfFileReader(BytesIO(pdf)).root
    assert root["/Lang"] == "en"
    assert bookmarks(root["/Outlines"]) == ["Summary", "What was done", "2 Data", "Anonymize", "Signature"]


def test_a_long_table_repeats_its_head(document_of: Callable[..., Document], poppler: Poppler) -> None:
    rows = [(str(number), f"step {number}", "done") for number in range(150)]
    made = typeset(document_of(Table("Events", ("Event", "Which step", "Outcome"), rows, right=(0,))), b"{}")
    text = poppler("pdftotext", made.pdf, "-layout")
    with_rows = [page for page in text.split("\f") if "step " in page and "done" in page]
    assert len(with_rows) >= 4
    assert all("Which step" in page for page in with_rows)
    assert all(f"step {number} " in text for number in range(150))


def test_a_cell_taller_than_a_page_breaks(document_of: Callable[..., Document], poppler: Poppler) -> None:
    long = " ".join(f"word{number}" for number in range(3000))
    made = typeset(document_of(Table("Words", ("Who", "What"), (("A", long),)), Words(long, "risk")), b"{}")
    assert poppler("pdftotext", made.pdf).count("word2999") == 2


@pytest.mark.parametrize("odd", ["<script>", "&amp;", "年齢", "a\x00b", "é" + "e\u0301", "x" * 400, ""])
def test_any_text_can_be_set(odd: str, document_of: Callable[..., Document]) -> None:
    made = typeset(document_of(Words(odd), Words(odd, "info"), Table(odd, (odd, odd), ((odd, odd),))), b"{}")
    assert made.pages >= 4


def test_the_place_of_the_signature_is_free(made: Typeset, poppler: Poppler) -> None:
    last = words_by_page(poppler, made.pdf)[-1]
    left, low, right, high = SIGNATURE_BOX
    for x0, y0, x1, y1, text in last:
        outside = x1 < left or x0 > right or A4.page[1] - y0 < low or A4.page[1] - y1 > high
        assert outside, text


def test_a_column_of_numbers_stays_by_its_neighbour() -> None:
    register_fonts()
    name, number = widths(("Column", "Level"), (("age", "3"), ("sex", "0")), A4.width, 5, right=(1,))
    assert name + number <= 0.61 * A4.width
    assert number < 60
