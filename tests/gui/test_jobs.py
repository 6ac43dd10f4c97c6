"""Jobs: the event loop never waits, progress is paced, a cancel is heard, errors have a code."""

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.findings import Finding
from ppdesk.gui.desk import Desk, Recent
from ppdesk.gui.jobs import Bench, Throttle
from ppdesk.gui.look import Look
from ppdesk.gui.project import Project
from ppdesk.gui.window import SAMPLE
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.privacy.events import Composed, EpsilonDelta, Neighbours, NoEvent
from ppdesk.workbench.views import BudgetView
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.stages import Stage


class PatientSession:
    """A session whose only run lasts until it is cancelled."""

    policy, standing, not_signed = NO_POLICY, (), None

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.closed = False

    def info(self) -> dict[str, Any]:
        return {"path": "/nowhere/patient.ppdesk"}

    def places(self) -> list[Any]:
        return [Place("import", Stage.DATA, State.DONE, 3), Place("score", Stage.DEPLOYMENT, State.TODO)]

    def events(self) -> list[Any]:
        return [SimpleNamespace(seq=3, params={"table": "adult.csv", "source": "as it was run"})]

    def budget(self) -> BudgetView:
        return BudgetView(0.0, 0.0, None, None, "", "", ())

    def drafts(self) -> list[Any]:
        return []

    def requests(self) -> list[Any]:
        return []

    def interrupted(self) -> list[Any]:
        return []

    def reasons(self) -> None:
        return None

    def heads(self) -> dict[Any, Any]:
        return {}

    def check_step(self, key: str, values: Any) -> list[Finding]:
        return []

    def cost_of(self, key: str, values: Any) -> Composed:
        part = EpsilonDelta(0.5, 1e-6, Neighbours.REPLACE_ONE)
        return Composed((part, NoEvent(), part))

    def run(self, key: str, values: Any, *, progress: Any, cancel: threading.Event, **_: Any) -> Any:
        assert threading.get_ident() == self.thread
        if key == "broken":
            raise ZeroDivisionError("a text that might hold data")
        while not cancel.wait(0.001):
            progress(0.5, "half way")
        raise CancelledRunError

    def close(self) -> None:
        self.closed = True


class PatientOpener:
    def create(self, path: Path, passphrase: str, desk: Desk) -> Any:
        return PatientSession()

    def open(
        self, path: Path, passphrase: str, desk: Desk, *, despite_rollback: bool, read_only: bool
    ) -> Any:
        return PatientSession()

    def policy(self) -> Policy:
        return NO_POLICY


@pytest.fixture
def project(qtbot: QtBot, look: Look, desk: Desk) -> Iterator[Project]:
    made = Project(desk, PatientOpener())
    with qtbot.waitSignal(made.opened):
        made.create(Path("/nowhere/patient.ppdesk"), "passphrase")
    yield made
    made.leave()


def test_progress_comes_at_most_ten_times_a_second(qtbot: QtBot, project: Project) -> None:
    heard: list[float] = []
    project.progressed.connect(lambda _share, _note: heard.append(time.monotonic()))
    began = time.monotonic()
    project.run("train", {})
    qtbot.waitUntil(lambda: len(heard) >= 4)
    assert time.monotonic() - began >= 0.28
    with qtbot.waitSignal(project.run_failed) as ended:
        project.cancel()
    assert isinstance(ended.args[1], CancelledRunError)
    assert project.running == ""


def test_the_last_message_of_progress_is_never_held_back() -> None:
    heard: list[float] = []
    tell = Throttle(lambda share, _note: heard.append(share))
    for share in (0.0, 0.2, 0.4, 1.0):
        tell(share, "")
    assert heard == [0.0, 1.0]


def test_the_event_loop_goes_on_while_a_job_runs(qtbot: QtBot, project: Project) -> None:
    project.run("train", {})
    with qtbot.waitSignal(project.progressed):
        pass
    assert project.running == "train"
    with qtbot.waitSignal(project.run_failed):
        project.cancel()


def test_an_unforeseen_error_is_told_without_its_text(qtbot: QtBot, project: Project) -> None:
    with qtbot.waitSignal(project.run_failed) as ended:
        project.run("broken", {})
    error = ended.args[1]
    assert isinstance(error, CodedError)
    assert error.error_code == "PP-GUI-001"
    assert "ZeroDivisionError" in error.message
    assert "might hold data" not in error.message


def test_costs_are_added_up(qtbot: QtBot, project: Project) -> None:
    seen: list[Any] = []
    project.look_ahead("train", {}, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].epsilon == pytest.approx(1.0)
    assert seen[0].delta == pytest.approx(2e-6)


def test_work_is_done_in_order_on_one_thread(qtbot: QtBot, look: Look) -> None:
    bench = Bench()
    threads: list[int] = []
    answers: list[int] = []

    def work(number: int) -> Callable[[], int]:
        def do() -> int:
            threads.append(threading.get_ident())
            return number

        return do

    for number in range(20):
        bench.ask(work(number), answers.append)
    qtbot.waitUntil(lambda: bench.idle)
    assert answers == list(range(20))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()
    bench.close()


def test_pages_start_from_the_record_then_from_the_recipe(qtbot: QtBot, project: Project) -> None:
    with qtbot.waitCallback() as loaded:
        project.load_recipe(SAMPLE, loaded)
    kept = project.filled("import")
    assert kept["source"] == "as it was run"
    assert Path(kept["table"]).is_absolute()  # the record has the bare name, the recipe the same file's path
    assert Path(kept["table"]).name == "adult.csv"
    assert project.filled("score")["to"] == "adult-scores.csv"
    project.fill("score", {"to": "typed.csv"})
    assert project.filled("score") == {"to": "typed.csv"}
    assert project.touched("score")


def test_recent_projects_are_kept_without_doubles(desk: Desk) -> None:
    for number in range(12):
        desk.remember(
            Recent(f"/a/{number % 10}.ppdesk", "Train: ready to run", "todo", "In progress", "2026-01-01")
        )
    again = Desk(desk.home, desk.actor, desk.mode).recent()
    assert [one.name for one in again] == ["1", "0", "9", "8", "7", "6", "5", "4"]
    desk.forget_all()
    assert desk.recent() == []


def test_a_damaged_window_file_is_started_anew(desk: Desk) -> None:
    (desk.home / "window.json").write_text('{"recent": [{"strange": 1}], "theme": 3', encoding="utf-8")
    assert Desk(desk.home, "Ada").recent() == []
    (desk.home / "window.json").write_text('{"recent": [{"strange": 1}], "theme": 3}', encoding="utf-8")
    kept = Desk(desk.home, "Ada")
    assert kept.recent() == []
    assert kept.get("theme", "system") == "system"


def test_the_background_thread_never_holds_on_to_who_waits(qtbot: QtBot, look: Look) -> None:
    bench = Bench()
    told: list[int] = []

    def heard(value: int) -> None:
        told.append(value)

    kept = weakref.ref(heard)
    bench.ask(lambda: 7, heard)
    del heard
    qtbot.waitUntil(lambda: told == [7])
    assert kept() is None, "else the other thread would destroy a widget that waited"
    bench.close()


def test_who_was_let_go_of_is_not_told(qtbot: QtBot) -> None:
    class Waiter(QObject):
        heard: list[int] = []  # noqa: RUF012  shared by both on purpose

        def hear(self, value: int) -> None:
            self.heard.append(value)

        def ask(self, bench: Bench) -> None:
            bench.ask(lambda: 1, self.hear)
            bench.ask(lambda: 2, lambda value: self.hear(value + 0))

    bench, stays, goes = Bench(), Waiter(), Waiter()
    stays.ask(bench)
    goes.ask(bench)
    delete(goes)
    qtbot.waitUntil(lambda: bench.idle)
    bench.close()
    assert Waiter.heard == [1, 2]
