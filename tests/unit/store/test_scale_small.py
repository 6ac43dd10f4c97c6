"""The small form of tests/benchmarks/store_scale.py: what must not grow with the history, and what may."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event as listening

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store import integrity
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile

Draft = Callable[..., EventDraft]
EVENTS = 200


def statements(project: ProjectFile, draft: EventDraft) -> int:
    """How many an append takes."""
    seen: list[str] = []

    def count(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    listening.listen(project._engine, "before_cursor_execute", count)
    project.append(draft, entropy=TestEntropy(1))
    listening.remove(project._engine, "before_cursor_execute", count)
    return len(seen)


def test_an_append_costs_the_same_and_opening_and_verifying_are_quick(path: Path, draft: Draft) -> None:
    from ppdesk.store.kdf import KdfProfile

    with ProjectFile.create(
        path, "p", project_id="i", created="c", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ) as project:
        early = statements(project, draft())
        for _ in range(EVENTS):
            project.append(draft(), entropy=TestEntropy(1))
        assert statements(project, draft()) == early
    start = time.process_time()
    with ProjectFile.open(path, "p", read_only=True) as project:
        assert len(project.events()) == EVENTS + 2
        assert project.verify_chain() == []
    assert time.process_time() - start < 2  # 11.5 s are allowed for 10,000 events


def test_a_part_of_many_chunks_is_checked_in_stretches(
    project: ProjectFile, draft: Draft, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "_STRETCH", 4)
    size = 4 * 1024 * 1024
    chunks = integrity._STRETCH + integrity._TASK + 1
    data = SystemEntropy().take(1000) + bytes(chunks * size - 1500)
    part, empty = Part("b", data), Part("e", b"")
    before = project.inspect()
    made = project.append(draft(), [Artifact(Kind.TABLE, {}, (part, empty))], entropy=TestEntropy(1))
    seen = project.inspect()
    assert seen.findings == ()
    assert seen.artifacts == before.artifacts + 1
    assert 0 <= seen.chunks - chunks <= 1  # and the salt of the artifact
    assert 0 <= seen.bytes - len(data) <= 64
    assert seen.pages * 4096 == path.stat().st_size
    with project._engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER chunk_no_update")
        last = f"number = {chunks - 1} AND length(data) > 64"
        connection.exec_driver_sql(f"UPDATE chunk SET data = zeroblob(7) WHERE {last}")  # noqa: S608
    titles = [finding.title for finding in project.check()]
    assert f"Artifact {made.outputs[Kind.TABLE][:12]} is not what was stored" in titles
