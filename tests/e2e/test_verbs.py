"""Each verb with --json, and each exit code, from outside."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def copy(place: Any, small: Any) -> Any:
    """A copy of the finished small project with its home, to be ill-treated."""
    source, _ = small
    shutil.copytree(source.folder, place.folder, dirs_exist_ok=True)
    return place


def test_run_says_what_was_done_spent_and_written(small: Any) -> None:
    _, told = small
    assert [step["step"] for step in told["steps"]][-1] == "verify"
    assert told["stamp"] == ""
    assert 0 < told["budget"]["spent"]["epsilon"] <= told["budget"]["limit"]["epsilon"]
    for name in told["files"]:
        assert Path(name).is_file()
    assert {Path(name).suffix for name in told["files"]} >= {".csv", ".pdf"}


def test_log_tells_every_event_and_each_by_its_number(small: Any) -> None:
    place, told = small
    events = place.on("log")["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["hash"] == told["project"]["head_hash"]
    assert [event["prev"] for event in events[1:]] == [event["hash"] for event in events[:-1]]
    last = told["steps"][-1]
    one = place.on("log", str(last["event"]["seq"]))
    assert one["section"] == last["section"]
    place.on("log", "9999", code=2)


def test_budget_check_and_info_agree(small: Any) -> None:
    place, told = small
    assert place.on("budget")["spent"] == told["budget"]["spent"]
    check = place.on("check")
    assert check["holds"] is True
    assert check["head_hash"] == told["project"]["head_hash"]
    assert place.on("info")["project"]["project_id"] == told["project"]["project_id"]


def test_looking_changes_nothing(small: Any) -> None:
    place, _ = small
    before = place.project.read_bytes()
    for verb in ("log", "budget", "check", "info"):
        place.on(verb)
    assert place.project.read_bytes() == before


def test_words_for_a_person_go_with_every_verb(small: Any) -> None:
    place, _ = small
    assert "Everything holds." in place.ppdesk("check", "--project", place.project).stdout
    assert "In words:" in place.ppdesk("budget", "--project", place.project).stdout
    assert "train" in place.ppdesk("log", "--project", place.project).stdout


def test_a_report_is_verified_with_and_without_a_project(place: Any, small: Any) -> None:
    source, _ = small
    report = source.file(".pdf")
    told = place.json("verify", report)
    assert told["step"] == "verify"
    assert "event" not in told
    here = copy(place, small)
    assert here.on("verify", here.file(".pdf"))["event"]["outcome"] == "ok"


def test_a_report_that_was_changed_is_an_integrity_failure(place: Any, small: Any) -> None:
    source, _ = small
    bad = place.folder / "bad.pdf"
    data = bytearray(source.file(".pdf").read_bytes())
    at = data.index(b"endobj") - 20
    data[at] ^= 1
    bad.write_bytes(data)
    place.json("verify", bad, code=4)


def test_a_step_verb_runs_one_step_on_the_project(place: Any, small: Any) -> None:
    here = copy(place, small)
    before = len(here.on("log")["events"])
    told = here.on("export", here.folder / "again.csv", "--signer", "Ada Test")
    assert told["step"] == "export"
    assert (here.folder / "again.csv").is_file()
    added = here.on("log")["events"][before:]
    assert [event["kind"] for event in added] == ["export", "signature"], "each verb signs what it added"
    here.on("export", here.folder / "again.csv", "--signer", "Ada Test", code=6)  # exists, is left alone
    here.on("export", here.folder / "again.csv", "--signer", "Ada Test", "--overwrite")


def test_2_usage(place: Any) -> None:
    place.json("nonsense", code=2)
    place.json("log", code=2)
    place.json("new", "--project", place.project, code=2, PPDESK_PASSPHRASE="")


def test_3_refused_over_budget_and_blocked(place: Any, small: Any) -> None:
    here = copy(place, small)
    spent = here.on("budget")["spent"]
    (train,) = [e for e in here.on("log")["events"] if e["kind"] == "train" and e["outcome"] == "ok"]
    params = here.folder / "train.toml"
    greedy = {**train["params"], "epsilon": here.on("budget")["limit"]["epsilon"] + 1}
    params.write_text(toml(greedy))
    error = here.on("train", "--params", params, code=3)["error"]
    assert error["todo"]
    assert here.on("budget")["spent"] == spent
    new = type(here)(place.folder / "blocked")
    new.ppdesk("new", "--project", new.project)
    new.on("train", "--params", params, code=3)


def toml(values: dict[str, Any]) -> str:
    import json

    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items() if value is not None)


def test_4_integrity_cut_file_and_rollback(place: Any, small: Any) -> None:
    here = copy(place, small)
    whole = here.project.read_bytes()
    here.project.write_bytes(whole[:-4096])
    cut = here.project.read_bytes()
    assert here.on("log", code=4)["error"]["code"] == "PP-STORE-004"
    assert here.project.read_bytes() == cut
    here.project.write_bytes(whole)
    here.on("verify", here.file(".pdf"))
    here.project.write_bytes(whole)  # an older copy is put back
    assert here.on("log", code=4)["error"]["code"] == "PP-STORE-013"
    assert here.on("check", code=4)["findings"][-1]["code"] == "PP-STORE-013"
    told = here.on("log", "--despite-rollback")
    assert told["events"][-1]["kind"] == "open"  # and that is on record


def test_4_a_changed_byte_is_seen(place: Any, small: Any) -> None:
    here = copy(place, small)
    data = bytearray(here.project.read_bytes())
    data[len(data) // 2] ^= 1
    here.project.write_bytes(data)
    here.on("check", code=4)


def test_5_wrong_key(place: Any, small: Any) -> None:
    here = copy(place, small)
    before = here.project.read_bytes()
    assert here.on("log", code=5, PPDESK_PASSPHRASE="wrong")["error"]["code"] == "PP-STORE-006"
    arguments = ("export", here.folder / "x.csv", "--signer", "Ada Test")
    here.on(*arguments, code=5, PPDESK_SIGNER_PASSPHRASE="wrong")
    assert here.project.read_bytes() == before


def test_6_bad_input(place: Any, small: Any) -> None:
    foreign = place.folder / "notes.ppdesk"
    foreign.write_text("Dear diary")
    assert place.json("log", "--project", foreign, code=6)["error"]["code"] == "PP-STORE-003"
    assert foreign.read_text() == "Dear diary"
    here = copy(place, small)
    (imported,) = [e for e in here.on("log")["events"] if e["kind"] == "import"]
    bad = here.folder / "bad.csv"
    bad.write_bytes(b"a,b\n1,2\n1,2,3,4\n\xff\xfe\n")
    values = {name: value for name, value in imported["params"].items() if name != "file"}
    (here.folder / "import.toml").write_text(toml(values))
    error = here.on("import", bad, "--params", here.folder / "import.toml", code=6)["error"]
    assert "PP-DATA" in error["code"]
    (here.folder / "recipe.toml").write_text("title = ")
    here.on("run", here.folder / "recipe.toml", code=6)


def test_7_storage(place: Any) -> None:
    place.on("log", code=7)
    place.on("new")
    before = place.project.read_bytes()
    assert place.on("new", code=7)["error"]["code"] == "PP-STORE-002"
    assert place.project.read_bytes() == before


def test_7_a_result_that_cannot_be_written(place: Any, small: Any) -> None:
    here = copy(place, small)
    here.on("export", here.folder / "no" / "such" / "folder.csv", "--signer", "Ada Test", code=7)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone on Windows")
def test_9_ctrl_c_cancels_and_leaves_no_process(place: Any, small_recipe: Path) -> None:
    import psutil

    place.project.parent.mkdir(parents=True)
    running = subprocess.Popen(
        [sys.executable, "-m", "ppdesk", "run", str(small_recipe), "--project", str(place.project)],
        cwd=ROOT, env=place.environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert running.stderr is not None
    for line in running.stderr:  # the first step is on record, so a worker is up
        if ": event " in line:
            break
    children = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 9, err
    assert not out
    assert "PP-RUN-001" in err
    _, left = psutil.wait_procs(children, timeout=5)
    assert left == []
    assert place.on("check")["holds"] is True


def test_the_passphrase_never_shows(place: Any, small: Any) -> None:
    source, _ = small
    words = source.ppdesk("info", "--project", source.project).stdout
    assert "battery" not in words
    for log in (source.home).rglob("*"):
        if log.is_file():
            assert b"battery" not in log.read_bytes()
