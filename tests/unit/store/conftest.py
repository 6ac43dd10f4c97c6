"""A project file to play with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

PASSPHRASE = "correct horse"


def new(path: Path, root: int = 1) -> ProjectFile:
    return ProjectFile.create(
        path,
        PASSPHRASE,
        project_id="11111111-2222-3333-4444-555555555555",
        created="2026-01-01T00:00:00.000Z",
        entropy=TestEntropy(root),
        kdf=KdfProfile.TEST,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "größe #1%.ppdesk"  # what a URI would take apart


@pytest.fixture
def project(path: Path) -> Iterator[ProjectFile]:
    with new(path) as made:
        yield made


@pytest.fixture
def closed(path: Path) -> Path:
    """A closed project file with three events."""
    with new(path) as made:
        for number in range(3):
            made.append(drafted(number), entropy=TestEntropy(number))
    return path


@pytest.fixture
def draft() -> Callable[..., EventDraft]:
    return drafted


def drafted(number: int = 1, **changes: object) -> EventDraft:
    values: dict[str, object] = {
        "time": f"2026-01-01T00:00:{number:02d}.000Z",
        "actor": "Ada",
        "kind": "anonymize",
        "code": "0.1.0",
        "outcome": "ok",
        "params": {"k": number},
        "free": {"note": f"words {number}"},
        "facts": {"rows": 10 * number, "risk": 0.2},
        **changes,
    }
    return EventDraft(**values)  # type: ignore[arg-type]
