"""Where the workbench's tests find their fake steps, and a worker that is always ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ppdesk.workbench.worker import Worker

FAKES = Path(__file__).parent / "fakes"


@pytest.fixture(autouse=True)
def _fakes_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FAKES))


@pytest.fixture
def worker(_fakes_on_path: None) -> Iterator[Worker]:
    made = Worker(grace=0.3)
    yield made
    made.close()
