"""The passphrase of an auditor's copy is a new one, and policy judges it like any other."""

from dataclasses import replace
from pathlib import Path

import pytest

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
from ppdesk.policy.errors import WeakPassphraseError
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.workbench.errors import NoCopyPassphraseError
from ppdesk.workbench.session import Session

MODE = Mode(23)
OURS = "unlikely granite cathedral otter"


def strict() -> Policy:
    rules = type(NO_POLICY.rules).model_validate(
        {
            "format": "ppdesk-policy-1",
            "title": "Test",
            "passphrases": {"least_characters": 12, "least_score": 3},
        },
        context={"steps": set()},
    )
    return replace(NO_POLICY, rules=rules, place="a test", sha256="00" * 32)


def test_a_weak_or_missing_one_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    signer = create_signer(tmp_path / "s", "Ada", "a horse", entropy=MODE.entropy("s"), clock=MODE.clock())
    with Session.create(
        tmp_path / "p.ppdesk", OURS, mode=MODE, home=tmp_path / "home", actor="Ada", policy=strict()
    ) as session:
        session.set_signer(signer)
        before = len(session.events())
        for secret in ("short", "passwordpassword"):
            with pytest.raises(WeakPassphraseError):
                session.run("handover", {"to": "a-audit.ppdesk"}, secret=secret)
        for none in (None, "", OURS):
            with pytest.raises(NoCopyPassphraseError):
                session.run("handover", {"to": "a-audit.ppdesk"}, secret=none)
        assert len(session.events()) == before
    assert not (tmp_path / "a-audit.ppdesk").exists()
