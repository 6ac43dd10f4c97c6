"""Evidence that is made so large that setting its pages would not end: Verify says so, and ends."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ppdesk_fakes.forging import MARIA, attach, document, evidence_json, figures_csv, plain, signed

from ppdesk.core.section import Plot, Section, Table, Words
from ppdesk.report import bounds
from ppdesk.report.document import Chapter, Document, Part, Signing
from ppdesk.report.plain_values import to_plain
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf


def of(*blocks: Any) -> Document:
    return replace(document(), parts=(Part("Part", (Chapter(Section("Chapter", blocks)),)),))


CHART = {"columns": ["c"] * 500, "loss": [0.5] * 500}
ROW = ("1",) * 10
HUGE: dict[str, Callable[[], Document]] = {
    "a text of 60,000 signs": lambda: of(Words("w" * 60_000)),
    "a text of 2,500 signs": lambda: replace(document(), author="w" * 2_500),
    "chapters": lambda: replace(document(), parts=(Part("P", (Chapter(Section("S", ())),) * 2_000),)),
    "values": lambda: of(Table("t", ROW, (ROW,) * 20_000)),
    "signs": lambda: of(*[Words("w" * 40_000)] * 40),
    "charts": lambda: of(*[Plot("p", "confusion", {"tp": 1})] * 700),
    "a chart of 500 rows": lambda: of(Plot("p", "column_loss", CHART)),
    "rows in charts": lambda: of(*[Plot("p", "column_loss", {"columns": ["c"] * 300})] * 50),
    "2,000 blanks": lambda: replace(document(), signing=Signing(("s",), ("b",) * 2_000)),
}


@pytest.mark.parametrize("what", HUGE)
def test_what_is_too_large_is_named(what: str) -> None:
    assert what in bounds.beyond(to_plain(HUGE[what]()))


def test_nested_values_end_too() -> None:
    deep: Any = json.loads("[" * 900 + "]" * 900)
    assert not bounds.beyond(deep)


def test_a_long_report_is_not_too_large() -> None:
    """As many values as 5,000 events have."""
    assert not bounds.beyond(to_plain(of(Table("t", ROW, (ROW,) * 10_000), *[Words("w" * 300)] * 1_000)))


def test_verify_ends_and_says_that_pages_were_not_compared() -> None:
    huge = HUGE["a chart of 500 rows"]()
    own = (figures_csv(huge),)
    evidence = evidence_json(
        huge, [{"seq": 1, "kind": "a", "outcome": "ok", "hash": huge.head_hash}], {}, attachments=own
    )
    started = time.process_time()
    verdict = verify_pdf(
        signed(attach(plain_pages(), evidence, own, made=huge.made)), [MARIA.certificate_pem]
    )
    assert verdict.verdict is Judgement.LOOK, verdict.sentence
    assert "a chart of 500 rows" in verdict.sentence
    assert time.process_time() - started < 5


def plain_pages() -> bytes:
    """Pages of another document: those of `huge` would take long."""
    from ppdesk.report.layout.book import typeset

    return typeset(document(), plain()).pdf
