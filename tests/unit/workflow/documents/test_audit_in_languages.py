"""Chapters of steps in another language: what knows its message is said in it, the rest stays, named."""

from ppdesk.core.said import said, said_count
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Chapter
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents.quoting import in_language

GERMAN = Tongue(Language.GERMAN)


def test_a_chapter_whose_texts_can_be_said_has_no_remark() -> None:
    table = Table("Events", ("Step", said("Limit")), [("Step", "1,024"), (said("Step"), "0.5")])
    figures = Figures((KeyFigure("Step", said_count("{count} event", "{count} events", 2), "ε"),))
    made = in_language(Chapter(Section("Roles", (table, figures))), GERMAN)
    assert made.language == ""
    told, counted = made.section.blocks
    assert isinstance(told, Table)
    assert (told.title, *told.header) == ("Ereignisse", "Schritt", "Grenze")
    assert told.rows == [["Step", "1.024"], ["Schritt", "0,5"]]  # a column of the data may be called Step
    assert isinstance(counted, Figures)
    assert counted.items[0].value == "2 Ereignisse"


def test_what_cannot_be_said_stays_and_is_named() -> None:
    cited = Cited("Step", [Source(3, "/facts/k")])
    blocks = (Words("Of the record alone."), Table("Events", ("Step",), [(cited,)], caption=""))
    remark, words, table = in_language(Chapter(Section("Roles", blocks)), GERMAN).section.blocks
    assert isinstance(remark, Words)
    assert remark.text == "Ganz oder teilweise auf Englisch aus dem Protokoll zitiert: ein Absatz."
    assert words == blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][0] is cited


def test_a_chapter_that_is_english_for_the_most_part_is_marked_so() -> None:
    blocks = (Words("Of the record alone."), Words("Nobody knows it."), Words("Step"))
    made = in_language(Chapter(Section("Roles", blocks)), GERMAN)
    assert made.language == "en"
    assert made.section.blocks[1:] == blocks
    assert in_language(Chapter(Section("Roles", blocks)), Tongue()).section.blocks == blocks
