"""Endorsements inside a report: a stranger checks them from evidence.json alone; a forged one is named."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Words
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner, Signer
from ppdesk.identity.statement import attest, key_of, statement
from ppdesk.report.document import Attachment, Document
from ppdesk.report.endorsements import DOMAIN, check, comment_digest, content_digest, entry, shown
from ppdesk.report.evidence import evidence_json
from ppdesk.report.verdict import Check, Judgement

TIME = "2026-01-02T09:00:00.000Z"
EVENTS: list[dict[str, Any]] = [{"seq": 3, "kind": "anonymize", "outcome": "ok", "hash": "0" * 64}]
FILES = (Attachment("figures.csv", "text/csv", b"label\n", "Figures"),)
Said = Mapping[str, Any]


def person(name: str, root: int, *, since: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Signer:
    from cryptography.hazmat.primitives.serialization import Encoding

    entropy = TestEntropy(root)
    key = new_key(entropy)
    made = certify(key, name, since=since, entropy=entropy)
    return FileSigner(name, made.public_bytes(Encoding.PEM), key)


@pytest.fixture(scope="module")
def bea() -> Signer:
    return person("Bea", 21)


@pytest.fixture
def document(document_of: Callable[..., Document]) -> Document:
    return document_of(Words("What others have read."))


def evidence_of(document: Document, *entries: Mapping[str, Any]) -> dict[str, Any]:
    signing = replace(document.signing, endorsements=tuple(shown(one) for one in entries))
    whole = evidence_json(
        replace(document, signing=signing), EVENTS, {}, attachments=FILES, endorsements=entries
    )
    told: dict[str, Any] = json.loads(whole)
    return told


def endorsed(
    document: Document, by: Signer, *, spoil: Said | None = None, time: str = TIME, **said: Any
) -> dict[str, Any]:
    """An entry as the history gives it. `said` is signed along; `spoil` is put over it afterwards."""
    comment = said.pop("comment", "I read it.")
    whole = {
        "draft": 12,
        "draft_hash": "1" * 64,
        "content": content_digest(evidence_of(document)),
        "decision": "endorsed",
        "role": "reviewer",
        "seq": 12,
        "hash": "1" * 64,
        **said,
    }
    free = {}
    if comment:
        whole["comment_digest"] = comment_digest(comment, "ab" * 16)
        free = {"comment": comment, "nonce": "ab" * 16}
    project = said.get("project", document.project_id)
    whole.pop("project", None)
    proof = attest(statement(DOMAIN, project, {**whole, "time": time}), by)
    params = {**whole, **proof, **free, **(spoil or {})}
    return entry(event=13, hash_="2" * 64, time=time, params=params)


def judged(document: Document, *entries: Mapping[str, Any], known: bool = True, certifier: str = "") -> Check:
    (found,) = check(evidence_of(document, *entries), knows=lambda _: known, certifier=certifier)
    return found


def test_a_report_without_endorsements_says_nothing_of_them(document: Document) -> None:
    assert check(evidence_of(document), knows=lambda _: True) == []


def test_an_endorsement_holds_offline_and_names_who_said_what(document: Document, bea: Signer) -> None:
    found = judged(document, endorsed(document, bea))
    assert found.judgement is Judgement.GOOD
    assert "Bea (reviewer) endorsed" in found.words


def test_a_key_that_nobody_knows_has_to_be_compared(document: Document, bea: Signer) -> None:
    found = judged(document, endorsed(document, bea), known=False)
    assert found.judgement is Judgement.LOOK
    assert bea.fingerprint in found.words


def test_an_objection_is_told_as_one(document: Document, bea: Signer) -> None:
    assert "Bea (reviewer) objected" in judged(document, endorsed(document, bea, decision="objected")).words


def test_who_certified_it_as_well_is_told(document: Document, bea: Signer) -> None:
    found = judged(document, endorsed(document, bea), certifier=key_of(bea.certificate))
    assert "certified it as well" in found.words


def test_the_content_of_a_draft_and_of_its_report_is_the_same(document: Document, bea: Signer) -> None:
    draft = content_digest(evidence_of(replace(document, draft=True)))
    assert draft == content_digest(evidence_of(document, endorsed(document, bea)))


def test_other_words_or_another_file_beside_them_are_other_content(document: Document) -> None:
    told = evidence_of(document)
    other = evidence_of(replace(document, cover=replace(document.cover, title="Another")))
    assert content_digest(other) != content_digest(told)
    told["attachments"][0]["sha256"] = "0" * 64
    assert content_digest(told) != content_digest(evidence_of(document))


FORGED: dict[str, tuple[dict[str, Any], str]] = {
    "of other content": ({"content": "0" * 64}, "other content"),
    "for another project": ({"project": "another"}, "does not fit"),
    "without a decision": ({"decision": "maybe"}, "decides nothing"),
    "with another decision than signed": ({"spoil": {"decision": "objected"}}, "does not fit"),
    "with another role than signed": ({"spoil": {"role": "auditor"}}, "does not fit"),
    "with another comment than signed": ({"spoil": {"comment": "Splendid."}}, "its comment"),
    "with a comment that nobody signed": ({"comment": "", "spoil": {"comment": "Hm."}}, "its comment"),
    "with its comment taken out": ({"spoil": {"comment": "", "nonce": ""}}, "its comment"),
    "about another draft than signed": ({"spoil": {"draft": 4}}, "does not fit"),
    "with a signature that is none": ({"spoil": {"signature": "AAAA"}}, "does not fit"),
    "before its certificate": ({"time": "2025-01-01T00:00:00.000Z"}, "not valid at that time"),
    "at no time": ({"time": "some day"}, "not valid at that time"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_endorsement_is_wrong(document: Document, bea: Signer, name: str) -> None:
    how, words = FORGED[name]
    found = judged(document, endorsed(document, bea, **how))
    assert found.judgement is Judgement.WRONG, name
    assert words in found.words


def test_a_certificate_put_in_the_place_of_the_signers_is_wrong(document: Document, bea: Signer) -> None:
    mallory = person("Mallory", 66)
    spoil = {"certificate": bea.certificate_pem.decode()}
    assert judged(document, endorsed(document, mallory, spoil=spoil)).judgement is Judgement.WRONG


def test_an_endorsement_on_paper_that_nobody_signed_is_wrong(document: Document, bea: Signer) -> None:
    told = evidence_of(document, endorsed(document, bea))
    for change in ({"decision": "objected"}, {"name": "Bea the Great"}, {"comment": "Never."}):
        forged = json.loads(json.dumps(told))
        forged["document"]["signing"]["endorsements"][0].update(change)
        assert check(forged, knows=lambda _: True)[0].judgement is Judgement.WRONG
    bare = {**told, "endorsements": []}
    assert check(bare, knows=lambda _: True)[0].judgement is Judgement.WRONG
    hidden = json.loads(json.dumps(told))
    hidden["document"]["signing"]["endorsements"] = []
    assert check(hidden, knows=lambda _: True)[0].judgement is Judgement.WRONG


def test_one_key_cannot_be_two_persons(document: Document, bea: Signer) -> None:
    twice = [endorsed(document, bea), endorsed(document, bea, comment="Again.")]
    assert "more than once" in judged(document, *twice).words


def test_more_endorsements_than_any_report_has_are_not_even_read(document: Document, bea: Signer) -> None:
    told = evidence_of(document)
    told["endorsements"] = [endorsed(document, bea)] * 101
    assert "more endorsements than any report" in check(told, knows=lambda _: True)[0].words


def test_an_expired_certificate_had_to_be_valid_then_only(document: Document) -> None:
    old = person("Old Bea", 5, since=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=700))
    assert judged(document, endorsed(document, old)).judgement is Judgement.GOOD
