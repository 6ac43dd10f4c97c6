"""What each document says of a frozen history, word by word, in each language.

A difference is no defect by itself: read it, then write it anew with tests/data/documents/make.py.
"""

from typing import Any

import pytest

from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind

KINDS = list(DocumentKind)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", KINDS)
def test_the_document_says_what_it_said(
    kind: DocumentKind, language: Language, golden: Any, frozen: Any
) -> None:
    assert golden.text(kind, language, frozen) == golden.place_of(kind, language).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_the_edition_for_recipients_says_that_it_leaves_something_out(
    kind: DocumentKind, golden: Any, frozen: Any
) -> None:
    internal, recipient = (golden.document(kind, frozen, edition=one) for one in Edition)
    if internal.parts != recipient.parts:
        assert "it would help an attacker" in golden.plain(recipient)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gap", [(), ("anonymize", "train"), ("attack", "audit", "evaluate"), ("import",)])
def test_a_history_with_gaps_makes_a_document_still(
    kind: DocumentKind, gap: tuple[str, ...], golden: Any, frozen: Any
) -> None:
    told = frozen.without("adult", *gap) if gap else frozen.without("adult", *_all(frozen))
    params = golden.DocumentParams(document=kind, language=Language.GERMAN)
    document = golden.document_of(params, told, golden.MADE, "")
    assert document.parts
    assert document.signing.blanks


def _all(frozen: Any) -> set[str]:
    return {event.kind for event in frozen.told("adult").events}
