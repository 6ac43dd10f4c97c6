"""Before a migration a backup; after one that failed, the file as it was."""

from pathlib import Path
from types import ModuleType

import pytest
from alembic import op

from ppdesk.store import access, migrations
from ppdesk.store.errors import DiskFullError, MigrationFailedError, NewerVersionError
from ppdesk.store.project import ProjectFile
from ppdesk.store.schema import NEWEST

PASSPHRASE = "correct horse"


def newer(patch: pytest.MonkeyPatch, *statements: str) -> None:
    """Make this the next version of the program, whose migration runs `statements`."""
    module = ModuleType("next")
    module.__file__ = "next"

    def steps() -> None:
        for statement in statements:
            op.execute(statement)

    vars(module).update(
        revision="0002", down_revision=NEWEST, branch_labels=None, depends_on=None, upgrade=steps
    )
    patch.setattr(migrations, "MODULES", (*migrations.MODULES, module))
    patch.setattr(access, "REVISIONS", (*access.REVISIONS, "0002"))
    patch.setattr(access, "NEWEST", "0002")


def names(path: Path) -> list[str]:
    return sorted(place.name for place in path.parent.iterdir())


def test_a_backup_of_the_old_schema_lies_beside_the_migrated_file(closed: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        newer(patch, "CREATE TABLE extra (a)")
        with ProjectFile.open(closed, PASSPHRASE) as project:
            assert project.schema_version == 2
            events = project.events()
        ProjectFile.open(closed, PASSPHRASE).close()  # the second time there is nothing to do
    backup = closed.with_name(f"{closed.stem}.schema-{NEWEST}{closed.suffix}")
    assert names(closed) == sorted([closed.name, backup.name])
    with ProjectFile.open(backup, PASSPHRASE) as project:
        assert project.schema_version == 1
        assert project.events() == events
        assert project.check() == []
    with pytest.raises(NewerVersionError):
        ProjectFile.open(closed, PASSPHRASE)


def test_an_earlier_backup_is_not_replaced(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = closed.with_name(f"{closed.stem}.schema-{NEWEST}{closed.suffix}")
    earlier.write_bytes(b"mine")
    newer(monkeypatch, "CREATE TABLE extra (a)")
    ProjectFile.open(closed, PASSPHRASE).close()
    assert earlier.read_bytes() == b"mine"
    assert f"{closed.stem}.schema-{NEWEST}-2{closed.suffix}" in names(closed)


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE extra (a)", "SELECT * FROM nowhere"),
        ("DROP TRIGGER event_no_delete", "DELETE FROM event WHERE seq = 3"),
        ("DROP TRIGGER opening_no_update", "UPDATE opening SET value = '1'"),
        ("DROP TABLE opening",),
        ("DROP TRIGGER meta_no_update", "UPDATE meta SET value = 'x' WHERE name = 'project_id'"),
    ],
)
def test_a_migration_that_fails_or_harms_is_undone(closed: Path, statements: tuple[str, ...]) -> None:
    with ProjectFile.open(closed, PASSPHRASE) as project:
        before = project.events()
    with pytest.MonkeyPatch.context() as patch:
        newer(patch, *statements)
        with pytest.raises(MigrationFailedError, match=f"from schema {NEWEST}"):
            ProjectFile.open(closed, PASSPHRASE)
    assert names(closed) == [closed.name]
    with ProjectFile.open(closed, PASSPHRASE) as project:
        assert project.events() == before
        assert project.check() == []


def test_a_read_only_opening_migrates_nothing(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer(monkeypatch, "CREATE TABLE extra (a)")
    before = closed.read_bytes()
    with ProjectFile.open(closed, PASSPHRASE, read_only=True) as project:
        assert project.schema_version == 1
    assert closed.read_bytes() == before
    assert names(closed) == [closed.name]


def test_without_room_for_the_backup_nothing_begins(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    newer(monkeypatch, "CREATE TABLE extra (a)")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    before = closed.read_bytes()
    with pytest.raises(DiskFullError):
        ProjectFile.open(closed, PASSPHRASE)
    assert closed.read_bytes() == before
    assert names(closed) == [closed.name]
