"""A page beside a signed report: the one that the evidence gives, or not."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.section import Table, Words
from ppdesk.report.document import Document
from ppdesk.report.evidence import evidence_json
from ppdesk.report.html.check import same_edition, words_of
from ppdesk.report.html.page import html_edition
from ppdesk.report.verdict import Judgement

EVENTS: list[dict[str, Json]] = [{"seq": 3, "kind": "anonymize", "outcome": "ok", "hash": "ab" * 32}]


@pytest.fixture
def made(document_of: Callable[..., Document]) -> tuple[dict[str, Json], bytes]:
    """(the evidence, its page)."""
    document = document_of(Table("Limits", ("What", "Found"), (("k", "5"),)), Words("Careful.", "caution"))
    evidence = evidence_json(document, EVENTS, {})
    return json.loads(evidence), html_edition(document, evidence)


def judged(page: bytes, evidence: Mapping[str, Any]) -> Judgement:
    return same_edition(page, evidence).judgement


def test_the_page_of_the_evidence_is_good(made: tuple[dict[str, Json], bytes]) -> None:
    assert judged(made[1], made[0]) is Judgement.GOOD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">5<", b">7<"),
        (b"<main", b"<script>1</script><main"),
        (b"--risk:", b"--x:"),
        (b"</html>\n", b"</html>"),
    ],
)
def test_any_other_page_is_wrong(made: tuple[dict[str, Json], bytes], old: bytes, new: bytes) -> None:
    evidence, page = made
    assert old in page
    assert judged(page.replace(old, new, 1), evidence) is Judgement.WRONG


def test_a_page_of_another_version_is_compared_by_its_words(made: tuple[dict[str, Json], bytes]) -> None:
    evidence, _ = made
    older = {**evidence, "made_with": {"ppdesk": "0.0.9"}}
    page = html_edition_of(older).replace(b"--risk:", b"--danger:")
    assert judged(page, older) is Judgement.LOOK
    assert judged(page.replace(b">5<", b">7<"), older) is Judgement.WRONG


def test_evidence_of_the_first_form_gives_no_page(made: tuple[dict[str, Json], bytes]) -> None:
    evidence, page = made
    assert judged(page, {**evidence, "format": "ppdesk-evidence-1"}) is Judgement.LOOK


def test_words_leave_out_style_sheets_and_pictures() -> None:
    page = b"<style>a{}</style><p>One &amp; <b>two</b></p><svg><text>no</text></svg>three"
    assert words_of(page) == ["One", "&", "two", "three"]


def html_edition_of(evidence: Mapping[str, Json]) -> bytes:
    from ppdesk.report.rebuild import document_of

    return html_edition(document_of(evidence), canonical(evidence))
