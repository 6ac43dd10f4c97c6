"""The audit trail: every step's last run, quoted; a frame in each language; an edition that helps nobody to
attack."""

from typing import Any

from ppdesk.report.document import Chapter, Edition, chapters
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.documents.withheld import BLOCKS, CHAPTERS

OF_OTHER_SETTINGS = {  # this sample has none of them
    "Risk against the population",
    "Models on the population and the whole table",
    "What treatments did to numbers",
    "Worth a look",
}


def quoted(golden: Any, told: Any, **changes: Any) -> dict[str, Chapter]:
    params = golden.DocumentParams(document=DocumentKind.AUDIT, **changes)
    document = golden.document_of(params, told, golden.MADE, "")
    return {one.origin.key: one for one in chapters(document.parts) if one.origin is not None}


def test_each_finished_step_has_its_chapter_and_says_what_stays_in_english(golden: Any, frozen: Any) -> None:
    told = frozen.told("adult")
    found = quoted(golden, told, language=Language.FRENCH)
    later = {"report", "handover", "verify"}
    assert set(found) == {event.kind for event in told.events if event.good} - later
    for chapter in found.values():
        assert chapter.language == "" or getattr(chapter.section.blocks[0], "tone", "") == "info"


def test_the_edition_for_recipients_names_what_it_leaves_out(golden: Any, frozen: Any) -> None:
    told = frozen.told("adult")
    whole, less = (quoted(golden, told, edition=one) for one in Edition)
    for kind in CHAPTERS & set(whole):
        assert len(less[kind].section.blocks) == 1
    for kind, titles in BLOCKS.items():
        there = {getattr(block, "title", "") for block in whole[kind].section.blocks}
        assert titles - OF_OTHER_SETTINGS <= there  # one that has another name now would no longer be held
        assert not titles & {getattr(block, "title", "") for block in less[kind].section.blocks}
