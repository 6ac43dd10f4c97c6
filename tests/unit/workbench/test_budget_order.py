"""Reserved, run, spent: the budget cannot be had back by a crash, a cancel or a second try."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import ppdesk
from ppdesk.core.errors import CancelledRunError, RelayedError
from ppdesk.privacy.events import EpsilonDelta, Neighbours, to_json
from ppdesk.privacy.ledger import OverBudgetError
from ppdesk.workbench.errors import NoLimitError, WorkerLostError
from ppdesk.workbench.session import Session


@pytest.fixture
def limited(session: Session) -> Session:
    session.run("standard", {"epsilon": 1.0})
    return session


def outcomes(session: Session) -> list[str]:
    return [event.outcome for event in session.events()]


def standings(session: Session) -> list[str]:
    return [row.standing for row in session.budget().rows]


def test_a_costly_run_is_reserved_before_and_spent_after(limited: Session) -> None:
    event = limited.run("fake", {"epsilon": 0.25}).event
    assert outcomes(limited) == ["ok", "reserved", "ok"]
    assert event.refers == 2
    view = limited.budget()
    assert (view.spent_epsilon, view.limit_epsilon, view.left_epsilon) == (0.25, 1.0, 0.75)
    assert standings(limited) == ["spent"]


def test_a_run_that_costs_nothing_reserves_nothing(limited: Session) -> None:
    limited.run("fake", {})
    assert outcomes(limited) == ["ok", "ok"]
    assert limited.budget().spent_epsilon == 0


def test_costs_add_up(limited: Session) -> None:
    for _ in range(3):
        limited.run("fake", {"epsilon": 0.25})
    assert limited.budget().spent_epsilon == pytest.approx(0.75)


def test_without_a_standard_nothing_can_be_spent(session: Session) -> None:
    with pytest.raises(NoLimitError):
        session.run("fake", {"epsilon": 0.1})
    assert session.events() == []


def test_a_run_beyond_the_limit_is_refused_before_data_moves(limited: Session) -> None:
    limited.run("fake", {"epsilon": 0.75})
    limited._worker.close()
    with pytest.raises(OverBudgetError):
        limited.run("fake", {"epsilon": 0.5})
    assert outcomes(limited) == ["ok", "reserved", "ok"]
    assert limited._worker.pid is None


def test_a_crash_of_the_worker_counts_as_spent(limited: Session) -> None:
    with pytest.raises(WorkerLostError):
        limited.run("fake", {"epsilon": 0.5, "behave": "dies"})
    assert outcomes(limited) == ["ok", "reserved", "failed"]
    assert standings(limited) == ["failed"]
    assert limited.budget().spent_epsilon == 0.5


def test_a_step_that_fails_has_spent(limited: Session) -> None:
    with pytest.raises(RelayedError):
        limited.run("fake", {"epsilon": 0.5, "behave": "refuses"})
    assert limited.budget().spent_epsilon == 0.5


def test_a_cancelled_run_has_spent_and_left_no_artifact(limited: Session) -> None:
    cancel = threading.Event()
    with pytest.raises(CancelledRunError):
        limited.run(
            "fake",
            {"epsilon": 0.5, "behave": "waits"},
            progress=lambda _share, _note: cancel.set(),
            cancel=cancel,
        )
    assert outcomes(limited) == ["ok", "reserved", "cancelled"]
    assert standings(limited) == ["cancelled"]
    assert limited.budget().spent_epsilon == 0.5
    assert len(limited.heads()) == 1


def test_a_run_whose_worker_never_got_data_is_void(limited: Session) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledRunError):
        limited.run("fake", {"epsilon": 0.5}, cancel=cancel)
    assert outcomes(limited) == ["ok", "reserved", "void"]
    assert standings(limited) == ["void"]
    assert limited.budget().spent_epsilon == 0


@pytest.mark.parametrize(
    ("error", "outcome"), [(KeyboardInterrupt, "cancelled"), (ZeroDivisionError, "failed")]
)
def test_what_goes_wrong_in_the_main_process_meanwhile_is_on_record_too(
    limited: Session, error: type[BaseException], outcome: str
) -> None:
    def raises(_share: float, _note: str) -> None:
        raise error

    with pytest.raises(error):
        limited.run("fake", {"epsilon": 0.5, "behave": "deaf"}, progress=raises)
    assert outcomes(limited) == ["ok", "reserved", outcome]
    assert limited.budget().spent_epsilon == 0.5
    assert limited._worker.pid is None


@pytest.mark.parametrize("words", [("void", "failed"), ("failed", "void")])
def test_a_void_beside_another_outcome_gives_nothing_back(limited: Session, words: tuple[str, str]) -> None:
    chronicle = limited._chronicle
    cost = to_json(EpsilonDelta(0.5, 0.0, Neighbours.REPLACE_ONE))
    reserved = chronicle.append(replace(chronicle.draft("fake", "reserved"), cost=cost))
    for word in words:
        chronicle.append(replace(chronicle.draft("fake", word), refers=reserved.seq))
    assert standings(limited) == ["failed"]
    assert limited.budget().spent_epsilon == 0.5


_KILLED = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session
if __name__ == "__main__":
    from ppdesk_fakes.catalog import FAKES
    folder = Path(sys.argv[1])
    session = Session.create(
        folder / "p.ppdesk", "correct horse", mode=Mode(1), home=folder / "home", actor="Ada", catalog=FAKES
    )
    session.run("standard", {})
    session.run("fake", {"epsilon": 0.5, "behave": "kills"})
"""


def test_a_kill_in_the_middle_of_a_run_counts_as_spent_and_says_interrupted(
    tmp_path: Path, opener: Callable[..., Session]
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)
    places = [tmp_path, Path(__file__).parent / "fakes", Path(ppdesk.__file__).parent.parent]
    ended = subprocess.run([sys.executable, str(script), *map(str, places)], check=False, timeout=60)
    assert ended.returncode == -9
    session = opener()
    assert outcomes(session) == ["ok", "reserved"]
    assert standings(session) == ["interrupted"]
    assert session.budget().spent_epsilon == 0.5
    place = next(place for place in session.places() if place.key == "fake")
    assert place.reason == "the last run was interrupted"
