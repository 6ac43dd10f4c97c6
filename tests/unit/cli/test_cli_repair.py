"""Looking after a project file from the command line: check, repair, compact."""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli import main as frame
from ppdesk.cli.console import Console
from ppdesk.cli.invocation import Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.exits import Exit
from ppdesk.policy.machine import Place
from ppdesk.store.access import find_key
from ppdesk.store.carve import Pages
from ppdesk.store.pages import PAGE_BYTES
from ppdesk.store.project import ProjectFile

FOLDER = Path(__file__).parents[2] / "data" / "projects"
KNOWN = json.loads((FOLDER / "schema-0001.json").read_text(encoding="utf-8"))
WORDS = str(KNOWN["passphrase"])


@dataclass
class Desk:
    """A person at the command line, with one project that has every step."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "p.ppdesk"

    def call(self, *arguments: object, code: int = Exit.OK) -> str:
        return "".join(self.said(*arguments, code=code))

    def said(self, *arguments: object, code: int = Exit.OK) -> tuple[str, str]:
        """What it wrote to the one and the other stream."""
        out, err = io.StringIO(), io.StringIO()
        invocation = Invocation(
            console=Console(json="--json" in arguments, out=out, err=err),
            home=self.folder / "home",
            passphrases=Passphrases({"PPDESK_PASSPHRASE": WORDS}),
            window=lambda _arguments: 0,
            environment={},
            policy_place=Place(self.folder / "no policy", owner=None),
        )
        assert frame._answered([str(argument) for argument in arguments], invocation) == code, (
            out.getvalue() + err.getvalue()
        )
        return out.getvalue(), err.getvalue()

    def ask(self, *arguments: object, code: int = Exit.OK) -> Any:
        return json.loads(self.said(*arguments, "--json", code=code)[0])

    def on(self, verb: str, *arguments: object, code: int = Exit.OK) -> Any:
        return self.ask(verb, "--project", self.project, *arguments, code=code)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copy(FOLDER / "schema-0001.ppdesk", tmp_path / "p.ppdesk")
    return Desk(tmp_path)


def spoil(path: Path, wanted: Callable[[bytes], bool]) -> int:
    """Overwrite a part of the first page with such content."""
    source = Pages(path, find_key(path, WORDS))
    try:
        number = next(n for n in range(2, source.count + 1) if wanted(source.page(n) or b""))
    finally:
        source.close()
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE_BYTES + 2000)
        file.write(bytes(100))
    return number


def rewrite(path: Path, *statements: str) -> None:
    """What somebody does who has the key and another program."""
    with ProjectFile.open(path, WORDS) as project, project._engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_check_says_how_much_it_looked_at(desk: Desk) -> None:
    told = desk.on("check")
    assert told["holds"] is True
    assert told["head_hash"] == KNOWN["head"]["hash"]
    checked = told["checked"]
    assert checked["events"] == len(KNOWN["events"])
    assert checked["artifacts"] >= 10
    assert checked["pages"] * PAGE_BYTES == desk.project.stat().st_size
    assert checked["bytes"] > 100_000
    words = desk.call("check", "--project", desk.project)
    assert "Everything holds." in words
    assert f"{checked['pages']:,} pages" in words


def test_check_works_beside_a_writer(desk: Desk) -> None:
    with ProjectFile.open(desk.project, WORDS):
        for verb in ("check", "log", "budget", "info"):
            desk.on(verb)
        desk.on("compact", "--test-mode", 1, code=Exit.STORAGE)


def test_check_of_a_broken_chain_names_it_and_looks_at_the_rest(desk: Desk) -> None:
    rewrite(
        desk.project,
        "DROP TRIGGER event_no_update",
        "UPDATE event SET content = replace(content, 'gdpr', 'hipa') WHERE seq = 2",
    )
    told = desk.on("check", code=Exit.INTEGRITY)
    assert told["holds"] is False
    titles = [finding["title"] for finding in told["findings"]]
    assert "Event 2 was changed after it was recorded" in titles
    assert any("no longer refuses changes" in title for title in titles)
    assert told["checked"]["bytes"] > 100_000
    assert "Event 2" in desk.call("check", "--project", desk.project, code=Exit.INTEGRITY)


def test_check_of_a_head_that_does_not_hold_is_no_traceback(desk: Desk) -> None:
    last = KNOWN["head"]["seq"]
    rewrite(
        desk.project,
        "DROP TRIGGER event_no_update",
        f"UPDATE event SET content = '{{}}' WHERE seq = {last}",  # noqa: S608 - a number of our own
    )
    told = desk.on("check", code=Exit.INTEGRITY)
    assert told["head_seq"] is None
    assert any(finding["code"] == "PP-STORE-012" for finding in told["findings"])


@pytest.mark.parametrize("content", [b'"kind":"train"', b"PAR1"])
def test_check_of_a_bad_page_goes_on(desk: Desk, content: bytes) -> None:
    number = spoil(desk.project, lambda page: content in page)
    told = desk.on("check", code=Exit.INTEGRITY)
    assert any(f"page {number}" in finding["title"] for finding in told["findings"])


def test_check_names_a_rollback_and_looks_at_the_rest(desk: Desk) -> None:
    old = desk.project.read_bytes()
    desk.on("compact", "--test-mode", 1)
    desk.project.write_bytes(old)
    told = desk.on("check", code=Exit.INTEGRITY)
    assert [finding["code"] for finding in told["findings"]][-1] == "PP-STORE-013"
    assert told["checked"]["artifacts"] >= 10
    assert told["anchored"] is True


def test_compact_is_on_record(desk: Desk) -> None:
    rewrite(desk.project, "CREATE TABLE extra (data)", "INSERT INTO extra VALUES (randomblob(400000))")
    rewrite(desk.project, "DROP TABLE extra")
    before = desk.project.stat().st_size
    assert desk.on("compact", "--test-mode", 1)["gained_bytes"] > 300_000
    assert desk.project.stat().st_size < before - 300_000
    last = desk.on("log")["events"][-1]
    assert (last["kind"], last["outcome"]) == ("compact", "noted")
    assert desk.on("check")["holds"] is True


def test_a_sound_file_is_repaired_without_loss(desk: Desk) -> None:
    new = desk.folder / "new.ppdesk"
    before = desk.project.read_bytes()
    desk.on("compact", "--test-mode", 1)  # this machine remembers its end now
    told = desk.ask("repair", desk.project, "--to", new, "--test-mode", 1)
    assert (told["missing"], told["lost_artifacts"], told["spending_known"]) == ([], [], True)
    assert desk.ask("check", "--project", new)["holds"] is True
    assert desk.ask("log", "--project", new)["events"][-1]["kind"] == "repair"
    assert desk.ask("budget", "--project", new)["register"] == []
    assert before != desk.project.read_bytes()  # by compact, not by repair
    desk.ask("repair", desk.project, "--to", new, "--test-mode", 1, code=Exit.STORAGE)


def test_a_repaired_project_spends_nothing_until_a_person_answers(desk: Desk) -> None:
    desk.on("compact", "--test-mode", 1)
    spoil(desk.project, lambda page: b'"kind":"train"' in page)
    damaged = desk.project.read_bytes()
    new = desk.folder / "new.ppdesk"
    words = desk.call("repair", desk.project, "--to", new, "--test-mode", 1)
    assert desk.project.read_bytes() == damaged
    assert "missing" in words
    assert "not known any more" in words
    desk.project.unlink()
    desk.project.write_bytes(new.read_bytes())
    assert "more may be spent" in desk.on("budget")["register"][0]
    assert "more may be spent" in " ".join(desk.call("budget", "--project", desk.project).split())
    seq = desk.on("log")["events"][-1]["seq"]
    refused = desk.on("train", "--test-mode", 1, "--epsilon", 0.1, code=Exit.REFUSED)
    assert refused["error"]["code"] == "PP-WORKBENCH-021"
    assert desk.on("log")["events"][-1]["seq"] == seq
    desk.on("standard", "--test-mode", 1)
    desk.on("train", "--test-mode", 1, "--epsilon", 0.1)
    assert "more may be spent" in desk.on("budget")["register"][0]  # it stays said


def test_what_is_lost_at_the_end_is_known_from_this_machine(desk: Desk) -> None:
    before = desk.project.read_bytes()
    desk.on("compact", "--test-mode", 1)
    desk.project.write_bytes(before)  # the event of compacting is gone
    told = desk.ask("repair", desk.project, "--to", desk.folder / "new.ppdesk", "--test-mode", 1)
    last = KNOWN["head"]["seq"] + 1
    assert told["missing"] == [[last, last]]
    assert told["spending_known"] is False
    assert desk.ask("check", "--project", desk.folder / "new.ppdesk")["holds"] is True


def test_repair_refuses_the_other_mode_and_foreign_files(desk: Desk) -> None:
    new = desk.folder / "new.ppdesk"
    desk.ask("repair", desk.project, "--to", new, code=Exit.REFUSED)
    desk.ask("repair", desk.folder / "none", "--to", new, "--test-mode", 1, code=Exit.STORAGE)
    (desk.folder / "text").write_bytes(b"words " * 2000)
    desk.ask("repair", desk.folder / "text", "--to", new, "--test-mode", 1, code=Exit.BAD_INPUT)
    desk.ask("repair", desk.project, "--to", desk.folder / "no" / "p", "--test-mode", 1, code=Exit.STORAGE)
    assert not new.exists()
