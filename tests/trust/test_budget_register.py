"""One budget per dataset: no new project, copy, other file format or crash gives back what was spent."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import ppdesk
from ppdesk.core.exits import Exit
from ppdesk.privacy.ledger import OverBudgetError
from ppdesk.workbench.budget import register as register_module
from ppdesk.workbench.budget.errors import (
    OverSharedBudgetError,
    RegisterPlaceError,
    RegisterUnreadableError,
)
from ppdesk.workbench.session import Session

FAKES = Path(__file__).resolve().parents[1] / "unit" / "workbench" / "fakes"
ROWS = [["name", "age"], ["Zoë", "34"], ["Bo", "51"], ["Al", ""], ["Zoë", "34"]]

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Home:
    """One person's data folder, and projects beside it. Real mode: the register that counts."""

    folder: Path

    @property
    def register(self) -> Path:
        return self.home / "register"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def open(self, name: str) -> Session:
        from ppdesk_fakes.desk import desk

        return desk(self.folder / f"{name}.ppdesk", self.home)

    def made(self, name: str, table: Path, dataset: str = "", limit: float = 1.0) -> Session:
        """A new project with a limit and a table."""
        session = self.open(name)
        session.run("standard", {"epsilon": limit})
        session.run("import", {"table": str(table), "dataset": dataset})
        return session

    def table(self, name: str = "people.csv", rows: list[list[str]] = ROWS, **how: Any) -> Path:
        place = self.folder / name
        with place.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as file:
            csv.writer(file, **how).writerows(rows)
        return place

    def spent(self, name: str = "first", epsilon: float = 0.75, dataset: str = "") -> None:
        """A first project spends, and is closed."""
        with self.made(name, self.table(), dataset) as session:
            session.run("query", {"epsilon": epsilon})

    def process(self, name: str, step: str, **values: object) -> "subprocess.Popen[str]":
        """A run in a process of its own; it waits for a line before it begins."""
        places = os.pathsep.join([str(FAKES), str(Path(ppdesk.__file__).parents[1])])
        return subprocess.Popen(
            [
                sys.executable, "-m", "ppdesk_fakes.desk", str(self.folder / f"{name}.ppdesk"),
                str(self.home), "", step, json.dumps(values),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": places},
        )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def refused(session: Session, epsilon: float = 0.5) -> OverSharedBudgetError:
    before = len(session.events())
    with pytest.raises(OverSharedBudgetError) as caught:
        session.run("query", {"epsilon": epsilon})
    assert len(session.events()) == before, "data moved"
    return caught.value


def test_a_new_project_does_not_renew_the_budget(home: Home) -> None:
    home.spent()
    with home.made("second", home.table()) as session:
        view = session.budget()
        assert (view.spent_epsilon, view.elsewhere_epsilon, view.elsewhere_projects) == (0, 0.75, 1)
        assert (view.total_epsilon, view.left_epsilon, view.register) == (0.75, 0.25, ())
        error = refused(session)
        assert error.exit_code is Exit.REFUSED
        assert "0.75" in error.message
        assert "first" not in error.message + error.advice
        assert str(home.folder) not in error.message + error.advice
        event = session.run("query", {"epsilon": 0.25}).event
        reserved = next(one for one in session.events() if one.seq == event.refers)
        told = {"epsilon": 0.75, "delta": 0, "neighbours": "replace-one", "projects": 1}
        assert reserved.facts["elsewhere"] == told
        assert any("0.75" in finding.title for finding in reserved.findings)
        assert refused(session, 5e-324)
    with home.open("first") as first:
        assert refused(first, 0.25)


def test_a_project_moved_and_renamed_is_the_same_project(home: Home) -> None:
    home.spent()
    (home.folder / "first.ppdesk").rename(home.folder / "renamed.ppdesk")
    with home.open("renamed") as session:
        assert session.budget().elsewhere_epsilon == 0
        assert session.budget().total_epsilon == 0.75
        session.run("query", {"epsilon": 0.25})


def test_a_copy_of_a_project_spends_from_the_same_budget(home: Home) -> None:
    home.spent(epsilon=0.25)
    shutil.copy(home.folder / "first.ppdesk", home.folder / "copy.ppdesk")
    with home.open("first") as session:
        session.run("query", {"epsilon": 0.5})
    shutil.rmtree(home.home / "anchors")  # the copy is behind its anchor; its owner takes that away
    with home.open("copy") as copy:
        view = copy.budget()
        assert (view.spent_epsilon, view.elsewhere_epsilon, view.elsewhere_projects) == (0.25, 0.5, 1)
        refused(copy)


@pytest.mark.parametrize(
    "how",
    [
        {"delimiter": ";"},
        {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"},
        {"delimiter": "\t", "encoding": "utf-16"},
    ],
)
def test_the_same_rows_in_another_file_are_the_same_data(home: Home, how: dict[str, Any]) -> None:
    home.spent()
    encoding = how.get("encoding", "utf-8")
    table = home.table("export.csv", [ROWS[0], *ROWS[:0:-1]], **how)
    with home.open("second") as session:
        session.run("standard", {"epsilon": 1.0})
        session.run("import", {"table": str(table), "encoding": encoding})
        refused(session)


def test_columns_in_another_order_are_the_same_data(home: Home) -> None:
    home.spent()
    with home.made("second", home.table("turned.csv", [row[::-1] for row in ROWS])) as session:
        refused(session)


def test_a_changed_cell_is_other_data_unless_the_dataset_has_a_name(home: Home) -> None:
    home.spent(dataset="Patients 2024")
    changed = home.table("changed.csv", [*ROWS[:-1], ["Zoë", "35"]])
    with home.made("second", changed) as session:
        assert session.budget().elsewhere_epsilon == 0
        session.run("query", {"epsilon": 0.5})
    with home.made("third", changed, dataset="  patients   2024 ") as session:
        # now the name connects both tables, and the one without a name has the second's fingerprint
        assert session.budget().elsewhere_epsilon == 1.25
        assert session.budget().elsewhere_projects == 2
        refused(session)


def test_a_chain_of_shared_marks_is_one_dataset(home: Home) -> None:
    other = home.table("other.csv", [["x"], ["1"], ["2"]])
    for name, table, dataset in (("a", home.table(), "one"), ("b", other, "one"), ("c", other, "two")):
        with home.made(name, table, dataset) as session:
            session.run("query", {"epsilon": 0.25})
    with home.made("d", home.table("third.csv", [["y"], ["1"], ["2"]]), "two") as session:
        assert session.budget().elsewhere_epsilon == 0.75


def test_other_data_has_a_budget_of_its_own(home: Home) -> None:
    home.spent(epsilon=1.0)
    with home.made("second", home.table("other.csv", [["x"], ["1"], ["2"]]), "other") as session:
        assert session.budget().elsewhere_epsilon == 0
        session.run("query", {"epsilon": 1.0})


def test_a_run_that_reads_no_table_is_charged_to_all_tables_of_the_project(home: Home) -> None:
    other = home.table("other.csv", [["x"], ["1"], ["2"]])
    with home.made("first", home.table(), limit=2.0) as session:
        session.run("import", {"table": str(other)})
        event = session.run("fake", {"epsilon": 0.75}).event
        reserved = next(one for one in session.events() if one.seq == event.refers)
        (said,) = [finding for finding in reserved.findings if finding.code == "PP-REGISTER-104"]
        assert said.detail == "Charged to: people.csv; other.csv."
    for name, table in (("second", home.table()), ("third", other)):
        with home.made(name, table) as session:
            refused(session)


def test_what_never_got_data_is_given_back_everywhere(home: Home) -> None:
    import threading

    from ppdesk.core.errors import CancelledRunError

    stop = threading.Event()
    stop.set()
    with home.made("first", home.table()) as session, pytest.raises(CancelledRunError):
        session.run("query", {"epsilon": 1.0}, cancel=stop)
    with home.made("second", home.table()) as session:
        assert session.budget().elsewhere_epsilon == 0
        session.run("query", {"epsilon": 1.0})


@pytest.mark.parametrize("what", ["register.json", "key", "both"])
def test_a_deleted_register_is_named_by_those_who_remember_it(home: Home, what: str) -> None:
    home.spent()
    with home.made("second", home.table()) as session:
        session.run("query", {"epsilon": 0.125})
    if what == "key":
        (home.register / "key").unlink()
        with home.open("second") as session:
            assert "key is missing" in session.budget().register[0]
            with pytest.raises(RegisterUnreadableError):
                session.run("query", {"epsilon": 0.125})
        return
    if what == "both":
        shutil.rmtree(home.register)
    else:
        (home.register / what).unlink()
    with home.open("second") as session:
        (said,) = session.budget().register
        assert ("older than the one" in said) == (what == "register.json")
        assert session.budget().elsewhere_epsilon == 0.75  # as it remembers
        with pytest.raises(OverSharedBudgetError):
            session.run("query", {"epsilon": 0.25})
        event = session.run("query", {"epsilon": 0.125}).event
        reserved = next(one for one in session.events() if one.seq == event.refers)
        assert {"PP-REGISTER-101", "PP-REGISTER-102"} & {finding.code for finding in reserved.findings}
    with home.open("first") as session:  # each brings its own into the new one
        assert session.budget().elsewhere_epsilon == 0.25
        refused(session)
    with home.open("second") as session:
        assert session.budget().elsewhere_epsilon == 0.75


def test_what_a_project_remembers_counts_for_the_same_data_only(home: Home) -> None:
    home.spent()
    with home.made("second", home.table()) as session:
        session.run("query", {"epsilon": 0.125})
        shutil.rmtree(home.register)
        assert session.budget().elsewhere_epsilon == 0.75
        session.run("import", {"table": str(home.table("other.csv", [["a"], ["1"]])), "dataset": ""})
        assert session.budget().elsewhere_epsilon == 0
        session.run("query", {"epsilon": 0.125})
        session.run("import", {"table": str(home.table()), "dataset": ""})
        assert session.budget().elsewhere_epsilon == 0.75
    shutil.rmtree(home.register)  # once more: what was remembered is not counted twice
    with home.open("second") as session:
        assert session.budget().elsewhere_epsilon == 0.75
        session.run("query", {"epsilon": 0})


def test_a_register_that_was_put_back_is_named_and_filled_again(home: Home) -> None:
    home.spent(epsilon=0.25)
    old = {path.name: path.read_bytes() for path in home.register.iterdir()}
    with home.made("second", home.table()) as session:
        session.run("query", {"epsilon": 0.25})
    with home.open("first") as session:
        session.run("query", {"epsilon": 0.25})
    for name, data in old.items():
        (home.register / name).write_bytes(data)
    with home.open("first") as session:
        assert "older than the one" in session.budget().register[0]
        assert session.budget().elsewhere_epsilon == 0.25  # as it remembers
    home.open("second").close()
    with home.open("first") as session:
        assert session.budget().elsewhere_epsilon == 0.25
        assert "older than the one" in session.budget().register[0]
        refused(session)


def test_a_damaged_register_stops_what_costs_and_nothing_else(home: Home) -> None:
    home.spent(epsilon=0.25)
    journal = home.register / "register.json"
    journal.write_bytes(journal.read_bytes().replace(b'"seq":3', b'"seq":4'))
    damaged = journal.read_bytes()
    with home.open("first") as session:
        assert "does not hold together" in session.budget().register[0]
        assert session.budget().spent_epsilon == 0.25
        before = len(session.events())
        with pytest.raises(RegisterUnreadableError):
            session.run("query", {"epsilon": 0.25})
        assert len(session.events()) == before
        session.run("fake", {})
    assert journal.read_bytes() == damaged


def test_a_register_that_cannot_be_written_gives_the_reservation_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.made("first", home.table()) as session:
        session.run("query", {"epsilon": 0.25})

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as context:
            context.setattr(register_module.Journal, "write", full)
            with pytest.raises(RegisterPlaceError):
                session.run("query", {"epsilon": 0.25})
        assert [row.standing for row in session.budget().rows] == ["spent", "void"]
        session.run("query", {"epsilon": 0.75})
        with pytest.raises(OverBudgetError):
            session.run("query", {"epsilon": 0.25})


def test_two_processes_cannot_both_take_the_last_of_it(home: Home) -> None:
    names = ["one", "two"]
    for name in names:
        home.made(name, home.table()).close()
    for epsilon in (0.6, 0.3):
        running = [home.process(name, "query", epsilon=epsilon) for name in names]
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        said = [each.communicate(timeout=120)[0] for each in running]
        assert sorted(each.returncode for each in running) == [0, Exit.REFUSED]
        assert "PP-REGISTER-005" in "".join(said)
    with home.open("one") as session:
        assert session.budget().total_epsilon == pytest.approx(0.9)


_KILLED = """
import os, signal, sys
from pathlib import Path
from ppdesk_fakes.desk import desk
from ppdesk.workbench.budget.register import Holding
def killed(*_): os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    session = desk(Path(sys.argv[1]), Path(sys.argv[2]))
    session.budget()
    first, add = [True], Holding.add
    def counted(self, contents):
        if contents: killed()
        add(self, contents)
    Holding.add = counted
    session.run("query", {"epsilon": 0.75})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_kill_between_project_and_register_is_healed_at_the_next_opening(home: Home) -> None:
    home.made("first", home.table()).close()
    script = home.folder / "killed.py"
    script.write_text(_KILLED)
    places = os.pathsep.join([str(FAKES), str(Path(ppdesk.__file__).parents[1])])
    ended = subprocess.run(
        [sys.executable, str(script), str(home.folder / "first.ppdesk"), str(home.home)],
        env={**os.environ, "PYTHONPATH": places}, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == -9
    with home.made("second", home.table()) as session:
        assert session.budget().elsewhere_epsilon == 0  # the reservation stands in the other project alone
    with home.open("first") as session:
        assert [row.standing for row in session.budget().rows] == ["interrupted"]
    with home.open("second") as session:
        assert session.budget().elsewhere_epsilon == 0.75
        refused(session)


def test_test_mode_makes_the_same_project_again_and_counts_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ppdesk_fakes.desk import desk

    home = Home(tmp_path)
    hashes = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        with desk(tmp_path / f"{name}.ppdesk", home.home, seed) as session:
            session.run("standard", {"epsilon": 1.0})
            session.run("import", {"table": str(home.table())})
            if seed == 1:
                session.run("query", {"epsilon": 0.75})
                hashes.append([event.hash for event in session.events()])
                assert session.budget().elsewhere_epsilon == 0
            else:
                assert session.budget().elsewhere_epsilon == 0.75
                refused(session)
    assert hashes[0] == hashes[1]
    assert not home.register.exists()
    assert (home.home / "test-register" / "register.json").exists()
