"""The management summary has two pages, whatever the project, the language and the paper."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from ppdesk.core.section import Figures, KeyFigure, Table
from ppdesk.report.cited import sources_of
from ppdesk.report.document import Document, Edition, Endorsement, Paper, chapters
from ppdesk.report.layout.book import typeset
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind

PAGES = 2
EVERY = list(itertools.product(("adult", "bank"), Language, Paper))


def summary(golden: Any, told: Any, **changes: Any) -> Document:
    params = golden.DocumentParams(document=DocumentKind.SUMMARY, **changes)
    made: Document = golden.document_of(params, told, golden.MADE, "")
    return made


@pytest.mark.parametrize(("sample", "language", "paper"), EVERY)
def test_it_has_two_pages(sample: str, language: Language, paper: Paper, golden: Any, frozen: Any) -> None:
    document = summary(
        golden,
        frozen.told(sample),
        language=language,
        paper=paper,
        organisation="Example Institute",
        contact="privacy@example.org",
        valid_until="2027-12-31",
    )
    assert typeset(document, b"{}").pages == PAGES


def test_it_has_two_pages_when_people_write_a_lot(golden: Any, frozen: Any) -> None:
    told = frozen.told("adult")
    words = "A long and winding purpose, with reasons and the history of each reason. " * 60
    first = replace(told.events[0], params={**told.events[0].params, "purpose": words})
    finding = {"level": "caution", "title": "Something is to be looked at. " * 12, "detail": words}
    events = (first, *(replace(one, findings=[finding] * 9) for one in told.events[1:]))
    many = Endorsement(28, "00" * 32, "Ines Duarte", "DPO", "endorsed", "I agree.", "2026-03-01", "AB12 CD34")
    for language in (Language.GERMAN, Language.FRENCH):
        document = summary(
            golden, replace(told, events=events), language=language, paper="letter",
            organisation="Institute for long names " * 6, contact="privacy@example.org",
        )  # fmt: skip
        signing = replace(document.signing, endorsements=(many,) * 4)
        assert typeset(replace(document, signing=signing), b"{}").pages == PAGES


def test_an_empty_history_is_told_as_one(golden: Any, frozen: Any) -> None:
    told = replace(frozen.told("adult"), events=())
    document = summary(golden, told)
    assert "Nothing has been released" in golden.plain(document)
    assert typeset(document, b"{}").pages <= PAGES


def test_every_number_has_its_place(golden: Any, frozen: Any) -> None:
    """Each figure and each result beside a limit comes from an event or from the ledger."""
    document = summary(golden, frozen.told("bank"))
    blocks = [block for chapter in chapters(document.parts) for block in chapter.section.blocks]
    figures = [item for block in blocks if isinstance(block, Figures) for item in block.items]
    assert len(figures) == 5
    assert all(isinstance(one, KeyFigure) and sources_of(one.value) for one in figures)
    limits = next(block for block in blocks if isinstance(block, Table))
    assert all(sources_of(row[2]) for row in limits.rows)


def test_an_edition_for_recipients_names_no_finding_of_an_attack(golden: Any, frozen: Any) -> None:
    told = frozen.told("bank")
    assert "Singling out" in golden.plain(summary(golden, told))
    assert "Singling out" not in golden.plain(summary(golden, told, edition=Edition.RECIPIENT))


def test_a_release_without_table_or_model_is_a_release(golden: Any, frozen: Any) -> None:
    every = {event.kind for event in frozen.told("adult").events}
    params = golden.DocumentParams(document=DocumentKind.SUMMARY)
    for kind, words in (
        ("opendp", "Statistics were released"),
        ("synthesize", "synthetic records were drawn"),
    ):
        told = frozen.without("adult", *(every - {kind, "objective", "standard", "import", "roles"}))
        said = golden.plain(golden.document_of(params, told, golden.MADE, ""))
        assert words in said
        assert "Nothing has been released" not in said
