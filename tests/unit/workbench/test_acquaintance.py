"""The list of trusted signers beside a verdict: an older one put back is found by what a project has seen."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import parse
from ppdesk.core.mode import Mode
from ppdesk.identity.errors import TrustListRolledBackError
from ppdesk.identity.trust import TrustList
from ppdesk.policy.machine import NO_POLICY
from ppdesk.workbench.evidence.acquaintance import known_signers
from ppdesk.workbench.home import signer_entropy, trust_folder
from ppdesk.workbench.keys.signers import new_signer

MODE = Mode(5)


def trusting(home: Path, *names: str) -> TrustList:
    trust = TrustList(trust_folder(home, MODE))
    for name in names:
        made = new_signer(home, MODE, name, "x")
        trust.add(made.certificate_pem, compared=made.fingerprint, by="me", clock=MODE.clock())
    return trust


def verdict(head: Any, actor: str = "Ada") -> Any:
    facts = {"trust_list": head["list"], "trust_entries": head["entries"], "trust_head": head["hash"]}
    return SimpleNamespace(kind="verify", outcome="ok", actor=actor, facts=facts)


def told(home: Path, events: Any = ()) -> Any:
    made = known_signers(home, MODE, NO_POLICY, actor="Ada", events=events)
    assert made.kind is Kind.TRUST
    return {**made.head, **parse(made.data("trust"))}


def test_the_list_is_laid_down_with_its_head(tmp_path: Path) -> None:
    assert signer_entropy(MODE, "Ada")
    assert told(tmp_path)["entries"] == 0
    trust = trusting(tmp_path, "Bob", "Eve")
    trust.remove(trust.entries()[1].fingerprint, by="me", clock=MODE.clock())
    found = told(tmp_path)
    assert (found["entries"], found["hash"]) == trust.head()
    assert [one["name"] for one in found["trusted"]] == ["Bob"]
    assert len(found["withdrawn"]) == 1
    assert not found["other_list"]


def test_a_list_that_was_put_back_is_refused(tmp_path: Path) -> None:
    trust = trusting(tmp_path, "Bob")
    older = trust.place.read_bytes()
    trust.remove(trust.entries()[0].fingerprint, by="me", clock=MODE.clock())
    seen = [verdict(told(tmp_path))]
    assert told(tmp_path, seen)
    trust.place.write_bytes(older)
    with pytest.raises(TrustListRolledBackError):
        told(tmp_path, seen)


def test_another_persons_list_is_none_of_mine_and_a_new_one_of_mine_is_remarked(tmp_path: Path) -> None:
    trusting(tmp_path / "hers", "Bob")
    hers = told(tmp_path / "hers")
    trusting(tmp_path / "mine", "Eve")
    assert not told(tmp_path / "mine", [verdict(hers, actor="Somebody else")])["other_list"]
    assert told(tmp_path / "mine", [verdict(hers)])["other_list"]
    assert told(tmp_path / "empty", [verdict(hers)])["other_list"]
