"""Writes the golden texts: what each document says of a frozen history, in each language.

python tests/data/documents/make.py [KIND ...]  (all kinds where none is named)

Read the difference before you commit it: these files are what the documents promise to say.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from ppdesk.report.document import Document
from ppdesk.report.plain import plain
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.compose import document_of
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.questions import Question, questions

HERE = Path(__file__).parent
MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_BANK = (DocumentKind.MODEL_CARD, DocumentKind.AUDIT, DocumentKind.EMA)
SAMPLE: Mapping[DocumentKind, str] = dict.fromkeys(_BANK, "bank")
_EVERY = 3  # one question of three is answered, so that both an answer and a blank are shown


def document(kind: DocumentKind, frozen: Any, **changes: Any) -> Document:
    """The document of a frozen history with some questions answered."""
    sample = SAMPLE.get(kind, "adult")
    last = frozen.told(sample).head_seq
    answers = {one.id: _answer(one) for one in questions(kind.value)[::_EVERY]}
    more = [frozen.statement(last + 1, answers)] if answers else []
    params = DocumentParams(
        **{
            "document": kind,
            "organisation": "Example Institute",
            "contact": "privacy@example.org",
            "valid_until": "2027-12-31",
            **changes,
        }
    )
    return document_of(params, frozen.told(sample, more=more), MADE, "")


def _answer(one: Question) -> str:
    if one.kind == "choice":
        return one.choices[0].key
    return "2027-06-30" if one.kind == "date" else f"Words of a person about {one.id}."


def text(kind: DocumentKind, language: Language, frozen: Any) -> str:
    """The golden text. What the steps say in an audit trail stands in the English one alone: what knows to be
    said in another language, and what does not, is tested elsewhere."""
    return plain(document(kind, frozen, language=language), quoted=language is Language.ENGLISH)


def place_of(kind: DocumentKind, language: Language) -> Path:
    """Where the golden text lies."""
    return HERE / f"{kind.value}.{language.value}.txt"


def main(names: list[str]) -> None:
    """Write them."""
    spec = spec_from_file_location("histories", HERE.parents[1] / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for kind in DocumentKind:
        for language in Language if not names or kind.value in names else ():
            place_of(kind, language).write_text(text(kind, language, module.Frozen()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
