"""What the edition for recipients leaves out on paper is nowhere else in the file.

The attacker has everything that is delivered: the words, evidence.json, figures.csv, the other attached files
and the accessible edition.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ppdesk.core.canonical import Json
from ppdesk.core.section import Answer, Block, Figures, Plot, Table, Words
from ppdesk.report.document import Document, Edition
from ppdesk.report.evidence import evidence_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.html.page import html_edition
from ppdesk.report.plain import plain
from ppdesk.workflow.reporting.document_params import DocumentParams, asked
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.compose import attached, brief_of, document_of, event_list
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.told import Record, Told

MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SEARCHES = ("inspect", "configure", "attack", "audit")  # steps whose results tell where to look
# what may be quoted of them: that they ran, when and by whom; kinds of data and of identifiers found;
# the list of attempts as a whole, whose entries the evidence does not show
QUOTED = re.compile(
    r"/(outcome|time|actor|facts/(attempts|stamp|not_run/\d+/(title|why)|inspection/columns/\d+/(name|kind|"
    r"confidence|hipaa)))"
)
NUMBER = re.compile(r"\d[\d,]*\.?\d*")


def _delivered(document: Document, params: DocumentParams, told: Told) -> tuple[dict[str, Any], str]:
    """evidence.json, and all words that a recipient gets."""
    files = (figures_csv(document), *attached(params.document, brief_of(params, told)))
    evidence = evidence_json(
        document, event_list(told), told.budget, asked=asked(params), value=told.value, attachments=files
    )
    pages = [html_edition(document, evidence)] if params.document is DocumentKind.EXPERT else []  # slow
    everything = b"\n".join([evidence, *pages, *(one.data for one in files)])
    return json.loads(evidence), everything.decode()


def _words(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (cell for row in block.rows for cell in row)
    elif isinstance(block, Figures):
        yield from (word for item in block.items for word in (item.value, item.note))
    elif isinstance(block, Plot):
        yield from _leaves(block.values)
    elif isinstance(block, Words | Answer):
        yield block.text


def _leaves(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)


def _telling(blocks: list[Block]) -> set[str]:
    """The numbers of `blocks` that nobody would meet elsewhere by chance: of five digits or more."""
    return _numbers(" ".join(word for block in blocks for word in _words(block)))


def _numbers(text: str) -> set[str]:
    return {one for one in NUMBER.findall(text) if len(re.sub(r"\D", "", one).strip("0")) > 4}


def _params(kind: DocumentKind, edition: Edition = Edition.RECIPIENT) -> DocumentParams:
    return DocumentParams(document=kind, edition=edition)


def _last(told: Told, key: str) -> Record:
    found = told.record(key)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def told(frozen: Any) -> Told:
    found: Told = frozen.told("bank")
    return found


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_is_left_out_is_nowhere_in_the_file(
    kind: DocumentKind, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Block] = []
    leave_out = Brief.held

    def watched(brief: Brief, what: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
        # half of that plot is the original table's, and stands in the one of the release too
        held.extend(one for one in blocks if not isinstance(one, Plot) or one.name != "associations")
        return leave_out(brief, what, blocks)

    monkeypatch.setattr(Brief, "held", watched)
    params = _params(kind)
    evidence, everything = _delivered(document_of(params, told, MADE, ""), params, told)

    records = {f"{_last(told, 'import')('/facts/rows').value:,}"}  # how many there are is for everybody
    assert not _telling(held) & _numbers(everything) - records
    _assert_nothing_single(evidence, told)
    for pointer in ("/facts/sha256", "/facts/content"):  # a hash confirms a guess at the last record
        assert _last(told, "import")(pointer).text not in everything
    attack = _last(told, "attack")
    for place in range(attack.count("/facts/attempts")):
        if attack(f"/facts/attempts/{place}/verdict").text == "over":
            assert attack(f"/facts/attempts/{place}/title").text not in everything


def _assert_nothing_single(evidence: dict[str, Any], told: Told) -> None:
    """No result of a single search, attack or audit is quoted."""
    kinds = {event.seq: event.kind for event in told.events}
    for item in evidence["items"]:
        for source in item["sources"]:
            if kinds.get(source["event"]) in SEARCHES:
                assert QUOTED.fullmatch(source["pointer"]), source["pointer"]
                assert "attempts" not in source["pointer"] or source.get("withheld"), source["pointer"]


def test_what_is_left_out_is_named(told: Told) -> None:
    trail = plain(document_of(_params(DocumentKind.AUDIT), told, MADE, ""), quoted=True)
    for name in (
        "SHA-256 of the file",
        "Rarest",
        "Attack",
        "Distance of each column",
        "The synthetic records",
    ):
        assert re.search(f"“[^”]*{name}[^”]*”: left out of the edition for recipients", trail), name
    assert "Trained on the synthetic records" not in trail
    assert "Trained on the release" in trail
    whole = plain(document_of(_params(DocumentKind.AUDIT, Edition.INTERNAL), told, MADE, ""), quoted=True)
    assert "left out of the edition" not in whole
    assert "Measured privacy loss" in whole
    assert "Measured privacy loss" not in trail


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_is_out_of_date_is_told(kind: DocumentKind, frozen: Any) -> None:
    events = frozen.told("bank").events
    again = next(one for one in events if one.kind == "import")
    changed = {
        **{name: getattr(again, name) for name in ("time", "actor", "kind", "title", "params", "stamp")},
        "seq": events[-1].seq + 1,
        "hash": "0" * 64,
        "outcome": "ok",
        "cost": None,
        "witness": None,
        "facts": again.facts,
        "inputs": {},
        "outputs": {"table": "1" * 64},
        "findings": [],
        "code": again.code,
    }
    said = plain(document_of(_params(kind), frozen.told("bank", more=[changed]), MADE, ""))
    assert "Out of date" in said


def test_small_classes_of_the_target_are_for_insiders(frozen: Any) -> None:
    whole = frozen.told("adult")
    rare = next(one for one in whole.events if one.kind == "quality")
    balance = {**rare.facts["balance"], "ratio": 10053.0, "classes": [{"name": "rare", "records": 3}]}
    events = [
        replace(one, facts={**one.facts, "balance": balance}) if one is rare else one for one in whole.events
    ]
    told = replace(whole, events=tuple(events))
    for edition, there in ((Edition.INTERNAL, True), (Edition.RECIPIENT, False)):
        said = plain(document_of(_params(DocumentKind.DATASHEET, edition), told, MADE, ""))
        assert ("rare | 3" in said) is there
        assert ("10,053" in said) is there
