"""Nobody gets back what was spent by winding things back: the file, its anchor, or a process.

The attacks are those of ElephantDP (arXiv 2401.17628, "Taking Advantage of Stateless Differential Privacy"):
replay an old state, fork it, interrupt between answer and record. The last tests say what this cannot stop.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ppdesk.privacy.ledger import OverBudgetError
from ppdesk.store.errors import ForkError, RollbackError
from ppdesk.workbench.budget.errors import OverSharedBudgetError
from ppdesk.workbench.session import Session
from ppdesk.workbench.worker.jobs import Product
from ppdesk.workbench.worker.worker import Worker

SPENDS = 0.75  # of a limit of 1: once, and no second time

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Desk:
    """A project with a table and a limit, a data folder, and their state before anything was spent."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "p.ppdesk"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def open(self, path: Path | None = None, home: Path | None = None, **more: object) -> Session:
        from ppdesk_fakes.desk import DESK, PASSPHRASE

        from ppdesk.core.mode import Mode

        return Session.open(
            path or self.path, PASSPHRASE, mode=Mode(), home=home or self.home, actor="Ada", catalog=DESK,
            **more,  # type: ignore[arg-type]  # forwarded
        )  # fmt: skip

    def spend(self, path: Path | None = None, home: Path | None = None, **more: object) -> float:
        """Ask once; what the project then says was spent."""
        with self.open(path, home, **more) as session:
            session.run("query", {"epsilon": SPENDS})
            return session.budget().spent_epsilon

    def keep(self, name: str) -> Path:
        """A copy of project and data folder as they are now."""
        place = self.folder / name
        shutil.copytree(self.home, place / "home")
        shutil.copy(self.path, place / "p.ppdesk")
        return place

    def put_back(self, kept: Path, *parts: str) -> None:
        for part in parts:
            if (kept / part).is_dir():
                shutil.rmtree(self.folder / part)
                shutil.copytree(kept / part, self.folder / part)
            else:
                shutil.copy(kept / part, self.folder / part)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    from ppdesk_fakes.desk import desk as made

    found = Desk(tmp_path)
    (tmp_path / "t.csv").write_text("name,age\nZoë,34\nBo,51\n", encoding="utf-8")
    with made(found.path, found.home) as session:
        session.run("standard", {"epsilon": 1.0})
        session.run("import", {"table": str(tmp_path / "t.csv"), "dataset": ""})
    return found


def test_an_old_file_put_back_is_refused(desk: Desk) -> None:
    before = desk.keep("before")
    desk.spend()
    desk.put_back(before, "p.ppdesk")
    with pytest.raises(RollbackError):
        desk.open()


def test_going_on_with_an_old_file_all_the_same_gives_nothing_back(desk: Desk) -> None:
    before = desk.keep("before")
    desk.spend()
    desk.put_back(before, "p.ppdesk")
    with pytest.raises((OverSharedBudgetError, OverBudgetError)):
        desk.spend(despite_rollback=True)
    with desk.open() as session:
        assert [event.kind for event in session.events() if event.outcome == "opened"] == ["open"]


def test_an_old_file_with_its_old_anchor_gives_nothing_back(desk: Desk) -> None:
    """Who winds back both still finds the register, which is a third place."""
    before = desk.keep("before")
    desk.spend()
    desk.put_back(before, "p.ppdesk", "home/anchors")
    with pytest.raises((OverSharedBudgetError, OverBudgetError)):
        desk.spend()


def test_without_any_anchor_an_old_file_gives_nothing_back(desk: Desk) -> None:
    before = desk.keep("before")
    desk.spend()
    desk.put_back(before, "p.ppdesk")
    shutil.rmtree(desk.home / "anchors")
    with pytest.raises((OverSharedBudgetError, OverBudgetError)):
        desk.spend()


@pytest.mark.parametrize("times", [1, 3])
def test_replaying_the_same_question_on_copies_gives_one_answer(desk: Desk, times: int) -> None:
    """Each copy asks for itself; the first to ask is the only one that gets an answer."""
    copies = [Path(shutil.copy(desk.path, desk.folder / f"copy{number}.ppdesk")) for number in range(times)]
    desk.spend()
    for copy in copies:
        with pytest.raises((RollbackError, ForkError)):
            desk.open(copy)
        with pytest.raises((OverSharedBudgetError, OverBudgetError)):
            desk.spend(copy, despite_rollback=True)


def test_a_fork_that_went_on_elsewhere_is_refused_here(desk: Desk) -> None:
    fork = Path(shutil.copy(desk.path, desk.folder / "fork.ppdesk"))
    elsewhere = desk.keep("elsewhere") / "home"
    desk.spend()
    desk.spend(fork, elsewhere)  # another computer, which cannot know
    with pytest.raises(ForkError):
        desk.open(fork)
    with pytest.raises(ForkError):
        desk.open(desk.path, elsewhere)


@pytest.mark.parametrize("how", ["killed", "put back"])
def test_an_interruption_between_reservation_and_answer_counts(
    desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer may have been seen. Stopping before it is recorded, or putting back the file of that moment
    after it was, must not make it free."""
    moments: list[Path] = []
    answered = Worker.run

    def run(worker: Worker, *arguments: Any, **more: Any) -> Product:
        product = answered(worker, *arguments, **more)
        moments.append(desk.keep("reserved"))  # the answer is there, its record is not
        return product

    monkeypatch.setattr(Worker, "run", run)
    desk.spend()
    monkeypatch.undo()
    desk.put_back(moments[0], "p.ppdesk", *(["home"] if how == "killed" else []))
    if how == "put back":
        with pytest.raises(RollbackError):
            desk.open()
    with desk.open(despite_rollback=how == "put back") as session:
        assert session.budget().spent_epsilon == SPENDS
        assert session.budget().rows[-1].standing == "interrupted"
        with pytest.raises((OverSharedBudgetError, OverBudgetError)):
            session.run("query", {"epsilon": SPENDS})


def test_limit_who_winds_back_file_and_whole_data_folder_is_not_noticed_here(desk: Desk) -> None:
    """What security.md says: against that stand the signed reports and the copies that others hold."""
    before = desk.keep("before")
    desk.spend()
    after = desk.keep("after")
    desk.put_back(before, "p.ppdesk", "home")
    with desk.open() as session:
        assert session.budget().spent_epsilon == 0
    with pytest.raises(RollbackError):  # but nobody who has seen the newer state takes it
        desk.open(desk.path, after / "home")
