"""Room on paper: columns that make a table low, tables that start where they stand."""

from reportlab.pdfbase.pdfmetrics import stringWidth

from ppdesk.core.section import Table
from ppdesk.report.layout.closing import ENDORSED
from ppdesk.report.layout.columns import widths
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import PAD, register_fonts
from ppdesk.report.layout.tables import table
from ppdesk.report.tongue import Language, Tongue
from ppdesk.report.typeface import SANS, SANS_BOLD

ROWS = tuple((f"row {number}", "some words") for number in range(40))


def test_one_long_text_among_short_ones_gets_the_room() -> None:
    register_fonts()
    long = "all geographic subdivisions smaller than a State " * 11
    rows = [(long, "nothing found", "cannot be told from values", "kept as the rule permits")]
    rows += [("a name", "nothing found", "nothing found", "removed")] * 9
    found = widths(("Identifier", "Found, and done", "Left in the file", "Confirmed"), rows, 471.0, PAD)
    assert found[0] > 0.4 * sum(found)
    assert found[1] >= stringWidth("nothing found", SANS, 8.0) + 2 * PAD


def test_a_table_of_a_third_of_a_page_starts_where_it_stands() -> None:
    register_fonts()
    setting = Setting()
    few = list(table(Table("T", ("A", "B"), ROWS[:6]), "", (), setting))
    more = list(table(Table("T", ("A", "B"), ROWS[:14]), "", (), setting))
    assert len(few) == 1
    assert len(more) > 1


def test_a_decision_about_a_draft_is_a_whole_word_in_each_language() -> None:
    register_fonts()
    room = ENDORSED[1] * Setting().width - 2 * PAD
    for language in Language:
        for word in (Tongue(language)("endorsed"), Tongue(language)("objected")):
            assert stringWidth(word, SANS_BOLD, 8.0) <= room
