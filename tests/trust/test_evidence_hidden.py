"""What somebody with the passphrase hides or adds, in a chain that still fits, is pointed out."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.identity.signer import Signer
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.evidence.approvals import Bound
from ppdesk.workbench.evidence.errors import ApprovalNeededError, RequestBrokenError
from ppdesk.workbench.evidence.verdict import verify_file
from ppdesk.workbench.upkeep import check_file

HARMLESS, HARMFUL = {"value": 1, "note": "the words"}, {"value": 99, "note": "the words"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Signer]:
    from ppdesk_fakes.evidence import key_of

    folder = tmp_path_factory.mktemp("keys")
    return {name: key_of(folder, name) for name in ("Ada", "Bea", "Mallory")}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, keys: dict[str, Signer]) -> Path:
    """Ada ran a step, made Bea a reviewer, asked for an approval, and signed."""
    made = _scene(tmp_path_factory.mktemp("begun"))
    with made.opened(keys["Ada"]) as session:
        session.run("standard", {"epsilon": 1.0})
        session.add_person(keys["Bea"].certificate_pem, "reviewer", keys["Bea"].fingerprint)
        session.request_approval("fake", HARMLESS)
    folder: Path = made.folder
    return folder


@pytest.fixture
def scene(tmp_path: Path, begun: Path) -> Any:
    shutil.copytree(begun, tmp_path / "scene")
    return _scene(tmp_path / "scene")


def _scene(folder: Path) -> Any:
    from ppdesk_fakes.evidence import Scene, wanting

    return Scene(folder, policy=wanting("fake"))


def below(scene: Any, edit: Callable[[Any], None]) -> None:
    """Edit the database below ppdesk; its triggers are put back, so that nothing else shows."""
    with ProjectFile.open(scene.path, "correct horse") as project, project._engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        edit(raw)
        for _, sql in guards:
            raw.execute(sql)


def told(scene: Any) -> tuple[str, str]:
    """What log --verify and check say; neither may say that all holds."""
    verdict = verify_file(scene.path, "correct horse", home=scene.home)
    checked = check_file(scene.path, "correct horse", home=scene.home)
    assert not verdict.holds
    assert not checked.holds
    return tuple(" | ".join(one.title for one in some.findings) for some in (verdict, checked))  # type: ignore[return-value]  # two of them


def test_what_is_honest_is_not_doubted(scene: Any) -> None:
    verdict = verify_file(scene.path, "correct horse", home=scene.home)
    assert (verdict.holds, [one.title for one in verdict.findings]) == (True, [])
    assert check_file(scene.path, "correct horse", home=scene.home).holds


def test_values_taken_out_of_a_project_are_missed(scene: Any) -> None:
    """Their commitments stand and the chain fits; only an auditor's copy may leave a value closed."""
    event = next(event for event in scene.events() if event.kind == "request")
    below(scene, lambda raw: raw.execute("DELETE FROM opening WHERE seq = ?", (event.seq,)))
    for words in told(scene):
        assert f"Event {event.seq} no longer shows params.nonce, params.values" in words


def test_a_request_that_hides_its_nonce_binds_nothing_but_what_it_shows(
    scene: Any, keys: dict[str, Signer]
) -> None:
    """Bea is shown harmless values; the plan is of harmful ones, under what a missing nonce reads as."""
    with ProjectFile.open(scene.path, "correct horse", read_only=True) as project:
        project_id = project.project_id
    honest = next(event for event in scene.events() if event.kind == "request")
    values = {**honest.free["values"], "value": HARMFUL["value"]}
    inputs = {kind.value: digest for kind, digest in honest.inputs.items()}
    plan = Bound(project_id, "fake", values, inputs, {}).digest("None")
    free = {"values": dict(honest.free["values"]), "nonce": "00"}
    said = {"step": "fake", "plan": plan}
    forged = scene.said("request", keys["Ada"], said, free=free, inputs=dict(honest.inputs))
    below(
        scene, lambda raw: raw.execute("DELETE FROM opening WHERE field = 'params.nonce' AND seq > ?", (4,))
    )
    with scene.opened(keys["Bea"]) as session:
        request = next(one for one in session.requests() if one.event == forged.seq)
        assert request.state == "broken"
        with pytest.raises(RequestBrokenError):
            session.approve(forged.seq)
    with scene.opened(keys["Ada"]) as session, pytest.raises(ApprovalNeededError):
        session.run("fake", HARMFUL)


def test_a_history_whose_signatures_do_not_fit_is_not_whole_for_check_either(scene: Any) -> None:
    scene.forged("signature", scene.events()[-1].plain)
    for words in told(scene):
        assert "The signature in event" in words


def test_a_role_that_somebody_without_one_gave_is_named(scene: Any, keys: dict[str, Signer]) -> None:
    mallory = keys["Mallory"]
    said = {
        "act": "add", "name": "Mallory", "role": "reviewer", "fingerprint": mallory.fingerprint,
        "person": mallory.certificate_pem.decode(),
    }  # fmt: skip
    event = scene.said("person", mallory, said)
    for words in told(scene):
        assert f"The person in event {event.seq} changes nothing" in words
    assert "Mallory" not in reported(scene, "People of the project")


def test_an_approval_by_who_asked_is_named(scene: Any, keys: dict[str, Signer]) -> None:
    request = next(event for event in scene.events() if event.kind == "request")
    said = {
        "request": request.seq, "request_hash": request.hash, "plan": request.plain["plan"],
        "decision": "approve",
    }  # fmt: skip
    event = scene.said("approval", keys["Ada"], said)
    for words in told(scene):
        assert f"The approval in event {event.seq} counts for nothing" in words
    assert "approved" not in reported(scene, "Approvals")


def reported(scene: Any, title: str) -> str:
    """What the report's chapter on people has under `title`."""
    from ppdesk.core.section import Table
    from ppdesk.workflow.reporting import who
    from ppdesk.workflow.reporting.told import read

    with scene.opened() as session:
        section = who.section(read(session.history()))
    return " ".join(str(one.rows) for one in section.blocks if isinstance(one, Table) and one.title == title)
