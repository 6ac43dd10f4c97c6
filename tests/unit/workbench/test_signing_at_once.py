"""A report and an auditor's copy leave the house: the history is signed at once, not at the close."""

from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import Signer, create_signer
from ppdesk.workbench.evidence.verdict import verify_file
from ppdesk.workbench.session import Session
from ppdesk.workbench.upkeep import check_file

MODE = Mode(21)
OURS, THEIRS = "ours to keep", "theirs to read"
OBJECTIVE = {"project": "A study", "use_case": "research", "population": "Adults", "purpose": "To learn"}


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    folder = tmp_path_factory.mktemp("keys")
    return create_signer(folder, "Ada", "a horse", entropy=MODE.entropy("s"), clock=MODE.clock())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> tuple[Path, dict[str, list[str]]]:
    """(folder, kinds of events right after each run). The handover is the first that anybody signs."""
    folder = tmp_path_factory.mktemp("made")
    kinds: dict[str, list[str]] = {}
    with Session.create(folder / "p.ppdesk", OURS, mode=MODE, home=folder / "home", actor="Ada") as session:
        session.run("objective", OBJECTIVE)
        session.set_signer(signer)
        for key, values in (
            ("handover", {"to": "a-audit.ppdesk"}),
            ("report", {"to": "r.pdf", "title": "R"}),
        ):
            before = len(session.events())
            session.run(key, values, secret=THEIRS)
            kinds[key] = [event.kind for event in session.events()[before:]]
            assert session.unsigned() == []
    return folder, kinds


def test_each_is_signed_at_once(made: tuple[Path, dict[str, list[str]]]) -> None:
    folder, kinds = made
    assert kinds["handover"][-2:] == ["handover", "signature"]
    assert kinds["report"] == ["report", "signature"]
    with Session.open(folder / "p.ppdesk", OURS, mode=MODE, home=folder / "home", actor="Ada") as session:
        said: list[Any] = [event.plain.get("why") for event in session.events() if event.kind == "signature"]
        assert said == ["handover", "report"], "nothing was left to sign at the close"


def test_a_copy_whose_maker_had_never_signed_opens_and_is_signed(
    made: tuple[Path, dict[str, list[str]]], tmp_path: Path, signer: Signer
) -> None:
    copy = made[0] / "a-audit.ppdesk"
    with Session.open(copy, THEIRS, mode=MODE, home=tmp_path, actor="Bo") as session:
        assert [person.name for person in session.people()] == ["Ada"]
        assert session.unsigned() == []
    verdict = verify_file(copy, THEIRS, home=tmp_path)
    assert verdict.holds
    assert {head.fingerprint for head in verdict.heads} == {signer.fingerprint}
    assert all(finding.level.value == "info" for finding in verdict.findings)
    assert any("sealed by Ada" in finding.title for finding in verdict.findings)
    assert check_file(copy, THEIRS, home=tmp_path).holds
    assert [one.name for one in tmp_path.iterdir()] == []
