"""Reports whose evidence is not what the project's history says: found by whoever has the project. The forger
here has ppdesk's own program and makes every hash fit; what they lack is the history."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ppdesk.core.canonical import digest, parse, sha256_hex
from ppdesk.report.document import Document
from ppdesk.report.evidence import FORMER, evidence_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.verdict import Check, Judgement
from ppdesk.workflow.reporting.against import compared
from ppdesk.workflow.reporting.document_params import DocumentParams, asked
from ppdesk.workflow.reporting.documents.compose import attached, brief_of, document_of, event_list
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.reporting.valued import values

MADE = datetime(2026, 3, 1, tzinfo=UTC)
PARAMS = DocumentParams.model_validate(
    {"document": "dp-statement", "organisation": "Example Institute", "valid_until": "2027-12-31"}
)
FILE = sha256_hex(b"the signed file")


def made(told: Told, change: Callable[[Document], Document] = lambda document: document) -> Any:
    """Evidence as ppdesk writes it of a document, which a forger may have changed before."""
    document = change(document_of(PARAMS, told, MADE, ""))
    files = (figures_csv(document), *attached(PARAMS.document, brief_of(PARAMS, told)))
    return parse(
        evidence_json(
            document, event_list(told), told.budget, asked=asked(PARAMS), value=told.value, attachments=files
        )
    )


def reported(told: Told, evidence: Any, **facts: Any) -> Told:
    """The history after that report."""
    seq = told.head_seq + 1
    own = {"document": "dp-statement", "evidence_sha256": digest(evidence), "sha256": FILE, **facts}
    event = TellingEvent(
        seq, "2026-03-01T00:00:01.000Z", "Maria Weber", "report", "Report", {}, own, None, "ok", {}, {}, (),
        f"{seq:064x}", "ppdesk 0.1.0", "",
    )  # fmt: skip
    return replace(told, events=(*told.events, event), head_seq=seq, head_hash=event.hash)


@pytest.fixture(scope="module")
def told(frozen: Any) -> Told:
    found: Told = frozen.told("adult", more=[frozen.statement(32, {"dp.unit": "one person"})])
    return found


@pytest.fixture(scope="module")
def true(told: Told) -> Any:
    return made(told)


def words(checks: list[Check], judgement: Judgement = Judgement.WRONG) -> str:
    return " ".join(check.words for check in checks if check.judgement is judgement)


def first_block(document: Document, kind: str) -> tuple[int, int, int]:
    return next(
        (p, c, b)
        for p, part in enumerate(document.parts)
        for c, chapter in enumerate(part.chapters)
        for b, block in enumerate(chapter.section.blocks)
        if type(block).__name__ == kind
    )


def with_block(document: Document, kind: str, change: Callable[[Any], Any]) -> Document:
    """A document with one block changed."""
    p, c, b = first_block(document, kind)
    part = document.parts[p]
    chapter = part.chapters[c]
    blocks = list(chapter.section.blocks)
    blocks[b] = change(blocks[b])
    chapters = list(part.chapters)
    chapters[c] = replace(chapter, section=replace(chapter.section, blocks=tuple(blocks)))
    parts = list(document.parts)
    parts[p] = replace(part, chapters=tuple(chapters))
    return replace(document, parts=tuple(parts))


def cell(table: Any, text: str = "0.10") -> Any:
    first, *rest = table.rows
    return replace(table, rows=((*first[:-1], text), *rest))


# a document that says something else than the history; the hashes are made by the program, and fit
DOCUMENTS: dict[str, Callable[[Document], Document]] = {
    "a number in a table": lambda one: with_block(one, "Table", cell),
    "a row left out": lambda one: with_block(one, "Table", lambda it: replace(it, rows=it.rows[1:])),
    "a row more": lambda one: with_block(one, "Table", lambda it: replace(it, rows=(*it.rows, it.rows[0]))),
    "rows in another order": lambda one: with_block(one, "Table", lambda it: replace(it, rows=it.rows[::-1])),
    "a table's title": lambda one: with_block(one, "Table", lambda it: replace(it, title="No risk")),
    "a table's head": lambda one: with_block(
        one, "Table", lambda it: replace(it, header=("x", *it.header[1:]))
    ),
    "a caption": lambda one: with_block(one, "Table", lambda it: replace(it, caption="All well.")),
    "a paragraph": lambda one: with_block(one, "Words", lambda it: replace(it, text="All well.")),
    "the tone of a remark": lambda one: with_block(one, "Words", lambda it: replace(it, tone="ok")),
    "an answer nobody gave": lambda one: with_block(
        one, "Answer", lambda it: replace(it, text="Yes.", by="Ines Duarte")
    ),
    "another question": lambda one: with_block(one, "Answer", lambda it: replace(it, question="And?")),
    "a chapter left out": lambda one: replace(
        one, parts=(replace(one.parts[0], chapters=one.parts[0].chapters[1:]), *one.parts[1:])
    ),
    "a part left out": lambda one: replace(one, parts=one.parts[:-1]),
    "a part's title": lambda one: replace(one, parts=(replace(one.parts[0], title="Safe"), *one.parts[1:])),
    "the title": lambda one: replace(one, cover=replace(one.cover, title="Determination")),
    "the project's name": lambda one: replace(one, cover=replace(one.cover, subtitle="Another")),
    "the organisation": lambda one: replace(one, cover=replace(one.cover, facts=one.cover.facts[:-1])),
    "no blanks": lambda one: replace(one, signing=replace(one.signing, blanks=())),
    "a blank less": lambda one: replace(one, signing=replace(one.signing, blanks=one.signing.blanks[1:])),
    "what the signer states": lambda one: replace(
        one, signing=replace(one.signing, statements=("It is anonymous.",))
    ),
    "the stamp of the test mode": lambda one: replace(one, stamp=""),
    "the edition": lambda one: replace(one, edition="recipient"),
    "the kind": lambda one: replace(one, kind="hipaa-expert"),
    "the language": lambda one: replace(one, language="de"),
    "the paper": lambda one: replace(one, paper="letter"),
    "the day it expires": lambda one: replace(one, valid_until="2099-12-31"),
    "the author": lambda one: replace(one, author="Supervisory authority"),
    "compact": lambda one: replace(one, compact=True),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_the_history_does_not_give(name: str, told: Told) -> None:
    evidence = made(told, DOCUMENTS[name])
    assert words(compared(evidence, reported(told, evidence), FILE)), name


def test_each_value_is_held_against_its_event(told: Told, true: Any) -> None:
    """Every single value, changed."""
    later, forged, count = reported(told, true), copy.deepcopy(true), 0
    for item in forged["items"]:
        for one in item["sources"]:
            kept = dict(one)
            one.pop("sha256", None)
            one["value"] = ["another", kept.get("value")]
            assert values(forged, later).judgement is Judgement.WRONG, kept
            one.clear()
            one.update(kept)
            count += 1
    assert count > 50
    assert values(forged, later).judgement is Judgement.GOOD


def at(path: str, value: Any) -> Callable[[Any], None]:
    """A change at a path such as ``items/0/sources/0/hash``; of None the member is taken away."""

    def change(evidence: Any) -> None:
        *way, last = path.split("/")
        place = evidence
        for name in way:
            place = place[int(name)] if isinstance(place, list) else place[name]
        key = int(last) if isinstance(place, list) else last
        if value is None:
            del place[key]
        else:
            place[key] = value(place[key]) if callable(value) else value

    return change


def in_source(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """A change of the first source that is an event's."""

    def changed(evidence: Any) -> None:
        every = (one for item in evidence["items"] for one in item["sources"])
        change(next(one for one in every if one["event"]))

    return changed


def withheld(source: Any) -> None:
    source.pop("value", None)
    source["withheld"] = True


# evidence changed after the program wrote it
EVIDENCE: dict[str, Callable[[Any], None]] = {
    "another project": at("project/id", "ffff"),
    "an older head": at("head/seq", lambda seq: seq - 1),
    "another head": at("head/hash", "00" * 32),
    "an event's hash": at("events/3/hash", "00" * 32),
    "an event's outcome": at("events/3/outcome", "failed"),
    "an event's kind": at("events/3/kind", "audit"),
    "an event left out": at("events/3", None),
    "all events left out": at("events", []),
    "events numbered anew": at("events/3/seq", 99),
    "the last event left out": at("events/31", None),
    "ε of a run": at("budget/rows/0/epsilon", 0.01),
    "δ of a run": at("budget/rows/1/delta", 0.0),
    "a run left out of the budget": at("budget/rows/0", None),
    "a run that counts for nothing": at("budget/rows/0/standing", "void"),
    "a run's title": at("budget/rows/0/title", "Nothing"),
    "the sum of ε": at("budget/spent_epsilon", 0.5),
    "the sum of δ": at("budget/spent_delta", 0.0),
    "the limit of ε": at("budget/limit_epsilon", 100),
    "the limit of δ": at("budget/limit_delta", 0.5),
    "the neighbours": at("budget/neighbours", "add-remove"),
    "the way of adding up": at("budget/method", "another"),
    "a source's event": in_source(at("event", 999)),
    "a source's hash": in_source(at("hash", "00" * 32)),
    "a source's pointer": in_source(at("pointer", "/actor")),
    "a source of a later event": in_source(at("event", 33)),
    "a value taken away": in_source(at("value", None)),
    "a value withheld in the internal edition": in_source(withheld),
    "no settings": at("asked/document", "nothing"),
    "settings of another edition": at("asked/edition", "recipient"),
    "settings of another document": at("asked/document", "summary"),
    "settings of another day": at("asked/valid_until", "2099-12-31"),
    "an attachment's hash": at("attachments/0/sha256", "00" * 32),
    "an attachment's name": at("attachments/0/name", "figures.xlsx"),
    "an attachment left out": at("attachments/0", None),
    "an endorsement that nobody gave": at(
        "endorsements", [{"event": 5, "event_hash": "00" * 32, "said": {}, "comment": "Fine."}]
    ),
    "the moment": at("document/made", "2020-01-01T00:00:00.000Z"),
}


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_that_the_history_does_not_hold(name: str, told: Told, true: Any) -> None:
    forged = copy.deepcopy(true)
    EVIDENCE[name](forged)
    assert forged != true
    assert words(compared(forged, reported(told, true), FILE)), name


def test_the_true_evidence_is_good(told: Told, true: Any) -> None:
    found = compared(true, reported(told, true), FILE)
    assert {check.judgement for check in found} == {Judgement.GOOD}, words(found, Judgement.LOOK)


def test_a_file_signed_anew_is_named(told: Told, true: Any) -> None:
    """The same evidence in another file: somebody else signed it, or with another program."""
    assert "signed anew" in words(compared(true, reported(told, true), sha256_hex(b"another file")))


def test_an_older_report_is_named(told: Told, true: Any) -> None:
    later = reported(reported(told, true), true, evidence_sha256="11" * 32, sha256="22" * 32)
    assert "a later report, made at event 34" in words(compared(true, later, FILE), Judgement.LOOK)
    other = reported(reported(told, true), true, evidence_sha256="11" * 32, document="dpia")
    assert not words(compared(true, other, FILE), Judgement.LOOK)


def test_a_report_that_no_history_names_is_to_be_looked_at(told: Told, true: Any) -> None:
    later = reported(told, true, evidence_sha256="11" * 32)
    assert "names no report with this evidence" in words(compared(true, later, FILE), Judgement.LOOK)


def test_an_older_build_is_no_forgery(told: Told, true: Any) -> None:
    """Its words cannot be made anew here; its values are held against their events all the same."""
    older = {**copy.deepcopy(true), "made_with": {**true["made_with"], "build": "0123456789abcdef"}}
    found = compared(older, reported(told, older), FILE)
    assert not words(found)
    assert "were not made anew" in words(found, Judgement.LOOK)
    older["items"][0]["sources"][0]["value"] = "another"
    assert "not the one on record" in words(compared(older, reported(told, older), FILE))


def test_evidence_of_the_first_format_is_still_read(told: Told, true: Any) -> None:
    former = {
        "format": FORMER,
        **{name: true[name] for name in ("project", "head", "events", "budget")},
        "report": {"title": "Privacy report", "made": "2026-03-01T00:00:00.000Z", "stamp": ""},
        "sections": [],
    }
    found = compared(former, reported(told, former), FILE)
    assert not words(found)
    assert "An earlier version of ppdesk made it" in words(found, Judgement.LOOK)


def test_a_redacted_copy_says_what_it_cannot_compare(told: Told, true: Any) -> None:
    seq = next(one["event"] for item in true["items"] for one in item["sources"] if one["event"])
    events = [replace(one, redacted=("facts", "params")) if one.seq == seq else one for one in told.events]
    found = compared(true, reported(replace(told, events=tuple(events)), true), FILE)
    assert not words(found)
    assert "redacted in this copy" in words(found, Judgement.LOOK)


def test_a_history_that_goes_on_changes_nothing(told: Told, true: Any) -> None:
    later = reported(told, true)
    more = replace(later.events[8], seq=34, hash="ab" * 32)
    later = replace(later, events=(*later.events, more), head_seq=34, head_hash=more.hash)
    assert not words(compared(true, later, FILE))


def test_there_are_enough_of_them() -> None:
    assert len(DOCUMENTS) + len(EVIDENCE) >= 60
