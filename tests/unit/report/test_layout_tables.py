"""Tables on paper: what stands below one is never alone on a page; words and intervals stay whole."""

from reportlab.pdfbase.pdfmetrics import stringWidth

from ppdesk.core.section import Table
from ppdesk.report.layout.columns import widths
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import PAD, register_fonts
from ppdesk.report.layout.tables import table
from ppdesk.report.typeface import SANS

ROWS = tuple((f"row {number}", "some words") for number in range(40))


def test_the_last_rows_stay_with_what_stands_below_a_table() -> None:
    register_fonts()
    setting = Setting()
    _, _, grid, *tail = table(
        Table("T", ("A", "B"), ROWS, caption="A caption of many words. " * 12), "Table 1", (), setting
    )
    assert tail
    high = grid.wrap(setting.width, 10_000)[1]
    assert grid.wrap(setting.width, high + 100)[1] == high
    room = high + 18  # enough for the rows, and not for the caption
    assert grid.wrap(setting.width, room)[1] > room
    first, last = grid.split(setting.width, room)
    assert (first._nrows, last._nrows) == (39, 3)  # both with the head
    assert first.wrap(setting.width, room)[1] <= room
    left = room - first.wrap(setting.width, room)[1]
    assert last.wrap(setting.width, left)[1] > left  # not under a second head on the same page


def test_a_word_and_an_interval_are_whole_where_the_page_has_room() -> None:
    register_fonts()
    header = ("Attempt", "What is measured", "Found (95 % interval)", "Allowed", "Would find", "Verdict")
    long = "a good many words that can well stand on two lines or three"
    row = ("Asian-Pac-Islander", long, "-0.007 (-0.042 to 0.028)", "0.462", long, long)
    found = widths(header, [row], 471.0, PAD, (2, 3))
    assert sum(found) <= 471.001
    for place in (0, 2):
        assert found[place] >= stringWidth(row[place], SANS, 8.0) + 2 * PAD


def test_a_table_is_torn_once_on_a_page() -> None:
    register_fonts()
    setting = Setting()
    rows = (*ROWS[:20], ("row", "A cell of many words. " * 60), *ROWS[20:])
    _, _, grid, *_ = table(Table("T", ("A", "B"), rows), "", (), setting)
    short = grid.wrap(setting.width, 10_000)[1] - sum(grid._rowHeights[21:]) + 60
    first, rest = grid.split(setting.width, short)
    left = short - first.wrap(setting.width, short)[1]
    assert rest.split(setting.width, left) == []  # no second head on this page
    assert len(rest.split(setting.width, 300)) == 2
