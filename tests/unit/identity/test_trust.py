"""The list of signers whose fingerprints a person has compared."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.clock import TestClock
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.identity.certificates import fingerprint, read_fingerprint
from ppdesk.identity.errors import (
    AlreadyTrustedError,
    FingerprintDiffersError,
    NewerTrustListError,
    NotTrustedError,
    TrustListRolledBackError,
    TrustListUnreadableError,
    TrustPlaceError,
    UnreadableCertificateError,
    UnreadableFingerprintError,
    UnusableKeyError,
)
from ppdesk.identity.trust import FILE, Standing, TrustList


@pytest.fixture(scope="module")
def people(authority: Any) -> dict[str, bytes]:
    """Certificates (PEM): Ada, a second one of that name, and Grace."""
    names = {"ada": "Ada", "ada again": "Ada", "grace": "Grace"}
    keys = {label: ec.generate_private_key(ec.SECP256R1()).public_key() for label in names}
    return {
        label: authority.certify(keys[label], name).public_bytes(Encoding.PEM)
        for label, name in names.items()
    }


@pytest.fixture
def trust(tmp_path: Path) -> TrustList:
    return TrustList(tmp_path / "home")


def add(trust: TrustList, pem: bytes) -> str:
    return trust.add(pem, compared=fingerprint(pem), by="me", clock=TestClock()).fingerprint


def test_a_list_that_is_not_there_trusts_nobody(trust: TrustList, people: dict[str, bytes]) -> None:
    assert trust.entries() == []
    assert trust.head() == (0, "")
    assert trust.find(fingerprint(people["ada"])) is None
    assert not trust.folder.exists()


def test_first_contact_shows_what_to_compare(trust: TrustList, people: dict[str, bytes]) -> None:
    met = trust.meet(people["ada"])
    assert (met.standing, met.name, met.namesakes) == (Standing.UNKNOWN, "Ada", ())
    assert met.fingerprint == fingerprint(people["ada"])
    assert "over another channel" in met.sentence


def test_a_compared_signer_is_known_from_then_on(trust: TrustList, people: dict[str, bytes]) -> None:
    shown = add(trust, people["ada"])
    met = trust.meet(people["ada"])
    assert met.standing is Standing.TRUSTED
    assert met.sentence == "me compared this key's fingerprint on 2026-01-01 and trusts it."
    (known,) = trust.entries()
    assert (known.name, known.fingerprint, known.by) == ("Ada", shown, "me")
    assert trust.certificates() == [people["ada"]]
    for written in (shown, shown.lower(), shown.replace(" ", ":"), shown.replace(" ", "")):
        assert trust.find(written) == known


def test_another_key_of_a_known_name_is_pointed_out(trust: TrustList, people: dict[str, bytes]) -> None:
    shown = add(trust, people["ada"])
    met = trust.meet(people["ada again"])
    assert met.standing is Standing.UNKNOWN
    assert met.namesakes == (shown,)
    assert met.sentence.startswith("You trust another key of that name.")


def test_a_fingerprint_that_differs_is_not_trusted(trust: TrustList, people: dict[str, bytes]) -> None:
    told = fingerprint(people["grace"])
    with pytest.raises(FingerprintDiffersError) as caught:
        trust.add(people["ada"], compared=told, by="me", clock=TestClock())
    assert caught.value.exit_code is Exit.REFUSED
    assert trust.entries() == []


def test_a_part_of_a_fingerprint_is_not_enough(trust: TrustList, people: dict[str, bytes]) -> None:
    with pytest.raises(UnreadableFingerprintError):
        trust.add(people["ada"], compared=fingerprint(people["ada"])[:39], by="me", clock=TestClock())


def test_trust_that_was_withdrawn_stays_on_record(trust: TrustList, people: dict[str, bytes]) -> None:
    shown = add(trust, people["ada"])
    trust.remove(shown, by="me", clock=TestClock())
    assert trust.entries() == []
    met = trust.meet(people["ada"])
    assert met.standing is Standing.WITHDRAWN
    assert "2026-01-01" in met.sentence
    add(trust, people["ada"])
    assert trust.meet(people["ada"]).standing is Standing.TRUSTED
    assert trust.head()[0] == 3


def test_what_changes_nothing_is_refused(trust: TrustList, people: dict[str, bytes]) -> None:
    with pytest.raises(NotTrustedError):
        trust.remove(fingerprint(people["ada"]), by="me", clock=TestClock())
    shown = add(trust, people["ada"])
    with pytest.raises(AlreadyTrustedError, match=shown):
        add(trust, people["ada"])
    assert trust.head()[0] == 1


def test_only_certificates_with_keys_that_may_sign(trust: TrustList, authority: Any) -> None:
    with pytest.raises(UnreadableCertificateError):
        trust.meet(b"words")
    weak = authority.certify(rsa.generate_private_key(65537, 2048).public_key())
    with pytest.raises(UnusableKeyError):
        trust.meet(weak.public_bytes(Encoding.PEM))


def test_a_changed_or_missing_entry_is_noticed(trust: TrustList, people: dict[str, bytes]) -> None:
    for pem in people.values():
        add(trust, pem)
    told = json.loads(trust.place.read_text())

    def kept(entries: list[Any]) -> None:
        trust.place.write_text(json.dumps({**told, "entries": entries}))

    first, second, third = told["entries"]
    for entries in (
        [second, third],
        [first, third],
        [first, third, second],
        [first, {**second, "by": "you"}, third],
        [first, {**second, "certificate": first["certificate"]}, third],
        [first, {**second, "more": ""}, third],
        [first, "words", third],
    ):
        kept(entries)
        with pytest.raises(TrustListUnreadableError):
            trust.entries()
    with pytest.raises(TrustListUnreadableError):
        add(trust, people["ada"])  # nothing is added to a list that does not hold
    kept([first, second, third])
    assert len(trust.entries()) == 3


def test_a_list_cut_at_its_end_is_noticed_only_beside_a_known_head(
    trust: TrustList, people: dict[str, bytes]
) -> None:
    add(trust, people["ada"])
    early = trust.head()
    old = trust.place.read_bytes()
    trust.remove(fingerprint(people["ada"]), by="me", clock=TestClock())
    late = trust.head()
    assert trust.entries(since=early) == trust.entries(since=late) == []
    trust.place.write_bytes(old)
    assert [one.name for one in trust.entries()] == ["Ada"]  # the limit that the documentation states
    with pytest.raises(TrustListRolledBackError):
        trust.entries(since=late)
    trust.place.unlink()
    with pytest.raises(TrustListRolledBackError):
        trust.entries(since=early)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"entries":{},"version":1}',
        b'{"entries":[],"version":"1"}',
        b'{"entries":[{"act":"\\ud800"}],"version":1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_list_is_said(trust: TrustList, data: bytes) -> None:
    trust.folder.mkdir()
    trust.place.write_bytes(data)
    with pytest.raises(TrustListUnreadableError) as caught:
        trust.entries()
    assert caught.value.exit_code is Exit.INTEGRITY


def test_a_newer_list_is_left_alone(trust: TrustList, people: dict[str, bytes]) -> None:
    trust.folder.mkdir()
    trust.place.write_bytes(b'{"entries":[],"version":2}')
    with pytest.raises(NewerTrustListError):
        add(trust, people["ada"])
    assert trust.place.read_bytes() == b'{"entries":[],"version":2}'


def test_one_changed_bit_never_trusts_another_key(
    tmp_path_factory: pytest.TempPathFactory, people: dict[str, bytes]
) -> None:
    trust = TrustList(tmp_path_factory.mktemp("flips"))
    shown = add(trust, people["ada"])
    whole = trust.place.read_bytes()

    @given(at=st.integers(0, len(whole) - 1), bit=st.integers(0, 7))
    @settings(max_examples=200, deadline=None)
    def flipped(at: int, bit: int) -> None:
        data = bytearray(whole)
        data[at] ^= 1 << bit
        trust.place.write_bytes(data)
        try:
            found = trust.entries()
        except CodedError:
            return
        assert [one.fingerprint for one in found] == [shown]

    flipped()


def test_a_write_that_fails_leaves_the_old_list(
    trust: TrustList, people: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(trust, people["ada"])
    before = trust.place.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(TrustPlaceError, match="No space"):
            add(trust, people["grace"])
    assert trust.place.read_bytes() == before
    add(trust, people["grace"])


def test_a_place_that_is_no_folder_is_said(tmp_path: Path, people: dict[str, bytes]) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TrustPlaceError):
        add(TrustList(tmp_path / "file"), people["ada"])


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out by the folder's access list")
def test_only_the_owner_can_read_or_write_it(trust: TrustList, people: dict[str, bytes]) -> None:
    add(trust, people["ada"])
    assert trust.place.name == FILE
    assert {stat.S_IMODE(place.stat().st_mode) for place in trust.folder.iterdir()} == {0o600}


ADD = """
import sys
from pathlib import Path
from ppdesk.core.clock import TestClock
from ppdesk.identity.trust import TrustList
TrustList(Path(sys.argv[1])).add(sys.argv[2].encode(), compared=sys.argv[3], by="me", clock=TestClock())
"""


def test_two_windows_that_add_at_once_lose_nothing(trust: TrustList, people: dict[str, bytes]) -> None:
    windows = [
        subprocess.Popen([sys.executable, "-c", ADD, str(trust.folder), pem.decode(), fingerprint(pem)])
        for pem in people.values()
    ]
    assert [window.wait() for window in windows] == [0] * len(people)
    assert {one.fingerprint for one in trust.entries()} == {fingerprint(pem) for pem in people.values()}


@given(st.text())
def test_only_whole_fingerprints_are_read(typed: str) -> None:
    with pytest.raises(UnreadableFingerprintError):
        read_fingerprint(typed[:50])
