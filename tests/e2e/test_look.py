"""Looking at rows: they come out, it goes on record, and a copy for an auditor has none."""

import shutil
from pathlib import Path
from typing import Any


def test_rows_come_out_and_the_log_says_who_looked(place: Any, small: Any) -> None:
    source, _ = small
    shutil.copytree(source.folder, place.folder, dirs_exist_ok=True)
    done = place.ppdesk(
        "look", "--rows", "3", "--from", "2", "--project", place.project, "--signer", "Ada Test"
    )
    lines = done.stdout.splitlines()
    table = (Path(__file__).parents[1] / "data" / "small" / "adult.csv").read_text().splitlines()
    assert len(lines) == 4
    assert len(lines[0].split(",")) == len(table[0].replace(";", ",").split(","))
    assert lines[1].split(",")[0] not in done.stderr.split(), "rows go to stdout alone"

    told = place.on("look", "release", "--rows", "1", "--signer", "Ada Test")
    assert len(told["rows"]) == 1
    assert told["total"] > 1
    events = [event for event in place.on("log")["events"] if event["kind"] == "look"]
    assert [event["params"]["table"] for event in events] == ["table", "release"]
    assert {event["actor"] for event in events} == {"Ada Test"}
    words = place.ppdesk("log", str(events[0]["seq"]), "--project", place.project).stdout
    assert "The rows of the table were shown to a person." in words
    place.on("look", "quarantine", code=6)

    copy = place.file("-audit.ppdesk")
    held = place.json("look", "--project", copy, code=3, PPDESK_PASSPHRASE="auditor reads without rows")
    assert held["error"]["code"] == "PP-WORKBENCH-027"
