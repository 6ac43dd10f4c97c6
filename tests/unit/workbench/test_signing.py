"""When the history is signed, when it is not, and that a signature that fails costs nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.clock import TestClock
from ppdesk.identity.errors import TokenAbsentError
from ppdesk.identity.signer import Signer
from ppdesk.workbench.evidence.errors import (
    NobodySignsError,
    SignerNotAdmittedError,
    SignerRequiredError,
)


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    from ppdesk_fakes.evidence import Scene

    return Scene(tmp_path)


@pytest.fixture
def ada(tmp_path: Path) -> Signer:
    from ppdesk_fakes.evidence import key_of

    return key_of(tmp_path, "Ada")


def kinds(scene: Any) -> list[str]:
    return [event.kind for event in scene.events()]


def test_a_close_signs_what_was_added_and_nothing_twice(scene: Any, ada: Signer) -> None:
    with scene.opened(ada) as session:
        assert session.info()["unsigned"] == ""
        session.run("fake", {})
        assert session.info()["unsigned"] == "Event 1 is not yet signed"
    assert kinds(scene) == ["fake", "person", "signature"]
    session.close()
    with scene.opened(ada):
        pass
    assert kinds(scene) == ["fake", "person", "signature"], "who only looked signs nothing"
    assert scene.events()[-1].plain["why"] == "close"


def test_without_a_signer_nothing_is_signed_and_everything_says_so(scene: Any, ada: Signer) -> None:
    with scene.opened() as session:
        session.run("fake", {})
        session.run("fake", {})
        with pytest.raises(NobodySignsError):
            session.sign_head()
    with scene.opened(read_only=True) as session:
        assert session.info()["unsigned"] == "Events 1 to 2 are not yet signed"
        found = session.verify_history()
    assert (found.holds, found.unsigned, found.signed_up_to) == (True, (1, 2), 0)
    assert "Nobody has signed it yet" in found.words
    with scene.opened(ada) as session:
        assert session.sign_head().plain["why"] == "asked"
        assert session.unsigned() == []
    assert kinds(scene) == ["fake", "fake", "person", "signature"]


def test_what_was_signed_in_between_is_not_signed_again_at_the_close(scene: Any, ada: Signer) -> None:
    with scene.opened(ada) as session:
        session.run("fake", {})
        session.sign_head("report")
    assert kinds(scene) == ["fake", "person", "signature"]
    assert scene.events()[-1].plain["why"] == "report"


class Gone:
    """A card that was pulled out after the work."""

    def __init__(self, signer: Signer, error: Exception) -> None:
        self._signer, self._error = signer, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._signer, name)

    def sign(self, data: bytes) -> bytes:
        raise self._error


@pytest.mark.parametrize("error", [TokenAbsentError(token="card"), RuntimeError("slot 3")])
def test_a_key_that_is_gone_does_not_keep_the_file_open(scene: Any, ada: Signer, error: Exception) -> None:
    with scene.opened() as session:
        session._runner.signer = Gone(ada, error)
        session.run("fake", {})
    assert session.not_signed is not None
    assert session.not_signed.error_code == "PP-WORKBENCH-040"
    assert "slot 3" not in session.not_signed.message
    assert kinds(scene)[0] == "fake"
    with scene.opened(ada) as session:
        session.run("fake", {})
    assert session.not_signed is None


def test_a_clock_set_back_is_said_on_the_event_and_at_opening(scene: Any, ada: Signer) -> None:
    with scene.opened(ada) as session:
        session.run("fake", {})
        session._chronicle.clock = TestClock(datetime(2031, 1, 1, tzinfo=UTC))
        session.run("fake", {})
        session._chronicle.clock = TestClock(datetime(2026, 1, 2, tzinfo=UTC))
        for _ in range(2):
            event = session.run("fake", {}).event
            assert "PP-WORKBENCH-101" in [finding.code for finding in event.findings]
        found = session.verify_history()
        assert [one.field for one in found.findings if one.code == "PP-WORKBENCH-102"] == ["event 3"]
        assert found.holds, "the order stands"
        assert any(one.code == "PP-WORKBENCH-102" for one in session.integrity())
        assert session._chronicle.set_back()


def test_two_seconds_are_no_remark(scene: Any) -> None:
    from ppdesk.workbench.clocks import set_back

    later = "2026-01-01T00:00:02.000Z"
    assert set_back("2026-01-01T00:00:00.000Z", later) == []
    assert set_back("2025-12-31T23:59:59.999Z", later) != []
    assert set_back("no time", later) == [] == set_back(later, "")


def test_policy_decides_which_keys_work(tmp_path: Path, ada: Signer) -> None:
    from ppdesk_fakes.evidence import Scene, key_of, wanting

    bea = key_of(tmp_path, "Bea")
    named = [{"name": "Bea", "fingerprint": bea.fingerprint, "roles": ["analyst"]}]
    scene = Scene(tmp_path, policy=wanting(people=named, only_trusted=True, required=True))
    with scene.opened(bea) as session:
        with pytest.raises(SignerNotAdmittedError):
            session.set_signer(ada)
        session.set_signer(None)
        with pytest.raises(SignerRequiredError):
            session.run("fake", {})
        with pytest.raises(SignerRequiredError):
            session.compact()
        with pytest.raises(SignerRequiredError):
            session.change_passphrase("correct horse", "battery staple")
        assert [event.kind for event in session.events()] == ["policy"]
    cards = replace(scene, policy=wanting(kinds=["pkcs11"]))
    with pytest.raises(SignerNotAdmittedError):
        cards.opened(bea)


def test_an_expired_certificate_signs_nothing_that_counts(scene: Any, tmp_path: Path) -> None:
    from ppdesk_fakes.evidence import key_of

    old = key_of(tmp_path, "Old", since=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=900))
    with scene.opened(old) as session:
        session.run("fake", {})
        session.sign_head()
        found = session.verify_history()
    assert [head.counts for head in found.heads] == [False]
    assert found.heads[0].fits
    assert found.signed_up_to == 0
    assert "PP-WORKBENCH-104" in [finding.code for finding in found.findings]


def test_the_trust_list_is_asked_about_each_key(
    scene: Any, ada: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ppdesk.core.mode import Mode
    from ppdesk.identity.trust import TrustList
    from ppdesk.workbench.home import trust_folder

    with scene.opened(ada) as session:
        session.run("fake", {})
    trust = TrustList(trust_folder(scene.home, Mode(1)))
    trust.add(ada.certificate_pem, compared=ada.fingerprint, by="me", clock=TestClock())
    with scene.opened(read_only=True) as session:
        assert [head.standing for head in session.verify_history().heads] == ["trusted"]
    trust.remove(ada.fingerprint, by="me", clock=TestClock())
    with scene.opened(read_only=True) as session:
        found = session.verify_history()
    assert [head.standing for head in found.heads] == ["withdrawn"]
    assert "PP-WORKBENCH-105" in [finding.code for finding in found.findings]
