"""Who is who: the first who signs, then whoever somebody on record adds."""

from pathlib import Path
from typing import Any

import pytest

from ppdesk.identity.errors import FingerprintDiffersError, UnreadableCertificateError
from ppdesk.identity.signer import Signer
from ppdesk.workbench.evidence.errors import (
    AlreadyHasRoleError,
    FixedByPolicyError,
    LastPersonError,
    NobodyOfThatKeyError,
    NotOnRecordError,
)


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Signer]:
    from ppdesk_fakes.evidence import key_of

    return {name: key_of(tmp_path, name) for name in ("Ada", "Bea", "Carl")}


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    from ppdesk_fakes.evidence import Scene

    return Scene(tmp_path)


def told(session: Any) -> list[tuple[str, str, str]]:
    return [(one.name, one.role, one.by) for one in session.people()]


def test_the_first_who_signs_is_an_analyst_and_others_are_added(scene: Any, keys: dict[str, Signer]) -> None:
    ada, bea, carl = keys.values()
    with scene.opened(ada) as session:
        assert told(session) == []
        session.add_person(bea.certificate_pem, "reviewer", bea.fingerprint.lower().replace(" ", ":"))
        assert told(session) == [("Ada", "analyst", "Ada"), ("Bea", "reviewer", "Ada")]
        with pytest.raises(AlreadyHasRoleError):
            session.add_person(bea.certificate_pem, "reviewer", bea.fingerprint)
    with scene.opened(carl) as session:
        with pytest.raises(NotOnRecordError):
            session.add_person(carl.certificate_pem, "reviewer", carl.fingerprint)
        session.sign_head()  # signing alone gives a second person no role
        assert len(told(session)) == 2
    with scene.opened(bea) as session:
        session.add_person(carl.certificate_pem, "auditor", carl.fingerprint)
        assert told(session)[-1] == ("Carl", "auditor", "Bea")


def test_the_certificate_must_be_the_one_that_was_told_of(scene: Any, keys: dict[str, Signer]) -> None:
    ada, bea, carl = keys.values()
    with scene.opened(ada) as session:
        with pytest.raises(FingerprintDiffersError):
            session.add_person(bea.certificate_pem, "reviewer", carl.fingerprint)
        with pytest.raises(UnreadableCertificateError):
            session.add_person(b"no certificate", "reviewer", carl.fingerprint)
        assert session.events() == []


def test_a_role_is_taken_again_but_not_the_last(scene: Any, keys: dict[str, Signer]) -> None:
    ada, bea, carl = keys.values()
    with scene.opened(ada) as session:
        for role in ("reviewer", "auditor"):
            session.add_person(bea.certificate_pem, role, bea.fingerprint)
        session.remove_person(bea.fingerprint, "auditor")
        assert told(session) == [("Ada", "analyst", "Ada"), ("Bea", "reviewer", "Ada")]
        with pytest.raises(NobodyOfThatKeyError):
            session.remove_person(carl.fingerprint)
        session.remove_person(bea.fingerprint)
        with pytest.raises(LastPersonError):
            session.remove_person(ada.fingerprint)
        assert told(session) == [("Ada", "analyst", "Ada")]


def test_policy_says_who_its_people_are(scene: Any, keys: dict[str, Signer]) -> None:
    from dataclasses import replace

    from ppdesk_fakes.evidence import wanting

    ada, bea, carl = keys.values()
    with scene.opened(ada) as session:
        session.add_person(bea.certificate_pem, "reviewer", bea.fingerprint)
    named = [{"name": " BEA", "fingerprint": carl.fingerprint, "roles": ["auditor"]}]
    fixed = replace(scene, policy=wanting(people=named))
    with fixed.opened(ada) as session:
        assert told(session) == [(" BEA", "auditor", "policy"), ("Ada", "analyst", "Ada")]
        for one in (bea, carl):
            with pytest.raises(FixedByPolicyError):
                session.add_person(one.certificate_pem, "analyst", one.fingerprint)


def test_a_role_put_in_without_a_key_on_record_changes_nothing(scene: Any, keys: dict[str, Signer]) -> None:
    ada, bea, _ = keys.values()
    with scene.opened(ada) as session:
        session.run("fake", {})
    said = {
        "act": "add",
        "name": "Bea",
        "role": "reviewer",
        "fingerprint": bea.fingerprint,
        "person": bea.certificate_pem.decode(),
    }
    scene.forged("person", said)
    scene.said("person", bea, said)
    scene.said("person", ada, {**said, "name": "Somebody else"})
    scene.said("person", ada, {**said, "role": "king"})
    scene.said("person", ada, {**said, "person": "nobody"})
    with scene.opened(read_only=True) as session:
        assert told(session) == [("Ada", "analyst", "Ada")]
        assert not session.verify_history().holds, "the one that nobody signed is named"
