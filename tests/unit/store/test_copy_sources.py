"""The hash of a source file can be left closed; the file's name is a parameter and stands in the clear."""

from pathlib import Path

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
from ppdesk.store.redaction import survey

HASH = "ab" * 32


def test_a_closed_source_closes_its_hash_everywhere_and_refuses_nothing(tmp_path: Path) -> None:
    project = ProjectFile.create(
        tmp_path / "p.ppdesk", "p", project_id="id-1", created="2026-01-01T00:00:00.000Z",
        entropy=TestEntropy(1), kdf=KdfProfile.TEST,
    )  # fmt: skip
    draft = EventDraft(
        time="t", actor="Ada", kind="import", code="c", outcome="ok", params={"table": "a.csv"},
        facts={"sha256": HASH, "rows": 2}, sources={"table": {"name": "a.csv", "sha256": HASH}},
    )  # fmt: skip
    table = Artifact(Kind.TABLE, {"sha256": HASH}, (Part("note", b"{}"),))
    project.append(draft, [table], entropy=TestEntropy(2))
    with project.looking() as connection:
        found = survey(connection, ["*.sources"])
    assert (found.unknown, found.clear) == ((), ())
    assert found.redacted == ("1:facts.sha256", "1:sources.table")
    assert [part.why for part in found.parts] == ["redacted"]
