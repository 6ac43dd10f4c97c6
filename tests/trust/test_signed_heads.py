"""Signatures over the history's head, against somebody who has the passphrase and wants another history."""

import base64
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ppdesk.identity.signer import Signer
from ppdesk.store.events import Event, EventDraft
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.evidence.verdict import verify_file
from ppdesk.workbench.views import HistoryVerdict


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    from ppdesk_fakes.evidence import key_of

    return key_of(tmp_path_factory.mktemp("keys"), "Ada")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, ada: Signer) -> Path:
    """A folder with a project of two signed sessions: fake, person, signature; fake, signature."""
    from ppdesk_fakes.evidence import Scene

    made = Scene(tmp_path_factory.mktemp("first"))
    for value in (1, 2):
        with made.opened(ada) as session:
            session.run("fake", {"value": value})
    assert [event.kind for event in made.events()] == ["fake", "person", "signature", "fake", "signature"]
    return made.folder


@pytest.fixture
def scene(tmp_path: Path, first: Path) -> Any:
    """A copy of it, to be tampered with."""
    from ppdesk_fakes.evidence import Scene

    shutil.copytree(first, tmp_path / "scene")
    return Scene(tmp_path / "scene")


def verdict(scene: Any) -> HistoryVerdict:
    return verify_file(scene.path, "correct horse", home=scene.home)


def titles(found: HistoryVerdict) -> str:
    return " | ".join(finding.title for finding in found.findings)


def test_an_honest_history_holds_and_says_who_signed_up_to_where(scene: Any, ada: Signer) -> None:
    found = verdict(scene)
    assert (found.holds, found.signed_up_to, found.unsigned) == (True, 4, None)
    assert found.words == ("The history holds. All 5 events follow each other. Ada signed up to event 4.")
    head = found.heads[-1]
    assert (head.signer, head.fingerprint, head.why, head.roles) == (
        "Ada",
        ada.fingerprint,
        "close",
        ("analyst",),
    )
    assert head.standing == "unknown"


def test_a_stranger_checks_a_signature_with_a_json_library_and_cryptography_alone(scene: Any) -> None:
    event = scene.events()[-1]
    with ProjectFile.open(scene.path, "correct horse", read_only=True) as project:
        project_id = project.project_id
    said = {k: v for k, v in event.plain.items() if k not in ("algorithm", "signature", "certificate")}
    frame = {"ppdesk": "ppdesk-signature-1", "project": project_id, "time": event.time}
    data = rfc8785.dumps({**frame, **said})
    certificate = x509.load_pem_x509_certificate(str(event.plain["certificate"]).encode())
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(str(event.plain["signature"])), data, ec.ECDSA(hashes.SHA256()))
    before = scene.events()[-2]
    assert (said["seq"], said["hash"]) == (before.seq, before.hash)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_checks_a_signature(scene: Any, tmp_path: Path) -> None:
    event = scene.events()[-1]
    with ProjectFile.open(scene.path, "correct horse", read_only=True) as project:
        project_id = project.project_id
    said = {k: v for k, v in event.plain.items() if k not in ("algorithm", "signature", "certificate")}
    whole = {"ppdesk": "ppdesk-signature-1", "project": project_id, "time": event.time, **said}
    # sorted keys without spaces are canonical here: all are ASCII, and the numbers are whole
    (tmp_path / "data").write_text(json.dumps(whole, sort_keys=True, separators=(",", ":")))
    (tmp_path / "sig").write_bytes(base64.b64decode(str(event.plain["signature"])))
    (tmp_path / "cert.pem").write_text(str(event.plain["certificate"]))
    key = subprocess.run(
        ["openssl", "x509", "-in", "cert.pem", "-pubkey", "-noout"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout
    (tmp_path / "key.pem").write_bytes(key)
    checked = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "data"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert checked.stdout.strip() == b"Verified OK"


def test_a_self_consistent_rewriting_leaves_signatures_that_do_not_fit(scene: Any) -> None:
    def change(event: Event, draft: EventDraft) -> EventDraft:
        return replace(draft, params={**draft.params, "value": 99}) if event.seq == 1 else draft

    scene.rewritten(change)
    found = verdict(scene)
    assert found.broken_at is None, "the chain itself fits"
    assert not found.holds
    assert found.signed_up_to == 0
    assert [head.fits for head in found.heads] == [False, False]
    assert "another history" in titles(found)
    assert "No signature vouches for any part of it" in found.words


def test_names_that_follow_the_rewritten_chain_do_not_help_without_the_key(scene: Any) -> None:
    hashes_: list[str] = []

    def change(event: Event, draft: EventDraft) -> EventDraft:
        if event.seq == 1:
            return replace(draft, params={**draft.params, "value": 99})
        return draft

    scene.rewritten(change)
    hashes_ += [event.hash for event in scene.events()]

    def follow(event: Event, draft: EventDraft) -> EventDraft:
        if event.seq == 3:
            return replace(draft, params={**draft.params, "hash": hashes_[1]})
        return draft

    scene.rewritten(follow)
    found = verdict(scene)
    assert (found.holds, found.signed_up_to) == (False, 0)
    assert "does not fit what it is said to sign" in titles(found)


def test_a_rewriting_that_is_signed_by_another_key_shows_that_key(scene: Any, tmp_path: Path) -> None:
    from ppdesk_fakes.evidence import key_of

    def change(event: Event, draft: EventDraft) -> EventDraft | None:
        return None if event.kind in ("signature", "person") else draft

    scene.rewritten(change)
    fake_ada = key_of(tmp_path, "Ada", 7)
    with scene.opened(fake_ada) as session:
        session.sign_head("asked")
    found = verdict(scene)
    assert found.holds, "the chain and its one signature fit"
    assert {head.fingerprint for head in found.heads} == {fake_ada.fingerprint}
    assert found.heads[0].standing == "unknown"


def test_a_signature_from_another_project_does_not_fit(scene: Any, tmp_path: Path, ada: Signer) -> None:
    from ppdesk_fakes.evidence import Scene

    other = Scene(tmp_path / "other", seed=2)
    other.folder.mkdir()
    with other.opened(ada) as session:
        session.run("fake", {"value": 1})
    moved = other.events()[-1]
    scene.forged("signature", moved.plain, time=moved.time)
    found = verdict(scene)
    assert (found.holds, found.signed_up_to) == (False, 4)


def test_a_signature_is_bound_to_its_place_even_in_its_own_project(scene: Any) -> None:
    moved = scene.events()[-1]
    scene.forged("signature", moved.plain, time=moved.time)
    found = verdict(scene)
    assert not found.holds
    assert "another history" in titles(found)


def test_a_certificate_that_is_swapped_does_not_take_the_credit(scene: Any, tmp_path: Path) -> None:
    from ppdesk_fakes.evidence import key_of

    mallory = key_of(tmp_path, "Mallory")

    def change(event: Event, draft: EventDraft) -> EventDraft:
        if event.seq == 5:
            params = {**draft.params, "certificate": mallory.certificate_pem.decode()}
            return replace(draft, params=params)
        return draft

    scene.rewritten(change)
    found = verdict(scene)
    assert not found.holds
    assert [head.counts for head in found.heads][-1] is False


@pytest.mark.parametrize(
    "spoil",
    [
        {"signature": base64.b64encode(b"\x30\x06\x02\x01\x01\x02\x01\x01").decode()},
        {"signature": "not base64!"},
        {"signature": None},
        {"algorithm": "ecdsa-with-SHA384"},
        {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {"certificate": "A" * 100_000},
        {"why": "report"},
        {"project": "another"},
    ],
)
def test_a_forged_signature_is_named_and_never_raises(scene: Any, spoil: dict[str, Any]) -> None:
    head = scene.events()[-1]
    params = {**head.plain, "seq": head.seq, "hash": head.hash, **spoil}
    scene.forged("signature", params)
    found = verdict(scene)
    assert not found.holds
    assert found.heads[-1].fits is False
    assert found.signed_up_to == 4


def test_a_cut_tail_is_found_by_the_anchor_and_the_rest_still_vouched_for(scene: Any) -> None:
    kept = {place: place.read_bytes() for place in (scene.home / "anchors").glob("*.json")}
    scene.rewritten(lambda _event, _draft: None)  # the emptiest of tails: nothing is left
    for place, data in kept.items():
        place.write_bytes(data)
    found = verdict(scene)
    assert not found.holds
    assert "PP-STORE" in " ".join(finding.code for finding in found.findings)


def test_a_forged_signature_does_not_keep_the_honest_one_from_being_made(scene: Any, ada: Signer) -> None:
    with scene.opened() as session:
        session.run("fake", {"value": 3})
    scene.forged("signature", scene.events()[-1].plain)
    with scene.opened(ada) as session:
        session.run("fake", {"value": 4})
    assert scene.events()[-1].kind == "signature"
    assert verdict(scene).heads[-1].fits


def _bytes_of(scene: Any, edit: Callable[[Any], None]) -> None:
    """Edit the database below ppdesk, with the key, triggers taken away."""
    with ProjectFile.open(scene.path, "correct horse") as project, project._engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        edit(raw)


def test_a_broken_chain_is_shown_with_where_it_breaks_and_what_stands(scene: Any) -> None:
    def edit(raw: Any) -> None:
        content = raw.execute("SELECT content FROM event WHERE seq = 4").fetchone()[0]
        raw.execute(
            "UPDATE event SET content = ? WHERE seq = 4", (content.replace('"value":2', '"value":7'),)
        )

    _bytes_of(scene, edit)
    found = verdict(scene)
    assert (found.broken_at, found.events, found.holds) == (4, 3, False)
    assert found.signed_up_to == 2
    assert found.words == (
        "The history of p.ppdesk breaks at event 4. Events up to 2 can be relied on as far as Ada vouches "
        "for them. Event 3 is whole but not vouched for. Event 4 and all after it cannot."
    )


def test_a_chain_that_breaks_at_its_end_or_start_is_shown(scene: Any) -> None:
    def edit(raw: Any) -> None:
        raw.execute("UPDATE event SET hash = ? WHERE seq = 5", (hashlib.sha256(b"").hexdigest(),))

    _bytes_of(scene, edit)
    assert verdict(scene).broken_at == 5

    def worse(raw: Any) -> None:
        raw.execute("UPDATE event SET content = '{}' WHERE seq = 1")

    _bytes_of(scene, worse)
    found = verdict(scene)
    assert found.broken_at == 1
    assert "None of it can be relied on" in found.words
