"""Where the workbench's tests find their fake steps, and things that are always ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session
from ppdesk.workbench.worker.worker import Worker

FAKES = Path(__file__).parent / "fakes"

Opener = Callable[..., Session]


@pytest.fixture(autouse=True)
def _fakes_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FAKES))


@pytest.fixture
def worker(_fakes_on_path: None) -> Iterator[Worker]:
    made = Worker(grace=0.3)
    yield made
    made.close()


@pytest.fixture
def opener(_fakes_on_path: None, tmp_path: Path) -> Iterator[Opener]:
    """Opens (or, where there is none, creates) the project ``p.ppdesk`` with the fake steps."""
    from ppdesk_fakes.catalog import FAKES as CATALOG

    sessions: list[Session] = []

    def opened(name: str = "p.ppdesk", *, seed: int | None = 1, **more: object) -> Session:
        path = tmp_path / name
        make = Session.open if path.exists() else Session.create
        session = make(
            path,
            "correct horse",
            mode=Mode(seed),
            home=tmp_path / "home",
            actor="Ada",
            catalog=CATALOG,
            **more,  # type: ignore[arg-type]  # forwarded
        )
        sessions.append(session)
        return session

    yield opened
    for session in sessions:
        session.close()


@pytest.fixture
def session(opener: Opener) -> Session:
    return opener()
