"""A report made again a year later, on another clock, from the project alone: the same to the last byte."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from ppdesk.core.canonical import parse
from ppdesk.core.clock import TestClock
from ppdesk.report.evidence import evidence_json
from ppdesk.report.rebuild import set_anew
from ppdesk.report.verdict import Judgement
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.compose import event_list
from ppdesk.workflow.reporting.remade import again, chapters
from ppdesk.workflow.reporting.report_work import compose
from ppdesk.workflow.reporting.told import read
from ppdesk.workflow.step import Context

NOW = datetime(2026, 3, 1, 9, 30, 12, 345_678, tzinfo=UTC)


def context(now: datetime) -> Any:
    class Ctx:
        clock = TestClock(now)
        stamp = ""

        def progress(self, *_: object) -> None:
            """Nobody looks."""

        def cancelled(self) -> bool:
            return False

    ctx: Context = Ctx()  # type: ignore[assignment]  # what composing uses of a context
    return ctx


def later(frozen: Any) -> Any:
    """The history after a year: new events, other answers, more spent."""
    statement = frozen.statement(33, {"dp.unit": "one household"})
    return [
        {**frozen.statement(32, {}), "kind": "feedback", "params": {}, "time": "2026-06-01T00:00:00.000Z"},
        {**statement, "time": "2027-02-01T00:00:00.000Z"},
    ]


@pytest.mark.parametrize(("document", "language"), [("dp-statement", "en"), ("summary", "de")])
def test_it_is_the_same_a_year_later(frozen: Any, document: str, language: str) -> None:
    params = DocumentParams.model_validate(
        {"document": document, "language": language, "organisation": "Example Institute"}
    )
    first = compose(params, frozen.history("adult"), context(NOW))
    grown = read(frozen.history("adult", more=later(frozen)))
    evidence = parse(first.evidence)
    found, files = again(evidence, grown)
    past = [one for one in event_list(grown) if one["seq"] <= evidence["head"]["seq"]]
    told = evidence_json(
        found, past, evidence["budget"], asked=evidence["asked"], value=grown.value, attachments=files
    )
    pages = set_anew(told, files).pdf
    assert text(pages) == text(first.pdf)
    assert pages == first.pdf
    assert chapters(evidence, grown).judgement is Judgement.GOOD
    assert NOW + timedelta(days=365) > found.made


def text(pdf: bytes) -> list[str]:
    with PdfDocument(BytesIO(pdf)) as document:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
