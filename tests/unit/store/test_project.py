"""A project file holds what was put into it, adds at constant cost, and leaves nothing beside it."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import event as listening
from sqlalchemy import text

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.findings import Finding, Level
from ppdesk.store.errors import (
    AppendOnlyError,
    ClosedProjectError,
    ReadOnlyProjectError,
    UnknownArtifactError,
    UnknownEventError,
    UnwritableRecordError,
    WeakKeyError,
)
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

Draft = Callable[..., EventDraft]
PASSPHRASE = "correct horse"
TABLE = Artifact(
    Kind.TABLE,
    {"rows": 3, "columns": ["name"]},
    (Part("rows", pa.table({"name": ["Änne", None, "x"]}), personal=True), Part("note", b"bytes")),
)


def test_an_event_comes_back_as_it_was_recorded(project: ProjectFile, path: Path, draft: Draft) -> None:
    recorded = project.append(
        draft(
            4,
            findings=(Finding(Level.CAUTION, "Few rows", "3 of 5", "rows", "PP-X"),),
            sources={"table": {"name": "adult.csv", "sha256": "ab"}},
            inputs={Kind.STANDARD: "00ff"},
            cost={"kind": "none"},
            refers=None,
            stamp="not private",
        ),
        [TABLE],
        entropy=TestEntropy(1),
    )
    project.close()
    with ProjectFile.open(path, PASSPHRASE) as again:
        assert again.events() == [recorded]
        assert again.event(1) == recorded
    assert recorded.seq == 1
    assert recorded.params == {"k": 4, "note": "words 4"}
    assert recorded.free == {"note": "words 4"}
    assert recorded.facts == {"rows": 40, "risk": 0.2}
    assert recorded.findings[0].code == "PP-X"
    assert recorded.sources == {"table": {"name": "adult.csv", "sha256": "ab"}}
    assert recorded.redacted == ()


def test_an_artifact_comes_back_as_it_was_stored(project: ProjectFile, draft: Draft) -> None:
    digest = project.append(draft(), [TABLE], entropy=TestEntropy(1)).outputs[Kind.TABLE]
    found = project.artifact(digest)
    assert found.table("rows").equals(TABLE.table("rows"))
    assert found.data("note") == b"bytes"
    assert [part.personal for part in found.parts] == [True, False]
    assert project.artifact_head(digest) == (Kind.TABLE, {"rows": 3, "columns": ["name"]})


def test_the_same_artifact_is_stored_once(project: ProjectFile, path: Path, draft: Draft) -> None:
    big = Artifact(Kind.TABLE, {}, (Part("b", SystemEntropy().take(1_000_000)),))
    first = project.append(draft(1), [big], entropy=TestEntropy(1))
    size = path.stat().st_size
    second = project.append(draft(2), [big], entropy=TestEntropy(2))
    assert first.outputs == second.outputs
    assert path.stat().st_size - size < 100_000


def test_what_the_file_says_about_itself_survives(closed: Path) -> None:
    with ProjectFile.open(closed, PASSPHRASE) as found:
        assert found.project_id == "11111111-2222-3333-4444-555555555555"
        assert found.created == "2026-01-01T00:00:00.000Z"
        assert found.schema_version == 1
        assert found.kdf is KdfProfile.TEST
        assert found.head()[0] == 3
        assert found.hash_at(3) == found.head()[1]
        assert found.hash_at(0) == found.event(1).prev


def test_a_new_file_is_its_owners_and_begins_with_its_profile(closed: Path) -> None:
    assert closed.read_bytes()[0] == KdfProfile.TEST.mark
    assert stat.S_IMODE(closed.stat().st_mode) == 0o600


def test_closing_leaves_one_file_and_nothing_else(closed: Path) -> None:
    assert [place.name for place in closed.parent.iterdir()] == [closed.name]
    with ProjectFile.open(closed, PASSPHRASE, read_only=True) as found:
        found.events()
        assert [place.name for place in closed.parent.iterdir()] == [closed.name]


def test_reading_does_not_change_the_file(closed: Path) -> None:
    before = closed.read_bytes()
    for read_only in (True, False):
        with ProjectFile.open(closed, PASSPHRASE, read_only=read_only) as found:
            assert found.events()
            assert found.check() == []
            assert found.verify_chain() == []
    assert closed.read_bytes() == before


def test_nothing_of_the_content_can_be_read_without_the_key(
    project: ProjectFile, path: Path, draft: Draft
) -> None:
    project.append(draft(1, free={"note": "canary-canary"}), [TABLE], entropy=TestEntropy(1))
    project.close()
    assert b"canary" not in path.read_bytes()
    assert b"SQLite" not in path.read_bytes()


def test_the_test_mode_gives_the_same_chain(tmp_path: Path, draft: Draft) -> None:
    heads = []
    for name in ("a", "b"):
        with ProjectFile.create(
            tmp_path / name,
            PASSPHRASE,
            project_id="id",
            created="now",
            entropy=TestEntropy(1),
            kdf=KdfProfile.TEST,
        ) as made:
            entropy = TestEntropy(7)
            for number in range(3):
                made.append(draft(number), [TABLE], entropy=entropy)
            heads.append(made.head())
    assert heads[0] == heads[1]


def test_outside_the_test_mode_the_chain_differs(project: ProjectFile, tmp_path: Path, draft: Draft) -> None:
    first = project.append(draft(), entropy=SystemEntropy())
    with ProjectFile.create(
        tmp_path / "b", PASSPHRASE, project_id=project.project_id, created=project.created,
        entropy=TestEntropy(1), kdf=KdfProfile.TEST,
    ) as other:  # fmt: skip
        assert other.append(draft(), entropy=SystemEntropy()).hash != first.hash


def test_the_quick_key_derivation_is_for_the_test_mode(tmp_path: Path) -> None:
    with pytest.raises(WeakKeyError):
        ProjectFile.create(
            tmp_path / "a", "p", project_id="i", created="c", entropy=SystemEntropy(), kdf=KdfProfile.TEST
        )
    assert list(tmp_path.iterdir()) == []


def test_the_standard_profile_opens_again(tmp_path: Path) -> None:
    place = tmp_path / "a"
    ProjectFile.create(place, "p", project_id="i", created="c", entropy=SystemEntropy()).close()
    assert place.read_bytes()[0] == KdfProfile.STANDARD.mark
    with ProjectFile.open(place, "p") as found:
        assert found.kdf is KdfProfile.STANDARD


def test_a_read_only_project_takes_nothing(closed: Path, draft: Draft) -> None:
    with ProjectFile.open(closed, PASSPHRASE, read_only=True) as found, pytest.raises(ReadOnlyProjectError):
        found.append(draft(), entropy=TestEntropy(1))


def test_a_closed_project_says_so(project: ProjectFile, draft: Draft) -> None:
    project.close()
    project.close()
    for use in (
        project.events,
        project.head,
        project.check,
        lambda: project.append(draft(), entropy=TestEntropy(1)),
    ):
        with pytest.raises(ClosedProjectError):
            use()


def test_what_is_not_there_is_named(project: ProjectFile) -> None:
    with pytest.raises(UnknownEventError, match="1"):
        project.event(1)
    with pytest.raises(UnknownArtifactError, match="abc"):
        project.artifact("abc")
    with pytest.raises(UnknownArtifactError):
        project.artifact_head("abc")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, "\ud800"])
def test_what_json_cannot_say_is_refused_whole(project: ProjectFile, draft: Draft, value: object) -> None:
    for where in ("params", "facts"):
        with pytest.raises(UnwritableRecordError):
            project.append(draft(1, **{where: {"x": value}}), [TABLE], entropy=TestEntropy(1))
    assert project.events() == []


def test_a_parameter_is_either_plain_or_free(draft: Draft) -> None:
    with pytest.raises(ValueError, match="note"):
        draft(1, params={"note": 1}, free={"note": 1})


def test_one_artifact_of_a_kind_per_event(project: ProjectFile, draft: Draft) -> None:
    with pytest.raises(ValueError, match="one artifact"):
        project.append(draft(), [TABLE, TABLE], entropy=TestEntropy(1))


def test_threads_take_turns(project: ProjectFile, draft: Draft) -> None:
    def work(root: int) -> None:
        for number in range(5):
            project.append(draft(number), entropy=TestEntropy(root))

    threads = [threading.Thread(target=work, args=(root,)) for root in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in project.events()] == list(range(1, 21))
    assert project.verify_chain() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET hash = 'x' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 3",
        "INSERT INTO event (seq, content, hash) VALUES (9, '{}', 'x')",
        "INSERT INTO event (seq, content, hash) VALUES (4, '{\"prev\":\"x\"}', 'x')",
        "INSERT OR REPLACE INTO event (seq, content, hash) VALUES (3, '{}', 'x')",
        "DELETE FROM opening",
        "UPDATE opening SET value = '1'",
        "INSERT OR REPLACE INTO opening SELECT seq, field, salt, '1' FROM opening",
        "DELETE FROM meta",
        "UPDATE meta SET value = 'x' WHERE name = 'project_id'",
    ],
)
def test_the_database_itself_refuses_changes(closed: Path, statement: str) -> None:
    from ppdesk.store.connection import coded

    with ProjectFile.open(closed, PASSPHRASE) as found:
        before = found.events()
        with pytest.raises(AppendOnlyError), coded(closed), found._engine.begin() as connection:
            connection.execute(text(statement))
        assert found.events() == before
        assert found.check() == []


def test_adding_searches_by_key_and_never_walks_a_table(project: ProjectFile, draft: Draft) -> None:
    project.append(draft(), [TABLE], entropy=TestEntropy(1))
    statements: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    listening.listen(project._engine, "before_cursor_execute", note)
    project.append(draft(2), [TABLE], entropy=TestEntropy(2))
    listening.remove(project._engine, "before_cursor_execute", note)
    plans = []
    with project._engine.begin() as connection:
        for statement, parameters in statements:
            if statement.startswith(("SELECT", "INSERT")):
                one = parameters[0] if isinstance(parameters, list) else parameters
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
                plans += [str(row[-1]) for row in rows]
    assert any("SEARCH event" in plan for plan in plans)
    assert [plan for plan in plans if "SCAN" in plan and "CONSTANT" not in plan] == []
