"""What would be printed comes page by page from the worker, and can be drawn again at another scale."""

import threading
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.errors import CancelledRunError, RelayedError
from ppdesk.workbench.session import Session
from ppdesk.workbench.worker.jobs import Page

PNG = b"\x89PNG\r\n\x1a\n"
VALUES = {"purpose": "Research on work and income", "project": "Ways to work"}


@pytest.fixture
def session(tmp_path: Path) -> Any:
    from ppdesk.core.mode import Mode

    made = Session.create(
        tmp_path / "p.ppdesk", "correct horse", mode=Mode(3), home=tmp_path / "home", actor="Ada"
    )
    with made as opened:
        opened.run("objective", VALUES)
        yield opened


def test_pages_come_in_order_and_again_larger(session: Session) -> None:
    before = len(session.events())
    seen: list[Page] = []
    count = session.pages("report", {"to": "report.pdf"}, 0.5, seen.append)
    assert count == len(seen) > 2
    assert [one.number for one in seen] == list(range(1, count + 1))
    assert all(one.image.startswith(PNG) for one in seen)
    larger = session.page(2, 1.0)
    assert (larger.width, larger.height) == (seen[1].width, seen[1].height)
    assert len(larger.image) > len(seen[1].image)
    assert len(session.events()) == before  # a look at a draft is no event
    with pytest.raises(RelayedError):
        session.page(count + 1, 1.0)


def test_a_step_that_prints_nothing_has_no_pages(session: Session) -> None:
    assert session.pages("objective", VALUES, 1.0, lambda _: None) == 0


def test_a_person_who_leaves_stops_it(session: Session) -> None:
    leave = threading.Event()
    leave.set()
    with pytest.raises(CancelledRunError):
        session.pages("report", {"to": "report.pdf"}, 0.5, lambda _: None, cancel=leave)
