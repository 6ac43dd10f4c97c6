"""A project of every schema that was ever released opens for ever, and says what it said."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.store.migrate import backup_place
from ppdesk.store.project import ProjectFile
from ppdesk.store.schema import NEWEST, REVISIONS

FOLDER = Path(__file__).parents[2] / "data" / "projects"
MICRODATA = {Kind.TABLE, Kind.RELEASE}


def told(schema: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((FOLDER / f"schema-{schema}.json").read_text(encoding="utf-8"))
    return known


@pytest.fixture(params=REVISIONS)
def schema(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(schema: str, tmp_path: Path) -> Path:
    return Path(shutil.copy(FOLDER / f"schema-{schema}.ppdesk", tmp_path))


def says(project: ProjectFile, known: dict[str, Any]) -> None:
    assert (project.project_id, project.created) == (known["project_id"], known["created"])
    events = project.events()
    assert project.hash_at(known["head"]["seq"]) == known["head"]["hash"]
    for event, expected in zip(events, known["events"], strict=False):
        outputs = {kind.value: digest for kind, digest in event.outputs.items()}
        found = {"seq": event.seq, "kind": event.kind, "outcome": event.outcome, "hash": event.hash}
        assert {**found, "outputs": outputs} == expected
        assert event.redacted == ()
        assert event.params is not None
        for kind, digest in event.outputs.items():
            artifact = project.artifact(digest)
            assert artifact.kind is kind
            if kind in MICRODATA:
                assert artifact.table("rows").num_rows > 100
    assert len(events) >= len(known["events"])
    assert project.check() == []


def test_it_is_read_as_it_lies(path: Path, schema: str) -> None:
    before, known = path.read_bytes(), told(schema)
    with ProjectFile.open(path, known["passphrase"], read_only=True) as project:
        assert project.schema_version == int(schema)
        says(project, known)
    assert path.read_bytes() == before


def test_it_is_brought_up_to_date_and_worked_in(path: Path, schema: str) -> None:
    known = told(schema)
    with ProjectFile.open(path, known["passphrase"]) as project:
        assert project.schema_version == int(NEWEST)
        says(project, known)
    backup = backup_place(path, schema)
    assert (schema == NEWEST) is (backup.name == f"{path.stem}.schema-{schema}{path.suffix}")


def test_its_history_has_every_step_and_the_bookkeeping(schema: str) -> None:
    kinds = {event["kind"] for event in told(schema)["events"]}
    steps = {
        *("objective", "standard", "import", "roles", "anonymize", "train", "evaluate", "export"),
        *("deploy", "score", "monitor", "feedback", "report", "verify"),
    }
    assert steps <= kinds
    assert {"compact", "signature"} <= kinds
