"""What an auditor gets and does: a file, a passphrase, another machine."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COPY = "auditor reads without rows"


@dataclass(frozen=True)
class Auditor:
    """A machine that has never seen the project, with the copy alone in a folder."""

    place: Any
    copy: Path

    def ask(self, verb: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.place.json(
            verb, *arguments, "--project", self.copy, code=code, PPDESK_PASSPHRASE=COPY
        )
        return found

    def read(self, verb: str, *arguments: str, code: int = 0) -> str:
        done = self.place.ppdesk(verb, *arguments, "--project", self.copy, code=code, PPDESK_PASSPHRASE=COPY)
        return str(done.stdout)


@pytest.fixture(scope="module")
def own(small: tuple[Any, dict[str, Any]], new_place: Callable[[str], Any]) -> tuple[Any, dict[str, Any]]:
    """The project after the small recipe, to be worked on."""
    made, told = small
    place = new_place("handover")
    shutil.copytree(made.folder, place.folder, dirs_exist_ok=True)
    return place, told


@pytest.fixture(scope="module")
def auditor(own: tuple[Any, dict[str, Any]], new_place: Callable[[str], Any]) -> Auditor:
    made, _ = own
    return _elsewhere(new_place("auditor"), made.file("-audit.ppdesk"))


def _elsewhere(place: Any, copy: Path) -> Auditor:
    place.project.parent.mkdir(parents=True)
    there = place.project.parent / "copy.ppdesk"
    there.write_bytes(copy.read_bytes())
    there.chmod(0o400)
    return Auditor(place, there)


def test_the_auditor_sees_project_event_and_fingerprint(
    own: tuple[Any, dict[str, Any]], auditor: Auditor
) -> None:
    made, told = own
    checked = auditor.ask("check")
    assert checked["holds"] is True
    seal = checked["findings"][0]["title"]
    assert seal.startswith(f"Auditor's copy of project {told['project']['project_id']} up to event ")
    assert "sealed by Ada Test, fingerprint " in seal
    info = auditor.ask("info")["project"]
    assert info["copy"] == seal
    assert info["read_only"] is True
    assert seal in auditor.read("info")
    assert made.on("info")["project"].get("copy") is None


def test_log_and_budget_tell_what_the_project_tells(
    own: tuple[Any, dict[str, Any]], auditor: Auditor
) -> None:
    made, _ = own
    ours, theirs = made.on("log")["events"], auditor.ask("log")["events"]
    assert theirs == ours[: len(theirs)]
    assert "handover" in [event["kind"] for event in theirs]
    assert auditor.ask("budget")["spent"] == made.on("budget")["spent"]
    for event in (theirs[0], *theirs[5::6], theirs[-1]):
        assert auditor.ask("log", str(event["seq"]))["event"]["hash"] == event["hash"]


def test_nothing_is_written_beside_it_and_no_work_is_done_in_it(auditor: Auditor) -> None:
    before = auditor.copy.read_bytes()
    assert auditor.ask("standard", "--preset", "gdpr", code=3)["error"]["code"] == "PP-STORE-060"
    assert auditor.copy.read_bytes() == before
    assert [one.name for one in auditor.copy.parent.iterdir()] == [auditor.copy.name]


def test_a_copy_needs_a_passphrase_of_its_own(own: tuple[Any, dict[str, Any]]) -> None:
    made, _ = own
    arguments = ("handover", made.project.parent / "other-audit.ppdesk", "--signer", "Ada Test")
    events = len(made.on("log")["events"])
    refused = made.on(*arguments, code=3, PPDESK_COPY_PASSPHRASE=made.environment()["PPDESK_PASSPHRASE"])
    assert refused["error"]["code"] == "PP-WORKBENCH-060"
    made.on(*arguments, code=2, PPDESK_COPY_PASSPHRASE="")
    assert len(made.on("log")["events"]) == events
    assert not (made.project.parent / "other-audit.ppdesk").exists()


def test_redacted_words_are_said_to_be_closed_and_are_nowhere(
    own: tuple[Any, dict[str, Any]], new_place: Callable[[str], Any]
) -> None:
    made, _ = own
    words = "The person who runs this sample"
    arguments = (
        made.project.parent / "closed-audit.ppdesk",
        "--signer",
        "Ada Test",
        "--redact",
        "objective.params.people",
    )
    made.on("handover", *arguments)
    auditor = _elsewhere(new_place("redacted"), made.project.parent / "closed-audit.ppdesk")
    assert auditor.ask("check")["holds"] is True
    told = auditor.ask("log")
    assert words not in json.dumps(told)
    seq = next(event["seq"] for event in told["events"] if event["kind"] == "objective")
    assert words in json.dumps(made.on("log", str(seq)))
    assert "Not in this copy: params.people" in auditor.read("log", str(seq))
    assert "Not in this copy" in json.dumps(auditor.ask("log", str(seq))["section"])
    auditor.ask("budget")
    auditor.ask("info")


def test_what_stands_in_the_clear_cannot_be_closed(own: tuple[Any, dict[str, Any]]) -> None:
    made, _ = own
    arguments = (made.project.parent / "x-audit.ppdesk", "--signer", "Ada Test", "--redact")
    refused = made.on("handover", *arguments, "import.params.table", code=3)["error"]
    assert "no field import.params.table" in refused["message"]
    refused = made.on(
        "handover", *arguments, "objective.params.people", "--recipient",
        "The person who runs this sample; the data is public", code=3,
    )["error"]  # fmt: skip
    assert "the recipient of this handover" in refused["message"]


def test_a_byte_changed_is_an_integrity_error(auditor: Auditor, new_place: Callable[[str], Any]) -> None:
    bad = _elsewhere(new_place("bad"), auditor.copy)
    raw = bytearray(bad.copy.read_bytes())
    raw[len(raw) // 2] ^= 1
    bad.copy.chmod(0o600)
    bad.copy.write_bytes(bytes(raw))
    assert bad.place.ppdesk("check", "--project", bad.copy, code=4, PPDESK_PASSPHRASE=COPY)


def test_a_report_is_held_against_the_copy_and_nothing_is_written(
    own: tuple[Any, dict[str, Any]], auditor: Auditor
) -> None:
    made, _ = own
    before = auditor.copy.read_bytes()
    report = auditor.place.project.parent / "sent.pdf"
    report.write_bytes(made.file(".pdf").read_bytes())
    told = json.dumps(auditor.ask("verify", str(report)))
    assert "not recorded" not in told  # said on stderr, not in the answer
    assert "against this project's history" in told
    other = bytearray(report.read_bytes())
    other[len(other) // 2] ^= 1
    report.write_bytes(bytes(other))
    auditor.ask("verify", str(report), code=4)
    assert auditor.copy.read_bytes() == before
