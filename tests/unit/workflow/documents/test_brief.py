"""What documents are composed from: values with their place, answers with their person, gaps that show."""

from typing import Any

from ppdesk.report.cited import Cited, Quoted, Source, sources_of
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents.brief import Brief


def test_a_worded_value_keeps_its_place(frozen: Any) -> None:
    record = frozen.told("adult").record("anonymize")
    say = Tongue(Language.GERMAN)
    told = say("{found} found", found=say.share(record("/facts/after/prosecutor")))
    assert told.sources == (Source(record.event.seq, "/facts/after/prosecutor"),)
    assert "\u00a0%" in told
    assert sources_of({"a": [told, "plain"]}) == told.sources


def test_numbers_follow_the_language() -> None:
    assert Tongue("en").number(12345.678, 2) == "12,345.68"
    assert Tongue("de").number(12345.678, 2) == "12.345,68"
    assert Tongue("fr").number(12345.678, 2) == "12\u202f345,68"
    assert Tongue("de").chance(1e-6) == "0,000001"
    assert Tongue("en").number(Quoted(None)) == ""


def test_days_follow_the_language() -> None:
    assert [Tongue(one).day("2026-01-31T12:00:00.000Z") for one in ("en", "de", "fr")] == [
        "31 January 2026",
        "31. Januar 2026",
        "31 janvier 2026",
    ]
    assert Tongue("fr").day("2026-01-01") == "1er janvier 2026"
    assert Tongue("fr").day("2026-01-11") == "11 janvier 2026"


def test_marks_between_parts_follow_the_language() -> None:
    parts = [Cited("un"), Cited("deux")]
    assert [Tongue(one).joined(parts, "; ") for one in ("en", "de", "fr")] == [
        "un; deux",
        "un; deux",
        "un\u00a0; deux",
    ]
    assert Tongue("fr").joined(parts) == "un, deux"


def test_a_missing_value_is_told_as_missing(frozen: Any) -> None:
    record = frozen.told("adult").record("anonymize")
    assert record("/facts/no/such").missing
    assert record.count("/facts/no/such") == 0


def test_the_recipients_edition_leaves_details_out_and_says_so(frozen: Any) -> None:
    told = frozen.told("adult")
    (shown,) = Brief(told).held("Attack results", ["block"])
    (left,) = Brief(told, edition=Edition.RECIPIENT).held("Attack results", ["block"])
    assert shown == "block"
    assert left.text.startswith("Attack results: left out")


def test_a_copy_of_a_cited_text_keeps_its_places() -> None:
    from copy import deepcopy

    one = Cited("x", [Source(3, "/facts")])
    assert deepcopy(one).sources == one.sources
